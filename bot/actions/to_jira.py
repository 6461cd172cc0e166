"""Jira as an outside: how issues come to be there, and stay what their items are.

No key makes a creation in Jira happen once. So it carries a label of its own, and one whose outcome
nobody knows is looked for by that, for as long as Jira's index may lag, before it is made again.
What comes after the creation is a merge, which may be repeated at any time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot.actions import detail, issues, meeting, polling, tickets, unheard
from bot.actions.accounts import Accounts
from bot.actions.judging import Doing, judge, look_again
from bot.actions.merge import Field
from bot.actions.outage import Outage, go_on
from bot.actions.troubles import Troubles
from bot.actions.updating import update
from bot.core.clock import Calendar, Machine
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.noted import noted
from bot.core.states import Outcome
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import rates, sending
from bot.engine.mirrors import Candidate
from bot.engine.rates import Rates
from bot.engine.sending import Again, Claim, Nothing, NotThere, Result, Shown, Stopped
from bot.jira.errors import FieldsMissing, Forbidden, JiraRefused, NotFound, Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import KEEP, Created, Issue, NewIssue

# A claim that outlives its lease is met by another one; this one is over before that.
_PATIENCE_SECONDS = sending.LEASE.total_seconds() - 5

log = structlog.get_logger()


class ToJira:
    """Sends tickets, and looks at them."""

    at_once = 4  # as many as the gateway has threads

    def __init__(
        self,
        database: Database,
        jira: Gateway,
        troubles: Troubles,
        *,
        calendar: Calendar,
        machine: Machine,
        limits: Rates,
        root: str,
    ) -> None:
        """Take `root`, the address of the Slack workspace, which issues link back to."""
        self._database = database
        self._jira = jira
        self._troubles = troubles
        self._accounts = Accounts(database, jira, calendar=calendar)
        self._calendar = calendar
        self._machine = machine
        self._rates = limits
        self._outage = Outage(machine, limits)
        self._root = root

    def method(self, _candidate: Candidate) -> str:
        return rates.ISSUE

    def one_at_a_time(self, _candidate: Candidate) -> str | None:
        """Each is found by a label of its own."""
        return None

    def now(self) -> datetime:
        """Nothing is looked for by when it was sent."""
        return self._machine.utc()

    async def send(self, claimed: Claim) -> Result:
        """Make an issue, look for it, let it meet its item, or look at all of them."""
        doing, work = self._work(claimed)
        try:
            result = await work(claimed)
        except MeridianError as error:
            await self._note(claimed, error)
            teams: Collection[str] = ()
            if doing is Doing.CREATING and isinstance(error, JiraRefused):
                teams = await self._database.read(issues.set_by_team, int(claimed.subject))
            return judge(error, doing, claimed.attempts, teams)
        if self._outage.ended():
            await self._database.write(go_on)
        return result

    def _work(self, claimed: Claim) -> tuple[Doing, "_Work"]:
        if claimed.view == polling.VIEW:
            return Doing.POLLING, partial(_patiently, self._poll)
        if not claimed.creates:
            return Doing.MEETING, partial(_patiently, self._meet)
        if claimed.sent_at is not None:
            return Doing.LOOKING, self._look_up
        return Doing.CREATING, self._make

    # --- creating

    async def _make(self, claimed: Claim) -> Result:
        item_id = int(claimed.subject)
        await self._get_to_know(item_id)
        new = await self._database.write(issues.plan, item_id, claimed.uid)
        if new is None:
            return Nothing()
        made = await self._create(claimed, new)
        log.info("an issue was created", issue=made.key, mirror=claimed.id)
        return self._stands(claimed, made.id, made.key)

    async def _create(self, claimed: Claim, new: NewIssue) -> Created:
        """Create it, without whatever Jira refuses that an issue can do without."""
        without, left_out = frozenset[Field](), False
        while True:
            try:
                return await self._jira.create(new)
            except FieldsMissing:
                raise
            except JiraRefused as error:
                named = issues.refused_fields(error.fields)
                nobody = Field.ASSIGNEE in named and new.assignee is None
                refused = named - without
                if not refused and not nobody:
                    raise
                without |= refused
                left_out |= nobody  # where nobody can't be, Jira chooses
                planned = await self._database.write(
                    issues.plan, int(claimed.subject), claimed.uid, without
                )
                if planned is None:
                    raise
                new = replace(planned, assignee=KEEP) if left_out else planned

    def _stands(self, claimed: Claim, issue_id: str, key: str) -> Shown:
        """It is there; what it is, is settled when it meets its item, at once."""
        at, item_id = self._calendar.now(), int(claimed.subject)
        return Shown(
            remote_id=issue_id,
            adopted=True,
            then=lambda session: issues.stands(session, at, item_id, issue_id, key),
        )

    async def _look_up(self, claimed: Claim) -> Result:
        if claimed.sent_at is None:
            return NotThere()
        passed = (self._machine.utc() - claimed.sent_at).total_seconds()
        found = await self._jira.find(tickets.label(claimed.uid))
        log.info("looked for a half-made issue", mirror=claimed.id, found=len(found))
        match found:
            case [one]:
                return self._stands(claimed, one.id, one.key)
            case []:
                wait = look_again(passed)
                return NotThere() if wait is None else Again(wait)
            case _:
                return Stopped(Outcome.UNKNOWN, str(detail.several(found)))

    # --- meeting

    async def _meet(self, claimed: Claim) -> Result:
        item_id, issue_id = int(claimed.subject), claimed.remote_id or ""
        owner = await self._get_to_know(item_id)
        try:
            issue = await self._jira.issue(issue_id)
            by_hand = await self._is_assigned_by_hand(item_id, issue)
        except NotFound as error:
            return await self._lost(item_id, error)
        at = self._calendar.now()
        owed = await self._database.write(
            partial(meeting.meet, owner=owner, by_hand=by_hand, root=self._root),
            at,
            item_id,
            claimed.uid,
            issue,
        )
        if owed is None:
            return Nothing()
        nobody = partial(self._database.write, meeting.asks_for_nobody, owed)
        try:
            told = await update(self._jira, owed, nobody)
        except Forbidden as error:
            if issue.project.id == await self._database.read(issues.project_of, item_id):
                raise
            # It was moved to where the token has fewer rights: that is no matter of its team's.
            return Stopped(Outcome.PARKED, str(detail.refusal(error)))
        now = self._calendar.now()

        def then(session: Session) -> None:
            meeting.confirm(session, now, told)
            self._troubles.met(session, now, claimed.id, changed=told.took)

        return Shown(remote_id=issue.id, then=then)

    async def _is_assigned_by_hand(self, item_id: int, issue: Issue) -> bool:
        """Whether whoever has a new issue that was to be nobody's was assigned by somebody."""
        if issue.assignee is None or not await self._database.read(unheard.was_nobodys, item_id):
            return False
        return await self._jira.reassigned(issue.id)

    async def _lost(self, item_id: int, error: NotFound) -> Result:
        """Nothing is there: it was deleted, unless the whole project is out of sight."""
        project = await self._database.read(issues.project_of, item_id)
        if project is None:
            return Stopped(Outcome.GONE, str(detail.refusal(error)))
        try:
            await self._jira.project(project)
        except NotFound as gone:
            said = detail.refusal(gone).model_copy(update={"unseen": True})
            return Stopped(Outcome.BLOCKED, str(said))
        return Stopped(Outcome.GONE, str(detail.refusal(error)))

    async def _get_to_know(self, item_id: int) -> int | None:
        """The item's owner, once Jira has been asked who they are."""
        owner = await self._database.read(issues.owner_of, item_id)
        try:
            await self._accounts.get_to_know(owner)
        except OutcomeUnknown as error:
            raise NotSent from error  # it was only a question
        return owner

    # --- looking at all of them

    async def _poll(self, _claimed: Claim) -> Result:
        ids = await self._database.read(polling.followed, self._calendar.now())
        if ids:
            polled = await self._jira.issues(ids)
            changed = await self._database.read(polling.changed, polled)
            if changed:
                log.info("issues have changed", count=len(changed.changed), gone=len(changed.gone))
                await self._database.write(polling.touch, changed)
        return Nothing()

    # --- what else comes of it

    async def _note(self, claimed: Claim, error: MeridianError) -> None:
        """Remember what an error means for others: a pause, an outage, a token that died."""
        log.warning(
            "a ticket was not told",
            mirror=claimed.id,
            view=claimed.view,
            subject=claimed.subject,
            error=noted(error),
        )
        match error:
            case RateLimited():
                seconds = error.retry_after
                until = await self._database.write(rates.keep_pause, rates.ISSUE, seconds)
                self._rates.pause(rates.ISSUE, until)
            case Unauthorised():
                at = self._calendar.now()
                await self._database.write(self._troubles.token_died, at, claimed.id, error.noted)
            case NotSent() | OutcomeUnknown():
                self._outage.failed(claimed.id)
            case _:
                pass

    def stands(self, session: Session, at: datetime, mirror: Mirror) -> None:
        """One was made: so may be the others of its lane."""
        self._troubles.got_through(session, at, mirror, making=True)

    def stopped(self, session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
        """Whoever can mend it is told."""
        if mirror.view == tickets.VIEW:
            self._troubles.stopped(session, at, mirror, outcome)


_Work = Callable[[Claim], Awaitable[Result]]


async def _patiently(work: _Work, claimed: Claim) -> Result:
    """Within the claim's lease; what was sent by then may still take effect."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await work(claimed)
    except TimeoutError as error:
        raise OutcomeUnknown from error
