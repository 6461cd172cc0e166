"""Slices that don't know one another, joined: what one adds to the message of another one's run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.core.content import MESSAGE_BLOCKS, MESSAGE_TEXT, Block, Content, Message
from bot.engine.ritual import Ritual, RunOf, View
from bot.slack import blocks


@dataclass(frozen=True)
class _Joined:
    """What a view loaded, and what the others add to it."""

    loaded: Any
    added: tuple[Block, ...]


def joined(rituals: Sequence[Ritual]) -> Mapping[str, View]:
    """The views of these kinds of rituals, those of runs with what the other kinds add."""
    return {
        name: view if view.run_of is None else _with(view, view.run_of, _others(one, rituals))
        for one in rituals
        for name, view in one.views.items()
    }


def _others(one: Ritual, rituals: Sequence[Ritual]) -> Sequence[Ritual]:
    return [other for other in rituals if other is not one]


def _with(view: View, run_of: RunOf, others: Sequence[Ritual]) -> View:
    def load(session: Session, subject: str, at: datetime) -> _Joined | None:
        loaded = view.load(session, subject, at)
        if loaded is None:
            return None
        run_id = run_of(session, subject)
        if run_id is None:
            return _Joined(loaded, ())
        added = [block for one in others for block in one.on_run(session, at, run_id)]
        return _Joined(loaded, tuple(added))

    def draw(both: _Joined) -> Content | None:
        content = view.draw(both.loaded)
        if not isinstance(content, Message) or not both.added:
            return content
        whole = _below(content.blocks, both.added)
        if len(whole) > MESSAGE_BLOCKS or blocks.size(whole) > MESSAGE_TEXT:
            return content
        return replace(content, blocks=whole)

    return replace(view, load=load, draw=draw)


def _below(own: Sequence[Block], added: Sequence[Block]) -> tuple[Block, ...]:
    """What is added, below a message's own; all buttons in one row, which is its last."""
    if not own or own[-1]["type"] != "actions":
        return (*own, *added)
    said = [one for one in added if one["type"] != "actions"]
    rows = [own[-1], *(one for one in added if one["type"] == "actions")]
    row = {**own[-1], "elements": [each for one in rows for each in one["elements"]]}
    return (*own[:-1], *said, row)
