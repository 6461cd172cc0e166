"""What Jira is searched with: pure."""

import re
from collections.abc import Iterable

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,12}")
_MOST_WORDS = 8


def labelled(label: str) -> str:
    """The issues with a label."""
    return f"labels = {_quoted(label)}"


def with_ids(ids: Iterable[str]) -> str:
    """The issues with these numeric ids."""
    return f"id in ({', '.join(_number(one) for one in ids)})"


def in_progress(account_id: str) -> str:
    """The issues in progress of somebody."""
    mine = f"assignee = {_quoted(account_id)}"
    return f'{mine} AND statusCategory = "In Progress" ORDER BY updated DESC'


def key_meant(typed: str, project_key: str) -> str | None:
    """The key that somebody typed, in full or as a number of the project."""
    typed = typed.strip()
    if _NUMBER.fullmatch(typed):
        return f"{project_key}-{int(typed)}"
    return typed.upper() if _KEY.fullmatch(typed) else None


def worded(project_id: str, typed: str) -> str:
    """The issues of a project whose summary has the words that somebody is typing."""
    # In lower case, since AND, OR and NOT mean something there; the rest of the syntax is no word.
    words = " ".join(re.findall(r"\w+", typed.lower())[:_MOST_WORDS])
    wanted = (
        # A word with an asterisk is looked for as it is, without one by its stem.
        f"(summary ~ {_quoted(words)} OR summary ~ {_quoted(words + '*')})"
        if words
        else "statusCategory != Done"
    )
    return f"project = {_number(project_id)} AND {wanted} ORDER BY updated DESC"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _number(given: str) -> str:
    """A numeric id; raises ValueError for what is none, which could be a condition."""
    if not (given.isascii() and given.isdigit()):
        raise ValueError(f"{given!r} is no numeric id")
    return given
