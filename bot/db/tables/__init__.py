"""The shared tables. Instants are UTC; every local date stands beside its zone."""

from bot.db.tables.actions import ActionItem, JiraPerson, JiraProject
from bot.db.tables.audit import Audit
from bot.db.tables.engine import Inbox, Mirror, RatePause, Timer, Upload
from bot.db.tables.people import Absence, Membership, Person, Team, Workspace
from bot.db.tables.rituals import Answer, AnswerRevision, Blocker, Participant, Prompt, Ritual, Run

__all__ = [
    "Absence",
    "ActionItem",
    "Answer",
    "AnswerRevision",
    "Audit",
    "Blocker",
    "Inbox",
    "JiraPerson",
    "JiraProject",
    "Membership",
    "Mirror",
    "Participant",
    "Person",
    "Prompt",
    "RatePause",
    "Ritual",
    "Run",
    "Team",
    "Timer",
    "Upload",
    "Workspace",
]
