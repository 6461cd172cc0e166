"""What `why` tells of somebody else in an anonymous retro: when they are asked, and no more."""

import pytest

from bot.asking.why import answer, why
from bot.rituals.retro.model import Config
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import Team


def told(team: Team, asker: str, whom: str | None = None) -> str:
    """The answer to `why`."""
    world = team.world
    return answer(why(world.session, world.at, world.workspace_id, asker, whom), "/standup")


@pytest.mark.parametrize("moment", ["2026-03-31T01:30", "2026-03-31T12:00"])
@pytest.mark.usefixtures("on_sqlite")
def test_others_don_t_learn_who_is_done_in_an_anonymous_one(begin: Begin, moment: str) -> None:
    """Of who is asked already, and of who isn't yet, it says the same before and after."""
    team = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    team.gather()
    team.until(utc(moment))
    for who in ("UMEI", "USAM"):
        before = told(team, "ULEN", who)
        team.done(who)
        assert told(team, "ULEN", who) == before
        assert "answered" not in before


@pytest.mark.usefixtures("on_sqlite")
def test_who_is_done_before_being_asked_looks_like_who_waits(begin: Begin) -> None:
    """Nor do they afterwards, once the round is over."""
    team = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    team.gather()
    team.until(utc("2026-03-31T05:00"))  # asked in Tokyo and Kolkata
    for who in ("UMEI", "UTOM"):
        before = told(team, "ULEN", who)
        team.done(who)
        assert told(team, "ULEN", who) == before
        assert "answered" not in before
        assert "answered today" in told(team, who) or who == "UTOM"
    team.until(utc("2026-03-31T09:00"))
    assert told(team, "UMEI", "UTOM") == told(team, "UMEI", "ULEN").replace("ulen", "utom")


def test_of_an_open_one_it_is_told(begin: Begin) -> None:
    """There it stands in the channel's message too."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-31T05:00"))
    team.done("UMEI")
    assert "answered today" in told(team, "ULEN", "UMEI")


def test_of_somebody_else_only_what_one_has_part_in_is_told(begin: Begin) -> None:
    """Other channels may be private: nothing of them, but to whoever stands in them."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    world = team.world
    world.person("UOUT", "Europe/Berlin")
    assert told(team, "UOUT", "UMEI").startswith("umei is on nothing that you are on")
    assert team.ritual.title in told(team, "ULEN", "UMEI")
    who = world.session, world.at, world.workspace_id, "UOUT", "UMEI"
    here = answer(why(*who, team.ritual.channel), "/standup")
    assert team.ritual.title in here
    world.slack("UOUT").is_admin = True
    assert team.ritual.title in told(team, "UOUT", "UMEI")


def test_notes_of_yesterday_that_are_still_asked_for_are_told_of(begin: Begin) -> None:
    """They stand on the card of a day that is none of the retro's."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-04-01T06:00"))
    assert "asked on Tue 31 March at 10:00, open until Wed 10:00" in told(team, "ULEN")
    assert "asked on Tue 31 March at 10:00, open until Wed 10:00" in told(team, "UMEI", "ULEN")
    team.done("ULEN")
    assert "not asked today: Wednesday is none of its days" in told(team, "ULEN")


@pytest.mark.usefixtures("on_sqlite")
def test_nor_are_others_told_of_in_an_anonymous_one(begin: Begin) -> None:
    """Who is not done yet would be seen by it."""
    team = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    team.gather()
    team.until(utc("2026-04-01T06:00"))
    assert "asked on Tue 31 March" in told(team, "ULEN")
    assert "not asked today" in told(team, "UMEI", "ULEN")


def test_one_begun_by_hand_is_told_of(begin: Begin) -> None:
    """On a day that is none of the retro's, it is what the card shows."""
    team = Team(begin("2026-03-26T09:00"))
    team.gather()
    team.start()
    team.until(utc("2026-03-26T09:01"))
    assert "asked today at 10:00" in told(team, "ULEN")
