"""The workspace's settings, from App Home through the whole bot."""

from functools import partial

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.tables import Workspace
from tests.endtoend.office import INES, LENA, Office, choices, shown


async def labels(office: Office, user: str) -> list[str]:
    """What the menus of somebody's Home offer, once it is drawn."""
    await office.post("home", user=user)
    await office.rest()
    home = (await office.state())["homes"][user]
    return list(choices(home))


async def test_an_admin_sets_the_statuses_of_leave(either: Office) -> None:
    """From Home, where nobody else is offered it; the new list counts from then on."""
    admin, other = LENA, INES
    await either.set_up(other)
    assert "Workspace settings" in await labels(either, admin)
    assert "Workspace settings" not in await labels(either, other)
    await either.choose(admin, "teams.workspace")
    await either.modal_saying(admin, "The usual ones")
    meanwhile = update(Workspace).values(leave_statuses=["sabbatical"])
    await either.bot.database.write(partial(Session.execute, statement=meanwhile))
    values = {"statuses": {"statuses": "fasching\n:clown_face:"}, "guests": {"guests": ["allowed"]}}
    done = await either.post("submit", user=admin, values=values)
    assert "your own list of 3" in shown(done["view"]), "what another admin saved meanwhile stays"
    assert "may admit guests" in shown(done["view"])
    assert await either.rows("audit") == 2  # the stand-up's setting up, too
    await either.post("user", user=other, status_emoji=":clown_face:", status_text="")
    await either.until("30T09:00")
    assert await either.messages(other) == []
