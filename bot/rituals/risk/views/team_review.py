"""The team review as its channel sees it: the heat map, what moved, and what needs somebody."""

from collections.abc import Iterator, Sequence

from bot.actions.views.late import late_line
from bot.core.content import Block, Message, Picture
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.rituals.risk.checks_model import TITLES
from bot.rituals.risk.model import IMPACT, LIKELIHOOD, SCALE, band, score
from bot.rituals.risk.reviews.snapshot_model import Listed, Review, Told
from bot.rituals.risk.states import Band
from bot.rituals.risk.values import RiskShown
from bot.rituals.risk.views import words
from bot.slack import blocks

_TITLE, _SAID = 100, 160
_WIDE = 9  # characters of a line below the picture
_GRID = tuple(tuple(band(score(one, other)).value for other in SCALE) for one in SCALE)


def review_message(review: Review) -> Message:
    """The review's message; what there is to say stands in its thread."""
    title = f"Risk review · {clamp(one_line(review.team), _TITLE)} · {spoken_date(review.on)}"
    made: list[Block] = [blocks.header(title), blocks.section(_counted(review))]
    pictures = (_heat(review, len(made)),) if review.total else ()
    end = [blocks.context(_below(review)), *late_line(review.late_items)]
    return Message(escape(f"{title}: {_plain_counts(review)}"), (*made, *end), pictures)


def _counted(review: Review) -> str:
    if not review.total:
        return "No risk is open. What could keep this project from working?"
    said = [
        f"{words.SIGNS[one]} *{review.counts[one]}* {words.BANDS[one].lower()}"
        for one in Band
        if review.counts.get(one)
    ]
    return " · ".join(said)


def _plain_counts(review: Review) -> str:
    said = [f"{review.counts[one]} {one.value}" for one in Band if review.counts.get(one)]
    return ", ".join(said) if said else "no open risk"


def _below(review: Review) -> str:
    """What is in the thread, and what else follows."""
    since = "" if review.since is None else f" since {spoken_date(review.since)}"
    parts = [
        f"{len(one.risks) + one.more} {name}"
        for one, name in (
            (review.moved, "moved"),
            (review.new, "new"),
            (review.closed, "closed"),
            (review.overdue, "overdue"),
        )
        if one.risks
    ]
    said = f"{', '.join(parts)}{since}" if parts else f"Nothing moved{since}"
    checks = " The checks at the gates are due." if review.checks else ""
    below = " The worst follow below, to talk about in their threads." if review.top else ""
    return f"{said}. What and by whom: in this thread.{checks}{below}"


def _heat(review: Review, after: int) -> Picture:
    spec = {
        "kind": "heat",
        "title": f"Open risks, {_day(review)}",  # no name of people's: it may be in any script
        "grid": _GRID,
        "cells": [list(one) for one in review.cells],
        "arrows": [[f"R{one.id}", list(one.was), list(one.now)] for one in review.arrows],
        "impact": [_tick(value, IMPACT[value]) for value in SCALE],
        "likelihood": [_tick(value, LIKELIHOOD[value]) for value in SCALE],
    }
    return Picture(spec, heat_words(review), "Heat map of risks", after)


def _day(review: Review) -> str:
    return f"{review.on.day} {review.on:%B} {review.on.year}"


def _tick(value: int, text: str) -> str:
    return f"{value} {text}" if len(text) <= _WIDE else f"{value} {text.replace(' ', chr(10), 1)}"


def heat_words(review: Review) -> str:
    """The heat map in words, for whoever doesn't see it."""
    cells = [
        f"{number} at likelihood {likelihood}, impact {impact}"
        for likelihood, impact, number in review.cells
    ]
    arrows = [
        f"R{one.id} from {one.was[0]} by {one.was[1]} to {one.now[0]} by {one.now[1]}"
        for one in review.arrows
    ]
    risks = "1 risk" if review.total == 1 else f"{review.total} risks"
    team = clamp(one_line(review.team), _TITLE)
    head = f"Heat map of {risks} of {team}, {_day(review)}: {_plain_counts(review)}"
    said = f"{head}. {'; '.join(cells)}."
    if arrows:
        said += f" Without and with mitigations (likelihood by impact): {'; '.join(arrows)}."
    return said


# --- the thread


def changes_message(review: Review) -> Message | None:
    """What moved since last time and by whom, what is new and what is over; bands over time."""
    since = "" if review.since is None else f" since {spoken_date(review.since)}"
    made: list[Block] = [blocks.section(f"*What changed{since}*")]
    for listed, name in (
        (review.moved, "Moved"),
        (review.new, "New"),
        (review.closed, "Closed"),
    ):
        made += _group(name, listed)
    if len(made) == 1:
        made.append(blocks.small("Nothing."))
    pictures = (_bands(review, len(made)),) if len(review.points) > 1 else ()
    return Message(f"What changed{since}", tuple(made), pictures)


def _bands(review: Review, after: int) -> Picture:
    points = [{"on": f"{one.on.day} {one.on:%b}", "counts": one.counts} for one in review.points]
    spec = {"kind": "bands", "title": "Open risks by band, week by week", "points": points}
    said = [
        f"{one.on.day} {one.on:%B}: "
        + (", ".join(f"{number} {name}" for name, number in one.counts.items()) or "none")
        for one in review.points
    ]
    return Picture(spec, f"Open risks by band. {'; '.join(said)}.", "Risks over time", after)


def needs_message(review: Review) -> Message | None:
    """What is overdue, what nobody owns, and against what nothing is done."""
    made: list[Block] = []
    for listed, name in (
        (review.overdue, "Review overdue"),
        (review.unowned, "Without an owner"),
        (review.unmitigated, "Without a mitigation"),
    ):
        made += _group(name, listed)
    if review.unrun:
        titles = " and ".join(TITLES[kind].lower() for kind in review.unrun)
        made.append(blocks.section(f"*Due and not run*: {titles}"))
    if not made:
        return None
    return Message("What needs somebody", (blocks.section("*What needs somebody*"), *made))


def _group(name: str, listed: Listed) -> Iterator[Block]:
    if not listed.risks:
        return
    items = [blocks.paragraph(*_told(one)) for one in listed.risks]
    if listed.more:
        items.append(blocks.paragraph(blocks.words(f"… and {listed.more} more")))
    heading = blocks.paragraph(blocks.words(name, bold=True))
    yield blocks.rich_text(heading, blocks.bullets(items))


def _told(one: Told) -> Sequence[blocks.Words]:
    made = [
        blocks.words(f"R{one.id} ", bold=True),
        blocks.words(clamp(one_line(one.title), _TITLE)),
    ]
    if one.said:
        made.append(blocks.words(f": {clamp(one_line(one.said), _SAID)}"))
    if one.who:
        made.append(blocks.words(f" ({clamp(one_line(one.who), words.NAME)})", italic=True))
    return made


# --- the top three


def top_message(shown: RiskShown) -> Message:
    """One of the worst, to talk about in its own thread."""
    line = shown.line
    done = "\n".join(
        f"• {escape_clamped(one_line(one.text), _SAID)} · {words.MITIGATIONS[one.state]}"
        for one in shown.mitigations[:5]
    )
    value, about = str(line.id), words.about(line)
    made = [blocks.section(f"{words.head(line)}\n{words.facts(line)}")]
    if shown.consequence:
        made.append(blocks.small(clamp(one_line(shown.consequence), 300)))
    made.append(blocks.context(done or ":warning: Nothing is done against it yet."))
    buttons = [blocks.button("Open", words.SHOW, value, reads=f"Open {about}")]
    if line.live:
        label = "Make an action item"
        buttons.append(blocks.button(label, words.ACTION_ITEM, value, reads=f"{label}: {about}"))
    made.append(blocks.actions(buttons))
    text = f"{words.number(line)} {clamp(one_line(line.title), _TITLE)}: what do we do about it?"
    return Message(escape(text), tuple(made))
