"""A retro as files: Markdown to read, and a table whose cells no spreadsheet takes for formulas."""

from collections.abc import Iterator, Sequence

from bot.actions.model import ItemShown
from bot.actions.views.words import by_when, state
from bot.core import spreadsheet
from bot.core.text import one_line, spoken_date
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import RetroShown, TopicShown

HEAD = ("kind", "column", "text", "by", "votes", "rank", "merged into", "owner", "due", "ticket")


def name(shown: RetroShown) -> str:
    """What its files are called, without what tells their kinds apart."""
    return f"retro-{shown.date.isoformat()}"


def markdown(shown: RetroShown) -> str:
    """All of a retro to read."""
    return "\n".join(_lines(shown)) + "\n"


def _lines(shown: RetroShown) -> Iterator[str]:
    yield f"# {_md(shown.title)}, {spoken_date(shown.date)} {shown.date.year}"
    yield ""
    told = (words.took_part(shown.took_part), words.topics(len(shown.topics)))
    yield f"{'; '.join(filter(None, told))}."
    if shown.top:
        yield from ("", "## Discussed")
        for one in shown.top:
            yield from ("", f"### {one.rank}. {_md(one.text)}{_votes(one)}", "")
            yield from (f"- also: {_md(text)}{_by(who)}" for text, who in one.parts)
            yield from (f"> **{_md(who)}**: {_md(text)}\n" for who, text in one.said)
    for number, column in enumerate(shown.columns):
        mine = [one for one in shown.topics if one.column == number]
        if mine:
            yield from ("", f"## {_md(column)}", "")
        for one in mine:
            late = " (came later)" if one.late else _votes(one)
            yield f"- {_md(one.text)}{_by(one.author)}{late}"
            yield from (f"  - {_md(text)}{_by(who)}" for text, who in one.parts)
    yield from ("", "## Actions", "")
    for each in shown.items:
        yield f"- {_item(each)}"
    if not shown.items:
        yield "None."


def _item(one: ItemShown) -> str:
    said = [_md(one.what), _md(one.owner) or "nobody yet", by_when(one), _ticket(one), state(one)]
    return " · ".join(filter(None, said))


def _ticket(one: ItemShown) -> str:
    return f"[{_md(one.issue_key)}]({one.issue_url})" if one.issue_url else _md(one.issue_key)


def _votes(one: TopicShown) -> str:
    return "" if one.votes is None else f" ({one.votes} {'vote' if one.votes == 1 else 'votes'})"


def _by(who: str) -> str:
    return f" — {_md(who)}" if who else ""


def _md(text: str) -> str:
    """On one line, with nothing in it that Markdown would act upon."""
    said = one_line(text)
    for mark in "\\`*_{}[]<>#|!":
        said = said.replace(mark, f"\\{mark}")
    return said


def table(shown: RetroShown) -> bytes:
    """The same as CSV, a row for each note and each action."""
    return spreadsheet.table([HEAD, *_rows(shown)])


def _rows(shown: RetroShown) -> Iterator[Sequence[str]]:
    for one in shown.topics:
        column = shown.columns[one.column]
        votes = "" if one.votes is None else str(one.votes)
        rank = "" if one.rank is None else str(one.rank)
        kind = "late note" if one.late else "note"
        yield (kind, column, one.text, one.author, votes, rank, "", "", "", "")
        for text, who in one.parts:
            yield ("note", column, text, who, "", "", one.text, "", "", "")
        for who, text in one.said:
            yield ("reply", column, text, who, "", "", one.text, "", "", "")
    for each in shown.items:
        due = each.due.isoformat() if each.due else ""
        ticket = each.issue_key
        yield ("action", "", each.what, "", "", "", "", each.owner, due, ticket)
