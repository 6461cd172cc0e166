"""A stored action item's ack while Jira hangs, against a stored answer's of the same bot."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.states import PromptState
from bot.db.tables import ActionItem, Person, Prompt, Run
from bot.sandbox import TEAM_ID
from tests.benchmarks import answer, beside_jira
from tests.benchmarks.answer import PER_SECOND, flat_out, steady
from tests.benchmarks.bare import machine
from tests.benchmarks.beside_jira import connect, office
from tests.benchmarks.outside import slack
from tests.benchmarks.report import Row, middle, milliseconds, percentile
from tests.benchmarks.team import people, stand_up

_SUNDAY = datetime(2026, 3, 29, 20, tzinfo=UTC)
_DUE = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
_ROUNDS, _EACH = 10, 100
_ACK = 0.100  # seconds: what the benchmark `busy` grants an answer


@dataclass(frozen=True)
class _Times:
    """Seconds: of each round flat out, and of each ack at an even pace."""

    rounds: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)


def run(*, quick: bool) -> list[Row]:
    rounds = 2 if quick else _ROUNDS
    # Takes connections and never answers; the bot waits for it as long as it waits for any reply.
    with socket.create_server(("127.0.0.1", 0)) as hanging, slack(2 * rounds * _EACH, 1) as url:
        jira = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        answers, items = asyncio.run(_measured(url, jira, rounds))
    mine, theirs = (_EACH / middle(one.rounds) for one in (items, answers))
    ack, answered = middle(items.acks), middle(answers.acks)
    return [
        Row(
            "action_item_ack",
            "an action item with a ticket stored and acked while Jira hangs, flat out",
            f"{mine:,.0f}/s",
            f"an answer {theirs:,.0f}/s",
            f"{mine / theirs:.2f}",
        ),
        Row(
            "action_item_ack",
            f"the same at {PER_SECOND}/s, median",
            milliseconds(ack),
            f"an answer {milliseconds(answered)}",
            f"{answered / ack:.2f}",
            f"≤ {milliseconds(_ACK)}",
            ack <= _ACK,
        ),
        Row(
            "action_item_ack",
            f"the same at {PER_SECOND}/s, p99",
            milliseconds(percentile(items.acks, 0.99)),
            f"an answer {milliseconds(percentile(answers.acks, 0.99))}",
        ),
    ]


async def _measured(url: str, jira: str, rounds: int) -> tuple[_Times, _Times]:
    """Of answers and of items, turn and turn about: first flat out, then at an even pace."""
    number = 2 * rounds * _EACH
    calendar = MovableCalendar(machine, _SUNDAY, running=False)

    def seed(session: Session, at: datetime, workspace_id: int) -> None:
        everybody = people(session, workspace_id, 0, number)
        stand_up(session, at, workspace_id, everybody, _DUE.time(), "C0")
        connect(session, at, workspace_id)

    answers, items = _Times(), _Times()
    async with office(url, jira, seed, calendar) as at:
        calendar.move_to(_DUE)
        while await at.bot.database.read(_waiting):
            await at.bot.timetable.tick()
        said = await at.bot.database.read(_answers)
        agreed = [beside_jira.submission(f"Item {one}", f"U{one}") for one in range(number)]
        for one in range(2 * rounds):
            these = slice(one * _EACH, (one + 1) * _EACH)
            for times, bodies in ((answers, said[these]), (items, agreed[these])):
                if one < rounds:
                    times.rounds.append(await flat_out(at.submit, bodies))
                else:
                    times.acks.extend(await steady(at.submit, bodies))
        if await at.bot.database.read(_stored) != (number, number):
            raise RuntimeError("not all that was acked is stored")
    return answers, items


def _waiting(session: Session) -> int:
    """How many have not been asked yet on that day."""
    of_day = select(func.count()).select_from(Prompt).join(Run)
    waiting = of_day.where(Run.local_date == _DUE.date(), Prompt.state == PromptState.WAITING)
    return session.scalar(waiting) or 0


def _answers(session: Session) -> Sequence[str]:
    of_day = select(Prompt.id, Person.slack_id).join(Person).join(Run)
    rows = session.execute(of_day.where(Run.local_date == _DUE.date()).order_by(Prompt.id))
    return [answer.submission(prompt_id, person, TEAM_ID) for prompt_id, person in rows]


def _stored(session: Session) -> tuple[int, int]:
    answered = Prompt.state == PromptState.ANSWERED
    counted = (
        select(func.count()).select_from(Prompt).where(answered),
        select(func.count()).select_from(ActionItem).where(ActionItem.wants_ticket),
    )
    one, other = (session.scalar(query) or 0 for query in counted)
    return one, other
