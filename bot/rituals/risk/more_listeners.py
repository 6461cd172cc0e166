"""The ways in from Slack of checks, of the portfolio, and of the export."""

import secrets
from collections.abc import Mapping
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up, look_up_briefly
from bot.asking.upkeep import channels
from bot.asking.upkeep.channels import Unseen
from bot.core.states import Role
from bot.core.text import one_line
from bot.engine.intake import Intake, Repeated
from bot.rituals.risk import checks, forms, modals
from bot.rituals.risk.carried import Carried, entered
from bot.rituals.risk.checks_model import QUESTIONS, Approved, CheckTyped, Made, NoRole
from bot.rituals.risk.lists import export, portfolio
from bot.rituals.risk.lists.portfolio import Named
from bot.rituals.risk.lists.portfolio_model import NotLeader
from bot.rituals.risk.states import CheckKind, Said
from bot.rituals.risk.values import Gone, Origin, Wrong
from bot.rituals.risk.views import checks as check_views
from bot.rituals.risk.views import form
from bot.rituals.risk.views import portfolio as portfolio_views
from bot.slack import blocks
from bot.slack.begun import begun
from bot.slack.errors import SlackRefused
from bot.slack.replies import actor, afterwards

Body = dict[str, Any]
_NEEDS_A_CHANNEL = "A check belongs to a channel's team."
_GONE = "That check is no longer there."
_NO_FILES = (
    "Slack lets Meridian hand over no files: the app needs the scope files:write. Whoever "
    "installed it can add that and install it again."
)


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register all of it."""
    on = _Listeners(intake)
    for action in check_views.OPEN:
        app.action(action)(on.check)
    app.view(check_views.FORM)(on.checked)
    app.action(check_views.FROM_CHECK)(on.make)
    for action in check_views.APPROVE:
        app.action(action)(on.approve)
    app.view(portfolio_views.PORTFOLIO)(on.named)
    app.action(portfolio_views.EARLIER)(on.earlier)
    app.action(portfolio_views.NEXT)(on.next)


async def check_modal(intake: Intake, channel_id: str, kind: CheckKind | None) -> dict[str, Any]:
    """The form of a check for a channel's team, or the question which one."""
    channel = await channels.look(
        intake, channel_id, f"{intake.risk_command} check", _NEEDS_A_CHANNEL
    )
    if isinstance(channel, Unseen):
        return blocks.notice(check_views.TITLE, channel.why)
    place = f"{channel.slack_id} {channel.name}"
    if kind is None:
        return check_views.choose_modal(place)
    roles = await intake.read(checks.roles_of, intake.workspace_id, channel.slack_id)
    return check_views.check_modal(kind, roles, f"{kind.value} {secrets.token_hex(8)} {place}")


async def portfolio_modal(intake: Intake, slack_id: str, number: int = 0) -> dict[str, Any]:
    """All teams' worst risks, for those who may see them."""
    await look_up(intake, [slack_id])
    found = await intake.read(portfolio.portfolio, intake.workspace_id, slack_id, number)
    if isinstance(found, NotLeader):
        return blocks.notice(portfolio_views.TITLE, portfolio_views.NOT_LEADER)
    return portfolio_views.portfolio_modal(found)


async def send_export(intake: Intake, body: Body) -> None:
    """Hand a team's register over, in the direct message with whoever asks."""
    made = await intake.read(export.export, intake.workspace_id, body["channel_id"])
    place = await intake.gateway.open_dm(actor(body))
    title = f"{made.total} {'risk' if made.total == 1 else 'risks'}"
    of = f"{title} of {one_line(made.team)}" if made.team else title
    try:
        for suffix, data, kind in (("csv", made.csv, "CSV"), ("md", made.markdown, "Markdown")):
            name = f"{made.name}.{suffix}"
            await intake.gateway.upload(name, data, f"{of}: {kind}", channel=place)
    except SlackRefused as error:
        if error.code not in {"missing_scope", "not_allowed_token_type"}:
            raise
        await intake.gateway.respond(body["response_url"], _NO_FILES)
        return
    said = f"{title} as CSV and Markdown: in your direct message with Meridian."
    await intake.gateway.respond(body["response_url"], said)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    # --- checks

    async def check(self, ack: AsyncAck, body: Body) -> None:
        """From the question which one, or from a team review's message."""
        await ack()
        view, action = body.get("view"), body["actions"][0]["action_id"]
        in_channel = (body.get("channel") or {}).get("id", "")
        channel = view["private_metadata"].split(" ")[0] if view else in_channel
        modal = check_modal(self._intake, channel, check_views.OPEN[action])
        title = check_views.TITLE
        if view:
            self._intake.front.later(body, self._intake.front.fill(body, title, modal))
        else:
            self._intake.front.opens(body, title, modal)

    async def checked(self, ack: AsyncAck, body: Body) -> None:
        kind, key, channel, *name = body["view"]["private_metadata"].split(" ")
        await look_up_briefly(self._intake, [actor(body)])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            checks.make,
            self._intake.workspace_id,
            actor(body),
            channel,
            " ".join(name),
            key,
            _typed(CheckKind(kind), body["view"]["state"]["values"]),
        )
        match result:
            case Made() | Repeated():
                await ack()
            case Wrong(problems):
                await ack(response_action="errors", errors=dict(problems))
            case _:
                assert_never(result)

    async def make(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        check_id, _, question = body["actions"][0]["selected_option"]["value"].partition(" ")
        modal = self._risk_modal(actor(body), int(check_id), question)
        self._intake.front.opens_on_top(body, form.NEW_TITLE, modal)

    async def _risk_modal(self, slack_id: str, check_id: int, question: str) -> dict[str, Any]:
        intake = self._intake
        found = await intake.read(checks.concern, intake.workspace_id, check_id, question)
        if isinstance(found, Gone):
            return blocks.notice(form.NEW_TITLE, _GONE)
        origin = Origin(
            modals.new_key(), found.channel, found.team, check_id=check_id, question=question
        )
        category = next(
            one.category for each in QUESTIONS.values() for one in each if one.key == question
        )
        typed = forms.in_category(forms.of_words(found.text, slack_id), category)
        carried = Carried(here=found.channel)
        return await modals.new(intake, slack_id, origin, carried, typed, "From a check")

    async def approve(self, ack: AsyncAck, body: Body) -> None:
        action = body["actions"][0]
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            checks.approve,
            self._intake.workspace_id,
            actor(body),
            int(action["value"]),
            check_views.APPROVE[action["action_id"]],
        )
        await ack()
        match result:
            case Approved() | Repeated():
                return
            case NoRole(roles):
                said = check_views.refused(roles)
            case Gone():
                said = _GONE
            case _:
                assert_never(result)
        self._intake.front.later(body, afterwards(self._intake.gateway, body, said))

    # --- the portfolio

    async def named(self, ack: AsyncAck, body: Body) -> None:
        chosen = _leaders(body["view"]["state"]["values"])
        await look_up_briefly(self._intake, chosen)
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            portfolio.name_leaders,
            self._intake.workspace_id,
            actor(body),
            chosen,
            _leaders(begun(body["view"])),
        )
        match result:
            case Named(people):
                who = "Admins alone" if not people else f"{people} named beside the admins"
                said = f"{who} can open the portfolio now."
                view = blocks.notice(portfolio_views.TITLE, said)
                await ack(response_action="update", view=view)
            case NotLeader():
                view = blocks.notice(portfolio_views.TITLE, portfolio_views.NOT_LEADER)
                await ack(response_action="update", view=view)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    async def earlier(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._turn(body, -1)

    async def next(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._turn(body, 1)

    def _turn(self, body: Body, by: int) -> None:
        number = int(body["view"]["private_metadata"] or 0) + by
        modal = portfolio_modal(self._intake, actor(body), number)
        title = portfolio_views.TITLE
        self._intake.front.later(body, self._intake.front.fill(body, title, modal))


def _leaders(values: Mapping[str, Any]) -> list[str]:
    return values["leaders"]["leaders"].get("selected_users") or []


def _typed(kind: CheckKind, values: Mapping[str, Any]) -> CheckTyped:
    answers: dict[str, tuple[Said | None, str]] = {}
    for one in QUESTIONS[kind]:
        entry: Mapping[str, Any] = next(iter(values.get(one.key, {}).values()), {})
        chosen = entry.get("selected_option")
        said = Said(chosen["value"]) if chosen else None
        answers[one.key] = said, entered(values, f"{check_views.NOTE}{one.key}", "value")
    approvers: Mapping[str, Any] = values.get("approvers", {})
    ticked = [one for entry in approvers.values() for one in entry.get("selected_options") or ()]
    return CheckTyped(
        kind=kind,
        about=entered(values, "about", "value"),
        answers=answers,
        approvers=tuple(Role(one["value"]) for one in ticked),
    )
