"""Blockers as rows: each stays, with its age and who can unblock, until it is resolved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from bot.asking import cards, channel
from bot.core.states import BlockerState, MirrorKind, RunState
from bot.db.tables import Blocker, Mirror, Person, Prompt, Run
from bot.engine import mirrors
from bot.engine.mirrors import Urgency
from bot.rituals.standup.running import mark_run
from bot.rituals.standup.unblock_shown import VIEW, subject

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Synced:
    """What a text about blockers meant for their rows."""

    new: tuple[Blocker, ...]
    own: tuple[Blocker, ...]  # open ones that the same prompt had raised before
    again: tuple[Blocker, ...]  # open ones of earlier runs, said once more
    changed: tuple[Blocker, ...]


@dataclass(frozen=True)
class Standing:
    """The blockers that matter to an answer, the oldest first.

    `own` is all that it raised, whatever became of it. `earlier` is what its person brings along
    from earlier runs: what is open, and what this very answer resolved, for that can be taken back.
    """

    own: tuple[Blocker, ...]
    earlier: tuple[Blocker, ...]


def standing(session: Session, prompt: Prompt, run: Run) -> Standing:
    """The blockers that matter to a prompt's answer."""
    theirs = {
        "ritual_id": run.ritual_id,
        "person_id": prompt.person_id,
        "prompt_id": prompt.id,
        "day": run.local_date,
        "answered_at": prompt.answered_at or _NEVER,
    }
    rows = session.scalars(_standing(), theirs).all()
    return Standing(
        own=tuple(row for row in rows if row.prompt_id == prompt.id),
        earlier=tuple(row for row in rows if row.prompt_id != prompt.id),
    )


@cache
def _standing() -> Select[Blocker]:
    """The query for these, kept: to build it takes longer than to run it."""
    resolved_here = (
        (Blocker.state == BlockerState.RESOLVED)
        & (Blocker.resolved_by == bindparam("person_id"))
        & (Blocker.resolved_at >= bindparam("answered_at"))
    )
    earlier = (Blocker.raised_on <= bindparam("day")) & (
        (Blocker.state == BlockerState.OPEN) | resolved_here
    )
    return (
        select(Blocker)
        .where(
            Blocker.ritual_id == bindparam("ritual_id"),
            Blocker.owner_id == bindparam("person_id"),
            (Blocker.prompt_id == bindparam("prompt_id")) | earlier,
        )
        .order_by(Blocker.raised_on, Blocker.id)
    )


def settle(
    at: datetime, by: Person, earlier: Sequence[Blocker], fates: Mapping[int, bool]
) -> list[Blocker]:
    """Resolve those shown back that are, or take that back; answers what changed.

    What somebody else has resolved meanwhile stays so: "still blocked" is what the form began with.
    """
    changed = []
    for blocker in earlier:
        is_open = blocker.state is BlockerState.OPEN
        if blocker.id in fates and fates[blocker.id] is is_open:
            changed.append(blocker)
            if is_open:
                resolve(blocker, at, by)
            else:
                _reopen(blocker)
    return changed


def resolve(blocker: Blocker, at: datetime, by: Person) -> None:
    """It holds nobody up any more."""
    blocker.state = BlockerState.RESOLVED
    blocker.resolved_at, blocker.resolved_on, blocker.resolved_by = at, cards.today(by, at), by.id


def _reopen(blocker: Blocker) -> None:
    blocker.state = BlockerState.OPEN
    blocker.resolved_at = blocker.resolved_on = blocker.resolved_by = None


def sync(
    session: Session,
    at: datetime,
    prompt: Prompt,
    run: Run,
    there: Standing,
    lines: Sequence[str],
    before: Collection[str],
) -> Synced:
    """Let the rows of a prompt be what its answer says; `before` are the lines it said earlier.

    A line that stands exactly keeps its row; of the others, those changed keep theirs in order.
    What is open from an earlier run already, in whatever case, stays that one blocker.
    """
    left = _once_each(lines)
    kept = [row for row in there.own if row.text in left]
    left = [line for line in left if line not in {row.text for row in kept}]
    again, left = _said_again(there.earlier, left)
    left = [line for line in left if line not in before]  # it was one of an earlier run: resolved
    freed = [row for row in there.own if row not in kept and row.state is BlockerState.OPEN]
    edited, withdrawn = freed[: len(left)], freed[len(left) :]
    back = [row for row in kept if row.state is BlockerState.WITHDRAWN]
    for row, line in zip(edited, left, strict=False):
        row.text = line
    for row in withdrawn:
        row.state = BlockerState.WITHDRAWN
    for row in back:
        row.state = BlockerState.OPEN
    new = [_new(at, prompt, run, line) for line in left[len(edited) :]]
    session.add_all(new)
    own = [row for row in (*kept, *edited) if row.state is BlockerState.OPEN]
    return Synced(tuple(new), tuple(own), tuple(again), (*new, *edited, *withdrawn, *back))


def _once_each(lines: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for line in lines:
        found.setdefault(line.casefold(), line)
    return list(found.values())


def _said_again(
    earlier: Sequence[Blocker], lines: Sequence[str]
) -> tuple[list[Blocker], list[str]]:
    known = {one.text.casefold(): one for one in earlier if one.state is BlockerState.OPEN}
    again = [known[line.casefold()] for line in lines if line.casefold() in known]
    return again, [line for line in lines if line.casefold() not in known]


def _new(at: datetime, prompt: Prompt, run: Run, text: str) -> Blocker:
    return Blocker(
        ritual_id=run.ritual_id,
        prompt_id=prompt.id,
        owner_id=prompt.person_id,
        text=text,
        state=BlockerState.OPEN,
        since=at,
        raised_on=run.local_date,
    )


def _show_closed(session: Session, ritual_ids: Collection[int], dates: Collection[date]) -> None:
    """Of closed runs, that of the date on which one was resolved shows it as such.

    Those of later dates show it no more: where it is tomorrow already, a run may have closed, too.
    """
    if dates:
        closed = select(Run.id).where(
            Run.ritual_id.in_(ritual_ids),
            Run.state == RunState.CLOSED,
            Run.local_date >= min(dates),
        )
        channel.refresh(session, session.scalars(closed).all())


def show(
    session: Session,
    at: datetime,
    changed: Collection[Blocker],
    also: Collection[int] = (),
    resolved: Mapping[int, date] | None = None,
) -> None:
    """Let all that shows these blockers show what is true now, and the cards of others too.

    `resolved` are the dates on which some were resolved, by their ids, before they changed.
    """
    if not changed:
        return
    session.flush()
    rituals = {one.ritual_id for one in changed}
    open_now = session.scalars(
        select(Run).where(Run.ritual_id.in_(rituals), Run.state == RunState.OPEN)
    )
    for run in open_now.all():
        mark_run(session, at, run, Urgency.CLOSING)  # at once: progress may wait a minute
    before = resolved or {}
    dates = [on for one in changed for on in (one.resolved_on, before.get(one.id)) if on]
    _show_closed(session, rituals, dates)
    told = [Mirror.subject.startswith(subject(one.id, "")) for one in changed]
    messages = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == VIEW)
    mirrors.touch(session, messages & or_(*told), Urgency.CLICKED)
    ids = {one.owner_id for one in changed} | {one.unblocker_id for one in changed} | set(also)
    people = session.scalars(select(Person).where(Person.id.in_(ids - {None})))
    cards.refresh(session, at, [(person.id, cards.today(person, at)) for person in people])
