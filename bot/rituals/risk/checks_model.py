"""The questions of the checks at a project's gates, and values about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.states import Role
from bot.rituals.risk.states import Approval, CheckKind, Said

ABOUT = 100


@dataclass(frozen=True)
class Question:
    """A question of a check, and the risk that a no to it is."""

    key: str
    head: str
    ask: str
    risk: str
    category: str


QUESTIONS: Mapping[CheckKind, tuple[Question, ...]] = {
    CheckKind.FEASIBILITY: (
        Question(
            "data", "Data", "Can we get enough good data, in time and lawfully?",
            "The data may not be there, or not good enough", "data",
        ),
        Question(
            "technique", "Technique", "Does it need machine learning, and do we know how?",
            "There may be no technique that does it", "performance",
        ),
        Question(
            "resources", "Resources", "Do we have the people, the budget and the compute for it?",
            "People, budget or compute may not suffice", "deployment",
        ),
        Question(
            "ethics", "Ethics", "Is it fair to those it concerns, and would we explain it to them?",
            "It may do harm to some of those it concerns", "fairness",
        ),
    ),
    CheckKind.RELEASE: (
        Question(
            "baseline", "Baseline", "Does it beat the baseline by as much as was agreed?",
            "It may not be better than the baseline", "performance",
        ),
        Question(
            "overfitting", "Overfitting", "Does it hold on data that nobody tuned it on?",
            "It may be overfitted", "performance",
        ),
        Question(
            "fairness", "Fairness", "Were the groups that it concerns looked at one by one?",
            "It may serve some groups worse", "fairness",
        ),
        Question(
            "load", "Load", "Did it answer fast enough under the load that is expected?",
            "It may be too slow under load", "deployment",
        ),
        Question(
            "rollback", "Rollback", "Was the way back rehearsed, and does somebody know it?",
            "A bad release may not be taken back in time", "deployment",
        ),
    ),
}  # fmt: skip
TITLES: Mapping[CheckKind, str] = {
    CheckKind.FEASIBILITY: "Feasibility check",
    CheckKind.RELEASE: "Release check",
}


@dataclass(frozen=True)
class CheckTyped:
    """What the form says: each answer with its note; None: not answered."""

    kind: CheckKind
    about: str
    answers: Mapping[str, tuple[Said | None, str]]
    approvers: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Made:
    """It is kept, and shown in a channel."""

    channel: str


@dataclass(frozen=True)
class Approved:
    """What somebody said counts."""

    said: Approval


@dataclass(frozen=True)
class NoRole:
    """Whoever presses has none of the roles that are asked."""

    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Answered:
    question: Question
    said: Said
    note: str
    risk_id: int | None = None  # that was made of it


@dataclass(frozen=True)
class RoleShown:
    """A role that is asked to approve, who has it, and what they said."""

    role: Role
    people: tuple[str, ...]
    said: Approval | None
    by: str


@dataclass(frozen=True)
class CheckShown:
    """A check as its channel sees it."""

    id: int
    kind: CheckKind
    about: str
    by: str
    on: date
    answers: tuple[Answered, ...]
    roles: tuple[RoleShown, ...]


@dataclass(frozen=True)
class CheckDue:
    """A check that a team review asks for."""

    kind: CheckKind
    asked: tuple[str, ...]  # the team's risk owners, by name
    done: CheckShown | None = None
