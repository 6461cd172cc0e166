"""Who may lead a retro, for each way to stand to it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.core.states import RunState
from bot.db.tables import Run
from bot.rituals.retro import finding
from bot.rituals.retro.finding import Place
from bot.rituals.retro.tables import Retro
from tests.clocks import START
from tests.staff import OUT, Staff, hired


@pytest.fixture
def staff(session: Session) -> Staff:
    return hired(session)


def place(staff: Staff, facilitator: str = "") -> Place:
    """A retro that is under way, with a facilitator or without one."""
    run = Run(
        ritual_id=staff.ritual.id,
        local_date=date(2026, 3, 30),
        channel=staff.ritual.channel,
        state=RunState.OPEN,
        config={},
        closes_at=START + timedelta(hours=8),
    )
    staff.session.add(run)
    staff.session.flush()
    chosen = staff.people[facilitator].id if facilitator else None
    retro = Retro(ritual_id=staff.ritual.id, run_id=run.id, facilitator_id=chosen)
    return Place(retro, run, staff.ritual)


def test_its_facilitator_its_owner_and_admins_may(staff: Staff) -> None:
    """Nobody unknown may."""
    here = place(staff, "asked")
    may = {who for who, one in staff.people.items() if finding.may_lead(staff.session, here, one)}
    assert may == {"asked", "its owner", "an admin"}
    assert finding.may_lead(staff.session, here, None) is False


@pytest.mark.parametrize("who", OUT)
def test_who_is_out_may_not(staff: Staff, who: str) -> None:
    """Not even as an admin who facilitates it: whoever looks after it leads then."""
    person, here = staff.make_admin(who), place(staff, who)
    assert not finding.may_lead(staff.session, here, person)
    assert finding.leader(staff.session, here) is staff.people["its owner"]


def test_whoever_looks_after_it_leads_where_nobody_is_chosen(staff: Staff) -> None:
    """Else the one who is."""
    assert finding.leader(staff.session, place(staff)) is staff.people["its owner"]


def test_whoever_is_chosen_leads(staff: Staff) -> None:
    """Whether they look after it or not."""
    assert finding.leader(staff.session, place(staff, "asked")) is staff.people["asked"]
