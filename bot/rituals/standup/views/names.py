"""Names of people in the channel: bold plain text that mentions nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.text import ELLIPSIS, clamp, escape, one_line

LONGEST = 40
_NOTE = 60
_GLANCE = 600
_ALL = 1600  # characters of all groups together
# In mrkdwn these would end the bold, or begin something else; Slack knows no escape for them.
_LOOKALIKES = str.maketrans({"*": "\u2217", "`": "\u02cb"})


@dataclass(frozen=True)
class Named:
    """A person by name, and what is to be said of them in brackets."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class People:
    """Those of a run who have not answered, each in one group."""

    late: tuple[Named, ...] = ()  # their own window is over, the run is open
    waiting: tuple[Named, ...] = ()
    missing: tuple[Named, ...] = ()  # the run has closed
    skipped: tuple[Named, ...] = ()  # by their own wish
    away: tuple[Named, ...] = ()

    @property
    def owing(self) -> tuple[Named, ...]:
        """Those who were to answer, and have not."""
        return self.late + self.waiting + self.missing


def shown_name(name: str, limit: int = LONGEST) -> str:
    """A name as it can be shown: on one line, and never empty, which Slack refuses."""
    return clamp(one_line(name), limit) or "Somebody"


def glance(text: str) -> str:
    """The beginning of what somebody wrote, on one line: all that is ever shown of it in a line.

    The whole may be as long as a chapter, and there may be hundreds.
    """
    return one_line(text[:_GLANCE]) + (ELLIPSIS if len(text) > _GLANCE else "")


def groups(people: People) -> str:
    """Who is late, awaited, missing, skipping or away, a line each, in mrkdwn; "" for nobody."""
    said = [
        (head, names)
        for head, names in (
            ("Late", people.late),
            ("Still waiting for", people.waiting),
            ("Did not answer", people.missing),
            ("Skipped", people.skipped),
            ("Away", people.away),
        )
        if names
    ]
    each = _ALL // max(1, len(said))
    return "\n".join(f"{head}: {bold_names(names, each)}" for head, names in said)


def bold_names(names: Sequence[Named], limit: int) -> str:
    """Names in mrkdwn, as many as fit into so many characters, and how many more there are."""
    shown: list[str] = []
    for one in _bold(names):
        limit -= len(one) + 2
        if limit < 0 and shown:
            break
        shown.append(one)
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _bold(names: Sequence[Named]) -> Iterator[str]:
    for one in names:
        note = f" ({escape(clamp(one_line(one.note), _NOTE))})" if one.note else ""
        yield f"*{escape(shown_name(one.name).translate(_LOOKALIKES))}*{note}"
