"""`meridian check`, as far as Jira is concerned: it reads, and leaves nothing behind."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.cli.findings import Finding
from bot.core.clock import Machine
from bot.core.errors import MeridianError
from bot.core.spoken import listed
from bot.db import schema
from bot.db.engines import is_missing
from bot.db.session import Database
from bot.db.tables import JiraProject, Team
from bot.jira.errors import JiraRefused, Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import Right
from bot.settings import Settings

# What people call the rights: without the first nothing works, without the second no change that is
# made in Slack gets there, and each of the third has its own use.
_NEEDED = {
    Right.BROWSE: "read issues",
    Right.CREATE: "create issues",
    Right.ASSIGN: "assign issues",
}
_WANTED = {
    Right.EDIT: "edit issues",
    Right.MOVE: "move issues on",
    Right.SCHEDULE: "set due dates (Schedule Issues)",
}
_HELPFUL = {
    Right.LINK: (
        "In {where} it may not link issues: tickets there have no link back to Slack.",
        "Grant it “Link issues” in Jira, in the project's permissions.",
    ),
    Right.LOOK_UP: (
        "In Jira it may not look for people: what somebody owns is assigned to nobody there, and "
        "nobody can say on App Home who they are.",
        "Grant it “Browse users and groups” (on Data Center “Browse users”), in Jira's global "
        "permissions.",
    ),
}
_GRANT = "Grant it to the token's account in Jira, in the project's permissions."


@dataclass(frozen=True)
class Chosen:
    """A project into which tickets of teams go."""

    project_id: str
    key: str
    teams: tuple[str, ...]


async def look(settings: Settings, machine: Machine) -> list[Finding]:
    """Look at Jira, where it is set; never raises for what it finds."""
    if settings.jira_url is None or settings.jira_token is None:
        return []
    token = settings.jira_token.get_secret_value()
    gateway = Gateway(settings.jira_url, token, settings.jira_email)
    try:
        found = await _login(gateway, settings)
        if all(one.fine for one in found):
            found += await _projects(gateway, _chosen(settings, machine))
    finally:
        await gateway.close()
    return [*found, *_way_back(settings)]


async def _login(gateway: Gateway, settings: Settings) -> list[Finding]:
    """Which Jira it is, and whose the token."""
    try:
        server = await gateway.server()
    except MeridianError:
        todo = "Is MERIDIAN_JIRA_URL right? Is this machine online? Does a proxy stand between?"
        return [Finding(f"Jira does not answer at {settings.jira_url}.", False, todo)]
    kind = "Cloud" if server.cloud else f"Data Center {server.version}"
    if server.cloud != (settings.jira_email is not None):
        todo = (
            "Set MERIDIAN_JIRA_EMAIL to the e-mail of the token's account."
            if server.cloud
            else "Leave MERIDIAN_JIRA_EMAIL out: a personal access token is enough there."
        )
        return [Finding(f"{server.title} is Jira {kind}, which is not what is set.", False, todo)]
    return [Finding(f"Jira answers: {server.title} ({kind})."), await _account(gateway, settings)]


async def _account(gateway: Gateway, settings: Settings) -> Finding:
    try:
        account = await gateway.me()
    except Unauthorised:
        todo = (
            "Make another in your Jira profile, under Personal Access Tokens."
            if settings.jira_email is None
            else f"Make another at id.atlassian.com, logged in as {settings.jira_email}."
        )
        return Finding("Jira refuses the token.", False, todo)
    except MeridianError as error:
        return Finding("Jira does not say whose the token is.", False, str(error))
    return Finding(f"The Jira token works: it is {account.name}'s ({account.email or account.id}).")


def _chosen(settings: Settings, machine: Machine) -> list[Chosen]:
    """The projects that teams chose; none while the database has other troubles."""
    try:
        if is_missing(settings.database_url):
            return []
        database = Database(settings.database_url, machine)
        try:
            at = database.read_now(schema.revision)
            return database.read_now(chosen) if at == schema.REVISION else []
        finally:
            database.close()
    except (SQLAlchemyError, OSError):
        return []


def chosen(session: Session) -> list[Chosen]:
    """The projects that teams chose, each once, by key."""
    rows = session.execute(
        select(JiraProject.project, JiraProject.key, Team.name)
        .join(Team, Team.id == JiraProject.team_id)
        .order_by(JiraProject.key, JiraProject.project, Team.name)
    ).all()
    return [
        Chosen(project, key, tuple(name for _, _, name in group))
        for (project, key), group in groupby(rows, key=lambda row: (row[0], row[1]))
    ]


async def _projects(gateway: Gateway, projects: Sequence[Chosen]) -> list[Finding]:
    if not projects:
        return await _rights(gateway, None)
    found = [finding for one in projects for finding in await _rights(gateway, one)]
    return list(dict.fromkeys(found))  # what is missing everywhere is said once


async def _rights(gateway: Gateway, project: Chosen | None) -> list[Finding]:
    """What the token's account may do in a project, or in any where none is chosen yet."""
    where = "any project (no team has chosen one yet)" if project is None else project.key
    try:
        rights = await gateway.rights(None if project is None else project.project_id)
    except JiraRefused as error:
        teams = "" if project is None else f" of {', '.join(project.teams)}"
        todo = "Let the token's account see it, or choose another for the team."
        return [Finding(f"{where}{teams}: {error.message}", False, todo)]
    except MeridianError as error:
        return [Finding(f"{where}: Jira does not say what may be done there.", False, str(error))]
    missing = [words for right, words in _NEEDED.items() if right not in rights]
    if missing:
        return [
            Finding(
                f"In {where} the token's account may not {listed(missing, 'or')}.", False, _GRANT
            )
        ]
    fine = Finding(f"In {where} the token's account may {listed(list(_NEEDED.values()))}.")
    return [fine, *_less(where, rights)]


def _less(where: str, rights: Collection[Right]) -> Iterator[Finding]:
    """What works less well for want of a right; tickets are created all the same."""
    wished = [words for right, words in _WANTED.items() if right not in rights]
    if wished:
        what = f"In {where} it may not {listed(wished, 'or')}"
        yield Finding(f"{what}: such changes made in Slack stay in Slack.", todo=_GRANT, note=True)
    for right, (words, todo) in _HELPFUL.items():
        if right not in rights:
            yield Finding(words.format(where=where), todo=todo, note=True)


def _way_back(settings: Settings) -> Iterator[Finding]:
    if settings.jira_webhook_secret is None:
        yield Finding(
            "Changes in Jira show within five minutes, since it has no webhook to Meridian.",
            todo="Make one that leads to /jira/webhook, with a secret, and set "
            "MERIDIAN_JIRA_WEBHOOK_SECRET: they show within seconds.",
            note=True,
        )
