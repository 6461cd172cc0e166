"""Troubles with Jira: who is told of each, and when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.actions import accounts, detail, polling, shown, tickets, words
from bot.actions.views import troubles as views
from bot.actions.views.accounts import home_line
from bot.actions.views.troubles import (
    Lost,
    Refused,
    Several,
    Shut,
    TokenDied,
    TokenExpires,
    Trouble,
    Unsure,
    Wanting,
)
from bot.asking import cards
from bot.asking.askable import ASKABLE, is_askable
from bot.asking.issue_links import NO_LINKS
from bot.asking.known_keys import issue_links
from bot.core.content import Beside, Block
from bot.core.states import LIVE_ITEMS, Outcome
from bot.db.session import note_stale
from bot.db.tables import ActionItem, JiraProject, Mirror, Person, Team, Timer, Workspace
from bot.engine import timers
from bot.engine.mirrors import Urgency
from bot.engine.ritual import Offer, Step, View
from bot.engine.timers import Due, Fired

KIND = "jira"
_EXPIRY = "expiry"
_BEFORE = (30, 7, 1)  # days before the token expires
_NOON = time(12, tzinfo=UTC)  # the same date nearly everywhere


class Troubles:
    """What is wrong with Jira, on the cards and Homes of those who can mend it."""

    kind = KIND
    views: Mapping[str, View] = {}

    def __init__(self, workspace_id: int, expires: date | None) -> None:
        """Take the date on which the token expires, where it is known."""
        self._workspace_id = workspace_id
        self._expires = expires

    @property
    def steps(self) -> Mapping[str, Step]:
        return {_EXPIRY: self.tell_of_expiry}

    @property
    def offer(self) -> Offer:
        """What is put on cards and Homes."""
        return Offer(self.on_card, self.on_home)

    def begin(self, session: Session, at: datetime) -> None:
        """Set the timers that tell of the token's end."""
        timers.set_timers(
            session,
            [
                Due(KIND, _EXPIRY, datetime.combine(day, _NOON), local_date=day)
                for day in self._days
                if datetime.combine(day, _NOON) > at
            ],
        )

    @property
    def _days(self) -> Sequence[date]:
        """Those on which admins are told that the token expires."""
        if self._expires is None:
            return ()
        return [self._expires - timedelta(days=before) for before in _BEFORE]

    def tell_of_expiry(self, session: Session, at: datetime, due: Sequence[Fired]) -> None:
        """Step: the token expires soon, unless it was replaced since the timer was set."""
        if any(timer.local_date in self._days for timer in due):
            cards.tell(session, at, admins(session, self._workspace_id))

    # --- when something happens

    def stopped(self, session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
        """A ticket is told no more: whoever can mend it is told so."""
        if outcome is Outcome.BLOCKED:
            self._lane_shut(session, at, mirror)
            return
        item = session.get(ActionItem, int(mirror.subject))
        if item is None:
            return
        item.note = words.stopped(
            outcome, item.issue_key or "", wanting=bool(detail.read(mirror.detail).missing)
        )
        session.flush()
        shown.refresh(session, at, [item.id])
        person = item.owner_id or item.raised_by
        if item.state in LIVE_ITEMS and person is not None:
            news = mirror.told != mirror.detail
            mirror.told = mirror.detail
            (cards.tell if news else refresh)(session, at, [person])

    def _lane_shut(self, session: Session, at: datetime, mirror: Mirror) -> None:
        """Of what shuts a whole lane is told once, however many tickets it stops, and how often."""
        if mirror.told == mirror.detail:
            return
        same = (Mirror.target == mirror.target) & (Mirror.told == mirror.detail)
        news = session.scalar(select(Mirror.id).where(tickets.ISSUES, same).limit(1)) is None
        mirror.told = mirror.detail
        session.flush()
        people = _who_chose(session, tickets.team_of(mirror.target))
        (cards.tell if news else refresh)(session, at, people)

    def got_through(self, session: Session, at: datetime, mirror: Mirror, *, making: bool) -> None:
        """A ticket of a lane got through: if it was shut, it no longer is."""
        was_told, mirror.told = mirror.told is not None, None
        if polling.open_lane(session, mirror.target, making=making) or was_told:
            refresh(session, at, _who_chose(session, tickets.team_of(mirror.target)))

    def met(self, session: Session, at: datetime, mirror_id: int, *, changed: bool) -> None:
        """A ticket met its item; only where something was `changed` may others be as well."""
        mirror = session.get_one(Mirror, mirror_id)
        if changed:
            self.got_through(session, at, mirror, making=False)
        elif mirror.told is not None:
            mirror.told = None
            session.flush()
            refresh(session, at, _who_chose(session, tickets.team_of(mirror.target)))

    def token_died(self, session: Session, at: datetime, mirror_id: int, said: str) -> None:
        """Jira refuses the token: nothing more is sent, and admins are told, once."""
        mirror = session.get_one(Mirror, mirror_id)
        workspace = session.get_one(Workspace, mirror.workspace_id)
        if workspace.jira_paused is None:
            workspace.jira_paused = said
            session.flush()
            cards.tell(session, at, admins(session, workspace.id))

    # --- what is shown

    def on_card(self, session: Session, at: datetime, person_id: int, on: date) -> Beside | None:
        """What a person can mend, on the card of a local date of theirs."""
        person = session.get_one(Person, person_id)
        if on != cards.today(person, at):
            return None
        expiry = self._is_told(session, person, on)
        return self._beside(session, [*self._found(session, person, on, expiry=expiry)])

    def on_home(self, session: Session, at: datetime, person_id: int) -> Beside | None:
        """The same on their Home, where an admin sees the token's end a month ahead, and who they
        are in Jira.
        """
        person = session.get_one(Person, person_id)
        today = cards.today(person, at)
        soon = any(day <= today for day in self._days)
        found = [*self._found(session, person, today, expiry=soon)]
        return self._beside(session, found, *_who(session, person))

    def _beside(self, session: Session, found: Sequence[Trouble], *above: Block) -> Beside | None:
        links = issue_links(session, self._workspace_id) if found else NO_LINKS
        return views.beside(found, *above, links=links)

    def _is_told(self, session: Session, person: Person, on: date) -> bool:
        """Whether admins are told on a day of the token's end: also late, where nobody was up."""
        if not person.is_admin or not self._days:
            return False
        fired = select(Timer.consumed_at).where(
            Timer.kind == KIND, Timer.step == _EXPIRY, Timer.local_date.in_(self._days)
        )
        told = (cards.today(person, at) for at in session.scalars(fired) if at is not None)
        return any(0 <= (on - day).days <= 1 for day in (*self._days, *told))  # or the day after

    def _found(
        self, session: Session, person: Person, today: date, *, expiry: bool
    ) -> Iterator[Trouble]:
        if person.is_admin:
            workspace = session.get_one(Workspace, person.workspace_id)
            if workspace.jira_paused is not None:
                yield TokenDied(_waiting(session))
            elif expiry and self._expires is not None and today <= self._expires:
                yield TokenExpires(self._expires, (self._expires - today).days)
        yield from _lanes(session, person)
        yield from _items(session, person)


def _who(session: Session, person: Person) -> Iterator[Block]:
    """Who somebody is in Jira; people of other organisations own nothing there."""
    if is_askable(person):
        known = accounts.account_of(session, person.id)
        name, match = (known.name, known.match) if known is not None else ("", None)
        yield home_line(name, match)


def alive(session: Session, at: datetime, workspace_id: int) -> None:
    """The token works again: what waited goes, and nobody needs to act any more."""
    workspace = session.get_one(Workspace, workspace_id)
    if workspace.jira_paused is not None:
        workspace.jira_paused = None
        note_stale(session)
        refresh(session, at, admins(session, workspace_id))


def refresh(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Show these people what is true now, silently."""
    people = session.scalars(select(Person).where(Person.id.in_(person_ids)))
    days = [(one.id, cards.today(one, at)) for one in people]
    cards.refresh(session, at, days, Urgency.CLICKED)


def admins(session: Session, workspace_id: int) -> Sequence[int]:
    """A workspace's admins, as far as they are known."""
    return session.scalars(
        select(Person.id).where(Person.workspace_id == workspace_id, Person.is_admin, ASKABLE)
    ).all()


def _who_chose(session: Session, team_id: int) -> Sequence[int]:
    """Who chose a team's project; the admins where they are no longer there."""
    chosen = select(JiraProject.set_by).where(JiraProject.team_id == team_id)
    found = session.scalars(select(Person.id).where(Person.id.in_(chosen), ASKABLE)).all()
    if found:
        return found
    team = session.get(Team, team_id)
    return admins(session, team.workspace_id) if team is not None else ()


def looks_after(session: Session, person: Person, team_id: int) -> bool:
    """Whether somebody takes care of where a team's tickets go."""
    return person.is_admin or person.id in _who_chose(session, team_id)


def _lanes(session: Session, person: Person) -> Iterator[Trouble]:
    """The teams of whose project somebody takes care, and from which Jira takes nothing."""
    there = select(Person.id).where(Person.id == JiraProject.set_by, ASKABLE)
    orphans = JiraProject.set_by.is_(None) | ~there.exists()
    theirs = JiraProject.set_by == person.id
    rows = session.execute(
        select(JiraProject, Team)
        .join(Team)
        .where(
            Team.workspace_id == person.workspace_id,
            or_(theirs, orphans) if person.is_admin else theirs,
        )
        .order_by(Team.id)
    )
    for project, team in rows:
        lane = (Mirror.target == tickets.lane(team.id)) & (Mirror.outcome == Outcome.BLOCKED)
        count = session.scalar(select(func.count()).select_from(Mirror).where(lane)) or 0
        if count:
            said = session.scalar(
                select(Mirror.detail).where(lane).order_by(Mirror.id.desc()).limit(1)
            )
            name = f"{project.name} ({project.key})"
            yield Shut(team.id, team.channel, name, detail.read(said).words, count)


def _items(session: Session, person: Person) -> Iterator[Trouble]:
    """What stopped of somebody's own items, or of those that they raised and nobody has."""
    live = ActionItem.state.in_(LIVE_ITEMS)
    theirs = or_(
        ActionItem.owner_id == person.id,
        ActionItem.owner_id.is_(None) & (ActionItem.raised_by == person.id),
    )
    items = {
        str(item.id): item
        for item in session.scalars(select(ActionItem).where(theirs, live, ActionItem.wants_ticket))
    }
    if not items:
        return
    mirrors = session.scalars(
        select(Mirror)
        .where(
            tickets.ISSUES,
            Mirror.subject.in_(items),
            Mirror.outcome.is_not(None),
            Mirror.outcome != Outcome.BLOCKED,
        )
        .order_by(Mirror.id)
    )
    for mirror in mirrors:
        yield _of_item(mirror, items[mirror.subject])


def _of_item(mirror: Mirror, item: ActionItem) -> Trouble:
    said = detail.read(mirror.detail)
    match mirror.outcome:
        case Outcome.GONE:
            return Lost(mirror.id, item.what, item.issue_key or "")
        case Outcome.UNKNOWN if said.several:
            found = tuple((one.id, one.key) for one in said.several)
            return Several(mirror.id, item.what, found)
        case Outcome.UNKNOWN:
            return Unsure(mirror.id, item.what, said.words)
        case _ if said.missing:
            return Wanting(mirror.id, item.what, " ".join(filter(None, said.missing.values())))
        case _:
            return Refused(mirror.id, item.what, item.issue_key or "", said.words)


def _waiting(session: Session) -> int:
    """How many tickets wait to be told."""
    stale = (Mirror.shown < Mirror.wanted) & Mirror.outcome.is_(None)
    count = select(func.count()).select_from(Mirror).where(tickets.ISSUES, stale)
    return session.scalar(count) or 0
