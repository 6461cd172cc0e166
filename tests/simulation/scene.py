"""The scene of a run: who is in Slack and Jira, and what was set up before it begins."""

from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.actions import projects
from bot.actions.projects import Chosen
from bot.asking.upkeep import setup as upkeep
from bot.asking.upkeep.model import Plan as RitualPlan
from bot.core.cadence import Cadence
from bot.core.clock import Calendar
from bot.db.tables import Person, Workspace
from bot.rituals.retro.model import KIND as RETRO
from bot.rituals.retro.model import Config as RetroConfig
from bot.rituals.standup import setup
from bot.rituals.standup.model import Config, Layout, Reveal
from bot.sandbox import BOT_TOKEN, BOT_USER_ID, SIGNING_SECRET, SUBSCRIBED, TEAM_ID
from bot.sandbox.jira import Deployment
from bot.sandbox.jira.aurora import DATA, ML
from bot.sandbox.jira.schemes import TASK
from bot.sandbox.jira.world import EMAIL, TOKEN, Account
from bot.sandbox.site import Site, build
from bot.sandbox.world import User
from bot.settings import Settings
from bot.teams.teams import team_of
from tests.simulation import cast
from tests.simulation.borders.jira import SECRET, URL
from tests.simulation.cast import Board, Setting, Somebody, Standup
from tests.simulation.machine.loop import LoopMachine
from tests.simulation.scene_of_risks import KEY, open_register

_PROJECTS = {"ML": (ML, "Churn model"), "DATA": (DATA, "Data platform")}


def outside(setting: Setting, machine: LoopMachine, calendar: Calendar) -> Site:
    """Slack and Jira, with those who are in them."""
    board = setting.board
    site = build(
        machine,
        calendar,
        limits=True,
        commands=("/standup", "/team", "/actions", "/retro", "/risk"),
        shortcuts=(),
        deployment=Deployment.CLOUD if board is None or board.cloud else Deployment.SERVER,
    )
    site.events.subscriptions = set(SUBSCRIBED)
    site.jira.url = URL
    if board is not None and board.hooked:
        site.jira.webhooks.configure({"url": "http://meridian", "secret": SECRET})
    world = site.world
    for one in setting.people:
        made = User(one.id, one.name.lower(), one.name, one.zone, display_name=one.name)
        made.is_admin, made.email = one.is_admin, one.email
        world.users[one.id] = made
        if board is not None:
            _open_account(site, one, board.account(one.id))
    for channel in world.channels.values():
        channel.members = [BOT_USER_ID, *(one.id for one in setting.people)]
    return site


def _open_account(site: Site, one: Somebody, kind: cast.Account) -> None:
    """Let Jira know somebody, as far as it does."""
    if kind is cast.Account.NONE:
        return
    jira = site.jira.world
    made = Account(f"account-{one.name}", one.name.lower(), f"KEY{one.name}", one.name, one.email)
    made.hidden = kind is cast.Account.HIDDEN
    jira.accounts[made.id] = made
    if kind is cast.Account.UNASSIGNABLE:
        for project in jira.projects.values():
            project.unassignable.add(made.id)


def settings(url: str, board: Board | None) -> Settings:
    """The bot's settings."""
    with_jira: dict[str, Any] = {
        "jira_url": URL,
        "jira_token": SecretStr(TOKEN),
        "jira_email": EMAIL if board is not None and board.cloud else None,
        "jira_webhook_secret": SecretStr(SECRET),
    }
    return Settings.model_construct(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=None,
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=None,
        slack_rates="on",
        database_url=url,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        standup_command="/standup",
        team_command="/team",
        actions_command="/actions",
        retro_command="/retro",
        risk_command="/risk",
        secret_key=SecretStr(KEY),
        **(with_jira if board is not None else {}),
    )


def set_up(session: Session, setting: Setting, machine_time: datetime) -> None:
    """What SQL holds before the bot's first life."""
    workspace = Workspace(slack_id=TEAM_ID, name="Aurora ML", bot_user=BOT_USER_ID)
    session.add(workspace)
    session.flush()
    session.add_all(_known(one, workspace.id, machine_time) for one in setting.people)
    session.flush()
    _begin_retros(session, setting, workspace.id)
    if setting.register is not None:
        open_register(session, setting.start, workspace.id, setting.register)
    for one in setting.standups:
        setup.start(session, setting.start, workspace.id, one.owner, _plan_of(one))
        for channel, key in setting.board.projects if setting.board is not None else ():
            if channel == one.channel:
                _choose_project(session, setting.start, workspace.id, one, key)


def _begin_retros(session: Session, setting: Setting, workspace_id: int) -> None:
    retro = setting.retro
    if retro is None:
        return
    plan = RitualPlan(
        channel=retro.channel,
        channel_name="data-quality",
        members=retro.members,
        cadence=Cadence(weekdays=retro.weekdays, at=retro.at, zone=retro.zone),
        key=retro.title,
        title=retro.title,
        config=RetroConfig(
            open_minutes=retro.open_minutes,
            remind_minutes=0,
            sort_minutes=retro.sort_minutes,
            vote_minutes=retro.vote_minutes,
            discuss_minutes=retro.discuss_minutes,
            votes=retro.votes,
            anonymous=retro.anonymous,
            facilitator=retro.facilitator,
        ),
        owner=retro.owner,
    )
    upkeep.start(session, setting.start, RETRO, team_of, workspace_id, retro.owner, plan)


def _choose_project(
    session: Session, at: datetime, workspace_id: int, one: Standup, key: str
) -> None:
    number, name = _PROJECTS[key]
    chosen = Chosen(number, key, name, TASK, "Task", {})
    projects.keep(
        session, at, workspace_id, one.owner, one.channel, one.title.lower(), chosen, member=True
    )


def _known(one: Somebody, workspace_id: int, at: datetime) -> Person:
    """Somebody of whom Slack has been asked already."""
    return Person(
        workspace_id=workspace_id,
        slack_id=one.id,
        name=one.name,
        tz=one.zone,
        email=one.email,
        is_admin=one.is_admin,
        refreshed_at=at,
    )


def _plan_of(one: Standup) -> setup.Plan:
    return setup.Plan(
        channel=one.channel,
        channel_name=one.title.lower(),
        members=one.members,
        cadence=Cadence(weekdays=one.weekdays, at=one.at, zone=one.zone),
        key=one.title,
        title=one.title,
        config=Config(
            open_minutes=one.open_minutes,
            remind_minutes=one.remind_minutes,
            reveal=Reveal.AT_CLOSE if one.at_close else Reveal.AT_ONCE,
            layout=Layout.REPLIES if one.replies else Layout.LINES,
        ),
        owner=one.owner,
    )
