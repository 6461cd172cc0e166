"""A stored answer: our whole way in, against bare Bolt with one read and one write."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar, SystemCalendar
from bot.db.session import Database
from bot.db.tables import Person, Prompt
from bot.engine.intake import Intake
from bot.rituals import RITUALS
from bot.rituals.standup.questions import AI_ML, fingerprint
from bot.slack import app as slack_app
from bot.slack.front import Front
from bot.slack.gateway import Gateway, Identity
from tests.benchmarks.bare import SECRET, TEAM, bare_app, interaction, machine, nobody, signed
from tests.benchmarks.report import Row, middle, milliseconds, percentile
from tests.benchmarks.team import database, people, stand_up, timetable, workspace

SUNDAY = datetime(2026, 3, 29, 20, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(hours=16)
_ROUNDS, _EACH, _AT_ONCE = 10, 200, 16
PER_SECOND, _STEADY_SECONDS = 50, 10
_AIM = 0.70

Send = Callable[[str], Coroutine[Any, Any, None]]


def run(*, quick: bool) -> list[Row]:
    rounds = 2 if quick else _ROUNDS
    seconds = 2 if quick else _STEADY_SECONDS
    with database() as opened, ThreadPoolExecutor(1) as threads:
        workspace_id = opened.write_now(workspace)
        bodies = asked(opened, workspace_id, 0, rounds * _EACH + PER_SECOND * seconds)
        return asyncio.run(_run(opened, threads, bodies, rounds, seconds))


def asked(opened: Database, workspace_id: int, first: int, number: int) -> list[str]:
    """Stand-ups on which so many people more have been asked; what each of them submits."""

    def begin(session: Session) -> None:
        members = people(session, workspace_id, first, number)
        for one in range(0, number, 200):
            stand_up(session, SUNDAY, workspace_id, members[one : one + 200], time(9, 30))

    def prompts(session: Session) -> Sequence[tuple[int, str]]:
        rows = session.execute(select(Prompt.id, Person.slack_id).join(Person)).all()
        return [(row[0], row[1]) for row in rows]

    opened.write_now(begin)
    calendar = MovableCalendar(machine, MONDAY, running=False)
    asyncio.run(timetable(opened, calendar).tick())
    return [submission(prompt_id, person) for prompt_id, person in opened.read_now(prompts)]


def submission(prompt_id: int, person: str, team: str = TEAM) -> str:
    """What Slack sends when somebody saves the stand-up's modal."""
    said = {
        "learned": "Without the leak: PR-AUC 0.46, and still ahead of the baseline's 0.34.",
        "next": "Latency of the scorer; it must stay under 80 ms.",
        "blockers": "",
    }
    values = {
        key: {"text": {"type": "plain_text_input", "value": words or None}}
        for key, words in said.items()
    }
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "standup.answer",
        "private_metadata": f"{prompt_id} {fingerprint(AI_ML)}",
        "state": {"values": values},
        "blocks": [],
    }
    return interaction({"type": "view_submission", "view": view}, person, team)


async def _run(
    opened: Database, threads: ThreadPoolExecutor, bodies: list[str], rounds: int, seconds: int
) -> list[Row]:
    front = Front(Gateway("xoxb-1", SystemCalendar(machine)), lambda _error: False)
    send_ours, send_bare = sender(ours(opened, front)), sender(_reference(opened, threads))
    mine: list[float] = []
    theirs: list[float] = []
    for one in range(rounds):
        these = bodies[one * _EACH : (one + 1) * _EACH]
        mine.append(await flat_out(send_ours, these))
        theirs.append(await flat_out(send_bare, these))
    rates = _EACH / middle(mine), _EACH / middle(theirs)
    ratio = rates[0] / rates[1]
    even = await steady(send_ours, bodies[rounds * _EACH :][: PER_SECOND * seconds])
    return [
        Row(
            "answer",
            f"an answer stored and acked, flat out, {_AT_ONCE} at once",
            f"{rates[0]:,.0f}/s",
            f"Bolt, a read and a write {rates[1]:,.0f}/s",
            f"{ratio:.2f}",
            f"≥ {_AIM:.2f}",
            ratio >= _AIM,
        ),
        Row("answer", f"the same at {PER_SECOND}/s, median", milliseconds(middle(even))),
        Row("answer", f"the same at {PER_SECOND}/s, p99", milliseconds(percentile(even, 0.99))),
    ]


def ours(opened: Database, front: Front) -> AsyncApp:
    """The whole way in, with all rituals."""
    identity = Identity(TEAM, "Acme", "UBOT", "B1", frozenset(), timedelta())
    app = slack_app.build(front, identity, SECRET, nobody)
    intake = Intake(
        database=opened,
        calendar=MovableCalendar(machine, MONDAY),
        front=front,
        workspace_id=1,
        bot_user="UBOT",
        standup_command="/standup",
    )
    for ritual in RITUALS:
        ritual.listen(app, intake)
    return app


def _reference(opened: Database, threads: ThreadPoolExecutor) -> AsyncApp:
    """The least that could store an answer: one read and one write in one transaction."""
    app = bare_app()

    def store(session: Session, person: str, words: str) -> None:
        session.execute(text("SELECT id FROM people WHERE slack_id = :id"), {"id": person}).one()
        session.execute(text("INSERT INTO told (words) VALUES (:words)"), {"words": words})

    def unit(person: str, words: str) -> None:
        with Session(opened._writing) as session, session.begin():
            store(session, person, words)

    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        words = body["view"]["state"]["values"]["learned"]["text"]["value"]
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(threads, unit, body["user"]["id"], words)
        await ack()

    opened.write_now(lambda session: session.execute(text("CREATE TABLE told (words TEXT)")))
    app.view("standup.answer")(submitted)
    return app


def sender(app: AsyncApp, *, told: bool = False) -> Send:
    """Sends a request, which must be acked; with nothing in the ack, but where one is `told`."""

    async def send(body: str) -> None:
        answer = await app.async_dispatch(signed(body))
        if answer.status != 200 or bool(answer.body) is not told:
            raise RuntimeError(f"{answer.status}: {answer.body}")

    return send


async def flat_out(send: Send, bodies: Sequence[str]) -> float:
    """Seconds for all of them, so many at once."""
    waiting = iter(bodies)

    async def one_after_the_other() -> None:
        for body in waiting:
            await send(body)

    began = machine.elapsed()
    await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
    return machine.elapsed() - began


async def steady(send: Send, bodies: Sequence[str]) -> list[float]:
    """The seconds of each, begun at an even pace."""
    found: list[float] = []

    async def timed(body: str) -> None:
        began = machine.elapsed()
        await send(body)
        found.append(machine.elapsed() - began)

    started = machine.elapsed()
    tasks: list[asyncio.Task[None]] = []
    for number, body in enumerate(bodies):
        await asyncio.sleep(max(0.0, started + number / PER_SECOND - machine.elapsed()))
        tasks.append(asyncio.create_task(timed(body)))
    await asyncio.gather(*tasks)
    return found
