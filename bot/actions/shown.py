"""What shows action items outside, and what their own messages show."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.actions import due, left, loading, telling
from bot.actions.model import ItemShown
from bot.actions.origins import BLOCKER_MESSAGE
from bot.asking import cards, channel
from bot.core.states import MirrorKind, RunState
from bot.db.tables import ActionItem, Blocker, Mirror, Person, Prompt, Ritual, Run
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency

REPLY = "actions.reply"
_LATELY = 7  # days of cards that may still be clicked on
_DAY = timedelta(days=1)
_A_WEEK = timedelta(weeks=1)


def reply(item: ActionItem, thread_ts: str, urgency: Urgency = Urgency.CLICKED) -> Mark:
    """The reply that shows an item below the message that it came from."""
    return Mark(
        item.workspace_id,
        MirrorKind.MESSAGE,
        REPLY,
        str(item.id),
        item.channel or "",
        urgency=urgency,
        thread_ts=thread_ts,
    )


def reply_shown(session: Session, subject: str, at: datetime) -> ItemShown | None:
    """An item by its id, as the reply below its message shows it."""
    item = session.get(ActionItem, int(subject))
    return None if item is None else loading.shown(session, at, [item])[0]


def refresh(
    session: Session,
    at: datetime,
    item_ids: Collection[int],
    urgency: Urgency = Urgency.CLICKED,
    *,
    also: Collection[int] = (),
    told: Collection[date | None] = (),
) -> None:
    """Let all that shows these items show what is true now; `also` on these people's cards.

    Whoever has to do with them by now is told as they should be. `told` are the days on whose cards
    they were new to whoever had them before.
    """
    session.flush()
    items = session.scalars(select(ActionItem).where(ActionItem.id.in_(item_ids))).all()
    refresh_items(session, at, items, urgency, also=also, told=told)


def refresh_items(
    session: Session,
    at: datetime,
    items: Sequence[ActionItem],
    urgency: Urgency = Urgency.CLICKED,
    *,
    also: Collection[int] = (),
    told: Collection[date | None] = (),
) -> None:
    """The same for whoever has them in hand, flushed."""
    if not items:
        return
    due.plan(session, at, items)
    # Whoever was to give it away reads that somebody has it, or that it is over.
    passing = [one for one in items if one.owner_id is None or telling.is_untold(one)]
    heirs = left.heirs_of(session, passing)
    telling.tell_owners(session, at, items)
    _touch_messages(session, items, urgency)
    channel.refresh(session, _runs(session, at, items), Urgency.CLOSING)
    _refresh_cards(session, at, items, heirs.union(also), told, urgency)


def _touch_messages(session: Session, items: Sequence[ActionItem], urgency: Urgency) -> None:
    """The replies below messages, and the messages about blockers."""
    message = Mirror.kind == MirrorKind.MESSAGE
    replies = (Mirror.view == REPLY) & Mirror.subject.in_([str(one.id) for one in items])
    mirrors.touch(session, message & replies, urgency)
    blockers = {one.blocker_id for one in items if one.blocker_id is not None}
    if blockers:
        about = or_(*(Mirror.subject.startswith(f"{one}/") for one in sorted(blockers)))
        mirrors.touch(session, message & (Mirror.view == BLOCKER_MESSAGE) & about, urgency)


def _runs(session: Session, at: datetime, items: Sequence[ActionItem]) -> set[int]:
    """The runs whose messages speak of these items: where each came from, and what is open now."""
    found = {one.run_id for one in items if one.run_id is not None}
    if blockers := {one.blocker_id for one in items if one.blocker_id is not None}:
        raised_in = (
            select(Prompt.run_id)
            .join(Blocker, Blocker.prompt_id == Prompt.id)
            .where(Blocker.id.in_(blockers))
        )
        found.update(session.scalars(raised_in))
    # One that is late by a week, and so was raised before, is spoken of in any of its team's.
    speaking = [one for one in items if one.blocker_id or one.raised_at <= at - _A_WEEK]
    teams = {one.team_id for one in speaking if one.team_id is not None}
    # The next of the ritual that it came from opens with it.
    from_which = {one.ritual_id for one in items if one.ritual_id is not None}
    if not teams and not from_which:
        return found
    open_now = (
        select(Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Ritual.team_id.in_(teams) | Ritual.id.in_(from_which), Run.state == RunState.OPEN)
    )
    return found.union(session.scalars(open_now))


def _refresh_cards(
    session: Session,
    at: datetime,
    items: Sequence[ActionItem],
    also: Collection[int],
    told: Collection[date | None],
    urgency: Urgency,
) -> None:
    """Today's cards of those who have to do with these items, and older ones that speak of them.

    An old card may still be clicked on; but Slack grants few edits a minute.
    """
    owners = {one.owner_id for one in items if one.owner_id is not None}
    ids = owners.union(also, left.heirs(session, owners))
    people = session.scalars(select(Person).where(Person.id.in_(ids))).all()
    today = {person.id: cards.today(person, at) for person in people}
    cards.refresh(session, at, list(today.items()), urgency)
    older = {
        (person_id, day)
        for person_id, on in today.items()
        # Who flew back over the date line has had tomorrow's card.
        for day in (on - ago * _DAY for ago in (-1, *range(1, _LATELY)))
        if person_id in owners.union(also)
        and (day in told or any(_spoken_of(one, day) for one in items))
    }
    cards.refresh(session, at, older, Urgency.PROGRESS)


def _spoken_of(item: ActionItem, day: date) -> bool:
    """Whether its owner's card of a day may show an item."""
    is_due = item.due is not None and item.due <= day
    # A card that stands on the day says it too, be it so late that they are told on the next one.
    untold = telling.is_untold(item) or (item.owner_id is None and item.told_on is None)
    is_new = item.told_on == day or untold
    return (is_due or is_new) and (item.raised_at - _DAY).date() <= day
