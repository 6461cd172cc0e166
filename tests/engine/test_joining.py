"""What one kind of ritual adds to the message of another one's run."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.core.content import MESSAGE_BLOCKS, Block, Message
from bot.engine.joining import joined
from bot.engine.ritual import Ritual, RunOf, View, run_itself
from tests.clocks import START

BLOCK: Block = {"type": "divider"}


def ritual(kind: str, blocks: int, adds: str = "", *, run_of: RunOf | None = run_itself) -> Ritual:
    def on_run(_session: Session, _at: datetime, run_id: int) -> list[Block]:
        return [{"type": "divider", "block_id": f"{adds}{run_id}"}] if adds else []

    def load(_session: Session, subject: str, _at: datetime) -> Any:
        return subject if subject != "0" else None

    def draw(loaded: Any) -> Message | None:
        return Message(loaded, (BLOCK,) * blocks) if loaded != "1" else None

    return Ritual(
        kind=kind,
        steps={},
        views={kind: View(load, draw, run_of=run_of)},
        listen=lambda _app, _intake: None,
        on_run=on_run,
    )


def drawn(view: View, session: Session, subject: str) -> Any:
    loaded = view.load(session, subject, START)
    return None if loaded is None else view.draw(loaded)


def test_others_add_and_one_does_not_add_to_itself(session: Session) -> None:
    """Behind what the run's own slice shows; where that shows nothing, nothing is added."""
    views = joined([ritual("a", 2, "a"), ritual("b", 2, "b"), ritual("c", 1)])
    assert [one.get("block_id") for one in drawn(views["a"], session, "7").blocks] == [
        None,
        None,
        "b7",
    ]
    assert len(drawn(views["c"], session, "7").blocks) == 3
    assert drawn(views["a"], session, "0") is None
    assert drawn(views["a"], session, "1") is None


def test_only_to_runs(session: Session) -> None:
    """Any other view is left as it is."""
    one = ritual("a", 2, run_of=None)
    assert joined([one, ritual("b", 1, "b")])["a"] is one.views["a"]


def test_to_the_run_that_a_subject_is_about(session: Session) -> None:
    """Which may have another number, or be none (any more)."""
    other = ritual("b", 1, "b")
    about = joined([ritual("a", 1, run_of=lambda _session, subject: int(subject) + 1), other])["a"]
    assert drawn(about, session, "7").blocks[-1]["block_id"] == "b8"
    over = joined([ritual("a", 1, run_of=lambda _session, _subject: None), other])["a"]
    assert len(drawn(over, session, "7").blocks) == 1


def test_where_there_is_no_room(session: Session) -> None:
    """A full message stays as it is: what was said there matters more."""
    views = joined([ritual("a", MESSAGE_BLOCKS), ritual("b", 1, "b")])
    assert len(drawn(views["a"], session, "7").blocks) == MESSAGE_BLOCKS


def test_buttons_share_one_row(session: Session) -> None:
    """What others say stands above the message's own buttons, and theirs beside those."""
    said: Block = {"type": "context", "elements": []}
    own: Block = {"type": "actions", "block_id": "own", "elements": ["read all", "act"]}
    theirs: Block = {"type": "actions", "elements": ["make a risk"]}
    one = Ritual(
        kind="a",
        steps={},
        views={"a": View(lambda *_: "7", lambda _: Message("", (BLOCK, own)), run_of=run_itself)},
        listen=lambda _app, _intake: None,
    )
    other = replace(ritual("b", 1), on_run=lambda *_: [said, theirs])
    row = {**own, "elements": ["read all", "act", "make a risk"]}
    assert drawn(joined([one, other])["a"], session, "7").blocks == (BLOCK, said, row)
