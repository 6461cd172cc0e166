"""Nothing is posted twice."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.simulation.evidence import Evidence

_RUN = re.compile(r"(?P<title>[^·]+) · (?P<date>[^:]+):")


def nothing_twice(evidence: Evidence) -> Iterator[str]:
    """Neither a message, nor a channel's message of a run, nor a reply in a DM."""
    new = [one for one in evidence.sights if one.new]
    for uid, times in Counter(one.uid for one in new).items():
        if times > 1:
            texts = {one.text for one in new if one.uid == uid}
            yield f"the message {uid} was posted {times} times: {texts}"
    tops = [one for one in new if not one.who and not one.is_reply]
    runs = Counter((one.channel, _run(one.text)) for one in tops)
    for (channel, run), times in runs.items():
        if times > 1 + _by_hand(evidence, channel):
            yield f"{channel} was told {times} times of {run}"
    for who, spoken in evidence.books.spoken.items():
        replies = [one for one in evidence.notices(who) if is_reply(one.text)]
        if len(replies) > len(spoken):
            yield f"{who} wrote {len(spoken)} times and was answered {len(replies)} times"


def _by_hand(evidence: Evidence, channel: str) -> int:
    """How many reviews and retros of a channel may be held beside the one that was planned."""
    setting, books = evidence.books.setting, evidence.books
    held = 0
    if setting.register is not None and setting.register.channel == channel:
        held += len(books.register.by_hand) + len(books.register.plan.changes)
    if setting.retro is not None and setting.retro.channel == channel:
        held += sum(one.may_be for one in books.retro.begun)  # see `by_hand` for when they may
    return held


def is_reply(text: str) -> bool:
    """Whether a message answers what somebody wrote to the bot in their DM."""
    return " of 4 · " in text or text.startswith(
        ("Saved ✓", "You have answered", "Nothing is open", "You are on no", "This was not kept")
    )


def _run(text: str) -> str:
    found = _RUN.match(text)
    return text if found is None else f"{found['title']} of {found['date']}"
