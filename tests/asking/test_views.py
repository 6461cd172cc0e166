"""The card and App Home as blocks: within Slack's limits, inert, and in plain sentences."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.asking import views
from bot.asking.issue_links import IssueLinks
from bot.asking.items import Item
from bot.asking.views import CardShown, Trouble
from bot.core.content import Asks
from bot.core.states import Outcome, PromptState
from bot.sandbox.blocks import check_message

MONDAY = date(2026, 3, 30)
LINKS = IssueLinks("https://jira.example", frozenset({"ML"}))
NINE = datetime(2026, 3, 30, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
ANSWERS = {"standup": "standup.answer"}
HOSTILE = "<!channel> <@U1> *b*\n> q & `c`"

ITEM = Item(
    prompt_id=1,
    kind="standup",
    title="Stand-up",
    channel="C1",
    state=PromptState.ASKED,
    open=True,
    date=MONDAY,
    due=NINE,
    closes=NINE + timedelta(hours=8),
    late=False,
    late_until=NINE + timedelta(hours=8),
)
TROUBLE = Trouble(5, "Stand-up", "C1", MONDAY, Outcome.GONE, "")
LATE = replace(TROUBLE, mirror_id=None, outcome=None, missed=("Ana", "Bo"))


def card(
    items: Sequence[Item] = (),
    troubles: Sequence[Trouble] = (),
    *,
    continued: bool = False,
) -> tuple[str, str]:
    """The card's text and its blocks as JSON, held against Slack's limits."""
    made = views.card(CardShown("Ana", 1, continued, True, tuple(items), tuple(troubles)), ANSWERS)
    assert made is not None
    blocks = json.dumps(made.blocks, ensure_ascii=False)
    check_message(json.loads(blocks))
    assert len(made.text) <= 4000
    return made.text, blocks


@pytest.mark.parametrize(
    ("change", "says", "label"),
    [
        pytest.param({}, "Open until 17:30", "Answer", id="asked"),
        pytest.param(
            {"late": True, "late_until": NINE + timedelta(hours=20)},
            "Late; still open until Tue 05:30",
            "Answer",
            id="late",
        ),
        pytest.param({"state": PromptState.ANSWERED}, "Answered ✓", "Edit", id="answered"),
        pytest.param(
            {"state": PromptState.ANSWERED, "open": False}, "Answered ✓ · closed", None, id="over"
        ),
        pytest.param(
            {"state": PromptState.MISSED, "open": False},
            "Closed without your answer",
            None,
            id="missed",
        ),
    ],
)
def test_a_line_says_where_one_stands(change: dict[str, Any], says: str, label: str | None) -> None:
    """Until when, or that it is done; with the button that helps, or none."""
    _text, blocks = card([replace(ITEM, **change)])
    assert says in blocks
    assert ("action_id" in blocks) == (label is not None)
    assert label is None or f'"text": "{label}"' in blocks


def test_what_is_owed_has_all_its_buttons() -> None:
    """One tap for what is done most: answer, or the same as planned; a menu for the rest."""
    _text, blocks = card([replace(ITEM, same="standup.same")])
    row = json.loads(blocks)[1]["elements"]
    assert [one.get("text", one.get("placeholder"))["text"] for one in row] == [
        "Answer",
        "Same as planned",
        "Later",
        "Skip today",
    ]
    assert [one.get("value") for one in row] == ["1", "1", None, "1"]
    assert [(one["text"]["text"], one["value"]) for one in row[2]["options"]] == [
        ("In 30 minutes", "1 30"),
        ("In 1 hour", "1 60"),
        ("In 3 hours", "1 180"),
    ]


def test_what_lasts_for_days_is_not_skipped_for_a_day() -> None:
    """A retro's notes are asked for until they close; skipped once, for all of that."""
    _text, blocks = card([replace(ITEM, asks=Asks("notes"))])
    assert '"Skip"' in blocks
    assert "Skip today" not in blocks


def test_what_is_put_off_or_skipped_says_so() -> None:
    """Until when, with the day where that is another one."""
    _text, blocks = card([replace(ITEM, back=NINE + timedelta(hours=1))])
    assert "Back at 10:30 · open until 17:30" in blocks
    _text, blocks = card([replace(ITEM, back=NINE + timedelta(hours=20), late=True)])
    assert "Back at Tue 05:30 · late; still open until 17:30" in blocks
    skipped = replace(ITEM, state=PromptState.SKIPPED, excuse="Skipped", same="standup.same")
    _text, blocks = card([skipped])
    assert '"Answer anyway"' in blocks
    assert "standup.same" not in blocks


def test_a_notification_tells_of_what_is_not_put_off() -> None:
    """What comes back later is not what waits now."""
    put_off = replace(ITEM, title="Early", back=NINE + timedelta(hours=1))
    text, _blocks = card([put_off, ITEM])
    assert text == "Stand-up is waiting for you. Open until 17:30."


def test_the_notification_says_what_waits() -> None:
    """The text that a phone shows: what, and until when."""
    text, _blocks = card([replace(ITEM, state=PromptState.ANSWERED), ITEM])
    assert text == "Stand-up is waiting for you. Open until 17:30."
    text, _blocks = card([replace(ITEM, state=PromptState.ANSWERED)])
    assert text == "Nothing waits for you."
    text, _blocks = card([], [LATE])
    assert text.startswith("Stand-up of Mon 30 March: Meridian was not running in time")


def test_an_empty_card_is_none() -> None:
    """Nothing waits and nothing is to be told: no message."""
    assert views.card(CardShown("Ana", 1, False, False, (), ()), ANSWERS) is None


def test_a_continued_card_is_a_line() -> None:
    """Without buttons: they are on the second."""
    _text, blocks = card([ITEM] * 5, continued=True)
    assert "Continued below" in blocks
    assert "button" not in blocks


@pytest.mark.parametrize("number", [1, 16, 17, 200])
def test_a_card_with_many_items(number: int) -> None:
    """What doesn't fit is counted; the newest troubles stay in sight."""
    items = [replace(ITEM, prompt_id=one, title="T" * 300) for one in range(number)]
    names = tuple(f"Somebody with a name {one}" for one in range(100))
    troubles = [replace(LATE, title="T" * 300, missed=names)] * number
    _text, blocks = card(items, troubles)
    assert (f"… and {number - 16} more." in blocks) == (number > 16)
    assert "not running in time" in blocks


def test_names_and_titles_are_inert() -> None:
    """Neither a title nor a person's name nor Slack's words mention, link or notify."""
    troubles = [
        replace(LATE, title=HOSTILE, missed=(HOSTILE,)),
        replace(TROUBLE, outcome=Outcome.PARKED, detail=HOSTILE),
    ]
    text, blocks = card([replace(ITEM, title=HOSTILE)], troubles)
    for section in json.loads(blocks):
        if section["type"] == "actions":
            continue
        shown = section["text"]["text"]
        assert section["text"]["type"] == "mrkdwn"
        for raw in ("<!channel>", "<@U1>", "\n>"):
            assert raw not in shown
            assert raw not in text


@pytest.mark.parametrize(
    ("trouble", "sentence", "again"),
    [
        pytest.param(
            LATE,
            "Stand-up of Mon 30 March: Meridian was not running in time to ask Ana, Bo.",
            False,
            id="missed",
        ),
        pytest.param(
            TROUBLE,
            "Stand-up of Mon 30 March: somebody deleted its message. The answers are kept.",
            True,
            id="gone",
        ),
        pytest.param(
            replace(TROUBLE, outcome=Outcome.UNKNOWN),
            "Stand-up of Mon 30 March: its message may not have been posted. "
            "Look, and post it again if not.",
            True,
            id="unknown",
        ),
        pytest.param(
            replace(TROUBLE, outcome=Outcome.BLOCKED, detail="is_archived"),
            "Stand-up of Mon 30 March can't be shown: the channel is archived. "
            "Unarchive it, and it appears. The answers are kept.",
            True,
            id="archived",
        ),
        pytest.param(
            replace(TROUBLE, outcome=Outcome.BLOCKED, detail="restricted_action"),
            "Stand-up of Mon 30 March can't be shown: the channel lets only some people post. "
            "Allow Meridian to, then post again. The answers are kept.",
            True,
            id="restricted",
        ),
        pytest.param(
            replace(TROUBLE, outcome=Outcome.BLOCKED, detail="not_in_channel"),
            "Stand-up of Mon 30 March can't be shown: Meridian is not in the channel. "
            "Invite it there (/invite), and it appears. The answers are kept.",
            True,
            id="not there",
        ),
        pytest.param(
            replace(TROUBLE, outcome=Outcome.PARKED, detail="invalid_blocks"),
            "Stand-up of Mon 30 March: its message can't be shown (invalid_blocks). "
            "The log says more.",
            True,
            id="refused",
        ),
    ],
)
def test_each_trouble_in_a_sentence(trouble: Trouble, sentence: str, again: bool) -> None:
    """What happened, what to do, and the button where it helps."""
    _text, blocks = card([], [trouble])
    assert f":warning: {sentence}" in blocks
    assert (views.POST_AGAIN in blocks) == again


def test_keys_in_the_news_lead_to_jira() -> None:
    """Where a key leads there the news are rich text: nothing in them is markup, nor without."""
    shown = CardShown("Ana", 1, False, False, (ITEM,), news=(f"Lena: ML-12 {HOSTILE}",))
    others = IssueLinks("https://jira.example", frozenset({"OPS"}))
    for links, kind, led in (
        (LINKS, "rich_text", 1),
        (others, "context", 0),
        (IssueLinks(), "context", 0),
    ):
        message = views.card(replace(shown, links=links), ANSWERS)
        assert message is not None
        check_message(json.loads(json.dumps(message.blocks)))
        made = json.dumps([one for one in message.blocks if one["type"] == kind])
        assert "Since you left" in made
        assert made.count("https://jira.example/browse/ML-12") == led
        assert "mrkdwn" not in made[made.index("Since you left") - 60 :]
