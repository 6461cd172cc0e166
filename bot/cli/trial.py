"""`meridian sandbox`: a Slack workspace and the bot in one process."""

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot import demo
from bot.app import JIRA_PATH, Meridian
from bot.cli.options import Clock, Limits, Mode, Options
from bot.core.clock import Machine, MovableCalendar, SystemMachine
from bot.core.errors import Refused
from bot.db.engines import lock
from bot.db.schema import upgrade
from bot.sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, keeping
from bot.sandbox.jira import EMAIL as JIRA_EMAIL
from bot.sandbox.jira import PATH as JIRA_SITE
from bot.sandbox.jira import TOKEN as JIRA_TOKEN
from bot.sandbox.jira.seeds import furnish
from bot.sandbox.keeping import Kept
from bot.settings import Settings

_COMMANDS = ("/standup", "/team", "/actions", "/retro", "/risk")
_WORLD, _DATABASE = "world.json", "meridian.db"
_KEEP_SECONDS = 1.0
_SECRET_KEY = base64.b64encode(b"no secret: this is a sandbox ...").decode()  # 32 bytes
_HOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105 - opens nothing but this sandbox
# Where `meridian run` takes Slack's requests unless told otherwise.
_BESIDE = "http://127.0.0.1:8080/slack/events"


class NotASandbox(Refused):
    """A folder holds a database of which no sandbox knows: it may be a real one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds a {_DATABASE} that is no sandbox's. Choose another folder for --data."
        )


@asynccontextmanager
async def run(options: Options) -> AsyncIterator[Sandbox]:
    """The world, with a bot in it unless told otherwise, until the caller is done."""
    machine = SystemMachine()
    with _folder(options.data) as folder:
        kept = _kept(folder) if options.data else None
        calendar = MovableCalendar(
            machine, _start(options, machine, kept), running=options.clock is Clock.REAL
        )
        world = Sandbox(
            machine=machine,
            calendar=calendar,
            port=options.port,
            limits=options.limits is Limits.SLACK,
            commands=_COMMANDS,
            kept=kept,
        )
        if kept is None and options.demo:
            furnish(world.site.jira)
        await world.start()
        try:
            file = folder / _WORLD if options.data else None
            async with (
                _keeper(world, file, whole=kept is not None) as keep,
                _bot(options, world, calendar, folder, fresh=kept is None),
            ):
                keep()
                yield world
        finally:
            await world.stop()


@asynccontextmanager
async def _bot(
    options: Options, world: Sandbox, calendar: MovableCalendar, folder: Path, *, fresh: bool
) -> AsyncIterator[None]:
    """The bot in this process, at work; with `--no-bot` only the way to the one beside it."""
    by_http = options.mode is Mode.HTTP
    if not options.bot:
        world.request_url = _BESIDE if by_http else None
        yield
        return
    loaded = settings_for(
        world,
        f"sqlite:///{folder / _DATABASE}",
        socket_mode=not by_http,
        limits=options.limits is Limits.SLACK,
    )
    await asyncio.to_thread(upgrade, loaded.database_url)
    bot = Meridian(loaded, world.site.machine, calendar)
    try:
        await bot.start()
        connect(world, bot, by_http=by_http)
        if fresh and options.demo:
            with _at_full_speed(bot, world):
                await demo.play(bot, calendar, _present(options, world.site.machine))
                await bot.at_rest()
        world.attach(next_due=bot.next_due, at_rest=partial(_at_rest, bot, world))
        yield
    finally:
        await bot.stop()


# --- when it is


def _present(options: Options, machine: Machine) -> datetime:
    """The instant at which a fresh sandbox is handed over."""
    return options.start or demo.now_of(machine.utc().date())


def _start(options: Options, machine: Machine, kept: Kept | None) -> datetime:
    """Where calendar time begins: before the demo, or where it was."""
    now = _present(options, machine) if options.bot else options.start or machine.utc()
    if kept is not None:
        return max(kept.now, now if options.start or not options.bot else kept.now)
    return demo.begins(now) if options.bot and options.demo else now


async def _at_rest(bot: Meridian, world: Sandbox) -> int:
    """As the bot's own, at full speed."""
    with _at_full_speed(bot, world):
        return await bot.at_rest()


@contextmanager
def _at_full_speed(bot: Meridian, world: Sandbox) -> Iterator[None]:
    """Let no rate hold.

    Rates go by machine time. A calendar day that passes in a jump would take a minute of it, while
    whoever moved the clock waits; on a real day none of them is ever reached.
    """
    before = bot.limits.limited, world.site.rates.limits
    bot.limits.limited = world.site.rates.limits = False
    try:
        yield
    finally:
        bot.limits.limited, world.site.rates.limits = before


# --- what is kept


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder of the database and the world: one for good, or one that goes with the sandbox."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="meridian-") as name:
            yield Path(name)
        return
    data.mkdir(parents=True, exist_ok=True)
    held = lock(f"sqlite:///{data / _WORLD}")
    try:
        yield data
    finally:
        if held is not None:
            held.close()


def _kept(folder: Path) -> Kept | None:
    """The world as it was left; what a demo cut off half-way left is thrown away."""
    kept = keeping.load(folder / _WORLD)
    if kept is not None and kept.whole:
        return kept
    if kept is None and (folder / _DATABASE).exists():
        raise NotASandbox(folder)
    for left in folder.glob(f"{_DATABASE}*"):
        left.unlink()
    return None


@asynccontextmanager
async def _keeper(
    world: Sandbox, file: Path | None, *, whole: bool
) -> AsyncIterator[Callable[[], None]]:
    """Keeps the world from when it is told to: whenever it changes, and at the end."""
    if file is None:
        yield lambda: None
        return
    tasks: list[asyncio.Task[None]] = []
    keeping.save(file, keeping.take(world.site, whole=whole))
    try:
        yield lambda: tasks.append(asyncio.create_task(_keep(world, file)))
    finally:
        for task in tasks:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            keeping.save(file, keeping.take(world.site, whole=True))


async def _keep(world: Sandbox, file: Path) -> None:
    seen = -1
    while True:
        seen = await world.site.changes.past(seen)
        keeping.save(file, keeping.take(world.site, whole=True))
        await world.site.machine.sleep(_KEEP_SECONDS)


# --- what a person reads, and the bot


def connect(world: Sandbox, bot: Meridian, *, by_http: bool) -> None:
    """Tell the world where the bot listens, now that it does."""
    if by_http:
        world.request_url = f"{bot.web.url}/slack/events"
    hook = {"url": f"{bot.web.url}{JIRA_PATH}", "secret": _HOOK_SECRET}
    world.site.jira.webhooks.configure(hook)


def settings_for(
    world: Sandbox,
    database_url: str,
    *,
    socket_mode: bool = True,
    limits: bool = True,
    jira: bool = True,
) -> Settings:
    """Settings for a bot in this world; the environment and `.env` have no say in them."""
    is_cloud = world.site.jira.world.is_cloud
    return Settings.model_construct(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN) if socket_mode else None,
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=f"{world.url}/api/",
        slack_rates="on" if limits else "off",
        database_url=database_url,
        secret_key=SecretStr(_SECRET_KEY),
        host="127.0.0.1",
        port=0,
        log_level="warning",
        standup_command=_COMMANDS[0],
        team_command=_COMMANDS[1],
        actions_command=_COMMANDS[2],
        retro_command=_COMMANDS[3],
        risk_command=_COMMANDS[4],
        jira_url=world.jira_url if jira else None,
        jira_email=JIRA_EMAIL if jira and is_cloud else None,
        jira_token=SecretStr(JIRA_TOKEN) if jira else None,
        jira_webhook_secret=SecretStr(_HOOK_SECRET) if jira else None,
    )


def welcome(url: str, options: Options) -> str:
    """What the terminal says once the world is there."""
    if not options.bot:
        return _beside(url, options)
    kept = f"everything is kept in {options.data}" if options.data else "nothing is kept"
    who = "You are Lena in Berlin."
    if options.demo and not options.start and not options.data:
        who = "You are Lena in Berlin, who has just been asked. Answer, then move the clock."
    return (
        f"\n  Open [bold]{url}[/bold] in a browser: a Slack workspace, with Meridian in it.\n"
        f"  {who}\n"
        f"  Nothing leaves this machine, and {kept}. Ctrl-C ends it.\n"
    )


def _beside(url: str, options: Options) -> str:
    way_in = f"MERIDIAN_SLACK_APP_TOKEN={APP_TOKEN}"
    if options.mode is Mode.HTTP:
        way_in = f"MERIDIAN_SLACK_SIGNING_SECRET={SIGNING_SECRET}"
    return (
        f"\n  The sandbox is at [bold]{url}[/bold], without a bot. For one beside it, set\n"
        f"  MERIDIAN_SLACK_API_URL={url}/api/\n"
        f"  MERIDIAN_SLACK_BOT_TOKEN={BOT_TOKEN}\n"
        f"  {way_in}\n"
        f"  MERIDIAN_JIRA_URL={url}{JIRA_SITE}\n"
        f"  MERIDIAN_JIRA_EMAIL={JIRA_EMAIL}\n"
        f"  MERIDIAN_JIRA_TOKEN={JIRA_TOKEN}\n"
        "  and start `meridian run`. Ctrl-C ends it.\n"
    )
