"""Who should be told something is: helpers in their working hours, owners of what was missed."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot.asking.rounds import TOO_LATE
from bot.core.states import PromptState
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.rituals.standup.model import KIND as STANDUP
from tests.simulation.cast import ZONES
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.books import Named
from tests.simulation.model.expected import is_holiday
from tests.simulation.model.wall import DAY, awake, between, instant, shown, spoken

_BEGIN, _END = time(9), time(18)
_SATURDAY = 5
_MARGIN = timedelta(minutes=10)


def helpers_told(evidence: Evidence) -> Iterator[str]:
    """Who is named to unblock somebody is told, in their working hours; nobody else is."""
    for named in evidence.books.named:
        if named.sure and _named_in_vain(evidence, named):
            yield f"{named.helper} was named by {named.who} at {named.since}, and not told"
    for person in evidence.books.setting.people:
        for sight in evidence.notices(person.id):
            if "named you" not in sight.text:
                continue
            if not _at_work(evidence, sight):
                yield f"{person.id} was told at {sight.at}, when they don't work: {sight.text}"
            texts = {one.text for one in evidence.books.named if one.helper == person.id}
            if not any(sight.text.endswith(text) for text in texts):
                yield f"{person.id} was told of what nobody named them for: {sight.text}"


def _named_in_vain(evidence: Evidence, named: Named) -> bool:
    """Whether somebody was surely to be told, and was not."""
    works = _works(evidence, named)
    if works is None:
        return False
    begins, ends = works
    by = evidence.weather.deadline(begins)
    if by >= min(ends, evidence.now) or _undone(evidence, named, by):
        return False
    told = [
        one
        for one in evidence.sights  # another text of theirs changes the message that there is
        if one.who == named.helper and "named you" in one.text
    ]
    return not any(named.since <= one.at <= by and named.text in one.text for one in told)


def _works(evidence: Evidence, named: Named) -> tuple[datetime, datetime] | None:
    """When a helper works next, and until when, where that is certain."""
    books = evidence.books
    facts = [books.zones, books.statuses, books.active]
    if any(fact[named.helper].changes for fact in facts) or books.absences[named.helper]:  # type: ignore[index]
        return None
    zone = books.zones[named.helper].first
    day = shown(named.since, zone).date()
    for number in range(5):
        on = day + number * DAY
        begins, ends = instant(on, _BEGIN, zone), instant(on, _END, zone)
        works = on.weekday() < _SATURDAY and not is_holiday(ZONES[zone], on)
        if works and max(begins, named.since) < ends - _MARGIN:
            return max(begins, named.since), ends
    return None


def _undone(evidence: Evidence, named: Named, by: datetime) -> bool:
    """Whether anybody did anything since by which nobody need be told."""
    books = evidence.books
    spoke = [
        one
        for key, answers in books.answers.items()
        if key.who == named.who
        for one in answers.statements
        if named.since - _MARGIN < one.since <= by and one.said.get("learned") != named.learned
    ]
    stopped = any(history.changes for history in books.running.values())
    return stopped or bool(spoke) or any(named.since <= at <= by for _who, at in books.settled)


def _at_work(evidence: Evidence, sight: Sight) -> bool:
    return any(
        between(sight.at, zone, _BEGIN, _END) and shown(sight.at, zone).weekday() < _SATURDAY
        for zone in evidence.books.zones[sight.who].may_be(
            sight.at - timedelta(minutes=5), sight.at
        )
    )


def owners_told(evidence: Evidence) -> Iterator[str]:
    """Who could not be asked in time is recorded as missed, rightly, and the owner told."""
    owner = Person.__table__.alias()
    rows = evidence.session.execute(
        select(Ritual.title, Run.local_date, Person.slack_id, Person.name, owner.c.slack_id)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .join(owner, owner.c.id == Ritual.owner_id)
        .where(
            Prompt.state == PromptState.MISSED, Prompt.reason == TOO_LATE, Ritual.kind == STANDUP
        )
    )
    for title, day, who, name, owner_id in rows.all():
        moment = next(one for one in evidence.expected.of(who) if one.key[:2] == (title, day))
        if moment.done_by < moment.ends:
            yield f"{moment.key} was missed, though there was time until {moment.ends}"
        if not evidence.books.active[owner_id].last or not evidence.books.active[owner_id].settled:
            continue
        said = f"{title} of {spoken(day)}: Meridian was not running in time to ask"
        told = [
            one
            for one in evidence.sights
            if one.who == owner_id and said in one.said and name in one.said
        ]
        by = evidence.weather.deadline(moment.latest)
        if not told and by + timedelta(hours=13) < evidence.now:
            yield f"{moment.key} was missed, and {owner_id} was not told"


def deletions_told(evidence: Evidence) -> Iterator[str]:
    """Whose stand-up's message somebody deleted is told, once the bot has found it gone."""
    books = evidence.books
    for call in evidence.slack.calls:
        standup = next(
            (one for one in books.setting.standups if one.channel == call.given.get("channel")),
            None,
        )
        if call.error != "message_not_found" or standup is None or call.at is None:
            continue
        owner = standup.owner
        steady = (books.active[owner], books.zones[owner], books.running[standup.title])
        if any(history.changes for history in steady):
            continue
        told = awake(call.at, books.zones[owner].first)
        by = evidence.weather.deadline(told)
        heading = str(call.given["text"]).split(":")[0].replace(" · ", " of ")
        said = f"{heading}: somebody deleted its message"
        if by < evidence.now and not any(
            one.who == owner and call.at <= one.at <= by and said in one.said
            for one in evidence.sights
        ):
            yield f"{owner} was not told by {by} that the message of {heading} was deleted"
