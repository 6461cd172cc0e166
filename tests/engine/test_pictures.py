"""Pictures on their way to Slack: drawn and sent once, shown by an id, and never in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.content import Content, Message, Picture
from bot.core.states import MirrorKind
from bot.db.session import Database
from bot.db.tables import Mirror, Upload, Workspace
from bot.engine import mirrors, sending
from bot.engine.housekeeping import Housekeeping
from bot.engine.mirrors import Mark
from bot.engine.rates import POST, Rates
from bot.engine.ritual import View
from bot.engine.to_slack import ToSlack
from bot.pictures.child import Artist
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway, Posted
from tests.clocks import START, HandMachine

SPEC: Mapping[str, Any] = {"kind": "heat", "title": "x"}
BLOCK = {"type": "section", "text": {"type": "mrkdwn", "text": "What it says"}}
REFUSAL = SlackRefused("invalid_blocks", "[ERROR] invalid slack file [/blocks/1/slack_file]")


@dataclass
class Slack(Gateway):
    """A Slack that notes what it is shown, and refuses pictures as often as it is told."""

    machine: HandMachine
    refuses: int = 0
    refusal: SlackRefused = REFUSAL
    no_files: str = ""  # why it takes none
    uploads: list[str] = field(default_factory=list)
    shown: list[tuple[str, bool]] = field(default_factory=list)

    def slack_time(self) -> datetime:
        return self.machine.utc()

    async def upload(
        self, name: str, data: bytes, title: str, *, alt: str = "", channel: str = ""
    ) -> str:
        if self.no_files:
            raise SlackRefused(self.no_files)
        assert (data, channel) == (b"drawn", "")
        self.uploads.append(alt)
        return f"F{len(self.uploads)}"

    async def post(
        self, target: str, message: Message, uid: str, thread_ts: str | None = None
    ) -> Posted:
        self._look("post", message)
        return Posted(target, "1.0")

    async def update(self, at: Posted, message: Message) -> None:
        self._look("update", message)

    def _look(self, how: str, message: Message) -> None:
        assert message.pictures == ()
        pictured = any(one["type"] == "image" for one in message.blocks)
        if pictured and self.refuses:
            self.refuses -= 1
            raise self.refusal
        self.shown.append((how, pictured))


@dataclass
class Hand(Artist):
    """Draws what it is told to."""

    drawn: bytes | None = b"drawn"
    asked: int = 0

    async def draw(self, spec: Mapping[str, Any]) -> bytes | None:
        self.asked += 1
        return self.drawn


@dataclass
class Post:
    """One message with a picture, and what comes of sending it."""

    database: Database
    machine: HandMachine
    slack: Slack
    hand: Hand
    outside: ToSlack

    async def send(self) -> sending.Result | None:
        """One try; None where it is not due."""
        found = self.database.read_now(lambda session: session.scalars(select(Mirror)).one())
        claimed = self.database.write_now(sending.claim, found.id, self.machine.utc())
        if claimed is None:
            return None
        result = await self.outside.send(claimed)
        self.database.write_now(sending.settle, claimed, result)
        return result

    def again(self) -> None:
        """What it shows has changed."""
        self.database.write_now(_mark)


def _mark(session: Session) -> None:
    workspace = session.scalars(select(Workspace)).one()
    mark = Mark(workspace.id, MirrorKind.MESSAGE, "v", "1", "C1")
    mirrors.mark(session, START, [mark])


def _drawn(_loaded: object) -> Content:
    return Message("text", (BLOCK, BLOCK), (Picture(SPEC, "says it all", "Risks", after=1),))


def _nothing(*_told: object) -> None:
    return


@pytest.fixture
def post(database: Database, machine: HandMachine, calendar: MovableCalendar) -> Post:
    def furnish(session: Session) -> None:
        session.add(Workspace(slack_id="T1", name="Acme", bot_user="UBOT"))
        session.flush()
        _mark(session)

    database.write_now(furnish)
    slack, hand = Slack(machine), Hand()
    outside = ToSlack(
        database,
        slack,
        {"v": View(lambda _session, subject, _at: subject, _drawn)},
        calendar=calendar,
        limits=Rates(machine, limited=False),
        told=_nothing,
        stands=_nothing,
        artist=hand,
    )
    return Post(database, machine, slack, hand, outside)


async def test_it_stands_in_its_place(post: Post) -> None:
    """With its alternative text; drawn once and sent once, however often the message changes."""
    await post.send()
    post.again()
    await post.send()
    assert post.slack.shown == [("post", True), ("update", True)]
    assert post.slack.uploads == ["says it all"]
    assert post.hand.asked == 1


async def test_files_are_forgotten_in_the_end(post: Post) -> None:
    """One row for each picture there ever was would be kept for nothing; a late one comes anew."""
    retain = Housekeeping().retain
    await post.send()
    post.machine.advance(timedelta(days=89).total_seconds())
    post.database.write_now(retain, START, [])
    assert post.database.read_now(_files) == ["F1"]
    post.machine.advance(timedelta(days=2).total_seconds())
    post.database.write_now(retain, START, [])
    assert post.database.read_now(_files) == []
    post.again()
    await post.send()
    assert post.slack.shown == [("post", True), ("update", True)]
    assert post.database.read_now(_files) == ["F2"]


def _files(session: Session) -> list[str]:
    return list(session.scalars(select(Upload.file_id)))


async def test_a_fresh_file_that_is_refused(post: Post) -> None:
    """It is tried again, and stands a moment later: one message, with its picture."""
    post.slack.refuses = 3
    for _ in range(3):
        assert isinstance(await post.send(), sending.Again)
        post.machine.advance(3)
    assert isinstance(await post.send(), sending.Shown)
    assert post.slack.shown == [("post", True)]
    assert len(post.slack.uploads) == 1


async def test_after_a_minute_the_text_goes_alone(post: Post) -> None:
    """And the picture follows by an edit, once Slack knows it."""
    post.slack.refuses = 22
    while not isinstance(await post.send(), sending.Shown):
        post.machine.advance(3)
    assert post.slack.shown == [("post", False)]
    assert await post.send() is None  # it is left in peace for a minute
    post.machine.advance(61)
    while not isinstance(await post.send(), sending.Shown):
        post.machine.advance(3)
    assert post.slack.shown == [("post", False), ("update", True)]
    assert len(post.slack.uploads) == 1


async def test_a_file_that_slack_never_knows(post: Post) -> None:
    """It is given up, the text stands; at the next change the picture is sent anew."""
    post.slack.refuses = 10_000
    while not isinstance(await post.send(), sending.Shown):
        post.machine.advance(30)
    post.machine.advance(61)
    while not isinstance(await post.send(), sending.Shown):
        post.machine.advance(60)
    assert post.slack.shown == [("post", False), ("update", False)]
    assert post.database.read_now(lambda s: s.scalars(select(Upload)).all()) == []
    post.slack.refuses = 0
    post.again()
    await post.send()
    assert post.slack.shown[-1] == ("update", True)
    assert len(post.slack.uploads) == 2


async def test_no_picture_no_harm(post: Post) -> None:
    """Where it can't be drawn, or Slack takes no files, the text goes alone, at once."""
    post.hand.drawn = None
    await post.send()
    post.hand.drawn, post.slack.no_files = b"drawn", "missing_scope"
    post.again()
    await post.send()
    assert post.slack.shown == [("post", False), ("update", False)]


async def test_a_refused_token_is_no_matter_of_the_picture(post: Post) -> None:
    """Nothing at all is sent then, and both once it works again."""
    post.slack.no_files = "token_revoked"
    assert isinstance(await post.send(), sending.Again)
    assert post.slack.shown == []


async def test_another_refusal_is_what_it_was(post: Post) -> None:
    """What Slack refuses for another reason is no matter of the picture."""
    post.slack.refuses, post.slack.refusal = 1, SlackRefused("invalid_blocks", "[ERROR] else")
    assert isinstance(await post.send(), sending.Stopped)
    assert post.slack.shown == []


async def test_the_next_message_waits_for_a_second_from_then_on(
    post: Post, machine: HandMachine
) -> None:
    """Not from when leave was taken: to draw it and hand it over takes longer than that."""
    limits = post.outside._rates = Rates(machine)
    machine.advance(1)
    assert limits.take(POST, "C1") == 0
    machine.advance(2)
    await post.send()
    assert limits.take(POST, "C1") == pytest.approx(1)
