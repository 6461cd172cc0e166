"""What annotations don't say: what an address, a time or a key looks like, and what is held at the
door so that no view ever sees more of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.asking.terms import Terms
from bot.asking.upkeep.kinds import Kind
from bot.core.cadence import Cadence
from bot.core.content import Block
from bot.core.states import Role
from bot.core.text import one_line
from bot.engine.ritual import OnHome
from bot.rituals.retro.model import Config as RetroConfig
from bot.rituals.retro.setup_form import Form as RetroForm
from bot.rituals.risk.checks_model import QUESTIONS, Answered
from bot.rituals.risk.model import SCALE
from bot.rituals.risk.states import Band, CheckKind, Said
from bot.rituals.standup.model import Config as StandupConfig
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.setup_form import Form as StandupForm
from bot.teams.model import Holder
from tests.limits.making import Size, make

NOTE = 300  # characters beside an answer of a check
_NUMBER = "_number"  # ends the key of a question for one
_CHOOSING = {QuestionKind.CHOICE, QuestionKind.CHOICES}


def _section(size: Size) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": size.words(3000) or "x"}}


def _question(size: Size) -> Question:
    kinds = list(QuestionKind)
    kind = kinds[(size.choice + size.number()) % len(kinds)]
    options = tuple(
        f"{number} {one_line(size.words(70))}".strip()
        for number in range(max(1, min(size.many, 10)))
    )
    return Question(
        key=f"q{size.number()}{_NUMBER if kind is QuestionKind.NUMBER else ''}",
        kind=kind,
        text=size.words(300) or "x",
        short=size.words(60) or "x",
        options=options if kind in _CHOOSING else (),
    )


def _id(size: Size) -> str:
    return f"U{size.number():010}"


def _on_home(size: Size) -> OnHome:
    words = [size.words(60) or "x" for _ in range(6)]
    acts = [f"a{size.number()}" for _ in range(4)]
    return OnHome(words[0], acts[0], acts[1], acts[2], acts[3], words[1], lambda _: words[2])


def _ids(size: Size) -> tuple[str, ...]:
    return tuple(_id(size) for _ in range(size.many))


class _Said(dict[str, str]):
    """An answer to whatever is asked, in lines as long as an issue's may be."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self._size = size

    def get(self, key: str, _default: Any = None) -> Any:
        if key.endswith(_NUMBER):
            return "-1234.5"
        text = self._size.words(3000)
        return "\n".join(text[at : at + 139] for at in range(0, min(len(text), 2900), 140))


CADENCE = Cadence(weekdays=(0, 3), at=time(9, 30), every_weeks=2, anchor=date(2026, 3, 30))

# By class and field, by field, or by type.
GIVEN: Mapping[str | type, Any] = {
    Cadence: CADENCE,
    Kind: Kind("standup", "stand-up"),
    OnHome: _on_home,
    Question: _question,
    Terms: Terms(),
    "Back.chosen": _id,
    "Back.helper": _id,
    "Beside.head": _section,
    "Beside.lines": lambda size: tuple(_section(size) for _ in range(min(size.many, 40))),
    "FormShown.owner": _id,
    "RetroForm.facilitator": _id,
    "Review.cells": tuple((one, other, 3) for one in SCALE for other in SCALE),
    "Settings.owner": _id,
    "SettingsShown.intervals": dict.fromkeys(Band, 30),
    "SetupShown.owner": _id,
    "Typed.owner": _id,
    "Votable.column": 0,
    "Written.column": 0,
    "TopicShown.column": 0,
    "TeamShown.roles": lambda size: {
        role: tuple(make(Holder, size, "holder") for _ in range(min(size.many, 10)))
        for role in Role
    },
    "Answered.note": lambda size: size.words(NOTE),
    "CheckShown.answers": lambda size: tuple(
        Answered(one, list(Said)[size.choice % 2], size.words(NOTE), size.number())
        for one in QUESTIONS[CheckKind.RELEASE][: max(1, size.many)]
    ),
    "Item.same": "standup.same",
    "Review.counts": {one.value: 3 for one in Band},
    "account_modal.now": lambda size: size.words() or "x",
    "answer_modal.said": lambda size: _Said(size),
    "card.answers": {"standup": "standup.answer"},
    "home.answers": {"standup": "standup.answer"},
    "Carried.tokens": lambda size: tuple(f"{size.number():022}" for _ in range(min(size.many, 99))),
    "away_modal.actor": _id,
    "beside.above": _section,
    "due_input.chosen": "2026-04-09",
    "home.others": lambda size: {"actions.list": size.words(70) or "x", "risk.list": "Risks"},
    "kept_modal.now": lambda size: size.words() or "x",
    "changed_modal.asked": lambda size: {"blocks": [_section(size) for _ in range(3)]},
    "channel": "C01GENERAL",
    "impact": 4,
    "leaders": _ids,
    "likelihood": 5,
    "members": _ids,
    "Arrow.now": (2, 3),
    "ChangeShown.now": (2, 3),
    "SettingsShown.nth": 1,
    "reassign_modal.owner": _id,
    "inherent": (4, 5),
    "residual": (1, 2),
    "residual_impact": 2,
    "residual_likelihood": 3,
    "setup_modal.made": lambda size: [_section(size) for _ in range(3)],
    "slack_id": _id,
    "tz": "Europe/Berlin",
    "issue_url": "https://jira.example/browse/ML-123",
    "url": "https://a.example/x",
    "was": (1, 5),
    "weekday": 0,
}
_STANDUP: Mapping[str | type, Any] = {
    "Settings.config": StandupConfig(),
    "Settings.form": StandupForm(),
    "SetupShown.form": lambda size: replace(
        StandupForm(), members=_ids(size), title=size.words(80) or "x", questions=size.words(3000)
    ),
}
_RETRO: Mapping[str | type, Any] = {
    "Settings.config": RetroConfig(),
    "Settings.form": RetroForm(),
    "SetupShown.form": lambda size: replace(
        RetroForm(),
        members=_ids(size),
        title=size.words(80) or "x",
        columns=size.words(300),
        facilitator=_id(size),
    ),
}


def given_to(module: str) -> Mapping[str | type, Any]:
    """What is known of the values that a module's views take."""
    return {**GIVEN, **(_RETRO if ".retro." in module else _STANDUP)}


# What is held where it comes in, or where it is loaded, so that no view is asked to show more.
LONGEST: Mapping[str, int] = {
    "Account.id": 128,  # Atlassian's own limit
    "Asked.category": 60,
    "Field.id": 40,
    "FormShown.categories": 60,
    "IssueType.id": 20,
    "NotesShown.columns": 75,
    "Offered.issue_type": 20,
    "Offered.mine": 140,
    "Offered.search": 20,  # a channel
    "Page.categories": 60,
    "Project.id": 20,
    "Project.key": 10,
    "Rules.leave_statuses": 100,
    "SettingsShown.categories": 60,
    "Typed.category": 60,
    "Written.token": 64,
    "Asked.search": 80,
    "Carried.token": 22,
    "Carried.begun": NOTE,
    "Form.questions": 3000,
    "Form.title": 80,
    "ItemShown.issue_key": 255,
    "Mine.recurs": 200,
    "FormShown.details": 3000,
    "FormShown.what": 3000,
    "Preferences.region": 20,
    "Typed.cause": 3000,
    "Typed.consequence": 3000,
    "Typed.links": 3000,
    "Typed.mitigations": 3000,
    "Typed.model": 3000,
    "Typed.title": 3000,
    "Written.text": 500,
    "away_modal.key": 64,
    "kept_modal.place": 200,
    "metadata": 3000,  # whose parts are held where it is packed
    "mine_modal.standings": 300,
    "option.held": 140,
    "preferences_modal.names": 60,
    "team_modal.jira": 100,
}
MOST: Mapping[str, int] = {
    "HomeShown.beside": 4,  # one for each slice that has an offer
    "Offered.fields": 20,  # that a project's issue type requires
    "modal.fields": 20,
    "Listed.risks": 12,
    "NotesShown.columns": 5,
    "Page.items": 15,
    "Trial.questions": 10,
    "modal.others": 20,
    "too_late_modal.columns": 5,
    "Page.risks": 10,
    "Portfolio.risks": 10,
    "Review.unrun": 2,  # one for each gate
    "RiskShown.alerts": 3,
    "RiskShown.decisions": 3,
    "RiskShown.history": 8,
    "RiskShown.mitigations": 20,
    "Rules.leave_statuses": 29,  # of a hundred characters: the field holds 3,000
    "SettingsShown.categories": 20,
    "StatusShown.runs": 3,
    "answer_modal.questions": 10,
    "changed_modal.lost": 10,
    "closed_modal.said": 10,
    "gone_modal.said": 10,
    "help_modal.told": 3,  # one for each kind of ritual
    "home.on_homes": 3,
    "run_blocks.blockers": 20,
    "trial_modal.questions": 10,
}
# Slack takes no menu without an option: there always are some.
LEAST: Mapping[str, int] = {
    "FormShown.categories": 1,
    "NotesShown.columns": 1,
    "invited.offered": 1,
    "too_late_modal.columns": 1,
}
