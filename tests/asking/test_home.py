"""App Home: what waits, what was answered, what is next, and what an owner should mend."""

import pytest
from sqlalchemy import select

from bot.asking import home, targets
from bot.asking.home_views import HomeShown
from bot.asking.slice import home_shown
from bot.asking.views import POST_AGAIN
from bot.core.states import Outcome, PromptState
from bot.db.tables import Mirror, Ritual, Team
from bot.rituals.standup import lifecycle
from bot.rituals.standup.model import Act
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc

MONDAY = day("2026-03-30")
BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin, where U1 and U2 have been asked; U1 is the owner."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"])
    world.until(utc("2026-03-30T08:00"))
    return world


def shown(world: World, who: str) -> HomeShown:
    found = home_shown(world.session, world.slack(who).id, world.at)
    assert found is not None
    return found


def watch(world: World, who: str) -> Mirror:
    """Somebody opens their Home, and it is shown."""
    home.opened(world.session, world.at, world.workspace_id, who)
    world.send()
    return world.mirrors("home", who)[0]


def test_what_waits_then_what_was_answered(world: World) -> None:
    """An answer moves its line from one list to the other."""
    assert [one.title for one in shown(world, "U1").waiting] == ["Stand-up"]
    world.answer("U1", MONDAY)
    after = shown(world, "U1")
    assert (after.waiting, len(after.answered)) == ((), 1)


def test_next_on_a_friday_evening_is_monday(world: World) -> None:
    """The weekend is no reason to show nothing."""
    world.until(utc("2026-04-03T18:00"))
    found = shown(world, "U1")
    assert (found.waiting, found.answered) == ((), ())
    assert [f"{one.due:%a %d %H:%M}" for one in found.next] == ["Mon 06 09:30"]


def test_who_is_on_none_can_start_one(world: World) -> None:
    """A stranger's Home offers it."""
    world.person("U9", TOKYO)
    assert "Set up a stand-up" in str(world.drawn(watch(world, "U9")))
    assert shown(world, "U9").next == ()


def test_it_lists_what_one_is_on_or_looks_after(world: World) -> None:
    """Only the owner and admins may change it; what is deleted is gone."""
    world.person("U3", BERLIN)
    world.person("U4", BERLIN)
    world.person("UADM", BERLIN, admin=True)
    world.set_up(["U3"], channel="C2", by="U4")
    world.set_up(["U3", "UADM"], channel="C3", by="U1")

    def mine(who: str) -> list[tuple[str, bool, bool]]:
        return [(one.channel, one.paused, one.may_change) for one in shown(world, who).mine]

    assert mine("U3") == [("C2", False, False), ("C3", False, False)]
    assert mine("U4") == [("C2", False, True)]
    assert mine("UADM") == [("C3", False, True)]
    for by, channel, what in (("U4", "C2", Act.PAUSE), ("U1", "C3", Act.DELETE)):
        ritual_id = world.ritual(channel).id
        lifecycle.act(world.session, world.at, world.workspace_id, by, ritual_id, what)
    assert mine("U3") == [("C2", True, False)]
    assert shown(world, "U3").mine[0].recurs == "Monday to Friday at 09:30, each person's own time"


def test_it_is_pushed_for_an_hour_after_it_was_opened(world: World) -> None:
    """Somebody looks: it is kept current, until an hour later nobody looks any more."""
    mirror = watch(world, "U2")
    world.until(world.at + minutes(59))
    wanted = mirror.wanted
    world.answer("U2", MONDAY, "One")
    world.session.refresh(mirror)
    assert mirror.wanted > wanted
    wanted = mirror.wanted
    world.until(world.at + minutes(2))
    world.answer("U2", MONDAY, "Two")
    world.session.refresh(mirror)
    assert mirror.wanted == wanted
    assert watch(world, "U2").wanted == wanted + 1


def test_only_who_opened_it_has_one(world: World) -> None:
    """A Home that nobody opened is never made."""
    world.answer("U1", MONDAY)
    assert world.mirrors("home") == []


def test_a_change_of_the_stand_up_shows_at_once(world: World) -> None:
    """Put on another one: an open Home tells the new next moment."""
    mirror = watch(world, "U2")
    world.set_up(["U2"], channel="C2")
    world.session.refresh(mirror)
    assert mirror.shown < mirror.wanted
    assert len(shown(world, "U2").next) == 2


# --- what an owner should mend


def stopped(world: World, outcome: Outcome, detail: str = "") -> Mirror:
    """The run's message stands, and then something happens to it."""
    world.answer("U2", MONDAY)
    (mirror,) = world.mirrors("standup.run")
    mirror.outcome, mirror.detail = outcome, detail
    world.session.flush()
    return mirror


def again(world: World, who: str, mirror: Mirror) -> None:
    targets.post_again(world.session, world.at, world.workspace_id, who, mirror.id)
    world.session.refresh(mirror)


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.UNKNOWN])
def test_post_again(world: World, outcome: Outcome) -> None:
    """The owner's Home offers it; then there is a new message, and the trouble is over."""
    mirror = stopped(world, outcome)
    assert POST_AGAIN in str(world.drawn(watch(world, "U1")))
    assert shown(world, "U2").troubles == ()

    again(world, "U2", mirror)
    assert mirror.outcome is outcome  # it is not theirs
    stood = mirror.remote_id
    again(world, "U1", mirror)
    world.send()

    assert mirror.outcome is None
    assert mirror.remote_id not in (None, stood)
    assert [one.view for one in world.sent].count("standup.run") == 2
    assert shown(world, "U1").troubles == ()
    again(world, "U1", mirror)  # a second click
    world.send()
    assert [one.view for one in world.sent].count("standup.run") == 2


def test_a_channel_that_lets_only_some_post_is_tried_again(world: World) -> None:
    """No event tells that it lets us post: the owner's button does, and edits what stands there."""
    mirror = stopped(world, Outcome.BLOCKED, "restricted_action")
    assert POST_AGAIN in str(world.drawn(watch(world, "U1")))
    again(world, "U1", mirror)
    world.send()
    assert (mirror.outcome, mirror.shown) == (None, mirror.wanted)
    assert [one.view for one in world.sent].count("standup.run") == 1


def test_a_message_that_was_refused_is_tried_again_in_its_place(world: World) -> None:
    """An upgrade may have mended what Slack refused; what stands already is not posted twice."""
    mirror = stopped(world, Outcome.PARKED, "invalid_blocks")
    stood = mirror.remote_id
    assert POST_AGAIN in str(world.drawn(watch(world, "U1")))
    again(world, "U1", mirror)
    world.session.refresh(mirror)
    assert mirror.outcome is None
    assert mirror.remote_id == stood


def test_a_channel_that_opens_again_shows_what_is_true(world: World) -> None:
    """Unarchived: its messages are sent again, and the owner's trouble is gone."""
    mirror = stopped(world, Outcome.BLOCKED, "is_archived")
    watched = watch(world, "U1")
    assert "archived" in str(world.drawn(watched))
    targets.lift(world.session, world.at, "C-other")
    world.session.refresh(mirror)
    assert mirror.outcome == "blocked"

    targets.lift(world.session, world.at, "C1")

    world.session.refresh(mirror)
    world.session.refresh(watched)
    assert mirror.outcome is None
    assert mirror.shown < mirror.wanted
    assert watched.shown < watched.wanted
    assert "archived" not in str(world.drawn(watched))


def test_a_channel_with_another_id(world: World) -> None:
    """Everything that names the channel names the new one, and asking goes on."""
    world.answer("U2", MONDAY)
    targets.renumber(world.session, world.at, "C1", "CNEW")
    (mirror,) = world.mirrors("standup.run")
    world.session.refresh(world.ritual("CNEW"))
    assert (mirror.target, mirror.channel) == ("CNEW", "CNEW")
    assert world.run(MONDAY, "CNEW").channel == "CNEW"
    world.answer("U1", MONDAY, channel="CNEW")
    assert len(world.mirrors("standup.run")) == 1
    started = world.set_up(["U1", "U2"], channel="CNEW", key="other")
    assert getattr(started, "changed", None) is True


def test_a_channel_whose_new_id_is_known_already(world: World) -> None:
    """The news came late, and somebody had set one up under it: both go on, and nothing twice."""
    world.answer("U2", MONDAY)
    (old,) = world.mirrors("standup.run")
    blocked = stopped(world, Outcome.BLOCKED, "channel_not_found")
    world.set_up(["U2"], channel="CNEW", key="other")
    copied = ("workspace_id", "run_id", "kind", "view", "subject", "stale_since")
    twin = Mirror(uid="twin", target="CNEW", **{name: getattr(old, name) for name in copied})
    world.session.add(twin)
    world.session.flush()
    kept, dropped = twin.id, blocked.id

    targets.renumber(world.session, world.at, "C1", "CNEW")

    assert [one.id for one in world.mirrors("standup.run")] == [kept] != [dropped]
    assert set(world.session.scalars(select(Team.channel))) == {"C1", "CNEW"}
    assert set(world.session.scalars(select(Ritual.channel))) == {"CNEW"}


def test_what_was_blocked_is_shown_under_the_new_id(world: World) -> None:
    """The old one was refused until Slack told."""
    mirror = stopped(world, Outcome.BLOCKED, "channel_not_found")
    targets.renumber(world.session, world.at, "C1", "CNEW")
    world.session.refresh(mirror)
    assert (mirror.target, mirror.outcome) == ("CNEW", None)
    assert mirror.shown < mirror.wanted


def test_troubles_pass_after_a_week(world: World) -> None:
    """What happened more than seven days ago needs nobody any more."""
    world.sleep_until(utc("2026-03-31T16:00"))
    assert len(shown(world, "U1").troubles) == 1
    world.until(utc("2026-04-08T16:00"))
    assert shown(world, "U1").troubles == ()


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.PARKED])
def test_a_home_that_was_given_up_is_shown_to_whoever_opens_it(
    world: World, outcome: Outcome
) -> None:
    """Somebody deactivated is back, or a newer Meridian draws what Slack refused."""
    watch(world, "U2").outcome = outcome
    home.opened(world.session, world.at, world.workspace_id, "U2")
    (mirror,) = world.mirrors("home", "U2")
    world.session.refresh(mirror)
    assert mirror.outcome is None
    assert mirror.shown < mirror.wanted


def test_it_follows_the_close_of_a_run_that_one_was_not_asked_in(world: World) -> None:
    """It offered to answer all the same."""
    mine = world.prompts(MONDAY)["U2"]
    mine.state, mine.asked_on = PromptState.MISSED, None
    world.until(world.run(MONDAY).closes_at - minutes(5))
    seen = watch(world, "U2")
    before = seen.wanted
    world.until(world.run(MONDAY).closes_at)
    world.session.refresh(seen)
    assert seen.wanted > before
