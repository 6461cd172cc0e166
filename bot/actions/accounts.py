"""Who people are in Jira: by their e-mail address, else by name, or as they said themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.actions.agreed import agreed
from bot.asking import home
from bot.asking.askable import ASKABLE
from bot.core.clock import Calendar
from bot.core.noted import noted
from bot.core.states import LIVE_ITEMS, JiraMatch
from bot.core.text import clamp, one_line
from bot.db.session import Database, machine_time
from bot.db.tables import ActionItem, JiraPerson, Person
from bot.engine.mirrors import Urgency
from bot.jira.errors import JiraRefused
from bot.jira.gateway import Gateway
from bot.jira.model import Account

_AGAIN = timedelta(days=1)  # after which somebody not found is looked for once more
_NAME = 100
_OPEN = frozenset({JiraMatch.NOBODY, JiraMatch.SEVERAL, JiraMatch.BARRED})  # it may be known later

log = structlog.get_logger()


# --- pure: who is it


def by_email(email: str, found: Sequence[Account]) -> Account | None:
    """Whom Jira found for an address.

    Cloud finds people by addresses that it does not tell, so a single one without any is they.
    """
    for one in found:
        if one.email is not None and one.email.casefold() == email.casefold():
            return one
    return found[0] if len(found) == 1 and found[0].email is None else None


def by_name(name: str, found: Sequence[Account]) -> Account | None:
    """The only one of a name: each word of it, for Slack often knows first names alone."""
    same = _named(name, found)
    return same[0] if len(same) == 1 else None


def _named(name: str, found: Sequence[Account]) -> Sequence[Account]:
    words = _words(name)
    return [one for one in found if words and words <= _words(one.name)]


def _words(name: str) -> frozenset[str]:
    return frozenset(one_line(name).casefold().split())


# --- what is known


def account_of(session: Session, person_id: int | None) -> JiraPerson | None:
    """Who somebody is in Jira, as far as anybody has looked."""
    return None if person_id is None else session.get(JiraPerson, person_id)


def to_look_up(session: Session, person_id: int) -> Person | None:
    """The person, where Jira is to be asked who they are."""
    known = session.get(JiraPerson, person_id)
    if known is not None and known.match not in _OPEN:
        return None
    if known is not None and known.looked_at > machine_time(session) - _AGAIN:
        return None
    return session.get(Person, person_id)


def person_of(session: Session, workspace_id: int, account: Account) -> Person | None:
    """Somebody here by their Jira account; whoever has the same address or name is learnt."""
    known = session.scalars(
        select(Person)
        .join(JiraPerson, JiraPerson.person_id == Person.id)
        .where(
            Person.workspace_id == workspace_id,
            Person.deleted.is_(False),
            JiraPerson.account == account.id,
        )
        # Whoever chose the account of somebody else by mistake does not get what is theirs.
        .order_by(JiraPerson.match != JiraMatch.EMAIL, Person.id)
        .limit(1)
    ).first()
    if known is not None:
        return known
    people = _unmatched(session, workspace_id)
    if (person := _of_email(people, account)) is not None:
        _keep(session, person.id, account, JiraMatch.EMAIL)
    elif (person := _of_name(people, account)) is not None:
        _keep(session, person.id, account, JiraMatch.NAME)
    return person


def _of_email(people: Sequence[Person], account: Account) -> Person | None:
    address = account.email.casefold() if account.email else None
    found = (one for one in people if one.email and one.email.casefold() == address)
    return next(found, None)


def _of_name(people: Sequence[Person], account: Account) -> Person | None:
    found = [one for one in people if not one.is_external and _is_named(one, account)]
    return found[0] if len(found) == 1 else None


def _is_named(person: Person, account: Account) -> bool:
    """A first name alone is not enough: Jira may know more people of it than are here."""
    words, there = _words(person.name), _words(account.name)
    return bool(words) and (words == there or (len(words) > 1 and words < there))


def _unmatched(session: Session, workspace_id: int) -> Sequence[Person]:
    """Who may turn out to be an account; nobody who said who they are, or that they have none."""
    matched = select(JiraPerson.person_id).where(
        or_(JiraPerson.account.is_not(None), JiraPerson.match == JiraMatch.CHOSEN)
    )
    return session.scalars(
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            ASKABLE,
            Person.id.not_in(matched),
        )
        .order_by(Person.id)
    ).all()


def learn(
    session: Session, at: datetime, person_id: int, account: Account | None, match: JiraMatch
) -> None:
    """Write down who somebody is; what they own is assigned to them there."""
    before = account_of(session, person_id)
    was = (before.account, before.match) if before is not None else (None, match)
    now = _keep(session, person_id, account, match)
    # Of whoever has none, what is said of their tickets depends on why.
    if was[0] != now.account or (now.account is None and was[1] is not now.match):
        _assign(session, at, [person_id])
    home.refresh(session, at, [person_id], Urgency.CLICKED)


def learn_found(
    session: Session, at: datetime, person_id: int, account: Account | None, match: JiraMatch
) -> None:
    """The same of what Jira was asked, unless they have said so themselves meanwhile."""
    if to_look_up(session, person_id) is not None:
        learn(session, at, person_id, account, match)


def _keep(
    session: Session, person_id: int, account: Account | None, match: JiraMatch
) -> JiraPerson:
    row = session.get(JiraPerson, person_id)
    if row is None:
        row = JiraPerson(person_id=person_id)
        session.add(row)
    row.account = account.id if account else None
    row.name = clamp(one_line(account.name), _NAME) if account else ""
    row.match = match
    row.looked_at = machine_time(session)
    session.flush()
    return row


def _assign(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Let what these people own be assigned anew, as if they had just been given it."""
    items = session.scalars(
        select(ActionItem).where(
            ActionItem.owner_id.in_(person_ids),
            ActionItem.state.in_(LIVE_ITEMS),
            ActionItem.issue_id.is_not(None),
        )
    ).all()
    for item in items:
        last = agreed(item)
        nobody, said = last.model_copy(update={"here": last.here.of_nobody()}), item.note
        nobody.keep(item)
        item.note = said  # which may be that its ticket is gone
    tickets.mark(session, at, items, Urgency.PROGRESS)


# --- asking Jira


class Accounts:
    """Asks Jira who people are, once each."""

    def __init__(self, database: Database, jira: Gateway, *, calendar: Calendar) -> None:
        self._database = database
        self._jira = jira
        self._calendar = calendar
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get_to_know(self, person_id: int | None) -> None:
        """Look for somebody whom nobody has looked for yet; whoever isn't found is nobody.

        Several tickets may be under way for one owner: the others wait for what the first learns.
        """
        if person_id is None:
            return
        async with self._turns[person_id]:
            person = await self._database.read(to_look_up, person_id)
            if person is None:
                return
            account, match = await self._find(person)
            await self._database.write(learn_found, self._calendar.now(), person_id, account, match)

    async def _find(self, person: Person) -> tuple[Account | None, JiraMatch]:
        try:
            if person.email and (one := by_email(person.email, await self._ask(person.email))):
                return one, JiraMatch.EMAIL
            found = await self._ask(person.name)
        except JiraRefused as error:
            if error.status == 401:
                raise
            log.warning("nobody can be looked for in Jira", error=noted(error))
            return None, JiraMatch.BARRED
        if one := by_name(person.name, found):
            return one, JiraMatch.NAME
        return None, JiraMatch.SEVERAL if _named(person.name, found) else JiraMatch.NOBODY

    async def _ask(self, words: str) -> Sequence[Account]:
        return [one for one in await self._jira.people(words) if one.active]
