"""Use cases of reading a retro: all of it, or what of it is a person's to do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.content import Asks
from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Prompt
from bot.rituals.retro.finding import (
    Place,
    by_id,
    by_run,
    last_in,
    live_in,
    live_of,
    person_of,
)
from bot.rituals.retro.model import NoRetro, Past, Stage
from bot.rituals.retro.running import VIEW
from bot.rituals.retro.settling import retro_of_prompt
from bot.rituals.retro.shown import retro_shown
from bot.rituals.retro.tables import Retro
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import RetroShown

# Whoever never said that they were done may have said a lot: that it is closed is all one can say.
_OVER = "Closed"
_ASKS = {
    Stage.COLLECT: Asks("notes", "Add notes", "Add more", "Done ✓", _OVER, words.FINISHED),
    Stage.VOTE: Asks("votes", "Vote", "Change votes", "Voted ✓", "Closed without your votes"),
    Stage.DISCUSS: Asks("discussion", "Read", "Read", "Done ✓", _OVER, words.FINISHED),
}


def whole(session: Session, at: datetime, workspace_id: int, retro_id: int) -> RetroShown | NoRetro:
    """Every word of a retro that has been shown."""
    if by_id(session, workspace_id, retro_id) is None:
        return NoRetro()
    return retro_shown(session, str(retro_id), at) or NoRetro()


def mine(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, channel: str
) -> tuple[int, Stage] | NoRetro:
    """The retro that is meant by whoever types the command: this channel's, else one of theirs."""
    here = live_in(session, workspace_id, channel)
    if here is not None:
        return here.retro.id, here.retro.stage
    person = person_of(session, workspace_id, slack_id)
    theirs = live_of(session, workspace_id, person.id) if person is not None else []
    waiting = [one for one in theirs if one.retro.stage in _ASKS] or theirs
    return (waiting[0].retro.id, waiting[0].retro.stage) if waiting else NoRetro()


def of_prompt(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> tuple[int, Stage] | NoRetro:
    """The retro that a prompt on a card is about, and where it is."""
    found = retro_of_prompt(session, workspace_id, slack_id, prompt_id)
    return NoRetro() if found is None else (found[0].id, found[0].stage)


def asks(session: Session, prompt_ids: Collection[int]) -> Mapping[int, Asks]:
    """How these prompts read on a card: by the stage that each is about."""
    found: dict[int, Asks] = {}
    stages: dict[int, Stage] = {}
    rows = session.execute(select(Prompt.id, Prompt.run_id).where(Prompt.id.in_(prompt_ids)))
    for prompt_id, run_id in rows:
        if run_id not in stages:
            retro = by_run(session, run_id)
            stages[run_id] = Stage.COLLECT if retro is None else _stage(retro, run_id)
        found[prompt_id] = _ASKS[stages[run_id]]
    return found


def _stage(retro: Retro, run_id: int) -> Stage:
    if run_id == retro.vote_run_id:
        return Stage.VOTE
    return Stage.DISCUSS if run_id == retro.discuss_run_id else Stage.COLLECT


@dataclass(frozen=True)
class Export:
    """What is exported, and the message below which it is put."""

    shown: RetroShown
    channel: str
    ts: str


@dataclass(frozen=True)
class NoMessage:
    """Its message is not there, so there is no thread either."""


def export(
    session: Session, at: datetime, workspace_id: int, channel: str
) -> Export | NoMessage | Past | NoRetro:
    """The newest retro of a channel, once its notes have been shown."""
    return _export(session, at, last_in(session, workspace_id, channel))


def export_one(
    session: Session, at: datetime, workspace_id: int, retro_id: int
) -> Export | NoMessage | Past | NoRetro:
    """The same of a retro by its id."""
    return _export(session, at, by_id(session, workspace_id, retro_id))


def _export(
    session: Session, at: datetime, place: Place | None
) -> Export | NoMessage | Past | NoRetro:
    shown = retro_shown(session, str(place.retro.id), at) if place is not None else None
    if place is None or shown is None:
        return NoRetro()
    if place.retro.stage is Stage.COLLECT:
        return Past(place.retro.stage, place.retro.id, place.retro.anonymous)
    stands = session.execute(
        select(Mirror.channel, Mirror.remote_id).where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.view == VIEW,
            Mirror.subject == str(place.retro.id),
            Mirror.outcome.is_(None),
        )
    ).first()
    if stands is None or stands.channel is None or stands.remote_id is None:
        return NoMessage()
    return Export(shown, stands.channel, stands.remote_id)
