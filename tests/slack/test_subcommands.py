"""What is typed after a command, and which of its subcommands that means."""

from typing import Any

import pytest

from bot.slack.subcommands import Subcommand, Subcommands


class Typed:
    """A command that notes what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.acked: list[str] = []
        self.command = Subcommands(
            "/retro",
            {"": self._noting("bare"), "extend": self._noting("extend")},
            "What it does.",
            lambda typed: self._noting("number") if typed.isdigit() else None,
        )

    def _noting(self, name: str) -> Subcommand:
        async def seen(_ack: Any, _body: Any, rest: str) -> None:
            self.seen.append((name, rest))

        return seen

    async def ack(self, text: str) -> None:
        self.acked.append(text)

    async def type(self, text: str | None) -> None:
        await self.command.run(self.ack, {"text": text})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (None, ("bare", "")),
        ("  ", ("bare", "")),
        ("extend", ("extend", "")),
        (" Extend  4 h ", ("extend", "4 h")),
        ("12", ("number", "12")),
    ],
)
async def test_the_first_word_says_which(text: str | None, seen: tuple[str, str]) -> None:
    """In whatever case and with blanks around; what follows comes along."""
    typed = Typed()
    await typed.type(text)
    assert (typed.seen, typed.acked) == ([seen], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("help", "What it does."),
        ("12 more", "There is no `/retro 12`.\nWhat it does."),
        ("`<!here>`", "There is no `/retro '&lt;!here&gt;'`.\nWhat it does."),
    ],
)
async def test_no_such_word_is_answered_with_what_there_is(text: str, said: str) -> None:
    """Without doing anything, and with nothing in it that Slack would act upon."""
    typed = Typed()
    await typed.type(text)
    assert (typed.seen, typed.acked) == ([], [said])
