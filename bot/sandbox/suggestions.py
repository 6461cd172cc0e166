"""Menus whose options the bot offers while a person types: block_suggestion, and its answer.

https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
"""

from bot.sandbox import payloads, values
from bot.sandbox.acts import find, send
from bot.sandbox.elements import OPTION, OPTION_GROUP
from bot.sandbox.errors import ControlError
from bot.sandbox.people import message_in, person, place_of_member
from bot.sandbox.rules import Report, array
from bot.sandbox.site import Site
from bot.sandbox.world import Json, User

MOST = 100
LEAST_TYPED = 3  # Slack's own default for min_query_length


async def suggest(site: Site, body: Json) -> Json:
    """A person types into a menu of the bot's; answers what it offers them."""
    user = person(site, body)
    block, element, place = _where(site, user, body)
    if not str(element["type"]).endswith("external_select"):
        raise ControlError(f"{element.get('action_id')} is a {element['type']}, which asks nobody")
    typed = str(body.get("query") or "")
    if len(typed) < element.get("min_query_length", LEAST_TYPED):
        return {"options": []}
    payload = payloads.suggestion(user, block, element, typed, place)
    ack = await send(site, "interactive", payload)
    offered = _offered(site, (ack.body if ack else None) or {})
    site.suggested.setdefault((user.id, element["action_id"]), {}).update(
        {each["value"]: each for each in offered}
    )
    return {"options": offered}


def _where(site: Site, user: User, body: Json) -> tuple[Json, Json, Json]:
    """The block and element, and what the payload says of where they stand."""
    if "ts" in body:
        message = message_in(site, place_of_member(site, body, user), body["ts"])
        place = {
            "channel": {"id": message.channel},
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": message.ephemeral_to is not None,
            },
        }
        return *find(message.blocks, body), place
    view = site.views.top(user.id) or site.views.homes.get(user.id)
    if view is None:
        raise ControlError(f"{user.id} has neither a modal nor a Home tab open")
    place = {"view": view.json(), "container": {"type": "view", "view_id": view.id}}
    return *find(view.blocks, body), place


def _offered(site: Site, answer: Json) -> list[Json]:
    """The options, those in groups too; an unfit answer offers nothing, as in Slack."""
    name, rule = ("options", OPTION) if "options" in answer else ("option_groups", OPTION_GROUP)
    report = Report("modal")
    array(rule, most=MOST, least=0)(answer.get(name), f"/{name}", report)
    if report.problems:
        site.log.add("out", "block_suggestion", "answer refused", "invalid", report.problems)
        return []
    return values.options(answer)
