"""What somebody's card says of Jira, and what they press there."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from bot.core.content import Beside
from bot.db.tables import JiraProject
from bot.sandbox.jira.aurora import DATA
from bot.sandbox.jira.schemes import BUG
from tests.actions.desk import Desk, connect, person_id
from tests.clocks import START
from tests.endtoend.office import shown

HALF_AN_HOUR = 1800


async def told(desk: Desk, slack_id: str) -> str:
    """What somebody's card says about Jira today; "" for nothing."""

    def read(session: Session) -> Beside | None:
        at = desk.calendar.now()
        person = person_id(session, slack_id) or 0
        return desk.troubles.on_card(session, at, person, at.date())

    found = await desk.database.read(read)
    return "" if found is None else shown({"blocks": found.lines, "text": found.summary})


async def mend(desk: Desk, use_case: Callable[..., Any], who: str, item_id: int, *more: Any) -> Any:
    """Somebody presses a button beside a trouble."""
    mirror_id = (await desk.mirror(item_id)).id
    at = desk.calendar.now()
    return await desk.database.write(use_case, at, 1, who, mirror_id, *more)


def bugs(session: Session) -> None:
    """The data team's bugs, of which Jira wants to know the area."""
    connect(session, START, DATA)
    session.get_one(JiraProject, 1).issue_type = BUG
