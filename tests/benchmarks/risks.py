"""A register of 1,000 risks: listed, searched, opened: loaded and drawn, and acked; a picture."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.core.cadence import zone
from bot.pictures.child import Artist
from bot.rituals.risk import loading
from bot.rituals.risk.carried import packed_list
from bot.rituals.risk.categories import Category
from bot.rituals.risk.lists import lists
from bot.rituals.risk.lists.lists_model import Asked, Scope
from bot.rituals.risk.register import add
from bot.rituals.risk.registers import team_in
from bot.rituals.risk.reviews import snapshot
from bot.rituals.risk.rights import Found, look
from bot.rituals.risk.values import Origin, Typed
from bot.rituals.risk.views.lists import list_modal
from bot.rituals.risk.views.show import show_modal
from bot.rituals.risk.views.team_review import review_message
from tests.benchmarks import risk_acks
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row, middle, milliseconds
from tests.benchmarks.team import database, people, workspace

_AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
_RISKS, _TIMES = 1000, 20
_AIM, _PICTURE_AIM = 0.050, 1.0
_WHOM = "U0"


def run(*, quick: bool) -> list[Row]:
    times = 3 if quick else _TIMES
    with database() as opened:
        workspace_id = opened.write_now(_furnish, 100 if quick else _RISKS)

        def listed(session: Session, asked: Asked) -> None:
            page = lists.page(session, _AT, workspace_id, _WHOM, asked)
            list_modal(page, packed_list(page.asked))

        def shown(session: Session) -> None:
            found = look(session, _AT, workspace_id, _WHOM, 50, "C1")
            if not isinstance(found, Found):
                raise RuntimeError("nothing to open")
            show_modal(loading.shown(session, _AT, found), "{}")

        asked = {
            "a page of": Asked(channel="C1", number=40),
            "the overdue of": Asked(Scope.OVERDUE, "C1"),
            "a search in": Asked(channel="C1", category="drift", search="risk 99"),
        }
        todo: dict[str, Callable[[Session], None]] = {
            f"{what} {_RISKS:,} risks": lambda session, one=one: listed(session, one)  # type: ignore[misc]
            for what, one in asked.items()
        }
        todo[f"one of {_RISKS:,} risks opened"] = shown
        rows = [_row(what, opened.read_now(_timed, do, times)) for what, do in todo.items()]
        spec = opened.read_now(_spec, workspace_id)
        rows += risk_acks.rows(opened, workspace_id, _WHOM, _RISKS, times)
    return [*rows, _row("a heat map, in its child process", _picture(spec, times), _PICTURE_AIM)]


def _row(what: str, seconds: float, aim: float = _AIM) -> Row:
    return Row(
        "risks", what, milliseconds(seconds), aim=f"≤ {milliseconds(aim)}", met=seconds <= aim
    )


def _timed(session: Session, do: Callable[[Session], None], times: int) -> float:
    taken = []
    for _ in range(times + 1):
        began = machine.elapsed()
        do(session)
        taken.append(machine.elapsed() - began)
        session.expire_all()
    return middle(taken[1:])


def _furnish(session: Session, number: int) -> int:
    workspace_id = workspace(session)
    owners = people(session, workspace_id, 0, 20)
    categories = list(Category)
    for one in range(number):
        typed = Typed(
            f"Risk {one} of something that may well happen",
            categories[one % 6].value,
            owners[one % 20],
            one % 5 + 1,
            one % 4 + 1,
        )
        at = _AT - timedelta(days=one % 100)
        add(session, at, workspace_id, owners[one % 20], Origin(f"k{one}", "C1", "team"), typed)
    return workspace_id


def _spec(session: Session, workspace_id: int) -> dict[str, object]:
    team = team_in(session, workspace_id, "C1")
    if team is None:
        raise RuntimeError("no team")
    (picture,) = review_message(snapshot.take(session, _AT, team, None, zone("UTC"))).pictures
    return dict(picture.spec)


def _picture(spec: dict[str, object], times: int) -> float:
    async def draw() -> float:
        artist, taken = Artist(seconds=30), []
        for _ in range(min(times, 5) + 1):
            began = machine.elapsed()
            if await artist.draw(spec) is None:
                raise RuntimeError("no picture")
            taken.append(machine.elapsed() - began)
        return middle(taken[1:])

    return asyncio.run(draw())
