"""Who looks after a ritual, and who does once they have left."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import owners
from bot.asking.views import TakenOver
from bot.core.states import RitualState
from bot.db.tables import Audit, Mirror, Participant, Person
from tests.clocks import START
from tests.plans import explained, walks
from tests.staff import OUT, Staff, hired


@pytest.fixture
def staff(session: Session) -> Staff:
    return hired(session)


def test_who_may_change_it(staff: Staff) -> None:
    """Its owner and admins; nobody unknown."""
    may = {who for who, one in staff.people.items() if owners.may_change(staff.ritual, one)}
    assert may == {"its owner", "an admin"}
    assert owners.may_change(staff.ritual, None) is False


@pytest.mark.parametrize("who", OUT)
def test_who_is_out_may_not(staff: Staff, who: str) -> None:
    """Not even what is theirs, as an admin."""
    person = staff.make_admin(who)
    staff.ritual.owner_id = person.id
    assert not owners.may_change(staff.ritual, person)


def put_on(staff: Staff, *names: str) -> None:
    for name in names:
        key = (staff.ritual.id, staff.people[name].id)
        if staff.session.get(Participant, key) is None:
            staff.session.add(Participant(ritual_id=key[0], person_id=key[1]))
    staff.session.flush()


def leaves(staff: Staff, name: str = "its owner") -> None:
    owners.pass_on(staff.session, START, staff.people[name])


def owner(staff: Staff) -> str:
    return next(one for one, row in staff.people.items() if row.id == staff.ritual.owner_id)


def test_it_passes_to_an_admin_on_it(staff: Staff) -> None:
    """Whoever is no admin comes after, however long they have been known."""
    put_on(staff, "its owner", "asked", "an admin")
    leaves(staff)
    assert owner(staff) == "an admin"


def test_it_passes_to_whom_we_have_known_longest(staff: Staff) -> None:
    """Of those on it who can be asked at all, without the one who leaves."""
    put_on(staff, "its owner", "nobody", "asked", "theirs", *OUT)
    for who in OUT:
        staff.make_admin(who)
    leaves(staff)
    assert owner(staff) == "asked"
    (note,) = staff.session.scalars(select(Audit)).all()
    assert (note.at, note.actor_id, note.action) == (START, None, "ritual.handed_on")
    assert note.subject == f"ritual:{staff.ritual.id}"
    assert note.detail == {
        "from": staff.people["its owner"].id,
        "to": staff.people["asked"].id,
    }


def test_a_guest_comes_after_all_others(staff: Staff) -> None:
    """However long they have been known; where nobody else is left, they have to."""
    staff.session.delete(
        staff.session.get_one(Participant, (staff.ritual.id, staff.people["asked"].id))
    )
    new = Person(workspace_id=staff.workspace_id, slack_id="new", name="new", tz="Europe/Berlin")
    staff.session.add(new)
    staff.session.flush()
    staff.people["new"] = new
    put_on(staff, "an admitted guest", "new")
    leaves(staff)
    assert owner(staff) == "new"
    leaves(staff, "new")
    assert owner(staff) == "an admitted guest"


def test_with_nobody_left_on_it_it_stays(staff: Staff) -> None:
    """There is nobody whom it asks; of the other team's people nobody gets it."""
    staff.session.delete(
        staff.session.get_one(Participant, (staff.ritual.id, staff.people["asked"].id))
    )
    staff.session.flush()
    leaves(staff)
    assert owner(staff) == "its owner"
    assert staff.session.scalars(select(Audit)).all() == []
    assert on_cards(staff) == []


def test_only_theirs_passes_on_and_nothing_deleted(staff: Staff) -> None:
    """Somebody else's stays with them."""
    put_on(staff, "nobody")
    leaves(staff, "asked")
    assert owner(staff) == "its owner"
    staff.ritual.state = RitualState.DELETED
    leaves(staff)
    assert owner(staff) == "its owner"


def on_cards(staff: Staff) -> list[str]:
    """Whose card is to say something new."""
    return list(staff.session.scalars(select(Mirror.target)))


def taken_over(staff: Staff, who: str, after: timedelta) -> list[TakenOver]:
    return owners.taken_over(staff.session, staff.people[who], START + after)


def test_whoever_takes_over_is_told_for_a_day(staff: Staff) -> None:
    """Of what, and from whom; nobody else is, and not of what is deleted since."""
    leaves(staff)
    assert on_cards(staff) == ["asked"]
    told = [TakenOver("Stand-up", "C1", "its owner")]
    assert taken_over(staff, "asked", timedelta(hours=23)) == told
    assert taken_over(staff, "asked", timedelta(days=1)) == []
    assert taken_over(staff, "owner elsewhere", timedelta(hours=1)) == []
    staff.ritual.owner_id = staff.people["nobody"].id
    assert taken_over(staff, "nobody", timedelta(hours=1)) == []
    assert taken_over(staff, "asked", timedelta(hours=1)) == []  # it is no longer theirs
    staff.ritual.owner_id = staff.people["asked"].id
    staff.ritual.state = RitualState.DELETED
    assert taken_over(staff, "asked", timedelta(hours=1)) == []


def test_only_what_was_handed_on_is_told(staff: Staff) -> None:
    """Other entries of the audit about the same ritual, or about others, say nothing of it."""
    leaves(staff)
    for action, number in (("standup.set", staff.ritual.id), ("ritual.handed_on", 9999)):
        staff.session.add(
            Audit(
                at=START,
                actor_id=None,
                action=action,
                subject=f"ritual:{number}",
                detail={"from": staff.people["nobody"].id, "to": staff.people["asked"].id},
            )
        )
    staff.session.flush()
    told = taken_over(staff, "asked", timedelta(hours=1))
    assert [one.left for one in told] == ["its owner"]


@pytest.mark.usefixtures("on_sqlite")
def test_the_audit_is_not_walked_through(staff: Staff) -> None:
    """It only grows, and each card of whoever looks after something asks it."""
    with explained(staff.session, "audit") as plans:
        taken_over(staff, "its owner", timedelta(hours=1))
    assert plans
    assert walks(plans) == []
