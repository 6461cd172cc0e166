"""How troubles with Jira look: what is the matter, in a sentence, and what one can do."""

from datetime import date
from typing import get_args

import pytest

from bot.actions.views import accounts
from bot.actions.views.troubles import (
    Lost,
    Refused,
    Several,
    Shut,
    TokenDied,
    TokenExpires,
    Trouble,
    Unsure,
    Wanting,
    beside,
    drawn,
    plain,
)
from bot.asking.issue_links import IssueLinks
from bot.core.states import JiraMatch
from bot.sandbox.blocks import check_view
from tests.endtoend.office import buttons, shown

WILD = "<!channel> *bold* " + "long " * 800
EVERY: list[Trouble] = [
    Wanting(1, "Fix it", "Area is required."),
    Refused(1, "Fix it", "", "No."),
    Refused(1, "Fix it", "ML-1", "No."),
    Lost(1, "Fix it", "ML-1"),
    Several(1, "Fix it", (("10", "ML-1"), ("11", "ML-2"))),
    Unsure(1, "Fix it", "No."),
    Shut(1, "C01CHURN", "Churn model (ML)", "No.", 3),
    TokenDied(1),
    TokenExpires(date(2026, 4, 29), 30),
]


LABELS = [
    ["Fill it in", "Go on without"],
    ["Try again", "Go on without"],
    ["Try again", "Go on without"],
    ["Create it again", "Go on without"],
    ["Keep ML-1", "Keep ML-2"],
    ["Create it", "Go on without"],
    ["Try again", "Jira project …"],
    [],
    [],
]


@pytest.mark.parametrize(("trouble", "labels"), list(zip(EVERY, LABELS, strict=True)))
def test_each_says_what_one_can_do(trouble: Trouble, labels: list[str]) -> None:
    """And is there to be read whole, without a click."""
    made = list(drawn(trouble))
    check_view({"type": "home", "blocks": made}, "home")
    assert [one["text"]["text"] for one in buttons({"blocks": made})] == labels
    assert plain(trouble).endswith(".")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Area is required", "It says: Area is required. 3 tickets wait."),
        ("Area is required.", "It says: Area is required. 3 tickets wait."),
        ("Why?", "It says: Why? 3 tickets wait."),
        ("", "“Churn (ML)”. 3 tickets wait."),
    ],
)
def test_what_jira_says_ends_as_a_sentence(words: str, told: str) -> None:
    """Jira's own words often have no full stop, and ours go on behind them."""
    assert plain(Shut(1, "C01CHURN", "Churn (ML)", words, 3)).endswith(told)


def test_every_kind_of_trouble_is_shown_here() -> None:
    """So that a new one is not forgotten."""
    assert {type(one) for one in EVERY} == set(get_args(Trouble))


@pytest.mark.parametrize(
    "trouble",
    [
        Wanting(1, WILD, WILD),
        Refused(1, WILD, "ML-1", WILD),
        Lost(1, WILD, "ML-1"),
        Several(1, WILD, tuple((str(n), f"ML-{n}") for n in range(10))),
        Shut(1, "C01CHURN", WILD, WILD, 1),
    ],
)
def test_whatever_people_and_jira_say_is_inert_and_fits(trouble: Trouble) -> None:
    """Nobody is called by it, and Slack takes it."""
    made = list(drawn(trouble))
    check_view({"type": "home", "blocks": made}, "home")
    assert "<!channel>" not in made[0]["text"]["text"]


def test_a_ticket_that_is_named_is_a_link() -> None:
    """To Jira, where one can see what is the matter; words that people chose lead nowhere else."""
    links = IssueLinks("https://jira.example")
    several = Several(1, "<b> ML-9", (("10", "ML-1"), ("11", "ML-2")))
    said = [next(drawn(one, links))["text"]["text"] for one in (several, EVERY[2])]
    assert "<https://jira.example/browse/ML-1|ML-1> and <https://jira.example" in said[0]
    assert "&lt;b&gt;" in said[0]
    assert "change of <https://jira.example/browse/ML-1|ML-1>, “Fix it”" in said[1]
    assert "<https" not in next(drawn(several))["text"]["text"]


def test_of_many_troubles_the_rest_is_counted() -> None:
    """A card has other things to say as well; without any there is nothing."""
    found = beside([Lost(number, "Fix it", f"ML-{number}") for number in range(12)])
    assert found is not None
    assert (len(found.lines), found.more) == (10, 7)
    assert found.summary.startswith("ML-0")
    assert beside([]) is None


@pytest.mark.parametrize(
    ("name", "match", "words"),
    [
        ("", None, "looked up in Jira once"),
        ("Mei Tanaka", JiraMatch.EMAIL, "*Mei Tanaka* (same e-mail address)"),
        ("Mei Tanaka", JiraMatch.NAME, "you may be *Mei Tanaka*"),
        ("Mei Tanaka", JiraMatch.CHOSEN, "*Mei Tanaka* (as you said)"),
        ("", JiraMatch.CHOSEN, "You have no account in Jira (as you said)"),
        ("", JiraMatch.NOBODY, "nobody was found"),
        ("", JiraMatch.SEVERAL, "more than one account has your name"),
        ("", JiraMatch.BARRED, "doesn't let Meridian look for people"),
        ("<!here>", JiraMatch.EMAIL, "&lt;!here&gt;"),
    ],
)
def test_home_says_who_one_is_in_jira_and_how_sure_that_is(
    name: str, match: JiraMatch | None, words: str
) -> None:
    """With the way to correct it."""
    block = accounts.home_line(name, match)
    check_view({"type": "home", "blocks": [block]}, "home")
    assert words in shown({"blocks": [block]})
    assert block["accessory"]["action_id"] == accounts.CHANGE
