"""Where action items come from: what a form begins with that is opened there."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.model import DETAILS, WHAT, Gone, Place, Proposed
from bot.core import markup
from bot.core.text import clamp, clean, escape_clamped, one_line
from bot.db.tables import Blocker, Person, Ritual, Run

BLOCKER_MESSAGE = "standup.unblock"
"""The view of a message about one blocker; its subject begins with the blocker's id and "/"."""
_NAME = 60
_ADDRESSED = re.compile(r"\s*<@(\w+)(?:\|[^<>]*)?>[\s,:]*")


def new_key() -> str:
    """The key of a form that is opened now."""
    return secrets.token_hex(8)


def of_blocker(
    session: Session, _at: datetime, workspace_id: int, blocker_id: int, run_id: int | None
) -> Proposed | Gone:
    """What is proposed for a blocker: that whoever can unblock, or else its owner, does it.

    `run_id` is the run that showed it; without one, the run in which it was first said.
    """
    row = session.execute(
        select(Blocker, Ritual, Person)
        .join(Ritual, Blocker.ritual_id == Ritual.id)
        .join(Person, Blocker.owner_id == Person.id)
        .where(Blocker.id == blocker_id, Person.workspace_id == workspace_id)
    ).first()
    if row is None:
        return Gone()
    blocker, ritual, owner = row
    helper = session.get(Person, blocker.unblocker_id) if blocker.unblocker_id else None
    run = session.get(Run, run_id) if run_id is not None else None
    of_this = run if run is not None and run.ritual_id == ritual.id else None
    text = _split(blocker.text)
    return Proposed(
        key=new_key(),
        place=Place(
            channel=of_this.channel if of_this is not None else ritual.channel,
            blocker_id=blocker.id,
            ritual_id=ritual.id,
            run_id=of_this.id if of_this is not None else None,
        ),
        what=text.what,
        owner=(helper or owner).slack_id,
        details=text.details,
        about=f"From what blocks *{escape_clamped(one_line(owner.name), _NAME)}*",
    )


def names(session: Session, _at: datetime, workspace_id: int, text: str) -> Mapping[str, str]:
    """The names of those whom a message mentions, by Slack id."""
    rows = session.execute(
        select(Person.slack_id, Person.name).where(
            Person.workspace_id == workspace_id, Person.slack_id.in_(markup.mentioned(text))
        )
    )
    return dict(rows.all())


def to_whom(text: str) -> tuple[str, str]:
    """The Slack id of whom a text begins with, "" for nobody, and the rest of it."""
    found = _ADDRESSED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


@dataclass(frozen=True)
class Split:
    """A text as the form takes it: what is to be done in one line, and all of it in the details."""

    what: str
    details: str


def of_text(text: str, known: Mapping[str, str]) -> Split:
    """What somebody wrote in Slack, as plain text: nothing in it mentions anybody."""
    return _split(markup.plain(text, known))


def _split(text: str) -> Split:
    """The first line is what is to be done; where there is more, the details have it all."""
    whole = clean(text).strip()
    line = one_line(whole.partition("\n")[0])
    what = clamp(line, WHAT)
    return Split(what, clamp(whole, DETAILS) if "\n" in whole or what != line else "")
