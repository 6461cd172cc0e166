"""The way in from Slack of a register's settings."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up, look_up_briefly
from bot.asking.upkeep import channels
from bot.asking.upkeep.channels import Unseen
from bot.engine.intake import Intake, Repeated
from bot.rituals.risk import settings
from bot.rituals.risk.carried import entered
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.settings_model import Kept, NoKey, Secret, SettingsTyped, SwitchedOff
from bot.rituals.risk.states import Band
from bot.rituals.risk.values import NotTheirs, Wrong
from bot.rituals.risk.views import settings as views
from bot.slack import blocks
from bot.slack.begun import as_begun, begun
from bot.slack.replies import actor, kept_back

Body = dict[str, Any]
_NEEDS_A_CHANNEL = "A risk register belongs to a channel's team."
_HELD = "The review is on its way to <#{0}>."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the screen and its buttons."""
    on = _Listeners(intake)
    app.view(views.SETTINGS)(on.kept)
    app.action(views.NEW_SECRET)(on.secret)
    app.action(views.SWITCH_OFF)(on.switch_off)
    app.action(views.HOLD)(on.hold)


async def settings_modal(intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
    """How the register of a channel's team works."""
    again = f"{intake.risk_command} settings"
    channel = await channels.look(intake, channel_id, again, _NEEDS_A_CHANNEL)
    if isinstance(channel, Unseen):
        return blocks.notice(views.TITLE, channel.why)
    await look_up(intake, [slack_id])
    found = await intake.read(
        settings.shown,
        intake.workspace_id,
        slack_id,
        channel.slack_id,
        sealed=intake.sealer is not None,
    )
    if not found.may_change:
        return views.look_modal(found, intake.team_command)
    metadata = f"{channel.slack_id} {channel.name}"
    return views.settings_modal(found, metadata, intake.team_command)


async def place_of(intake: Intake, channel_id: str) -> str | Unseen:
    """A channel's id and name, where a review can be held in it."""
    again = f"{intake.risk_command} team"
    channel = await channels.look(intake, channel_id, again, _NEEDS_A_CHANNEL)
    return channel if isinstance(channel, Unseen) else f"{channel.slack_id} {channel.name}"


async def held(intake: Intake, receipt: tuple[str, str], slack_id: str, place: str) -> str:
    """Hold a team's review now; answers what to say of it, in mrkdwn."""
    channel, _, name = place.partition(" ")
    await look_up_briefly(intake, [slack_id])
    result = await intake.take(
        receipt, settings.hold_now, intake.workspace_id, slack_id, channel, name
    )
    match result:
        case str():
            return _HELD.format(result)
        case NotTheirs():
            return views.REFUSED
        case Repeated():
            return ""
        case _:
            assert_never(result)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def kept(self, ack: AsyncAck, body: Body) -> None:
        channel, _, name = body["view"]["private_metadata"].partition(" ")
        await look_up_briefly(self._intake, [actor(body)])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            settings.keep,
            self._intake.workspace_id,
            actor(body),
            channel,
            name,
            typed(body["view"]["state"]["values"]),
            typed(begun(body["view"])),
            sealed=self._intake.sealer is not None,
        )
        match result:
            case Kept(shown):
                await ack(response_action="update", view=views.kept_modal(shown))
            case Wrong(problems):
                await ack(response_action="errors", errors=dict(problems))
            case NotTheirs():
                errors = kept_back(body["view"], views.REFUSED)
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    async def secret(self, ack: AsyncAck, body: Body) -> None:
        """A secret is made after the ack: a screen of its own shows it, once."""
        await ack()
        self._intake.front.later(body, self._show_secret(body))

    async def _show_secret(self, body: Body) -> None:
        await self._intake.front.show(body, views.TITLE, self._secret(body), on_top=True)
        await self._redraw(body)  # below it, where it now is on

    async def _secret(self, body: Body) -> dict[str, Any]:
        channel, _, name = body["view"]["private_metadata"].partition(" ")
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            settings.new_secret,
            self._intake.workspace_id,
            actor(body),
            channel,
            name,
            self._intake.sealer,
        )
        match result:
            case Secret():
                return views.secret_modal(result)
            case NotTheirs():
                return _refused()
            case NoKey() | Repeated():
                return blocks.notice(views.TITLE, "No secret was made.")
            case _:
                assert_never(result)

    async def switch_off(self, ack: AsyncAck, body: Body) -> None:
        channel, _, name = body["view"]["private_metadata"].partition(" ")
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            settings.switch_off,
            self._intake.workspace_id,
            actor(body),
            channel,
            name,
        )
        await ack()
        match result:
            case SwitchedOff() | NotTheirs() | Repeated():
                self._intake.front.later(body, self._redraw(body))
            case _:
                assert_never(result)

    async def _redraw(self, body: Body) -> None:
        """The screen as it is now; what was typed into it stays, for its inputs are the same."""
        channel = body["view"]["private_metadata"].partition(" ")[0]
        await self._intake.front.fill(body, views.TITLE, self._as_begun(body, channel))

    async def _as_begun(self, body: Body, channel: str) -> dict[str, Any]:
        return as_begun(await settings_modal(self._intake, actor(body), channel), body["view"])

    async def hold(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._intake.front.opens_on_top(body, views.TITLE, self._hold(body))

    async def _hold(self, body: Body) -> dict[str, Any]:
        receipt = ("block_actions", body["trigger_id"])
        place = body["view"]["private_metadata"]
        return blocks.notice(views.TITLE, await held(self._intake, receipt, actor(body), place))


def _refused() -> dict[str, Any]:
    """Somebody may settle this no more, or never might."""
    return blocks.notice(views.TITLE, views.REFUSED)


def typed(values: Body) -> SettingsTyped:
    """What the screen says; what was chosen before but is not offered was not chosen in it."""
    days = {band: entered(values, f"days_{band.value}", "value") for band in Band}
    return SettingsTyped(
        intervals={band: int(text) if text.isdecimal() else None for band, text in days.items()},
        categories=entered(values, "categories", "value"),
        when=When(_chosen(values, "when")),
        nth=int(_chosen(values, "nth") or 0),
        weekday=int(_chosen(values, "weekday") or -1),
        at=entered(values, "at", "selected_time"),
        checks_every=int(_chosen(values, "checks") or -1),
    )


def _chosen(values: Body, name: str) -> str:
    entry = next(iter(values[name].values()))
    value: str = (entry["selected_option"] or {"value": ""})["value"]
    return value
