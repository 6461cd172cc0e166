"""What SQL holds of people and stand-ups is true, and nothing is left to do."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.core.states import RitualState
from bot.db.tables import Absence, Participant, Person, Ritual, Timer
from tests.simulation.evidence import Evidence


def known(evidence: Evidence) -> Iterator[str]:
    """The bot knows what Slack and people have told it, and what it has acknowledged."""
    books, session = evidence.books, evidence.session
    people = {one.slack_id: one for one in session.scalars(select(Person))}
    for who in (one.id for one in books.setting.people):
        person = people[who]
        if (
            books.zones[who].settled
            and books.active[who].last
            and person.tz != books.zones[who].last
        ):
            yield f"{who} lives in {books.zones[who].last}, and SQL has {person.tz}"
        if books.active[who].settled and person.deleted is books.active[who].last:
            yield f"{who} is {'' if books.active[who].last else 'in'}active, and SQL says otherwise"
        for one in books.absences[who]:
            stored = session.scalars(
                select(Absence.id).where(
                    Absence.person_id == person.id,
                    Absence.first == one.first,
                    Absence.last == one.last,
                )
            ).all()
            if (
                one.stands.settled
                and bool(stored) is not one.stands.last
                and len(books.absences[who]) == 1
            ):
                yield f"{who} is away from {one.first}: {one.stands.last}; in SQL: {stored}"
    for ritual in session.scalars(select(Ritual).where(Ritual.title.in_(books.running))):
        yield from _of_ritual(evidence, ritual)


def _of_ritual(evidence: Evidence, ritual: Ritual) -> Iterator[str]:
    books = evidence.books
    running = books.running[ritual.title]
    if running.settled and (ritual.state is RitualState.ACTIVE) is not running.last:
        yield f"{ritual.title} runs: {running.last}; in SQL it is {ritual.state}"
    on_it = set(
        evidence.session.scalars(
            select(Person.slack_id)
            .join(Participant, Participant.person_id == Person.id)
            .where(Participant.ritual_id == ritual.id)
        )
    )
    for person in books.setting.people:
        member, active = books.members[ritual.title, person.id], books.active[person.id]
        if not member.settled or active.changes:
            continue
        if (person.id in on_it) is not member.last:
            yield f"{person.id} is on {ritual.title}: {member.last}; in SQL: {person.id in on_it}"


def at_rest(evidence: Evidence) -> Iterator[str]:
    """Nothing waits to be sent, no timer is overdue, and none was set aside."""
    if not evidence.at_rest:
        yield "the bot doesn't come to rest"
    for timer in evidence.session.scalars(select(Timer)):
        if timer.parked_at is not None:
            yield f"the timer {timer.key} is parked: {timer.error}"
        elif timer.consumed_at is None and timer.due_at < evidence.now:
            yield f"the timer {timer.key} is overdue since {timer.due_at}"
