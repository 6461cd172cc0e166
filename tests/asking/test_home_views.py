"""App Home as it is drawn: within Slack's limits, inert, and with what one may do."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.asking.home_views import HomeShown, Next, home
from bot.asking.items import Item
from bot.asking.views import Mine, TakenOver, Trouble
from bot.core.content import HOME_BLOCKS, Beside
from bot.core.states import Outcome, PromptState
from bot.rituals import RITUALS
from bot.sandbox.blocks import check_view
from tests.asking.world import day

MONDAY = day("2026-03-30")
NINE = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
HOSTILE = "<!channel> <@U1> *bold* >quote `code` \n>" + "x" * 300
ITEM = Item(
    1, "standup", "Stand-up", "C1", PromptState.ASKED, True, MONDAY, NINE, NINE, False, NINE
)
MINE = Mine(
    7, "standup", "Stand-up", "C1", "general", "Monday to Friday at 09:30", False, may_change=True
)
TROUBLE = Trouble(5, "Stand-up", "C1", MONDAY, Outcome.GONE, "")


def drawn(shown: HomeShown) -> str:
    answers = {one.kind: one.on_card.answer for one in RITUALS if one.on_card}
    made = home(shown, answers, {one.kind: one.on_home for one in RITUALS if one.on_home})
    assert len(made.blocks) <= HOME_BLOCKS
    view: dict[str, Any] = {"type": "home", "blocks": list(made.blocks)}
    check_view(json.loads(json.dumps(view)), "home")
    return json.dumps(view, ensure_ascii=False)


def test_with_everything() -> None:
    """A hundred of each still is a Home that Slack takes, with what is next and its buttons."""
    text = drawn(
        HomeShown(
            waiting=(ITEM,) * 100,
            answered=(replace(ITEM, state=PromptState.ANSWERED),) * 100,
            next=(Next("S" * 300, "C1", NINE),) * 100,
            troubles=(TROUBLE, TakenOver("Stand-up", "C1", "Ana")) * 50,
            mine=(replace(MINE, title="T" * 60),) * 100,
            away=("Mon 30 March",) * 10,
            country="Germany",
            admin=True,
        )
    )
    assert "Mon 30 March, 09:30" in text
    assert "… and 85 more." in text
    assert "… and 88 more." in text
    for label in ("Show all", "Set up a stand-up", "I am away …", "Workspace settings"):
        assert label in text


SETTLED = replace(ITEM, state=PromptState.ANSWERED)
OTHERS = (Beside({"type": "divider"}, ({"type": "divider"},) * 100),)


def test_what_there_is_no_room_for_is_counted_where_it_would_stand() -> None:
    """Whatever is left out, in whatever part: with the rest it is all that waits or is settled."""
    told = set()
    for number in range(41):
        shown = HomeShown(
            waiting=(ITEM,) * min(number, 30),
            answered=(SETTLED,) * number,
            troubles=(TROUBLE,) * (number // 2),
            mine=(MINE,) * 12,
            beside=OTHERS * 4,
            next=(Next("Next", "C1", NINE),),
        )
        blocks = json.loads(drawn(shown))["blocks"]
        headings = [at for at, one in enumerate(blocks) if one["type"] == "header"]
        assert not any(at + 1 in headings for at in headings), "a heading of nothing"
        top = blocks[: next(at for at, one in enumerate(blocks) if one["type"] == "divider")]
        text = json.dumps(top, ensure_ascii=False)
        counted = map(int, re.findall(r"… and (\d+) more", text))
        whole = sum(one["type"] == "section" and "Stand-up" in str(one["text"]) for one in top)
        assert whole + sum(counted) == min(number, 30) + number + number // 2
        if "no room" in text:
            assert "on your card, under Messages" in str(top[-1])
            assert len(blocks) >= HOME_BLOCKS - 2  # all but what stands together is used
        told.add("no room" in text)
    assert told == {False, True}


def test_other_slices_leave_room_for_what_waits() -> None:
    """However much they have to tell."""
    shown = HomeShown(waiting=(ITEM,) * 12, beside=OTHERS * 9, mine=(MINE,) * 99)
    assert drawn(shown).count('"Answer"') == 12


def test_with_nothing() -> None:
    """Who is on nothing can set one up: that button stands out."""
    text = drawn(HomeShown())
    assert "Nothing is planned yet." in text
    assert '"style": "primary"' in text
    assert "My stand-ups" not in text
    assert '"style": "primary"' not in drawn(HomeShown(mine=(MINE,)))


def test_what_is_next_comes_in_order() -> None:
    """The soonest first, whatever it belongs to."""
    later = NINE.replace(hour=15)
    text = drawn(HomeShown(next=(Next("Late", "C1", later), Next("Early", "C2", NINE))))
    assert text.index("Early") < text.index("Late")


def test_my_stand_ups() -> None:
    """When each recurs, whether it is paused, and what one may do."""
    theirs = replace(MINE, ritual_id=8, paused=True, may_change=False)
    text = drawn(HomeShown(mine=(MINE, theirs)))
    assert text.count("Monday to Friday at 09:30") == 2
    assert text.count("Paused") == 1
    assert '"text": "Settings"' in text
    assert '"text": "Look at its settings"' in text
    assert '"value": "standup.settings 8"' in text


def test_one_row_of_buttons() -> None:
    """Whatever is rare is in a menu: at a phone's width each row of buttons becomes several."""
    blocks = json.loads(drawn(HomeShown(mine=(MINE,) * 3, admin=True)))["blocks"]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    assert [[one["type"] for one in row] for row in rows] == [
        ["button", "button", "button", "overflow"]
    ]
    assert [block["accessory"]["type"] for block in blocks if "accessory" in block] == [
        "overflow",
        "overflow",
        "overflow",
    ]


def test_a_guest_sets_nothing_up() -> None:
    """They answer, and that is all."""
    assert "Set up" not in drawn(HomeShown(guest=True))
    assert "I am away" in drawn(HomeShown(guest=True))


def test_titles_and_names_are_inert() -> None:
    """Neither mentions, links nor notifies."""
    text = drawn(
        HomeShown(
            next=(Next(HOSTILE, "C1", NINE),),
            troubles=(replace(TROUBLE, title=HOSTILE), TakenOver(HOSTILE, "C1", HOSTILE)),
            mine=(replace(MINE, title=HOSTILE, channel_name=HOSTILE),),
            waiting=(replace(ITEM, title=HOSTILE),),
        )
    )
    for block in json.loads(text)["blocks"]:
        said = block.get("text", {})
        if said.get("type") == "mrkdwn":
            assert "<!" not in said["text"]
            assert "<@" not in said["text"]
