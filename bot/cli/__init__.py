"""The command line: meridian sandbox | run | migrate | check | timetable | backup."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import commands
from bot.cli.options import Clock, Limits, Mode, Options, instant

app = typer.Typer(
    name="meridian",
    help="A self-hosted Slack bot for stand-ups, retros and risks of teams over time zones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served; 0 takes any free port.")
    ] = 8765,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep everything in this folder, and go on from there."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="INSTANT",
            help="Where calendar time begins, such as 2026-03-30T07:00:00Z; else on a Thursday.",
        ),
    ] = None,
    clock: Annotated[
        Clock, typer.Option(help="real: it runs on, and may be moved. manual: it is only moved.")
    ] = Clock.REAL,
    mode: Annotated[Mode, typer.Option(help="How Slack reaches the bot.")] = Mode.SOCKET,
    limits: Annotated[
        Limits, typer.Option(help="off: no rate limits, for throughput runs.")
    ] = Limits.SLACK,
    no_bot: Annotated[
        bool, typer.Option("--no-bot", help="Only the world, for a bot run beside it.")
    ] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Without the demo team.")] = False,
) -> None:
    """Try the bot in a Slack workspace of its own, in the browser."""
    commands.sandbox(
        Options(port, data, start, clock, mode, limits, bot=not no_bot, demo=not no_demo)
    )


@app.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    commands.run()


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    commands.migrate()


@app.command()
def check() -> None:
    """Say what is wrong with this installation, and what to do about it."""
    commands.check()


@app.command()
def timetable(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days ahead.")] = 14,
    person: Annotated[
        str | None, typer.Option(help="Only this person: a name, or a Slack id.")
    ] = None,
) -> None:
    """Show who is asked what and when, in their zone and in UTC, or why not."""
    commands.timetable(days, person)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
) -> None:
    """Write a consistent copy of the database, while the bot runs or not."""
    commands.backup(file)


def main() -> None:
    """The console script's entry point."""
    app()
