"""The command line: meridian sandbox | run | migrate | check | timetable | backup."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import commands

app = typer.Typer(
    name="meridian",
    help="A self-hosted Slack bot for async stand-ups of teams spread over time zones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(help="Where the page is served; 0 takes any free port.")
    ] = 8765,
    no_bot: Annotated[
        bool, typer.Option("--no-bot", help="Only the world, for a bot run beside it.")
    ] = False,
    limits: Annotated[
        str, typer.Option(help="on, or off: no rate limits, for throughput runs.")
    ] = "on",
    empty: Annotated[
        bool, typer.Option("--empty", help="Without the demo team's stand-up.")
    ] = False,
) -> None:
    """Try the bot in a Slack workspace of its own, in the browser. Nothing is kept."""
    if limits not in {"on", "off"}:
        raise typer.BadParameter("--limits is on or off")
    commands.sandbox(port=port, with_bot=not no_bot, limits=limits == "on", with_demo=not empty)


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
