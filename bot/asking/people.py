"""People as Slack knows them: kept current by events, and looked at again once a day."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.asking import changes, excusing, guests, home, rounds, statuses, zones
from bot.asking.askable import is_askable
from bot.asking.excuses import status_of
from bot.asking.statuses import Status
from bot.core.cadence import UnknownZone, zone
from bot.core.clock import Calendar, Machine
from bot.core.errors import MeridianError, RateLimited
from bot.core.noted import noted
from bot.core.states import LIVE_ITEMS, BlockerState, RitualState
from bot.core.text import one_line
from bot.db import inbox
from bot.db.session import Database, machine_time
from bot.db.tables import (
    ActionItem,
    Blocker,
    Membership,
    Participant,
    Person,
    Ritual,
    Timer,
    Workspace,
)
from bot.engine.mirrors import Urgency
from bot.engine.retry import TOKEN_ERRORS, back_off
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway, Member

# A `user_change` that came while the bot was down is not sent again.
_STALE = timedelta(days=1)
_PAUSE_SECONDS = 0.6  # users.info is granted 100 times a minute
_IDLE_SECONDS = 3600.0
_BATCH = 200
_FAILED_SECONDS = 30.0
# One of whom Slack refuses to tell costs a dozen calls on the first day, then four a day.
_FIRST_SECONDS = 30.0
_LONGEST_SECONDS = 6 * 3600.0

log = structlog.get_logger()


def learn(session: Session, at: datetime, workspace_id: int, member: Member) -> Person:
    """Write down what Slack says of a person; a changed zone moves what they are asked.

    Their status comes with `user_change` too: Slack sends that when a member updates their profile
    (docs.slack.dev/reference/events/user_change). Nothing waits for the event of its expiry.
    """
    person = session.scalar(
        select(Person).where(
            Person.workspace_id == workspace_id, Person.slack_id == member.slack_id
        )
    )
    if person is None:
        person = Person(workspace_id=workspace_id, slack_id=member.slack_id, name=member.slack_id)
        session.add(person)
    was_askable = is_askable(person)
    person.name = member.name or person.name  # of whom Slack hides, the one we know
    was_admin, person.is_admin = person.is_admin, member.is_admin
    person.is_bot = member.is_bot
    person.email = member.email or person.email
    person.is_external = member.is_external
    is_new, person.refreshed_at = person.refreshed_at is None, machine_time(session)
    person.deleted = member.deleted
    before, said = status_of(person), _status(member)
    person.status_emoji, person.status_text = said.emoji, said.text
    person.status_until = said.until
    session.flush()
    if was_admin != person.is_admin:  # an admin's Home offers more
        home.refresh(session, at, [person.id], Urgency.CLICKED)
    _judge_guest(session, at, person, is_new=is_new)
    if was_askable != is_askable(person):
        changes.note(session, at, person)
    if not is_askable(person):
        if person.is_external:  # an owner may admit them yet
            person.tz = _zone_name(member, person.tz)
        rounds.leave(session, at, person)
    else:
        zones.retime(session, at, person, _zone_name(member, person.tz))
        if before != said and _means_leave(session, person, before, said):
            excusing.reconsider(session, at, [person.id])
    return person


def learn_found(
    session: Session, at: datetime, workspace_id: int, member: Member, since: datetime
) -> None:
    """The same of what Slack was asked at machine time `since`: what it told meanwhile is newer."""
    told = session.scalar(
        select(Person.refreshed_at).where(
            Person.workspace_id == workspace_id, Person.slack_id == member.slack_id
        )
    )
    if told is None or told < since:
        learn(session, at, workspace_id, member)


def _judge_guest(session: Session, at: datetime, person: Person, *, is_new: bool) -> None:
    if person.is_admitted and (person.deleted or not person.is_external):
        guests.end(session, at, person, None)
    elif is_new:
        guests.admit_chosen(session, at, person)


def _status(member: Member) -> Status:
    return Status(member.status_emoji, one_line(member.status_text), member.status_until)


def _means_leave(session: Session, person: Person, *said: Status) -> bool:
    """Whether one of these keeps them away: of what else people say there we take no notice."""
    listed = session.get_one(Workspace, person.workspace_id).leave_statuses
    return any(statuses.meaning(one, listed) for one in said)


def _zone_name(member: Member, known: str | None) -> str:
    """Slack's zone; where it tells none that we know, the one we have, or UTC."""
    try:
        return zone(member.tz or known or "UTC").key
    except UnknownZone:
        log.warning("unknown time zone", zone=member.tz)
        return known or "UTC"


def change(
    session: Session, at: datetime, workspace_id: int, member: Member, stamp: str = ""
) -> None:
    """A `user_change` event: of interest where we know the person, and know nothing later.

    Its stamp orders it among the others; it tells all of a person as it was then.
    """
    known = session.scalar(
        select(Person.id).where(
            Person.workspace_id == workspace_id, Person.slack_id == member.slack_id
        )
    )
    if known is None:
        return
    if stamp and not inbox.is_latest(session, "user_change", member.slack_id, stamp):
        log.info("a person's change came after a later one", person=member.slack_id)
        return
    learn(session, at, workspace_id, member)


def to_look_at(session: Session, but: Collection[str] = ()) -> Sequence[tuple[int, str]]:
    """Whom we ask, tell or show something and Slack has not been asked about today.

    Answers workspace and Slack id; `but` of these Slack ids.
    """
    stale = machine_time(session) - _STALE
    kept = Ritual.state != RitualState.DELETED
    concerned = or_(
        Person.id.in_(select(Participant.person_id).join(Ritual).where(kept)),
        Person.id.in_(select(Ritual.owner_id).where(kept)),
        Person.id.in_(select(Blocker.unblocker_id).where(Blocker.state == BlockerState.OPEN)),
        Person.id.in_(select(ActionItem.owner_id).where(ActionItem.state.in_(LIVE_ITEMS))),
        Person.id.in_(select(Membership.person_id)),
        Person.id.in_(_awaited()),
        Person.home_opened_at.is_not(None),
    )
    rows = session.execute(
        select(Person.workspace_id, Person.slack_id)
        .where(
            concerned,
            Person.deleted.is_(False),
            Person.is_bot.is_(False),
            Person.slack_id.not_in(but),
            or_(Person.refreshed_at.is_(None), Person.refreshed_at < stale),
        )
        .order_by(Person.tz.is_not(None), Person.id)
        .limit(_BATCH)
    )
    return rows.all()


def _awaited() -> Select[int | None]:
    """Whom slices will ask or tell something that is no ritual's: a timer of theirs stands."""
    return select(Timer.person_id).where(
        Timer.ritual_id.is_(None),
        Timer.person_id.is_not(None),
        Timer.consumed_at.is_(None),
        Timer.parked_at.is_(None),
    )


@dataclass(frozen=True)
class _Refusal:
    """How often Slack refused in a row to tell of somebody, and until when it isn't asked."""

    tries: int
    until: float  # seconds of machine time


class People:
    """Looks people up, one by one, within Slack's rate."""

    def __init__(
        self, database: Database, gateway: Gateway, *, calendar: Calendar, machine: Machine
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._calendar = calendar
        self._machine = machine
        self._woken = asyncio.Event()
        self._looking = False
        self._refused: dict[str, _Refusal] = {}

    def refresh(self) -> None:
        """Look up now whoever is not known yet."""
        self._looking = True
        self._woken.set()

    @property
    def busy(self) -> bool:
        """Whether somebody is still to be looked up."""
        return self._looking

    async def run(self) -> None:
        """Look people up until cancelled."""
        self.refresh()
        while True:
            self._woken.clear()
            failed = await self._round()
            self._looking = self._woken.is_set()
            try:
                await asyncio.wait_for(self._woken.wait(), self._wait(failed=failed))
            except TimeoutError:
                continue

    def _wait(self, *, failed: bool) -> float:
        """Seconds until somebody may be looked up (again)."""
        if failed:
            return _FAILED_SECONDS
        now = self._machine.elapsed()
        later = (one.until - now for one in self._refused.values() if one.until > now)
        return min(later, default=_IDLE_SECONDS)

    def _resting(self) -> Collection[str]:
        now = self._machine.elapsed()
        return [who for who, one in self._refused.items() if one.until > now]

    async def _round(self) -> bool:
        """Look up everyone who is due; answers whether nobody can be looked up just now."""
        while people := await self._database.read(to_look_at, self._resting()):
            for number, (workspace_id, slack_id) in enumerate(people):
                if number >= _BURST:
                    await self._machine.sleep(_PAUSE_SECONDS)
                try:
                    await self._look(workspace_id, slack_id)
                except RateLimited as error:
                    await self._machine.sleep(error.retry_after)
                except MeridianError as error:
                    if not isinstance(error, SlackRefused) or error.code in TOKEN_ERRORS:
                        log.warning("nobody can be looked up", error=noted(error))
                        return True
                    self._refuse(slack_id, error)  # the others are looked up
                else:
                    self._refused.pop(slack_id, None)
        return False

    def _refuse(self, slack_id: str, error: SlackRefused) -> None:
        """Slack tells nothing of this person: ask ever more seldom, for it may be so for good."""
        before = self._refused.get(slack_id)
        tries = before.tries + 1 if before is not None else 1
        seconds = back_off(tries, _FIRST_SECONDS, _LONGEST_SECONDS)
        self._refused[slack_id] = _Refusal(tries, self._machine.elapsed() + seconds)
        log.warning(
            "a person could not be looked up",
            person=slack_id,
            error=noted(error),
            again_in=seconds,
        )

    async def _look(self, workspace_id: int, slack_id: str) -> None:
        since = self._machine.utc()
        try:
            member = await self._gateway.member(slack_id)
        except SlackRefused as error:
            if error.code != "user_not_found":
                raise
            member = Member(slack_id, "", None, False, False, False, True)
        at = self._calendar.now()
        await self._database.write_in_turn(learn_found, at, workspace_id, member, since)


_BURST = 20
