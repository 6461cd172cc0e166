"""Use cases of the facilitator: start one now, move on, give more time, close."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import by_hand
from bot.asking.upkeep.lifecycle import standing_by_id
from bot.asking.upkeep.model import Gone
from bot.core.states import RitualState
from bot.db.tables import Person, Ritual
from bot.engine.mirrors import Urgency
from bot.rituals.retro import calling, counting, stages, tally
from bot.rituals.retro.finding import (
    Place,
    by_id,
    ends,
    facilitator,
    leader,
    live_in,
    may_lead,
    may_start,
    person_of,
    place_of,
)
from bot.rituals.retro.model import (
    KIND,
    Config,
    Extended,
    Moved,
    MovedBefore,
    NoRetro,
    NotLeading,
    NotStarting,
    Resting,
    Stage,
    UnderWay,
    WouldDelete,
)
from bot.rituals.retro.running import mark
from bot.rituals.retro.settling import stage_run
from bot.rituals.retro.tables import Retro
from bot.rituals.retro.views.shown import Led

_AT_ONCE = timedelta(minutes=1)  # so soon after a stage began, a word means the one before


def start(
    session: Session, at: datetime, workspace_id: int, slack_id: str, ritual_id: int, key: str
) -> Moved | UnderWay | Resting | NotStarting | Gone:
    """Run one now, beside those by the calendar; a second press of the same is the same retro."""
    ritual = standing_by_id(session, KIND, workspace_id, ritual_id)
    if ritual is None:
        return Gone()
    if not may_start(ritual, person_of(session, workspace_id, slack_id)):
        return _not_starting(session, ritual)
    same = session.scalar(select(Retro).where(Retro.origin == key))
    if same is not None:
        return _moved(session, place_of(session, same))
    if ritual.state is RitualState.PAUSED:
        return Resting()
    live = live_in(session, workspace_id, ritual.channel)
    if live is not None:
        return UnderWay(live.retro.stage, live.run.channel)
    config = Config.model_validate(ritual.config).model_dump(mode="json")
    run = by_hand.open_round(session, at, ritual, config, ritual.channel)
    return _moved(session, stages.begin(session, at, ritual, run, key))


def _not_starting(session: Session, ritual: Ritual) -> NotStarting:
    owner = session.get_one(Person, ritual.owner_id)
    other = facilitator(session, ritual)
    return NotStarting(owner.name, other.name if other not in (None, owner) else "")


def move_on(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    stage: Stage | None,
    *,
    few: bool = False,
) -> Moved | MovedBefore | NotLeading | NoRetro:
    """End the stage now. `stage` is the one that the facilitator saw; None: they typed a word.

    With `few` the notes of too few are shown, and that is said openly: where they still are.
    """
    place = _led(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    retro, person = place.retro, person_of(session, workspace_id, slack_id)
    if (before := _moved_before(session, at, retro, person, stage)) is not None:
        return before
    if few and counting.too_few(session, place):  # else enough came while they made up their mind
        retro.few = True
    retro.moved_by = person.id if person else None
    stages.end_stage(session, at, place)
    return _moved(session, place)


def close(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    *,
    sure: bool = True,
) -> Moved | WouldDelete | NotLeading | NoRetro:
    """End the retro now, whatever stage it is in.

    Unless somebody is `sure`, not where its notes would be deleted unread.
    """
    place = _led(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    collects = place.retro.stage is Stage.COLLECT
    if collects and not sure and counting.too_few(session, place):
        return WouldDelete(place.ritual.title, place.run.channel)
    person = person_of(session, workspace_id, slack_id)
    place.retro.moved_by = person.id if person else None
    if place.retro.stage is not Stage.CLOSED:
        stages.close(session, at, place)
    return _moved(session, place)


def extend(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    stage: Stage | None,
    by: timedelta,
) -> Extended | MovedBefore | NotLeading | NoRetro:
    """Give the stage so much more time; whoever was late is not any more."""
    place = _led(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    retro = place.retro
    if (stage is not None and stage is not retro.stage) or retro.stage is Stage.CLOSED:
        return _before(session, retro, person_of(session, workspace_id, slack_id))
    if retro.stage is Stage.SORT:
        retro.sort_until = max(retro.sort_until or at, at) + by
        stages.reset_sort(session, place)
    elif (run := stage_run(session, retro)) is not None:
        if retro.held:  # everybody's window has ended; the round itself was prolonged for a day
            by_hand.reopen(session, at, KIND, run, at + by)
            retro.held = False
            calling.no_longer(session, at, place)
        else:
            by_hand.move_end(session, at, KIND, run, max(run.closes_at, at) + by)
    session.flush()
    mark(session, at, place, Urgency.CLICKED)
    return Extended(retro.stage, ends(session, retro) or at, place.run.channel)


def _led(
    session: Session, workspace_id: int, slack_id: str, retro_id: int
) -> Place | NotLeading | NoRetro:
    place = by_id(session, workspace_id, retro_id)
    if place is None:
        return NoRetro()
    if not may_lead(session, place, person_of(session, workspace_id, slack_id)):
        return NotLeading(leader(session, place).name)
    return place


def _moved_before(
    session: Session, at: datetime, retro: Retro, person: Person | None, stage: Stage | None
) -> MovedBefore | None:
    """What somebody has just moved on, or the timetable has, is not moved once more.

    A button names the stage that was seen; a word names none.
    """
    begun = retro.stage is Stage.COLLECT  # not by moving on
    just_now = stage is None and not begun and at - retro.stage_since < _AT_ONCE
    seen_another = stage is not None and stage is not retro.stage
    if not (seen_another or just_now or retro.stage is Stage.CLOSED):
        return None
    return _before(session, retro, person)


def _before(session: Session, retro: Retro, person: Person | None) -> MovedBefore:
    own = person is not None and retro.moved_by == person.id
    return MovedBefore(_name(session, retro.moved_by), retro.stage, own=own)


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def _moved(session: Session, place: Place) -> Moved:
    retro = place.retro
    return Moved(
        retro_id=retro.id,
        title=place.ritual.title,
        channel=place.run.channel,
        stage=retro.stage,
        ends=ends(session, retro),
        held=retro.held,
    )


def led(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, retro_id: int, said: str
) -> Led | NotLeading | NoRetro:
    """A retro as whoever leads it sees it; `said` is what has just been done, in mrkdwn."""
    place = _led(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    return Led(
        retro_id=retro_id,
        title=place.ritual.title,
        channel=place.run.channel,
        stage=place.retro.stage,
        ends=ends(session, place.retro),
        held=place.retro.held,
        anonymous=place.retro.anonymous,
        leader=leader(session, place).name,
        topics=tally.count(session, retro_id),
        said=said,
    )
