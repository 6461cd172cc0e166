"""Slack statuses that mean leave or illness: which they are, what others read, how long they last.

Slack's own presets are among them ("Vacationing", "Out sick"), and its "In a meeting", "Commuting"
and "Working remotely" are none, whatever else such a status says.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.cadence import instant, local_date
from bot.core.text import clamp, one_line

_MEANINGS = {
    ":palm_tree:": "vacation",
    ":desert_island:": "vacation",
    ":beach_with_umbrella:": "vacation",
    ":face_with_thermometer:": "out sick",
    ":thermometer:": "out sick",
    ":pill:": "out sick",
    ":face_with_head_bandage:": "out sick",
    ":nauseated_face:": "out sick",
    ":hospital:": "out sick",
}
USUAL: tuple[str, ...] = (
    *_MEANINGS,
    "vacation",
    "vacationing",
    "holiday",
    "holidays",
    "on leave",
    "annual leave",
    "sick leave",
    "parental leave",
    "maternity leave",
    "paternity leave",
    "pto",
    "day off",
    "out of office",
    "ooo",
    "sick",
    "ill",
    "unwell",
    "urlaub",
    "elternzeit",
    "krank",
)
"""What means leave or illness where a workspace says nothing else: emoji, and words in a text."""

_NONE_OF_IT = ("in a meeting", "commuting", "remote", "remotely", "back from")
_LASTS = timedelta(minutes=1)  # Slack's "Today" ends a second before midnight
_SHOWN = 60  # characters
_SKIN_TONE = re.compile(r":skin-tone-[2-6]:$")


@dataclass(frozen=True)
class Status:
    """What somebody says of themselves in Slack; `until` is None until it is cleared."""

    emoji: str = ""
    text: str = ""
    until: datetime | None = None


def listing(text: str) -> list[str]:
    """A list as an admin types it, one status a line; each once, in small letters."""
    return list(dict.fromkeys(filter(None, (one_line(line).lower() for line in text.splitlines()))))


def meaning(status: Status, listed: Sequence[str] | None) -> str | None:
    """What others read of a status that means leave or illness; None of any other.

    `listed` is the workspace's own list, None the usual one. Words in a text count whole, in
    capitals or not.
    """
    meant = USUAL if listed is None else listed
    if any(_says(status.text, words) for words in _NONE_OF_IT if words not in meant):
        return None
    emoji = _SKIN_TONE.sub("", status.emoji.lower())
    if emoji not in meant and not any(_says(status.text, words) for words in meant):
        return None
    return clamp(one_line(status.text), _SHOWN) or _MEANINGS.get(emoji, _spelled(emoji))


def _says(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", one_line(text).lower()) is not None


def _spelled(emoji: str) -> str:
    return emoji.strip(":").replace("_", " ")


def covered(
    status: Status, at: datetime, days: Collection[date], there: ZoneInfo
) -> Iterator[date]:
    """Those of somebody's `days` on which their status, as it is at `at`, keeps them away.

    It must last to the day's end. One without an end is believed for today alone. What is dated
    earlier and still open is held against it too: it is now that they would have to answer.
    """
    if status.until is not None and status.until <= at:
        return
    today = local_date(at, there)
    for day in days:
        last = max(day, today)
        if status.until is None:
            if last == today:
                yield day
        elif status.until >= instant(last + timedelta(days=1), time.min, there) - _LASTS:
            yield day
