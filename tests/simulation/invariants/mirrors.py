"""What stands in Slack is what SQL says: everything is drawn again, and held against it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import select

from bot.asking import deck
from bot.core.content import Content, Home, Message
from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror
from bot.sandbox.world import Message as Posted
from tests.simulation.evidence import Evidence
from tests.simulation.model.wall import local_date

_WATCHED = timedelta(minutes=55)
_IDS = frozenset({"block_id", "action_id", "slack_file"})
_TROUBLE = re.compile(
    r"You look after|was not running in time|deleted its message|can't be shown"
    r"|may not have been posted|Slack took no message"
)
_CARD = "card"
_ESCALATED = "wants you to look at it"
_OF_TODAY = re.compile(
    r"\*Action items\*|\"actions\.reassign\"|\*Risks\*|\"risk\.take\""
    rf"|{_ESCALATED}|Reviews that nobody has done|\*The risk review of|\\u2713 R\d"
)
_AGE = re.compile(r"\*?review (due today|\d+ days? overdue)\*?")
_WHEN = re.compile(rf"{_AGE.pattern}|next review \w+ \d+ \w+( \d+)?")
_COUNTRY = "You are not asked on public holidays"
_RISKS = re.compile(r"^A risk |^A risk's |^\d+ risks are |^The risk review of ")
_IDLE = ("Nothing waits for you.", "Nothing waits here any more.")
_NEWS = "Since you left"
_CAN_UNBLOCK = re.compile(
    r', {"type": "text", "text": " \\u2014 can unblock: "}'
    r', {"type": "text", "text": "[^"]+", "style": {"bold": true}}'
)
_ASKS = ": what do we do?"
_LEFT_ALONE = frozenset({"standup.dialogue", "risk.alert.again"})
"""Views that say what was so when they were sent, and don't follow what changes."""

Shown = tuple[str, list[Any]]


def show_what_sql_says(evidence: Evidence) -> Iterator[str]:
    """Every mirror stands as it would be drawn, or has an outcome that what people did explains."""
    rows = evidence.session.scalars(select(Mirror).order_by(Mirror.id)).all()
    known = {(row.channel, row.remote_id) for row in rows if row.remote_id}
    for row in rows:
        yield from _wrong(evidence, row)
    for message in evidence.messages():
        place = (message.channel, message.ts)
        if message.metadata is not None and place not in known and not _is_left(evidence, message):
            yield f"nobody knows of the message {message.channel} {message.ts}: {message.text}"


def _wrong(evidence: Evidence, row: Mirror) -> Iterator[str]:
    if row.kind is MirrorKind.ISSUE:
        return  # see `tickets`
    about = f"{row.view} {row.subject} for {row.target}"
    if row.outcome is not None:
        if not _explained(evidence, row):
            yield f"{about} is {row.outcome}: {row.detail}"
        return
    if row.shown < row.wanted:
        if not _waits_for_its_parent(evidence, row):
            yield f"{about} is stale still"
        return
    if row.view in _LEFT_ALONE or _nobody_reads(evidence, row):
        return
    stands, since = _standing(evidence, row)
    over = _is_over(evidence, row)
    if row.kind is MirrorKind.HOME and evidence.now - (since or evidence.now) > _WATCHED:
        return  # nobody looks at it
    if _flew(evidence, row, since):
        return  # on a card of an earlier date they read what was told on that date
    stands = _ageless(evidence, _named(evidence, _told_then(evidence, row, stands)), since)
    drawn = (
        _ageless(evidence, _named(evidence, _plain(_drawn(evidence, row, at))), since)
        for at in (evidence.now, since)
        if at is not None
    )
    found = (_difference(one, stands, over=over) for one in drawn)
    first = next(found)
    if first and all(found):  # what changes by time alone may say what was so when it was sent
        yield f"{about}: {first}"


def _ageless(evidence: Evidence, shown: Shown | None, since: datetime | None) -> Shown | None:
    """A risk's age is told by its reviewer's calendar: a flight makes it another, or a new one."""
    books = evidence.books
    reviewers = [books.register.risk_owners] if books.setting.register is not None else []
    histories = [*books.zones.values(), *reviewers]
    moved = [one.since for history in histories for one in history.changes]
    if shown is None or not any(since is None or at > since for at in moved):
        return shown
    return shown[0], json.loads(_WHEN.sub("", json.dumps(shown[1])))


def _named(evidence: Evidence, shown: Shown | None) -> Shown | None:
    """Whom an alert asks is mentioned while they work, and else named: either is right."""
    if shown is None:
        return None
    people = evidence.books.setting.people
    names = {f"<@{one.id}>{_ASKS}": f"{one.name}{_ASKS}" for one in people}
    told = json.dumps(shown[1])
    for mention, name in names.items():
        told = told.replace(mention, name)
    return shown[0], json.loads(told)


def _flew(evidence: Evidence, row: Mirror, since: datetime | None) -> bool:
    """Whether somebody's date became another one by a flight since they were shown this."""
    history = evidence.books.zones.get(row.target)
    return (
        since is not None
        and history is not None
        and any(one.since > since for one in history.changes)
    )


def _is_left(evidence: Evidence, message: Posted) -> bool:
    """Whether it stands in the DM of somebody who has left: nothing can be looked for there."""
    history = evidence.books.active.get(f"U{message.channel[1:]}")
    return message.channel.startswith("D") and history is not None and not history.last


def _nobody_reads(evidence: Evidence, row: Mirror) -> bool:
    """Whether somebody has deleted it, or its only reader has left."""
    history = evidence.books.active.get(row.target)
    left = history is not None and not history.last
    return left or (row.channel, row.remote_id) in evidence.books.deleted


def _is_over(evidence: Evidence, row: Mirror) -> bool:
    """Whether it is the card of a day that is over, or may be, where its reader is."""
    history = evidence.books.zones.get(row.target)
    if row.view != _CARD or history is None:
        return False
    day = date.fromisoformat(row.subject.split("/")[1])
    return any(local_date(evidence.now, zone) > day for zone in history.may_be(evidence.now))


def _told_then(evidence: Evidence, row: Mirror, shown: Shown | None) -> Shown | None:
    """A day's card that is headed by a trouble keeps that, though it be over since.

    Only where its reader has a card of a later day, which follows: the last one they have must.
    """
    if row.view != _CARD or shown is None or not _TROUBLE.search(shown[0]):
        return shown
    last = deck.last_days(evidence.session, [row.target])
    return shown if deck.parse(row.subject)[:2] in last else (_IDLE[0], shown[1])


def _explained(evidence: Evidence, row: Mirror) -> bool:
    books = evidence.books
    match row.outcome:
        case Outcome.GONE if row.target[:1] == "U":
            return not books.active[row.target].last
        case Outcome.GONE:
            return any(channel == row.target for channel, _ts in books.deleted)
        case Outcome.BLOCKED:
            return _shut(evidence, row.target)
        case Outcome.MISSED:
            return bool(evidence.weather.spells)
        case _:
            return False


def _shut(evidence: Evidence, channel: str) -> bool:
    """Whether a channel can't be written to, as far as the bot has heard."""
    history = evidence.books.writable[channel]
    if not history.last:
        return True
    reopened = max((one.since for one in history.changes if one.value), default=None)
    heard = evidence.books.lifted.get(channel)
    return reopened is not None and (heard is None or heard < reopened)


def _waits_for_its_parent(evidence: Evidence, row: Mirror) -> bool:
    parent = evidence.session.get(Mirror, row.parent_id) if row.parent_id else None
    return parent is not None and parent.outcome is not None


def _standing(evidence: Evidence, row: Mirror) -> tuple[Shown | None, datetime | None]:
    """What somebody sees of it, and when it last was changed."""
    if row.kind is MirrorKind.HOME:
        home = evidence.site.views.homes.get(row.target)
        calls = [
            one
            for one in evidence.slack.calls
            if one.method == "views.publish" and one.given["user_id"] == row.target and one.at
        ]
        since = calls[-1].at if calls else None
        return (None if home is None else ("", home.blocks)), since
    message = evidence.site.world.message(row.channel or "", row.remote_id or "")
    shown = None if message is None else (message.text, message.blocks)
    sights = [one.at for one in evidence.sights if one.ts == row.remote_id]
    return shown, max(sights, default=None)


def _drawn(evidence: Evidence, row: Mirror, at: datetime) -> Content | None:
    view = evidence.views[row.view]
    loaded = view.load(evidence.session, row.subject, at)
    return None if loaded is None else view.draw(loaded)


def _plain(drawn: Content | None) -> Shown | None:
    """What somebody would see of it: the text beside it, and its blocks."""
    match drawn:
        case None:
            return None
        case Home(blocks):
            return "", json.loads(json.dumps(list(blocks)))
        case Message(text, blocks, pictures):
            shown = list(blocks)
            for one in sorted(pictures, key=lambda picture: picture.after, reverse=True):
                shown.insert(one.after, {"type": "image", "alt_text": one.alt})
            return text, json.loads(json.dumps(shown))


def _without_news(shown: Shown) -> Shown:
    """What others have said meanwhile is told as of when a card was sent; it doesn't follow."""
    text, blocks = shown
    news = [number for number, one in enumerate(blocks) if _NEWS in json.dumps(one)]
    return text, [one for number, one in enumerate(blocks) if number not in news
                  and number + 1 not in news]  # fmt: skip


def _as_closed(shown: Shown) -> Shown:
    """Who can unblock somebody is told as of the close of a run."""
    text, blocks = shown
    if "closed" not in json.dumps(blocks[1:2]):
        return shown
    return text, [json.loads(_CAN_UNBLOCK.sub("", json.dumps(one))) for one in blocks]


def _of_its_day(shown: Shown) -> Shown:
    """How many action items and reviews somebody has, and what they are to give away or to look at
    for others, stands on today's card; one of a day that is over tells it as it was then.
    """
    text, blocks = shown
    told = [json.dumps(one) for one in blocks]
    buttons = {number + 1 for number, one in enumerate(told) if _ESCALATED in one}
    left = [
        one
        for number, one in enumerate(blocks)
        if not _OF_TODAY.search(told[number]) and number not in buttons
    ]
    left = [one for one in left if one["type"] != "divider"]
    if len(left) == 1 and _COUNTRY in json.dumps(left):
        left = []  # it stands below something else, or not at all
    told_then = "" if _RISKS.match(text) else text
    return told_then, [json.loads(_AGE.sub("", json.dumps(one))) for one in left]


def _without_troubles(shown: Shown) -> Shown:
    """What an owner should know is told once, awake and on its day; see `told` for that."""
    text, blocks = shown
    left = [one for one in blocks if not _TROUBLE.search(json.dumps(one))]
    waits = bool(left) and text not in _IDLE and not _TROUBLE.search(text)
    return (text if waits else ""), [one for one in left if _IDLE[1] not in json.dumps(one)]


def _difference(drawn: Shown | None, stands: Shown | None, *, over: bool) -> str:
    """The first thing in which they differ; "" where they are the same."""
    if drawn is None or stands is None:
        return "" if drawn is stands else f"{_told(stands)} stands instead of {_told(drawn)}"
    if _TROUBLE.search(stands[0]) and not _TROUBLE.search(drawn[0]):
        return f"{stands[0]} stands instead of {drawn[0]}"
    if _TROUBLE.search(drawn[0]):
        stands = drawn[0], stands[1]  # it may have been sent before the trouble was told of
    drawn, stands = (_as_closed(_without_news(_without_troubles(one))) for one in (drawn, stands))
    if over:
        drawn, stands = _of_its_day(drawn), _of_its_day(stands)
    for one, other in zip_longest(
        (drawn[0], *drawn[1]), (stands[0], *stands[1]), fillvalue="nothing"
    ):
        if not _fits(one, other):
            return f"{json.dumps(other)} stands instead of {json.dumps(one)}"
    return ""


def _told(shown: Shown | None) -> str:
    return "nothing" if shown is None else shown[0]


def _fits(drawn: Any, stands: Any) -> bool:
    """Whether two structures are the same but for the ids that Slack fills in."""
    if isinstance(drawn, Mapping) and isinstance(stands, Mapping):
        extra = stands.keys() - drawn.keys()
        return extra <= _IDS and all(
            name in stands and _fits(value, stands[name]) for name, value in drawn.items()
        )
    if isinstance(drawn, list) and isinstance(stands, list):
        return len(drawn) == len(stands) and all(map(_fits, drawn, stands))
    return bool(drawn == stands)
