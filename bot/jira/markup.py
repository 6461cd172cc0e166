"""Text of people made inert for Jira, which reads wiki markup in version 2 of its API.

Nothing in it can mention anybody, run a macro, or be a link, a picture, a list or a table; it reads
as it was written. Bare addresses stay links, and keys such as ML-123 too: they say where they lead.

A backslash takes the meaning from the sign after it. Where a field shows its text unread (Data
Center can be told so), the backslashes are seen, which is ugly and safe.
Source: jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re

from bot.core.text import clamp, clean, one_line

LONGEST = 32_000  # characters of a description; Jira takes 32,767
_LONGEST_LINE = 255

# Put between two signs that mean something together, it is seen by nobody.
_BREAKER = "\u2060"

_LINE_BEGINS = r"(?<![^\n])[^\S\n]*"
_NO_LETTER_BEFORE = r"(?<![^\W_])"
_MEANS = re.compile(
    # An address, as far as it holds no sign that could end it or begin something else.
    r"(?P<address>\bhttps?://[^\s\\{}\[\]|!<>\"']+)"
    # Two backslashes would break the line, and leave its meaning to the sign behind them.
    r"|(?P<backslash>\\)"
    # A mention: whoever looks for one may look for these two alone, whatever stands before.
    r"|(?P<mention>\[(?=~))"
    rf"|(?P<heading>{_LINE_BEGINS}(?:h[1-6]|bq)(?=\.))"
    rf"|(?P<before>{_LINE_BEGINS})(?P<block>\||[*#-](?=[*#-]*[^\S\n]))"  # a table, a list
    r"|(?P<sign>[\[{]"  # links and attachments; macros and monospace
    rf"|{_NO_LETTER_BEFORE}[*_+^~?-](?=\S)"  # emphasis and its like, and rules
    r"|!(?=\S)"  # a picture
    r"|\((?=(?:[yni/x!+?-]|on|off|\*[rgby]?|flag|flagoff)\)))"  # a sign drawn as a picture
)
_MENTION = re.compile(r"\[(?=~)")


def inert(text: str, limit: int = LONGEST) -> str:
    """`text` cleaned, with nothing in it that Jira would read as markup.

    In at most `limit` characters; for what a person typed, not for what went through here before.
    """
    cut = clamp(clean(text).strip("\n"), limit)
    while len(made := _MEANS.sub(_harmless, cut)) > limit:
        # A sign grows by one or two characters, so a third of what is too much is never too much.
        cut = clamp(cut, len(cut) - max(1, (len(made) - limit) // 3))
    return made


def _harmless(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "backslash" | "heading":
            return found[0] + _BREAKER
        case "mention":
            return rf"\[{_BREAKER}"
        case "block":
            return rf"{found['before']}\{found['block']}"
        case "sign":
            return rf"\{found[0]}"
        case _:
            return found[0]


def line(text: str) -> str:
    """`text` as one line for a summary or a field of one line, which Jira shows as it is."""
    return clamp(_MENTION.sub("[" + _BREAKER, one_line(text)), _LONGEST_LINE)
