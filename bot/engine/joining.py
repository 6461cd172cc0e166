"""Slices that don't know one another, joined: what one adds to the message of another one's run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.core.content import MESSAGE_BLOCKS, MESSAGE_TEXT, Block, Content, Message
from bot.engine.ritual import Ritual, View
from bot.slack import blocks


@dataclass(frozen=True)
class _Joined:
    """What a view loaded, and what the others add to it."""

    loaded: Any
    added: tuple[Block, ...]


def joined(rituals: Sequence[Ritual]) -> Mapping[str, View]:
    """The views of these kinds of rituals, those of runs with what the other kinds add."""
    return {
        name: _with(view, [other for other in rituals if other is not one]) if view.of_run else view
        for one in rituals
        for name, view in one.views.items()
    }


def _with(view: View, others: Sequence[Ritual]) -> View:
    def load(session: Session, subject: str, at: datetime) -> _Joined | None:
        loaded = view.load(session, subject, at)
        if loaded is None:
            return None
        added = [block for one in others for block in one.on_run(session, at, int(subject))]
        return _Joined(loaded, tuple(added))

    def draw(both: _Joined) -> Content | None:
        content = view.draw(both.loaded)
        if not isinstance(content, Message) or not both.added:
            return content
        room = len(content.blocks) + len(both.added) <= MESSAGE_BLOCKS
        if not room or blocks.size([*content.blocks, *both.added]) > MESSAGE_TEXT:
            return content
        return replace(content, blocks=(*content.blocks, *both.added))

    return replace(view, load=load, draw=draw)
