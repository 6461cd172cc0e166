"""What there is to judge a run by: what Slack saw of the bot, and what SQL holds at the end."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot.engine.ritual import View
from bot.sandbox.site import Site
from bot.sandbox.world import Message
from tests.simulation.borders.jira import Jira
from tests.simulation.borders.line import Call, Slack
from tests.simulation.model.books import Books
from tests.simulation.model.expected import Expected
from tests.simulation.model.weather import Weather
from tests.simulation.people.office import Item, items

POST, UPDATE = "chat.postMessage", "chat.update"


@dataclass(frozen=True)
class Sight:
    """A message of the bot as somebody got to see it, new or changed."""

    at: datetime
    new: bool
    who: str  # whose DM it is; "" for a channel's
    channel: str  # or the person whose DM it is
    uid: str  # what its metadata holds; "" for a change
    ts: str
    text: str
    said: str  # its blocks, as text
    items: tuple[Item, ...]
    is_reply: bool


@dataclass
class Evidence:
    """All of it."""

    books: Books
    weather: Weather
    weather_of_jira: Weather
    slack: Slack
    jira: Jira
    site: Site
    session: Session
    views: Mapping[str, View]
    now: datetime
    at_rest: bool
    logged: Sequence[str]

    @cached_property
    def expected(self) -> Expected:
        return Expected(self.books, self.weather)

    @cached_property
    def sights(self) -> list[Sight]:
        """Everything that the bot has shown in messages, in order."""
        done = [one for one in self.slack.calls if one.at is not None and not one.error]
        return [_sight(one) for one in sorted(done, key=_when) if one.method in (POST, UPDATE)]

    def notices(self, who: str) -> list[Sight]:
        """The messages that notified somebody."""
        return [one for one in self.sights if one.new and one.who == who]

    def messages(self) -> Iterator[Message]:
        """All that stands in the workspace."""
        for channel in self.site.world.channels:
            for one in self.site.world.messages(channel):
                if not one.deleted and one.ephemeral_to is None:
                    yield one


def _when(call: Call) -> datetime:
    assert call.at is not None
    return call.at


def _sight(call: Call) -> Sight:
    target = str(call.given["channel"])
    blocks = json.loads(call.given["blocks"])
    metadata = json.loads(call.given.get("metadata") or "{}")
    return Sight(
        at=_when(call),
        new=call.method == POST,
        who=f"U{target[1:]}" if target[:1] in "UD" else "",
        channel=target,
        uid=metadata.get("event_payload", {}).get("id", ""),
        ts=str(call.answer["ts"]),
        text=str(call.given["text"]),
        said=json.dumps(blocks, ensure_ascii=False),
        items=tuple(items(blocks)),
        is_reply="thread_ts" in call.given,
    )
