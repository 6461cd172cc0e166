"""Who took part, and how much of what was decided last time is done."""

from bot.core.states import ItemState
from bot.db.tables import ActionItem
from bot.rituals.retro import leading, replies
from bot.rituals.retro.replies import Heard
from bot.rituals.retro.running import TOPIC_VIEW
from bot.rituals.retro.shown import retro_shown
from bot.rituals.retro.views.shown import LastTime
from tests.asking.conftest import Begin
from tests.rituals.retro.team import LEADER, ZONES, Team, moved


def test_who_wrote_voted_or_was_done_took_part(team: Team) -> None:
    """Each once, whatever of it they did; not those who did nothing."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.note("UARJ", "Three")
    team.done("UMEI")
    team.done("ULEN")
    team.next()
    assert "3 took part" in team.message()
    team.next()
    team.vote("UINE", "One")
    team.vote("UARJ", "One")
    team.next()
    assert team.retro.took_part == 4
    world = team.world
    topic = world.mirrors(TOPIC_VIEW)[0].remote_id
    heard = Heard("C1", topic or "", "9.1", "URAF", "I saw that too")
    replies.hear(world.session, world.at, world.workspace_id, heard)
    team.next()
    assert "closed · 5 took part" in team.message()


def test_of_an_anonymous_one_only_what_may_be_known_counts(unsigned: Team) -> None:
    """Who wrote a note, and neither voted nor said that they were done, is no number either."""
    for who in list(ZONES)[:4]:
        unsigned.note(who, f"By {who}")
    for who in list(ZONES)[4:7]:
        unsigned.done(who)
    unsigned.next()
    assert "3 took part" in unsigned.message()
    unsigned.next()
    unsigned.vote("UMEI", "By ULEN")
    unsigned.next()
    unsigned.next()
    assert "closed · 4 took part" in unsigned.message()


def test_how_much_gets_done_is_counted_over_the_last_five(begin: Begin) -> None:
    """What was dropped counts not at all, nor what older ones decided; the last one's are named."""
    team = Team(begin("2026-04-01T08:00", online=False), people=("ULEN",))
    team.gather()
    world = team.world
    assert last_time(team, begun="first") is None
    for number in range(6):
        decided(team, f"Of retro {number}", ItemState.DONE if number in {0, 2, 5} else None)
        decided(team, f"Dropped {number}", ItemState.DROPPED)
        leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
        last = last_time(team, begun=f"after {number}")
    assert last is not None
    assert (last.done, last.decided, last.retros) == (2, 5, 5)
    assert [one.what for one in last.items] == ["Of retro 5", "Dropped 5"]


def decided(team: Team, what: str, state: ItemState | None) -> None:
    """An action of the retro that is under way."""
    world, run = team.world, team.run
    item = ActionItem(
        workspace_id=world.workspace_id,
        ritual_id=run.ritual_id,
        run_id=team.retro.run_id,
        what=what,
        state=state or ItemState.OPEN,
        raised_at=world.at,
        origin=what,
    )
    world.session.add(item)
    world.session.flush()


def last_time(team: Team, begun: str) -> LastTime | None:
    """What the next one opens with."""
    moved(team.start(key=begun))
    shown = retro_shown(team.world.session, str(team.retro.id), team.world.at)
    assert shown is not None
    return shown.last
