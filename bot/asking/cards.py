"""The card: a person's one DM of the day, with all that waits for them.

Its subject is `person/date/1` or `…/2`, so the mirror's unique key is the limit of two notifying
messages a day. A later prompt or a reminder takes 2 while 1 shrinks to a line; with none left, the
card changes silently.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking import home
from bot.asking.views import NOT_DELIVERED
from bot.core.cadence import instant, local, local_date, zone
from bot.core.states import MirrorKind, Outcome, PromptState
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run, Timer
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Due

KIND = "asking"
VIEW = "card"
PER_DAY = 2
# With its kind too, though the view would do: the unique index begins with it.
_CARDS = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == VIEW)
# Nobody is told of a trouble outside these local hours; it can wait for the morning.
_MORNING = time(9)
_EVENING = time(20)


@dataclass(frozen=True)
class Notice:
    """Somebody whose card must come to their notice, on their local date."""

    person_id: int
    on: date
    until: datetime | None = None  # calendar time; later than that it is not sent any more


def subject(person_id: int, on: date, number: int) -> str:
    """The card's subject; see the module's docstring."""
    return f"{person_id}/{on.isoformat()}/{number}"


def parse(card: str) -> tuple[int, date, int]:
    """Person, local date and number of a card's subject."""
    person_id, on, number = card.split("/")
    return int(person_id), date.fromisoformat(on), int(number)


def notify(session: Session, at: datetime, notices: Collection[Notice]) -> None:
    """Bring cards to their people's notice, within what a day allows."""
    people = _people(session, {notice.person_id for notice in notices})
    standing = _standing(session, {(notice.person_id, notice.on) for notice in notices})
    marks: list[Mark] = []
    for notice in _one_each(notices):
        cards = standing.get((notice.person_id, notice.on), [])
        person = people[notice.person_id]
        number = _next_number(cards)
        marks.append(_mark(person, notice, number))
    mirrors.mark(session, at, marks)
    home.refresh(session, at, [notice.person_id for notice in notices])


def _one_each(notices: Collection[Notice]) -> Iterable[Notice]:
    """One notice a card, which makes sense as long as any of its notices does."""
    found: dict[tuple[int, date], Notice] = {}
    for one in notices:
        other = found.get((one.person_id, one.on), one)
        limits = [limit for limit in (one.until, other.until) if limit is not None]
        until = max(limits) if len(limits) == 2 else None
        found[one.person_id, one.on] = replace(one, until=until)
    return found.values()


def refresh(
    session: Session,
    at: datetime,
    cards: Collection[tuple[int, date]],
    urgency: Urgency = Urgency.PROGRESS,
) -> None:
    """Show what is true now on the cards of (person, date) that there are, silently."""
    subjects = [
        subject(person_id, on, number) for person_id, on in cards for number in (1, PER_DAY)
    ]
    mirrors.touch(session, _CARDS & Mirror.subject.in_(subjects), urgency)
    home.refresh(session, at, [person_id for person_id, _on in cards], urgency)


def tell(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Let people see a trouble as a line on their card: today's, or tomorrow's where it is late."""
    people = [one for one in _people(session, person_ids).values() if not one.deleted]
    now: list[Notice] = []
    for person in people:
        there = local(at, zone(person.tz or "UTC"))
        if there.time() < _MORNING or there.time() >= _EVENING:
            _tell_in_the_morning(session, person, there)
        else:
            now.append(Notice(person.id, there.date()))
    standing = _standing(session, {(one.person_id, one.on) for one in now})
    mirrors_of_today = {key for key, cards in standing.items() if cards}
    refresh(session, at, mirrors_of_today)
    notify(session, at, [one for one in now if (one.person_id, one.on) not in mirrors_of_today])


def tell_step(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """The morning after: tell what could wait."""
    tell(session, at, [timer.person_id for timer in due if timer.person_id is not None])


def stands(session: Session, at: datetime, mirror: Mirror) -> None:
    """A message has come to stand: where it is the day's second card, the first one shrinks."""
    if mirror.kind is MirrorKind.MESSAGE and mirror.view == VIEW:
        _show_earlier(session, at, mirror)


def stopped(session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
    """A mirror won't be sent any more: whoever should know is told."""
    if mirror.kind is MirrorKind.MESSAGE and mirror.view == VIEW:
        _show_earlier(session, at, mirror)
        if mirror.remote_id is None and outcome is not Outcome.GONE:
            _not_delivered(session, at, mirror)
    elif mirror.run_id is not None and outcome is not Outcome.MISSED:
        _tell_owner(session, at, mirror, outcome)


def _show_earlier(session: Session, at: datetime, mirror: Mirror) -> None:
    """The day's first card points to the second, but only while that one stands."""
    person_id, on, number = parse(mirror.subject)
    if number > 1:
        earlier = _CARDS & (Mirror.subject == subject(person_id, on, number - 1))
        mirrors.touch(session, earlier, Urgency.PROGRESS)


def _not_delivered(session: Session, at: datetime, mirror: Mirror) -> None:
    """Somebody was never shown the day's card: the owners of what it asked should know."""
    person_id, on, number = parse(mirror.subject)
    if number > 1:  # the first one shows it all
        return
    asked = (
        (Prompt.person_id == person_id)
        & (Prompt.asked_on == on)
        & (Prompt.state == PromptState.ASKED)
    )
    owners = session.scalars(
        select(Ritual.owner_id)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(asked)
        .distinct()
    ).all()
    session.execute(
        update(Prompt)
        .where(asked)
        .values(reason=NOT_DELIVERED)
        .execution_options(synchronize_session=False)
    )
    tell(session, at, owners)


def _tell_owner(session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
    """Tell a ritual's owner, once a target, that what belongs in a channel can't be shown there."""
    if outcome is Outcome.BLOCKED and mirrors.blocked_elsewhere(session, mirror):
        return
    owner = session.scalar(
        select(Ritual.owner_id).join(Run, Run.ritual_id == Ritual.id).where(Run.id == mirror.run_id)
    )
    if owner is not None:
        tell(session, at, [owner])


def _tell_in_the_morning(session: Session, person: Person, there: datetime) -> None:
    day = there.date() if there.time() < _MORNING else there.date() + timedelta(days=1)
    when = instant(day, _MORNING, zone(person.tz or "UTC"))
    timers.reset(session, [Due(KIND, "tell", when, person_id=person.id, local_date=day)])


def _next_number(cards: Sequence[Mirror]) -> int:
    """The card that brings something to notice: the next, if one is left and needed."""
    if not cards:
        return 1
    last = cards[-1]
    unsent = last.remote_id is None and last.sent_at is None and last.outcome is None
    return len(cards) if unsent or len(cards) == PER_DAY else len(cards) + 1


def _mark(person: Person, notice: Notice, number: int) -> Mark:
    return Mark(
        workspace_id=person.workspace_id,
        kind=MirrorKind.MESSAGE,
        view=VIEW,
        subject=subject(notice.person_id, notice.on, number),
        target=person.slack_id,
        not_after=notice.until,
    )


def _standing(
    session: Session, cards: Collection[tuple[int, date]]
) -> Mapping[tuple[int, date], list[Mirror]]:
    """The cards there are of each (person, date), in order."""
    subjects = [
        subject(person_id, on, number) for person_id, on in cards for number in (1, PER_DAY)
    ]
    found: dict[tuple[int, date], list[Mirror]] = {}
    rows = session.scalars(
        select(Mirror).where(_CARDS, Mirror.subject.in_(subjects)).order_by(Mirror.subject)
    )
    for mirror in rows:
        person_id, on, _number = parse(mirror.subject)
        found.setdefault((person_id, on), []).append(mirror)
    return found


def _people(session: Session, ids: Collection[int]) -> Mapping[int, Person]:
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in rows}


def today(person: Person, at: datetime) -> date:
    """The date on a person's clock."""
    return local_date(at, zone(person.tz or "UTC"))
