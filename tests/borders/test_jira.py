"""Jira's answers, bent: each call ends in a value of the promised types, or in our own error."""

import dataclasses
import json
from collections.abc import Collection
from enum import Enum
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from bot.core.errors import MeridianError
from bot.jira.gateway import Gateway
from tests.borders.bending import bent
from tests.borders.house import Here
from tests.jira.conftest import EMAIL, TOKEN
from tests.jira.test_spec import CASES

_MANY = 40  # requests that one call may make of answers as short as these


class _Bending(BaseAdapter):
    """Whatever is asked, it answers the same reply, bent."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance
        self.reply: Any = None
        self.status = 200
        self.asked = 0
        self.said = b""

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        self.asked += 1
        assert self.asked < _MANY, f"it asks without an end: {self.said!r}"
        made = Response()
        made.status_code, made.request, made.url = self.status, request, str(request.url)
        made._content = self.said
        return made

    def bend(self) -> None:
        self.asked = 0
        payload = bent([self.reply], self._chance)[0]
        said = json.dumps(payload[0] if payload else None).encode(errors="surrogatepass")
        self.said = said if self._chance.random() < 0.95 else said[: len(said) // 2]

    def close(self) -> None:
        pass


@pytest.mark.timeout(300)
@pytest.mark.parametrize("email", [EMAIL, None], ids=["cloud", "data center"])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("count", [40, pytest.param(4000, marks=pytest.mark.exhaustive)])
async def test_a_bent_answer_of_jira_is_read_or_refused(
    name: str, email: str | None, count: int
) -> None:
    """Never another exception, nothing half-read, and no end that does not come."""
    ask, _verb, _path, reply = CASES[name]
    chance = Random(name)  # noqa: S311 - chance that is repeated
    gateway, jira = Gateway("http://127.0.0.1:1", TOKEN, email), _Bending(chance)
    gateway._calls._pool = Here()
    gateway._calls._wire._built()._session.mount("http://", jira)
    jira.reply = reply.json
    for _ in range(count):
        jira.status = chance.choice((reply.status, reply.status, reply.status, 400, 404, 500))
        jira.bend()
        try:
            read = await ask(gateway)
        except MeridianError:
            continue
        assert untyped(read) is None, f"{untyped(read)}: {jira.said!r}"
    await gateway.close()


def untyped(value: object) -> str | None:
    """What of a value is not of the type that its class promises."""
    if isinstance(value, Collection) and not isinstance(value, (str, bytes)):
        return next(filter(None, map(untyped, value)), None)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return None
    hints = get_type_hints(type(value))
    for field in dataclasses.fields(value):
        held = getattr(value, field.name)
        if not _is_of(held, hints[field.name]):
            return f"{type(value).__name__}.{field.name} is {held!r}"
        if (inner := untyped(held)) is not None:
            return inner
    return None


def _is_of(value: object, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_is_of(value, one) for one in args)
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(_is_of(one, args[0]) for one in value)
    if isinstance(value, str) and not isinstance(value, Enum):
        return hint is str and _is_whole(value)
    return isinstance(value, hint if isinstance(hint, type) else NoneType)


def _is_whole(text: str) -> bool:
    """Whether no half of a surrogate pair is in it, which no database takes."""
    return text == text.encode(errors="replace").decode()
