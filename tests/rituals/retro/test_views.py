"""What is drawn of a retro, within Slack's limits, whatever people write."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.actions.model import ItemShown
from bot.asking.items import Window
from bot.asking.upkeep.life_views import mine_modal
from bot.asking.views import Mine
from bot.core.content import Message
from bot.core.states import ItemState
from bot.engine.intake import Intake
from bot.rituals.retro.listeners import subcommands
from bot.rituals.retro.model import KIND, NOTE, RETRO, Stage
from bot.rituals.retro.note_listeners import form_of
from bot.rituals.retro.notes import Mine as MyNotes
from bot.rituals.retro.notes import Pad
from bot.rituals.retro.templates import COLUMNS, Template
from bot.rituals.retro.views import lead, note, vote, words
from bot.rituals.retro.views.message import retro_message
from bot.rituals.retro.views.note import MOST, Carried, NotesShown, Written
from bot.rituals.retro.views.read_all import NEXT, read_all_modal
from bot.rituals.retro.views.shown import (
    Ballot,
    LastTime,
    Led,
    OneTopic,
    RetroShown,
    Table,
    TopicShown,
    Votable,
)
from bot.rituals.retro.views.status import START, StatusShown, status_modal
from bot.rituals.retro.views.topic import topic_message
from bot.slack import blocks
from tests.rituals.standup.drawn import ARABIC, FAMILY, HOSTILE, LONG, checked, checked_modal

COLUMNS_OF = COLUMNS[Template.WELL]
ENDS = datetime(2026, 4, 1, 17, 0, tzinfo=UTC)
WINDOW = Window(ENDS.date(), ENDS, ENDS, late=False)
ODD = (HOSTILE, LONG, ARABIC, FAMILY, "=1+1", "a\nb\nc", " ")


def shown(stage: Stage, **more: Any) -> RetroShown:
    given: dict[str, Any] = {
        "retro_id": 1,
        "title": "Retro",
        "date": date(2026, 3, 31),
        "stage": stage,
        "columns": COLUMNS_OF,
        "ends": ENDS,
        "done": 2,
        "asked": 7,
        "votes": 3,
    }
    return RetroShown(**{**given, **more})


def item(what: str, state: ItemState = ItemState.OPEN, **more: Any) -> ItemShown:
    return ItemShown(1, what, state, date(2026, 4, 1), owner="Lena", **more)


def topics(number: int, text: str = "Note {}", **more: Any) -> tuple[TopicShown, ...]:
    return tuple(TopicShown(one, one % 3, text.format(one), **more) for one in range(number))


@pytest.mark.parametrize("stage", [Stage.SORT, Stage.VOTE, Stage.DISCUSS, Stage.CLOSED])
@pytest.mark.parametrize("number", [1, 49, 300])
def test_300_notes_keep_within_a_message(stage: Stage, number: int) -> None:
    """What doesn't fit is counted, and Read all has it."""
    many = tuple(
        TopicShown(one, one % 3, "x" * NOTE, rank=one + 1 if one < 3 else None, votes=1)
        for one in range(number)
    )
    content = retro_message(shown(stage, topics=many, took_part=7))
    checked(content)
    assert content is not None
    assert blocks.size(content.blocks) < 12_000
    assert len(content.blocks) <= 50
    if number == 300 and stage is not Stage.DISCUSS:
        assert "Read all shows every word" in str(content)


def test_300_notes_are_paged() -> None:
    """Every one of them is on some page, each page within a modal."""
    many = topics(300, "Note {} " + "x" * 480)
    seen, page = set[str](), 0
    while True:
        view = read_all_modal(shown(Stage.VOTE, topics=many), page)
        text = checked_modal(view)
        assert blocks.size(view["blocks"]) < 20_000
        seen |= {one.text for one in many if one.text in text}
        if NEXT not in text:
            break
        page += 1
    assert len(seen) == 300
    assert page > 5


def test_300_notes_can_be_voted_for_and_merged() -> None:
    """By menus of at most a hundred each, where there are too many to tick."""
    options = tuple(Votable(one, one % 3, f"Note {one} " + "x" * NOTE) for one in range(300))
    view = vote.vote_modal(Ballot(1, "Retro", "C1", COLUMNS_OF, 3, WINDOW, options, frozenset({7})))
    text = checked_modal(view)
    assert all(f"Note {one} " in text for one in range(300))
    assert "multi_static_select" in text
    checked_modal(lead.merge_modal(Table(1, COLUMNS_OF, options)))


def test_what_is_wrong_with_a_merging_is_said_where_something_was_chosen() -> None:
    """And by the first menu where nothing was."""
    nothing: dict[str, Any] = {"selected_options": []}
    chosen = {"selected_options": [{"value": "7"}]}
    for second, where in ((chosen, "topics:1"), (nothing, "topics:0")):
        values = {"topics:0": {"topics": nothing}, "topics:1": {"topics": second}}
        assert lead.entered({"state": {"values": values}})[1] == where


def test_a_few_are_ticked() -> None:
    """Ten boxes each, with what goes on in a second line."""
    options = tuple(Votable(one, 0, f"Note {one}, which {'goes on ' * 12}") for one in range(25))
    view = vote.vote_modal(Ballot(1, "Retro", "C1", COLUMNS_OF, 1, WINDOW, options))
    text = checked_modal(view)
    assert text.count("checkboxes") == 3
    assert "you have 1 vote" in text
    assert "continued" in text


@pytest.mark.parametrize("odd", ODD)
def test_whatever_people_write_is_shown_as_they_wrote_it(odd: str) -> None:
    """It mentions nobody, links nothing, and breaks no form."""
    many = (
        TopicShown(1, 0, odd, odd, parts=((odd, odd),), votes=2, rank=1, said=((odd, odd),)),
        TopicShown(2, 1, odd, late=True),
    )
    for stage in Stage:
        made = checked(
            retro_message(
                shown(
                    stage,
                    title=odd,
                    topics=many,
                    leader=odd,
                    waiting=(odd,),
                    items=(item(odd.strip() or "x"),),
                    last=LastTime((item(odd.strip() or "x"),), 1, 2, 1),
                )
            )
        )
        assert '"mrkdwn", "text": "<!channel>' not in made
    checked(topic_message(OneTopic(1, many[0], odd[:40] or "x", 3, True)))
    checked_modal(read_all_modal(shown(Stage.CLOSED, topics=many), 0))
    mine = (Written("t1", 0, odd),)
    for unsigned in (True, False):
        form = NotesShown(odd, "C1", COLUMNS_OF, unsigned, WINDOW, mine)
        checked_modal(note.notes_modal(form, Carried(1, "t2", ("t1",))))
    option = Votable(1, 0, odd, 2)
    checked_modal(vote.vote_modal(Ballot(1, odd, "C1", COLUMNS_OF, 3, WINDOW, (option,))))
    checked_modal(lead.merge_modal(Table(1, COLUMNS_OF, (option,))))
    checked_modal(lead.lead_modal(Led(1, odd, "C1", Stage.SORT, ENDS, False, odd, 3)))


def test_a_window_of_notes_holds_forty() -> None:
    """Their tokens travel with it; then another window is wanted, and that is said."""
    tokens = tuple(f"{one:022d}" for one in range(MOST))
    mine = tuple(Written(one, 0, "x" * NOTE) for one in tokens)
    form = NotesShown("Retro", "C1", COLUMNS_OF, True, WINDOW, mine)
    view = note.notes_modal(form, Carried(1, "n" * 22, tokens))
    assert "This window is full: it holds 40 notes." in checked_modal(view)
    assert len(view["private_metadata"]) < 1500
    assert "submit" not in view


def test_of_many_signed_notes_the_last_forty_can_be_changed() -> None:
    """Their tokens travel with their buttons alone, however many there are."""
    pad = Pad(
        1,
        "Retro",
        "C1",
        COLUMNS_OF,
        anonymous=False,
        window=WINDOW,
        mine=tuple(MyNotes(f"{one:022d}", 0, f"Note {one}") for one in range(300)),
    )
    shown, carried = form_of(pad, Carried(1, "n" * 22))
    view = note.notes_modal(shown, carried)
    text = checked_modal(view)
    assert len(view["private_metadata"]) < 150
    assert "The last 40 of 300" in text
    assert text.count(note.CHANGE) == 40
    assert "Note 299" in text
    assert view["submit"]["text"] == "Add"


def test_a_form_that_changes_a_note_carries_its_next_turn() -> None:
    """So that an earlier form of it, which comes late, is known by that."""
    mine = (MyNotes("t1", 0, "Second thoughts", turn=1), MyNotes("t2", 0, "Another"))
    pad = Pad(1, "Retro", "C1", COLUMNS_OF, anonymous=True, window=WINDOW, mine=mine)
    assert form_of(pad, Carried(1, "t1", turn=1))[1].turn == 2
    assert form_of(pad, Carried(1, "t3", turn=2))[1].turn == 0


def test_an_anonymous_form_says_what_could_still_tell() -> None:
    """Before the first note: Slack, the log of a live database, one's own words."""
    form = NotesShown("Retro", "C1", COLUMNS_OF, True, WINDOW, ())
    text = checked_modal(note.notes_modal(form, Carried(1, "t")))
    for said in ("Slack carries what you type", "live database", "log of the last hour", "writing"):
        assert said in text


def test_every_subcommand_is_also_a_button() -> None:
    """On the retro's message, in its status, in what leads it, and in the lists of one's own."""
    mine = Mine(1, KIND, "Retro", "C1", "team", "Weekly", paused=False, may_change=True)
    status = StatusShown(1, "Retro", "C1", "Lena", "Every week", False, True, None, None)
    leads = Led(1, "Retro", "C1", Stage.COLLECT, ENDS, False, "Lena", 3)
    views = [
        *(retro_message(shown(stage, topics=topics(2))) for stage in Stage),
        mine_modal(RETRO, [mine, replace(mine, paused=True)]),
        status_modal(replace(status, may_start=True, told=1)),
        lead.lead_modal(leads),
    ]
    said = json.dumps([one.blocks if isinstance(one, Message) else one for one in views])
    also = {
        "": words.ADD,
        "setup": RETRO.set_up,
        "settings": RETRO.settings,
        "start": START,
        "next": lead.NEXT,
        "extend": lead.EXTEND,
        "close": lead.CLOSE,
        "status": RETRO.status,
        "export": words.EXPORT,
        "pause": RETRO.pause,
        "resume": RETRO.resume,
        "delete": RETRO.delete,
    }
    assert also.keys() == subcommands(cast("Intake", None)).keys()
    assert [word for word, action in also.items() if f'"{action}"' not in said] == []
    assert words.EXPORT in json.dumps(read_all_modal(shown(Stage.VOTE, topics=topics(2)), 0))


def test_status_offers_only_what_who_asks_may_do() -> None:
    """Others read how it stands, and what was said."""
    status = StatusShown(1, "Retro", "C1", "Lena", "Every week", False, False, None, None, told=1)
    text = checked_modal(status_modal(replace(status, now=shown(Stage.VOTE, topics=topics(2)))))
    assert "Start one now" not in text
    assert "Facilitate" not in text
    assert "Read all" in text
    collects = replace(status, now=shown(Stage.COLLECT, retro_id=2))
    assert "Read all" not in (text := checked_modal(status_modal(collects)))
    assert "Read the last one" in text  # what this one will say is hidden
    assert "Export that" in text


def test_at_most_three_actions_are_urged() -> None:
    """None yet: what is worth it; up to three are counted; from then on nothing urges for more."""
    discussed = shown(Stage.DISCUSS, topics=topics(3, votes=1))
    assert "none yet. Up to 3" in checked(retro_message(discussed))
    for number in (1, 2):
        some = replace(discussed, items=tuple(item(f"Do {one}") for one in range(number)))
        assert f"*Actions* · {number} of up to 3" in checked(retro_message(some))
    for number in (3, 5):
        many = replace(discussed, items=tuple(item(f"Do {one}") for one in range(number)))
        assert "up to 3" not in checked(retro_message(many))


def test_the_summary_has_what_came_later_apart() -> None:
    """Under headings that stand above the columns' titles, and not among what was voted on."""
    top = TopicShown(1, 0, "Discussed", votes=3, rank=1)
    also, late = TopicShown(2, 0, "Voted for", votes=1), TopicShown(3, 0, "After it", late=True)
    message = retro_message(shown(Stage.CLOSED, topics=(top, also, late)))
    text = checked(message)
    parts = [text.index(one) for one in ("*Also said*", "Voted for", "*Came later*", "After it")]
    assert parts == sorted(parts)
    assert text.count("Went well") == 2
    assert "*Went well*" not in text


def test_last_time_comes_first() -> None:
    """What was decided, where it stands, and how much gets done."""
    last = LastTime(
        (item("Hash snapshots", ItemState.DONE, issue_key="ML-7"), item("Dry runs")), 8, 11, 5
    )
    text = checked(retro_message(shown(Stage.COLLECT, last=last)))
    assert "*Last time we decided* · 8 of 11 done over the last 5 retros" in text
    assert text.index("Hash snapshots") < text.index("What comes to your mind?")
    assert "ML-7" in text
    assert "✓ done" in text


def test_counts_that_may_not_be_told_are_not() -> None:
    """Of an anonymous one below three."""
    text = checked(retro_message(shown(Stage.COLLECT, notes=None, done=None, anonymous=True)))
    assert "so far" not in text
    assert "of 7" not in text
