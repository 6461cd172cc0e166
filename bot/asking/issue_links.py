"""Keys of issues in what people wrote, such as ML-123, drawn as links: pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bot.core.text import ELLIPSIS, escape
from bot.jira.keys import Key, keys, url
from bot.slack import blocks
from bot.slack.blocks import Words

_MOST = 20  # in one run of text: Slack takes no endless list of elements


@dataclass(frozen=True)
class IssueLinks:
    """Where the keys of these projects lead; without a project no text is taken for a key."""

    site: str = ""
    projects: frozenset[str] = frozenset()

    def knowing(self, found: Iterable[str]) -> "IssueLinks":
        """The same, where these are known to be keys of issues: their projects are known too."""
        more = {key.rpartition("-")[0] for key in found} - self.projects - {""}
        return replace(self, projects=self.projects | more) if self.site and more else self


NO_LINKS = IssueLinks()


def linked(text: str, links: IssueLinks) -> list[Words]:
    """A text as runs of rich text in which each key is a link."""
    runs: list[Words] = []
    start = 0
    for one in islice(_keys(text, links), _MOST):
        if before := text[start : one.start]:
            runs.append(blocks.words(before))
        runs.append(blocks.link(url(links.site, one.key), one.key))
        start = one.end
    if not runs or start < len(text):
        runs.append(blocks.words(text[start:]))
    return runs


def linked_mrkdwn(text: str, links: IssueLinks) -> str:
    """The same in mrkdwn, in which nothing else of it is markup."""
    return "".join(
        blocks.anchor(run["url"], run["text"]) if run["type"] == "link" else escape(run["text"])
        for run in linked(text, links)
    )


def _keys(text: str, links: IssueLinks) -> Iterator[Key]:
    """The keys, but those before an ellipsis: where a text was cut that may be half a key."""
    if not links.projects or "-" not in text:  # most have none, and there are hundreds
        return
    for one in keys(text, links.projects):
        if not text.startswith(ELLIPSIS, one.end):
            yield one
