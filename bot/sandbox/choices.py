"""Which people, conversations and suggestions a person finds in the menus that offer them."""

from bot.sandbox.errors import ControlError
from bot.sandbox.site import Site
from bot.sandbox.values import FIELD, Check, admits, here
from bot.sandbox.world import Json, User

PEOPLE = ("users_select", "multi_users_select")
CONVERSATIONS = (
    "conversations_select", "multi_conversations_select", "channels_select",
    "multi_channels_select",
)  # fmt: skip


def offered_to(site: Site, user: User) -> Check:
    """A check that this person could have chosen what they are said to have chosen."""

    def check(element: Json, entry: Json) -> None:
        kind = str(element["type"])
        if kind.endswith("external_select"):
            _complete(site, user, element, entry)
        if kind not in PEOPLE + CONVERSATIONS:
            return
        chosen = entry[FIELD[kind]]
        for each in chosen if isinstance(chosen, list) else [chosen]:
            found = _person(site, each) if kind in PEOPLE else _place(site, user, element, each)
            if each is not None and not found:
                raise ControlError(f"{element.get('action_id')} does not offer {each!r}")

    return check


def _complete(site: Site, user: User, element: Json, entry: Json) -> None:
    """Put the option that was offered in place of what a call named by its value or its text."""
    action = str(element.get("action_id"))
    begun = [element.get("initial_option"), *(element.get("initial_options") or [])]
    offered = [*site.suggested.get((user.id, action), {}).values(), *filter(None, begun)]
    field = FIELD[element["type"]]
    chosen = entry[field] if isinstance(entry[field], list) else [entry[field]]
    found = [_suggested(offered, action, each["value"]) for each in chosen if each is not None]
    entry[field] = found if isinstance(entry[field], list) else next(iter(found), None)


def _suggested(offered: list[Json], action: str, named: str) -> Json:
    for each in offered:
        if named in (each["value"], each["text"]["text"]):
            return each
    raise ControlError(f"{action} has offered no {named!r}; ask what it offers by /suggest")


def _person(site: Site, user_id: object) -> bool:
    found = site.world.users.get(str(user_id))
    return found is not None and not found.deleted


def _place(site: Site, user: User, element: Json, channel_id: object) -> bool:
    channel = site.world.channels.get(str(channel_id))
    if channel is None or channel.is_archived:
        return False
    if (channel.is_private or channel.is_im) and user.id not in channel.members:
        return False
    return admits(element, here(site.world, channel))
