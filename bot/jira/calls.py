"""Calls to Jira from the loop: each in a thread, read into a value of ours; lists page by page."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.core.errors import OutcomeUnknown
from bot.jira import parsing
from bot.jira.model import Issue
from bot.jira.pool import Pool
from bot.jira.wire import Verb, Wire

PAGE = 100  # issues at once
_META_PAGE = 200  # issue types or fields at once

Read = TypeVar("Read")


class Calls:
    """One Jira, asked in threads of its own; it is Cloud where an e-mail goes with the token."""

    def __init__(self, url: str, token: str, email: str | None, timeout: float) -> None:
        self.cloud = email is not None
        self.site = url.rstrip("/")
        self._wire = Wire(self.site, token, email)
        self._pool = Pool(timeout)

    def close(self) -> None:
        """Let go of threads and connections; waits for nothing."""
        self._pool.close()
        self._wire.close()

    async def ask(
        self,
        parse: Callable[[Any], Read],
        verb: Verb,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Read:
        """One request, and what it answers as a value of ours."""

        def work() -> Read:
            answer = self._wire.ask(verb, path, params, body)
            try:
                return parse(answer)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise OutcomeUnknown from error  # JSON, but not what Jira says to this

        return await self._pool.run(work)

    async def tell(self, verb: Verb, path: str, body: Mapping[str, Any]) -> None:
        """One request whose answer says nothing."""
        await self.ask(lambda _: None, verb, path, body=body)

    async def every(
        self, parse: Callable[[Mapping[str, Any]], list[Read]], name: str, path: str
    ) -> tuple[Read, ...]:
        """All of a list that Jira tells in pages; `name` is what Cloud calls it."""

        def page(raw: Mapping[str, Any]) -> tuple[list[Read], int | None]:
            return parse(raw), _following(raw, len(parsing.listed(raw, name)))

        every: list[Read] = []
        start: int | None = 0
        while start is not None:
            params = {"startAt": start, "maxResults": _META_PAGE}
            found, following = await self.ask(page, "GET", path, params)
            if following is not None and following <= start:
                raise OutcomeUnknown  # the same page for ever
            every += found
            start = following
        return tuple(every)

    async def first(self, query: str, most: int) -> tuple[Issue, ...]:
        """What a search finds first."""
        path, body = self._search(query, most)
        return await self.ask(self._found, "POST", path, body=body)

    async def whole(self, query: str) -> tuple[Issue, ...]:
        """All that a search of Data Center finds, page by page."""

        def page(raw: Mapping[str, Any]) -> tuple[tuple[Issue, ...], int | None]:
            return self._found(raw), _following(raw, len(raw["issues"]))

        path, body = self._search(query, PAGE)
        every: list[Issue] = []
        start: int | None = 0
        while start is not None:
            found, following = await self.ask(page, "POST", path, body=body | {"startAt": start})
            if following is not None and following <= start:
                raise OutcomeUnknown  # the same page for ever
            every += found
            start = following
        return tuple(every)

    def _search(self, query: str, most: int) -> tuple[str, dict[str, Any]]:
        """Where a search is sent to, and its body."""
        body: dict[str, Any] = {"jql": query, "fields": list(parsing.FIELDS), "maxResults": most}
        if self.cloud:
            return "search/jql", body
        return "search", body | {"startAt": 0, "validateQuery": False}  # of a deleted issue's id

    def issue(self, raw: Mapping[str, Any]) -> Issue:
        """An issue, with the address under which people open it."""
        return parsing.issue(raw, self.site)

    def _found(self, raw: Mapping[str, Any]) -> tuple[Issue, ...]:
        return tuple(self.issue(one) for one in raw["issues"])


def _following(raw: Mapping[str, Any], count: int) -> int | None:
    """Where the next page begins; None after the last one."""
    following: int = raw["startAt"] + count
    return following if count and following < raw["total"] else None
