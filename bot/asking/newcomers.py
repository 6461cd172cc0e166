"""People whom Slack has told us nothing of yet: looked up while somebody waits for a screen."""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.people import learn
from bot.db.tables import Person
from bot.db.upsert import insert_missing
from bot.engine.intake import Intake, left
from bot.slack.gateway import Member

_LOOKED_UP = 40  # the others are looked up in the background
_TOGETHER = 8
_BRIEFLY_SECONDS = 1.0
_SAVING_SECONDS = 1.0


async def look_up(intake: Intake, people: Sequence[str]) -> None:
    """Get to know those who are new to us: bots and guests aren't asked, admins may change."""
    new = await intake.read(unknown, intake.workspace_id, people)
    gate = asyncio.Semaphore(_TOGETHER)

    async def member(slack_id: str) -> Member:
        async with gate:
            return await intake.gateway.member(slack_id)

    found = await asyncio.gather(*map(member, new[:_LOOKED_UP]), return_exceptions=True)
    at = intake.calendar.now()
    for one in found:
        if isinstance(one, Member):
            await intake.database.write(learn, at, intake.workspace_id, one)


async def look_up_briefly(intake: Intake, people: Sequence[str]) -> None:
    """The same within the time of an ack: whoever takes longer stays unknown for now.

    What is then to be saved has a second at least, where Slack and the database are slow at once.
    """
    seconds = min(_BRIEFLY_SECONDS, left() - _SAVING_SECONDS)
    if seconds <= 0:
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(look_up(intake, people), seconds)


def unknown(
    session: Session, _at: datetime, workspace_id: int, slack_ids: Sequence[str]
) -> list[str]:
    """Those of whom Slack has told us nothing yet."""
    known = set(
        session.scalars(
            select(Person.slack_id).where(
                Person.workspace_id == workspace_id,
                Person.slack_id.in_(slack_ids),
                Person.refreshed_at.is_not(None),
            )
        )
    )
    return [one for one in slack_ids if one not in known]


def rows_of(session: Session, workspace_id: int, slack_ids: Collection[str]) -> dict[str, Person]:
    """These people's rows by Slack id, made for those of whom nothing is known yet."""
    there = _there(session, workspace_id, slack_ids)
    if not (new := set(slack_ids) - set(there)):
        return there
    insert_missing(
        session,
        Person,
        [
            {"workspace_id": workspace_id, "slack_id": slack_id, "name": slack_id}
            | dict.fromkeys(("is_admin", "is_bot", "is_external", "deleted"), False)
            for slack_id in sorted(new)
        ],
    )
    return there | _there(session, workspace_id, new)


def _there(session: Session, workspace_id: int, slack_ids: Collection[str]) -> dict[str, Person]:
    rows = session.scalars(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id.in_(slack_ids))
    )
    return {person.slack_id: person for person in rows}
