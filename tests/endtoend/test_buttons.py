"""Every command is also a button or a shortcut, since Slack takes no commands in threads."""

from collections.abc import Iterator
from typing import Any

from bot.asking import home_views
from bot.asking import views as asking_views
from bot.rituals.standup.listeners import OPEN, _Listeners
from bot.rituals.standup.views import answer, setup
from bot.sandbox import SHORTCUTS
from tests.endtoend.office import LENA, MEI, Json, Office

ALSO = {
    "": [OPEN, answer.ANSWER],
    "setup": [setup.SET_UP],
    "settings": [setup.SETTINGS],
    "pause": [setup.PAUSE],
    "resume": [setup.RESUME],
    "delete": [setup.DELETE],
    "status": [setup.STATUS],
    "away": [asking_views.AWAY],
    "why": [home_views.WHY, home_views.WHY_OF],
    "help": [home_views.HELP],
}
"""The actions and shortcuts that do what a subcommand does."""


def actions(part: Any) -> Iterator[str]:
    """What can be pressed in a view, those in its menus too."""
    if isinstance(part, dict):
        if part.get("type") == "overflow":
            yield from (one["value"].split(" ")[0] for one in part["options"])
        elif "action_id" in part:
            yield part["action_id"]
        yield from (one for each in part.values() for one in actions(each))
    elif isinstance(part, list):
        yield from (one for each in part for one in actions(each))


async def settings(office: Office, saying: str) -> Json:
    """One's stand-up's settings, from Home."""
    await office.choose(LENA, setup.SETTINGS)
    view = await office.modal_saying(LENA, saying)
    await office.post("close", user=LENA)
    return view


async def test_every_command_is_also_a_button_or_a_shortcut(either: Office) -> None:
    """Found where a person looks: Home, its modals, the card, and the message field."""
    await either.set_up(LENA, MEI)
    await either.until("30T07:30")
    await either.post("home", user=LENA)
    await either.rest()
    home = (await either.state())["homes"][LENA]
    (card,) = await either.messages(LENA)
    running = await settings(either, "Pause")
    await either.standup(LENA, "pause")
    paused = await settings(either, "Resume")
    await either.choose(LENA, home_views.WHY)
    why = await either.modal_saying(LENA, "on your own clock")
    places = [one["blocks"] for one in (home, card, running, paused, why)]
    offered = {*actions(places), *(one.callback_id for one in SHORTCUTS)}
    assert ALSO.keys() == {*_Listeners(None).subcommands(), "help"}  # type: ignore[arg-type]
    for subcommand, ways in ALSO.items():
        assert set(ways) <= offered, subcommand
    assert asking_views.TEAM in offered  # what `/team` does
