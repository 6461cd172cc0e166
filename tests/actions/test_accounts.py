"""Who people are in Jira: by address, by name, or as they said; and how sure that is."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import account_listeners, accounts
from bot.actions.accounts import by_email, by_name
from bot.actions.views import accounts as views
from bot.core.states import JiraMatch
from bot.db.tables import ActionItem, JiraPerson, Person
from bot.jira.model import Account
from bot.sandbox.blocks import check_view
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import account_id
from tests.actions.desk import ARJUN, INES, LENA, MEI, RAFAEL, Desk, furnish, person_id
from tests.clocks import START

TANAKA = Account("1", "Mei Tanaka", "mei@aurora-ml.example")
OTHER = Account("2", "Mei Wong", "wong@aurora-ml.example")
HIDDEN = Account("3", "Mei Tanaka")
NOBODYS = ", so the ticket is assigned to nobody."


@pytest.mark.parametrize(
    ("found", "one"),
    [
        ([TANAKA], TANAKA),
        ([OTHER, TANAKA], TANAKA),
        ([OTHER], None),
        ([HIDDEN], HIDDEN),
        ([HIDDEN, OTHER], None),
        ([], None),
    ],
)
def test_an_address_is_the_same_or_found_by_jira_alone(
    found: Sequence[Account], one: Account | None
) -> None:
    """Cloud finds people by addresses that it does not tell."""
    assert by_email("Mei@Aurora-ML.example", found) is one


@pytest.mark.parametrize(
    ("name", "found", "one"),
    [
        ("Mei Tanaka", [TANAKA, OTHER], TANAKA),
        ("mei  tanaka", [TANAKA], TANAKA),
        ("Mei", [TANAKA], TANAKA),
        ("Mei", [TANAKA, OTHER], None),
        ("Mei Tan", [TANAKA], None),
        ("", [TANAKA], None),
    ],
)
def test_a_name_must_be_the_only_one(
    name: str, found: Sequence[Account], one: Account | None
) -> None:
    """Each of its words, for Slack often knows first names alone."""
    assert by_name(name, found) is one


async def known(desk: Desk, slack_id: str) -> JiraPerson | None:
    def read(session: Session) -> JiraPerson | None:
        return accounts.account_of(session, person_id(session, slack_id))

    return await desk.database.read(read)


@pytest.mark.parametrize(
    ("owner", "match", "name"),
    [
        (MEI, JiraMatch.EMAIL, "mei"),
        (ARJUN, JiraMatch.EMAIL, "arjun"),
        (RAFAEL, JiraMatch.NOBODY, None),
    ],
)
async def test_whoever_gets_an_item_is_looked_for(
    desk: Desk, owner: str, match: JiraMatch, name: str | None
) -> None:
    """Arjun hides his address in Jira; Rafael has no account."""
    await desk.raised(owner=owner)
    await desk.settle()
    found = await known(desk, owner)
    assert found is not None
    assert found.match is match
    assert found.account == (account_id(name) if name else None)


async def test_without_addresses_a_name_is_enough(desk: Desk, deployment: object) -> None:
    """Where Slack tells none."""

    def forget(session: Session) -> None:
        session.get_one(Person, person_id(session, MEI)).email = None

    await desk.database.write(forget)
    await desk.raised(owner=MEI)
    await desk.settle()
    found = await known(desk, MEI)
    assert found is not None
    assert (found.match, found.name) == (JiraMatch.NAME, "Mei Tanaka")
    assert desk.issue().assignee == account_id("mei")


async def test_nobody_is_looked_for_twice_but_who_was_not_found_is_next_day(desk: Desk) -> None:
    """They may have got an account since."""
    first = await desk.raised("First", owner=RAFAEL)
    await desk.settle()
    asked = len(desk.calls("GET", "/user/search"))
    await desk.raised("Second", owner=RAFAEL)
    await desk.settle()
    assert len(desk.calls("GET", "/user/search")) == asked
    desk.there(acts.account, account="rafael", display_name="Rafael Lima")
    desk.machine.advance(25 * 3600)
    await desk.raised("Third", owner=RAFAEL)
    await desk.settle()
    found = await known(desk, RAFAEL)
    assert found is not None
    assert found.match is JiraMatch.EMAIL
    await desk.settle()
    assert {issue.assignee for issue in desk.issues()} == {found.account}
    assert (await desk.item(first)).note is None


async def test_who_gets_several_items_at_once_is_looked_for_once(desk: Desk) -> None:
    """Their tickets are made side by side, and all assigned."""
    ids = [await desk.raised(f"Item {number}") for number in range(4)]
    await desk.settle()
    assert len(desk.calls("GET", "/user/search")) == 1
    assert {one.assignee for one in desk.issues()} == {account_id("mei")}
    assert all([await desk.agrees(one) for one in ids])


async def test_who_somebody_says_they_are_counts(desk: Desk) -> None:
    """Their issues are assigned to it, and nobody looks again."""
    item_id = await desk.raised(owner=INES)
    await desk.settle()
    assert (await desk.item(item_id)).note is not None
    chosen = Account(account_id("lena"), "Lena Vogt")

    def choose(session: Session) -> None:
        person = person_id(session, INES) or 0
        accounts.learn(session, desk.calendar.now(), person, chosen, JiraMatch.CHOSEN)
        assert accounts.to_look_up(session, person) is None

    await desk.database.write(choose)
    await desk.settle()
    assert desk.issue().assignee == account_id("lena")
    item = await desk.item(item_id)
    assert item.note is None
    assert await desk.database.read(lambda session: person_id(session, INES)) == item.owner_id


async def test_no_right_to_look_for_people_leaves_it_unassigned(desk: Desk) -> None:
    """A token's account without it creates tickets all the same."""
    desk.trouble("GET /jira/rest/api/*/user/search", "status", status=403, count=None)
    item_id = await desk.raised()
    await desk.settle()
    assert desk.issue().assignee is None
    assert (await desk.item(item_id)).note == f"Jira doesn't let Meridian look for Mei{NOBODYS}"
    found = await known(desk, MEI)
    assert found is not None
    assert found.match is JiraMatch.BARRED


async def test_of_several_with_a_name_it_is_none(desk: Desk) -> None:
    """The note says that it isn't clear who it is; once it is, they are assigned."""

    def forget(session: Session) -> None:
        session.get_one(Person, person_id(session, MEI)).email = None

    await desk.database.write(forget)
    desk.there(acts.account, account="other", display_name="Mei Wong")
    item_id = await desk.raised()
    await desk.settle()
    note = f"Jira has more than one account by the name of Mei{NOBODYS}"
    assert (desk.issue().assignee, (await desk.item(item_id)).note) == (None, note)
    desk.there(acts.account, account="other", active=False)
    desk.machine.advance(25 * 3600)
    await desk.changes(item_id, details="x")
    await desk.settle()
    assert (desk.issue().assignee, (await desk.item(item_id)).note) == (account_id("mei"), None)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_who_said_that_they_have_no_account_is_not_called_missing(
    desk: Desk, when: str
) -> None:
    """Nor once an item is theirs whose ticket says that they were not found."""

    def choose(session: Session) -> None:
        person = person_id(session, RAFAEL) or 0
        accounts.learn(session, desk.calendar.now(), person, None, JiraMatch.CHOSEN)

    if when == "before":
        await desk.database.write(choose)
    item_id = await desk.raised(owner=RAFAEL)
    await desk.settle()
    if when == "after":
        assert (await desk.item(item_id)).note == f"Rafael was not found in Jira{NOBODYS}"
        await desk.database.write(choose)
        await desk.settle()
    note = f"Rafael has no account in Jira, as they said{NOBODYS}"
    assert (await desk.item(item_id)).note == note
    assert desk.issue().assignee is None
    await desk.changes(item_id, owner=MEI)
    await desk.settle()
    await desk.changes(item_id, owner=RAFAEL)
    await desk.settle()
    assert (desk.issue().assignee, (await desk.item(item_id)).note) == (None, note)


def named(session: Session, slack_id: str, name: str) -> Person:
    """Somebody changes their name in Slack."""
    person = session.get_one(Person, person_id(session, slack_id))
    person.name = name
    session.flush()
    return person


def test_whom_jira_names_is_found_here_by_address_or_name(session: Session) -> None:
    """And is known from then on; of two with the same name it is nobody."""
    furnish(session, START)
    lena = accounts.person_of(session, 1, Account("9", "L. Vogt", "LENA@aurora-ml.example"))
    assert lena is not None
    assert lena.slack_id == LENA
    assert session.get_one(JiraPerson, lena.id).match is JiraMatch.EMAIL
    arjun = accounts.person_of(session, 1, Account("10", "Arjun Rao"))
    assert arjun is not None
    assert session.get_one(JiraPerson, arjun.id).match is JiraMatch.NAME
    assert accounts.person_of(session, 1, Account("11", "Somebody Else")) is None
    again = accounts.person_of(session, 1, Account("10", "Renamed"))
    assert again is arjun


def test_who_chose_somebody_else_s_account_gets_nothing_that_is_theirs(session: Session) -> None:
    """Whose address it is counts, whoever was here first."""
    furnish(session, START)
    both = select(Person.id).where(Person.slack_id.in_([LENA, MEI])).order_by(Person.id)
    first, second = session.scalars(both)
    theirs = Account("9", "Theirs")
    accounts.learn(session, START, first, theirs, JiraMatch.CHOSEN)
    assert accounts.person_of(session, 1, theirs) is session.get_one(Person, first)
    accounts.learn(session, START, second, theirs, JiraMatch.EMAIL)
    assert accounts.person_of(session, 1, theirs) is session.get_one(Person, second)


@pytest.mark.parametrize(
    ("name", "there", "is_they"),
    [
        ("Arjun", "Arjun Rao", False),
        ("Arjun", "Arjun", True),
        ("Arjun Rao", "Arjun Kumar Rao", True),
        ("Arjun Rao", "Arjun", False),
    ],
)
def test_a_first_name_alone_is_nobody(
    session: Session, name: str, there: str, is_they: bool
) -> None:
    """Whom Jira names may be another one of it, who is not here."""
    furnish(session, START)
    person = named(session, ARJUN, name)
    found = accounts.person_of(session, 1, Account("10", there))
    assert found is (person if is_they else None)


@pytest.mark.parametrize("is_admitted", [False, True])
def test_a_guest_is_not_found_by_name(session: Session, is_admitted: bool) -> None:
    """Only by their address, and once they are admitted."""
    furnish(session, START)
    person = session.get_one(Person, person_id(session, ARJUN))
    person.is_external, person.is_admitted = True, is_admitted
    session.flush()
    assert accounts.person_of(session, 1, Account("10", "Arjun Rao")) is None
    account = Account("10", "Arjun Rao", "arjun@aurora-ml.example")
    assert accounts.person_of(session, 1, account) is (person if is_admitted else None)


def test_whoever_said_that_they_have_no_account_has_none(session: Session) -> None:
    """Whatever Jira names."""
    furnish(session, START)
    lena = person_id(session, LENA) or 0
    accounts.learn(session, START, lena, None, JiraMatch.CHOSEN)
    account = Account("9", "Lena", "lena@aurora-ml.example")
    assert accounts.person_of(session, 1, account) is None
    assert session.get_one(JiraPerson, lena).account is None


def test_what_somebody_says_while_jira_is_asked_stays(session: Session) -> None:
    """The answer takes seconds, and comes after they have saved the modal."""
    furnish(session, START)
    lena = person_id(session, LENA) or 0
    accounts.learn(session, START, lena, Account("9", "Lena Vogt"), JiraMatch.CHOSEN)
    accounts.learn_found(session, START, lena, None, JiraMatch.NOBODY)
    known = session.get_one(JiraPerson, lena)
    assert (known.match, known.account) == (JiraMatch.CHOSEN, "9")
    mei = person_id(session, MEI) or 0
    accounts.learn_found(session, START, mei, TANAKA, JiraMatch.EMAIL)
    assert session.get_one(JiraPerson, mei).account == TANAKA.id


def test_whose_ticket_is_gone_reads_so_still(session: Session) -> None:
    """Who its owner is in Jira is learnt by another item of theirs."""
    furnish(session, START)
    lena = person_id(session, LENA) or 0
    said = "Its ticket ML-1 is gone from Jira."
    item = ActionItem(
        workspace_id=1,
        what="Retrain",
        owner_id=lena,
        raised_at=START,
        origin="key",
        issue_id="10001",
        note=said,
    )
    session.add(item)
    session.flush()
    accounts.learn(session, START, lena, Account("9", "Lena Vogt"), JiraMatch.EMAIL)
    assert item.note == said


@pytest.mark.parametrize(
    ("account", "chosen"),
    [(None, None), (TANAKA, ("1", "Mei Tanaka")), (HIDDEN, ("3", "Mei Tanaka"))],
)
def test_the_modal_begins_with_the_account_that_is_known(
    session: Session, account: Account | None, chosen: tuple[str, str] | None
) -> None:
    """Saved as it opened, it takes nothing away."""
    furnish(session, START)
    mei = person_id(session, MEI) or 0
    match = JiraMatch.EMAIL if account is not None else JiraMatch.NOBODY
    accounts.learn(session, START, mei, account, match)
    found = account_listeners.known(session, START, 1, MEI)
    modal = views.account_modal(views.said(found.name, found.match), found.account)
    check_view(modal, "modal")
    option = modal["blocks"][1]["element"].get("initial_option")
    assert (option and (option["value"], views.chosen_name(option))) == chosen


def test_whoever_left_is_nobody(session: Session) -> None:
    """What they have in Jira is somebody else's to give away."""
    furnish(session, START)
    account = Account("9", "Lena Vogt", "lena@aurora-ml.example")
    lena = accounts.person_of(session, 1, account)
    assert lena is not None
    lena.deleted = True
    session.flush()
    assert accounts.person_of(session, 1, account) is None
