"""`meridian check`: each finding with what to do about it."""

from collections.abc import Iterator
from importlib import metadata
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.cli import jira_checks
from bot.cli.findings import Finding
from bot.core.cadence import instant
from bot.core.clock import Machine, SystemCalendar
from bot.core.errors import MeridianError
from bot.core.states import MirrorKind, Outcome
from bot.db import schema
from bot.db.engines import is_missing
from bot.db.session import Database
from bot.db.tables import Mirror, Timer
from bot.settings import Settings
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway, Identity
from bot.slack.scopes import HISTORY_SCOPES, SCOPES, TELLS_EMAILS

_CLOCK_SECONDS = 60  # Slack's signatures are good for five minutes


async def run(settings: Settings, machine: Machine) -> list[Finding]:
    """Look at everything; never raises for what it finds."""
    findings = list(_database(settings, machine))
    gateway = Gateway(
        settings.slack_bot_token.get_secret_value(),
        SystemCalendar(machine),
        settings.slack_api_url,
    )
    await gateway.open()
    try:
        findings += await _slack(gateway, settings)
    finally:
        await gateway.close()
    findings += await jira_checks.look(settings, machine)
    return [*findings, _zones()]


def _database(settings: Settings, machine: Machine) -> Iterator[Finding]:
    if is_missing(settings.database_url):
        yield Finding("There is no database yet.", False, "Run `meridian migrate`.")
        return
    aside = 0
    try:
        database = Database(settings.database_url, machine)
        at = database.read_now(schema.revision)
        if at == schema.REVISION:
            aside = database.read_now(set_aside)
        database.close()
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        yield Finding(
            f"The database can't be opened: {reason}", False, "Look at MERIDIAN_DATABASE_URL."
        )
        return
    if at == schema.REVISION:
        yield Finding(f"The database is at revision {at}.")
    else:
        where = "has no tables" if at is None else f"is at revision {at}, not {schema.REVISION}"
        yield Finding(f"The database {where}.", False, "Run `meridian migrate`.")
    if aside:
        yield Finding(
            f"Set aside, since they failed: {aside} timed steps or messages.",
            False,
            "The log says why; please report it.",
        )


def set_aside(session: Session) -> int:
    """How many timers and mirrors failed and are parked, or put off: defects, told in the log.

    A ticket that Jira refuses is none: somebody was told, and can mend it.
    """
    put_off = Timer.error.is_not(None) & Timer.consumed_at.is_(None)
    failed = Timer.parked_at.is_not(None) | put_off
    timers = select(func.count()).select_from(Timer).where(failed)
    ours = (Mirror.outcome == Outcome.PARKED) & (Mirror.kind != MirrorKind.ISSUE)
    mirrors = select(func.count()).select_from(Mirror).where(ours)
    return (session.scalar(timers) or 0) + (session.scalar(mirrors) or 0)


async def _slack(gateway: Gateway, settings: Settings) -> list[Finding]:
    try:
        identity = await gateway.identity()
    except SlackRefused as error:
        todo = "Copy the bot token (xoxb-…) again from OAuth & Permissions on api.slack.com."
        return [Finding(f"Slack refuses the bot token: {error.code}.", False, todo)]
    except MeridianError:
        todo = "Is this machine online? Does a proxy stand between?"
        return [Finding("Slack can't be reached.", False, todo)]
    known = Finding(f"The bot token works in {identity.team_name}.")
    scopes = _scopes(identity, jira=settings.jira_url is not None)
    return [known, *scopes, _clock(identity), await _way_in(gateway, settings)]


def _scopes(identity: Identity, *, jira: bool) -> Iterator[Finding]:
    missing = SCOPES.keys() - identity.scopes
    needed = missing - HISTORY_SCOPES - {TELLS_EMAILS}
    if needed:
        yield Finding(
            f"Scopes are missing: {', '.join(sorted(needed))}.",
            False,
            "Add them under OAuth & Permissions (deploy/slack-app-manifest.yaml lists them), "
            "then install the app again.",
        )
    if missing & HISTORY_SCOPES:
        yield Finding(
            "The app can't read messages (lean manifest).",
            todo="A message whose sending was cut off is reported to its owner, never sent again.",
            note=True,
        )
    if TELLS_EMAILS in missing:
        yield Finding(
            "The app can't see e-mail addresses.",
            todo=f"People are found in Jira by name alone; {TELLS_EMAILS} would help."
            if jira
            else "Without Jira it has no use of them.",
            note=jira,
        )
    if not missing:
        yield Finding("All scopes of the manifest are granted.")


def _clock(identity: Identity) -> Finding:
    seconds = round(abs(identity.skew.total_seconds()))
    if seconds <= _CLOCK_SECONDS:
        return Finding("This machine's clock agrees with Slack's.")
    side = "behind" if identity.skew.total_seconds() > 0 else "ahead of"
    return Finding(
        f"This machine's clock is {seconds} s {side} Slack's.",
        False,
        "Have it keep time (systemd-timesyncd, chrony): people would be asked at the wrong time.",
    )


async def _way_in(gateway: Gateway, settings: Settings) -> Finding:
    token = settings.slack_app_token
    if token is None:
        return Finding(
            f"Slack comes in by HTTP, at {settings.host}:{settings.port}/slack/events.",
            todo="The request URLs of the app must lead there over https.",
            note=True,
        )
    try:
        await gateway.open_socket(token.get_secret_value())
    except SlackRefused as error:
        todo = "It needs the scope connections:write (Basic Information, App-Level Tokens)."
        return Finding(f"Slack refuses the app-level token: {error.code}.", False, todo)
    except MeridianError:
        return Finding("Socket Mode can't be reached.", False, "Is this machine online?")
    return Finding("The app-level token works: Slack comes in by Socket Mode.")


def _zones() -> Finding:
    """Whether the zone data is there, and knows a change of the clocks."""
    from datetime import date, time

    count = len(available_timezones())
    berlin = ZoneInfo("Europe/Berlin")
    summer = instant(date(2026, 7, 1), time(12), berlin)
    if count < 400 or summer.hour != 10:
        return Finding(
            f"The time zone data is damaged ({count} zones).", False, "Install tzdata again."
        )
    return Finding(f"Time zones: {count}, package tzdata {metadata.version('tzdata')}.")
