"""How action items look: within Slack's limits whatever people write, and none of it is markup."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.actions.model import (
    DETAILS,
    WHAT,
    DayShown,
    FormShown,
    Gone,
    ItemShown,
    NotTheirs,
    Page,
    Place,
    Scope,
    Settled,
)
from bot.actions.views import acts, command, form, late, lines, words
from bot.actions.views import list as list_views
from bot.actions.views.reply import reply_message
from bot.core.content import Message
from bot.core.states import ItemState
from bot.sandbox.blocks import check_message, check_view
from tests.rituals.standup.drawn import ARABIC, HOSTILE, LONG, leaves, objects
from tests.rituals.standup.drawn import words as read

MONDAY, FRIDAY = date(2026, 3, 30), date(2026, 4, 3)
TEXTS = ["Retrain the baseline", HOSTILE, HOSTILE * 10, LONG, ARABIC, "&" * WHAT, "*", "_x_ ~y~"]


def item(**more: Any) -> ItemShown:
    usual: dict[str, Any] = {
        "id": 7, "what": "Retrain", "state": ItemState.OPEN, "today": MONDAY,
        "owner": "Lena", "due": FRIDAY, "raiser": "Rafael",
    }  # fmt: skip
    return ItemShown(**usual | more)


def every(text: str) -> list[ItemShown]:
    """An item in each state, all of it written by somebody."""
    written = {
        "what": text, "owner": text, "raiser": text, "giver": text, "details": text,
        "reason": text, "note": text, "issue_key": "CHURN-12",
    }  # fmt: skip
    return [item(state=state, **written) for state in ItemState]


def inert(blocks: Any) -> None:
    """Nothing in it mentions or links: raw text stands in rich text and in plain text alone."""
    kinds = {part["type"] for part in objects(blocks)}
    assert kinds.isdisjoint({"user", "link", "broadcast", "usergroup"})
    for mrkdwn in leaves(blocks, "mrkdwn"):
        for sign in ("<!", "<@", "<http", "```"):
            assert sign not in mrkdwn


def modal(view: dict[str, Any]) -> str:
    made = json.loads(json.dumps(view))
    check_view(made, "modal")
    inert(made["blocks"])
    return read(made["blocks"])


# --- in a line


@pytest.mark.parametrize(
    ("more", "reads"),
    [
        ({}, " → Lena, by Fri 3 April"),
        ({"state": ItemState.IN_PROGRESS}, " → Lena, by Fri 3 April · in progress"),
        ({"state": ItemState.DONE}, " → Lena, by Fri 3 April ✓ done"),
        (
            {"state": ItemState.DROPPED, "reason": "The model is retired"},
            " → Lena, by Fri 3 April · dropped: The model is retired",
        ),
        ({"due": None}, " → Lena"),
        ({"owner": ""}, " → nobody yet, by Fri 3 April"),
        ({"due": date(2027, 4, 2)}, " → Lena, by Fri 2 April 2027"),
        ({"issue_key": "CHURN-12"}, " → Lena, by Fri 3 April · CHURN-12"),
    ],
)
def test_behind_what_it_came_from(more: dict[str, Any], reads: str) -> None:
    assert words.arrow_text(item(**more)) == reads


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (date(2026, 3, 30), "Due today"),
        (date(2026, 3, 29), "1 day late, due 29 March"),
        (date(2026, 3, 20), "10 days late, due 20 March"),
    ],
)
def test_how_late(due: date, says: str) -> None:
    assert lines.late(item(due=due)) == says
    assert item(due=due).is_due
    assert not item(due=due, state=ItemState.DONE).is_due


# --- its ticket

URL = "https://jira.example/browse/CHURN-12"
LINK = {"type": "link", "url": URL, "text": "CHURN-12"}
TICKETED: dict[str, Any] = {"issue_key": "CHURN-12", "issue_url": URL}


def test_its_ticket_is_a_link_wherever_rich_text_names_it() -> None:
    """In its thread, in a list and in the small forms; without an address its key stands alone."""
    one = item(**TICKETED)
    for made in (
        reply_message(one).blocks,
        list_views.list_modal(Page(Scope.TEAM, 0, 1, 1, (one,), "C1"))["blocks"],
        acts.move_modal(one, FRIDAY, "{}")["blocks"],
    ):
        assert LINK in objects(made)
        assert "by Fri 3 April · CHURN-12" in read(made)
    inert(reply_message(replace(one, issue_url="")).blocks)


def test_its_ticket_is_a_link_wherever_mrkdwn_names_it() -> None:
    """On a card, on Home, and in its form, where its words are the ticket's."""
    one, linked = item(**TICKETED), f"<{URL}|CHURN-12>"
    new, _more = lines.card_lines(DayShown(new=(one,)), 5)
    asked = FormShown("k", Place("C1"), "Retrain", "U1", FRIDAY, "", True, item_id=7, issue=True)
    shown = form.form_modal(replace(asked, **TICKETED), "{}")
    check_view(json.loads(json.dumps(shown)), "modal")
    for made in (new, lines.home_lines([one], []), shown["blocks"]):
        assert any(linked in text for text in leaves(made, "mrkdwn"))


# --- messages


@pytest.mark.parametrize("text", TEXTS)
def test_the_reply_in_a_thread(text: str) -> None:
    for one in every(text):
        made = reply_message(one)
        assert isinstance(made, Message)
        check_message(json.loads(json.dumps(made.blocks)))
        inert(made.blocks)
        assert "<" not in made.text


@pytest.mark.parametrize("number", [0, 1, 3, 4, 200])
def test_one_line_on_what_is_late_by_a_week(number: int) -> None:
    """Three by name; the others are counted."""
    items = [item(what=f"{one} {HOSTILE}", owner=LONG, due=date(2026, 3, 20)) for one in
             range(number)]  # fmt: skip
    made = list(late.late_line(items))
    assert len(made) == min(number, 1)
    if number:
        check_message(json.loads(json.dumps(made)))
        inert(made)
        text = read(made)
        assert len(text) < 600
        assert (f"; and {number - 3} more" in text) == (number > 3)


def test_one_that_is_late_reads_as_a_sentence() -> None:
    (made,) = late.late_line([item(owner="Rafael", due=date(2026, 3, 20))])
    said = "1 action item is late by a week or more: Retrain (Rafael, due 20 March)"
    assert read(made) == said


# --- on the card and Home


@pytest.mark.parametrize("text", TEXTS)
def test_the_lines_of_a_card(text: str) -> None:
    live, going, done, dropped = every(text)
    due = replace(live, due=MONDAY)
    day = DayShown((due,), (live, going), (done, dropped), (live,), open=3)
    drawn, more = lines.card_lines(day, 5)
    assert (len(drawn), more) == (5, 1)
    made = [lines.card_head(day), *drawn, *lines.home_lines([due, live], [live])]
    check_message(json.loads(json.dumps(made)))
    inert(made)
    assert len(lines.summary(day)) < 200


def test_what_a_card_counts() -> None:
    late_one = item(due=date(2026, 3, 20))
    day = DayShown(due=(late_one, item(due=MONDAY), item(due=MONDAY)), open=7)
    assert "*Action items* · 7 open, 2 due today, 1 late" in read(lines.card_head(day))
    assert "open" not in read(lines.card_head(day, is_today=False))  # nobody keeps that up to date


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (DayShown(), ""),
        (DayShown(open=3), ""),
        (DayShown(closed=(item(state=ItemState.DONE),)), ""),
        (DayShown(due=(item(),), new=(item(),)), "An action item is due: Retrain"),
        (DayShown(new=(item(), item())), "2 action items are new for you: Retrain …"),
        (DayShown(left=(item(),)), "An action item needs somebody: Retrain"),
    ],
)
def test_what_a_notification_says(day: DayShown, says: str) -> None:
    """Where there is nothing to tell, nobody is sent a card for it."""
    assert lines.summary(day) == says


# --- modals


def test_the_form_takes_the_longest_summary_of_jira_s() -> None:
    """It came from there, and its ticket is let go: the form opens with it."""
    shown = FormShown("k", Place("C1"), "x" * 255, "U1", FRIDAY, "", True, "", item_id=7)
    view = form.form_modal(shown, "{}")
    modal(view)
    (what,) = [one["element"] for one in view["blocks"] if one.get("block_id") == "what"]
    assert len(what["initial_value"]) <= what["max_length"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("issue", [False, True])
def test_the_form(text: str, issue: bool) -> None:
    """Empty, full, and of an item whose words are Jira's."""
    usual = FormShown("k", Place("C1"), text[:WHAT], "U1", FRIDAY, text[:DETAILS], True, text)
    for shown in (
        usual,
        replace(usual, item_id=7, issue=issue, issue_key="CHURN-12" if issue else "", note=text),
        replace(usual, what="", owner="", due=None, details="", place=Place(), project=""),
    ):
        view = form.form_modal(shown, "{}")
        modal(view)
        asked = [one["block_id"] for one in view["blocks"] if one["type"] == "input"]
        assert ("what" in asked) is not shown.issue
        assert ("ticket" in asked) is bool(shown.project and not shown.issue)


@pytest.mark.parametrize("text", TEXTS)
def test_the_small_forms(text: str) -> None:
    for one in every(text):
        modal(acts.reassign_modal(one, "U1", "{}"))
        modal(acts.reassign_modal(one, "", "{}"))
        modal(acts.move_modal(one, one.due, "{}"))
        modal(acts.drop_modal(one, "{}"))
        modal(form.exists_modal(one))
        modal(form.exists_modal(one, text[:WHAT], text[:DETAILS]))
        modal(form.look_modal(one, words.refusal(Settled(one))))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("scope", list(Scope))
def test_a_list(text: str, scope: Scope) -> None:
    items = [replace(one, id=number) for number, one in enumerate(every(text))]
    for channel in ("", "C1"):
        modal(list_views.list_modal(Page(scope, 0, 1, 4, tuple(items), channel)))
        empty = modal(list_views.list_modal(Page(scope, 0, 1, 0, (), channel), "Done"))
        assert ("The team's" in empty) == bool(channel)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_said_is_inert(text: str) -> None:
    for one in every(text):
        for new in (False, True):
            assert "<" not in words.noted(one, new=new)
    assert "<" not in words.escaped_refusal(NotTheirs(text))
    assert "<" not in command.unknown(text, "/actions")


@pytest.mark.parametrize(
    ("why", "says"),
    [
        (Gone(), "That is no longer there."),
        (
            NotTheirs("Lena"),
            "Lena, whoever raised it, the people of its team and workspace admins can change it, "
            "and in its own channel whoever is there; you are none of them.",
        ),
        (
            NotTheirs(""),
            "Whoever raised it, the people of its team and workspace admins can change it, and in "
            "its own channel whoever is there; you are none of them.",
        ),
        (
            Settled(item(state=ItemState.DONE)),
            "It was done meanwhile, so nothing was changed. Reopen it first.",
        ),
        (
            Settled(item(state=ItemState.DROPPED, reason="No data")),
            "It was dropped: No data. Nothing was changed; reopen it first.",
        ),
    ],
)
def test_why_not(why: Gone | NotTheirs | Settled, says: str) -> None:
    assert words.refusal(why) == says
