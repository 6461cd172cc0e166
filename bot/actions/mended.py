"""What comes of mending a ticket that stopped, as views and listeners pass it on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Mended:
    """It is as they wish, and will be told to Jira."""


@dataclass(frozen=True)
class NoTrouble:
    """Somebody was quicker, or it has mended itself."""


@dataclass(frozen=True)
class NotTheirProject:
    """Whoever asks does not take care of where the team's tickets go."""


@dataclass(frozen=True)
class Asked:
    """What is to be filled in before an item's issue is made."""

    mirror_id: int
    what: str
    project: str
    issue_type: str
    missing: Mapping[str, str]  # Jira's words, by field
