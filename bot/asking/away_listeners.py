"""The way in from Slack of being away and of preferences: modals, and buttons on App Home."""

import secrets
from collections.abc import Mapping
from datetime import date, time
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking import absences, away_views, countries, preferences, views
from bot.asking.absences import Entered, Listed, Request, Wrong
from bot.asking.preferences import GUESSED, Kept, NotKept
from bot.core.states import AbsenceKind
from bot.engine.intake import Intake, Repeated
from bot.slack.replies import actor

Body = dict[str, Any]
TITLE = "Away"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what these modals and buttons need."""
    on = _Listeners(intake)
    app.action(views.AWAY)(on.away)
    app.shortcut(views.AWAY)(on.away)
    app.view(views.AWAY)(on.entered)
    app.action(away_views.REMOVE)(on.removed)
    app.action(views.PREFERENCES)(on.preferences)
    app.view(views.PREFERENCES)(on.kept)


async def away_modal(intake: Intake, person: str) -> dict[str, Any]:
    """What `away` and Home's button open."""
    listed = await intake.read(absences.listed, intake.workspace_id, person)
    return away_views.away_modal(secrets.token_hex(8), person, listed)


async def _preferences_modal(intake: Intake, person: str) -> dict[str, Any]:
    shown = await intake.read(preferences.standing, intake.workspace_id, person)
    return away_views.preferences_modal(shown, countries.names())


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def away(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = away_modal(self._intake, actor(body))
        self._intake.front.opens(body, TITLE, modal)

    async def entered(self, ack: AsyncAck, body: Body) -> None:
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            absences.enter,
            self._intake.workspace_id,
            actor(body),
            _request(body["view"], actor(body)),
        )
        match result:
            case Entered():
                await ack(response_action="update", view=away_views.entered_modal(result))
            case Wrong(problems):
                errors = {name: str(problem) for name, problem in problems.items()}
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    async def removed(self, ack: AsyncAck, body: Body) -> None:
        left = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            absences.remove,
            self._intake.workspace_id,
            actor(body),
            int(body["actions"][0]["value"]),
        )
        await ack()
        if isinstance(left, Listed):
            self._intake.front.later(body, self._show_left(body["view"], actor(body), left))

    async def _show_left(self, view: Body, person: str, left: Listed) -> None:
        key = view["private_metadata"]
        shown = away_views.away_modal(key, person, left)
        await self._intake.gateway.update_view(view["id"], shown)

    async def preferences(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = _preferences_modal(self._intake, actor(body))
        self._intake.front.opens(body, "My preferences", modal)

    async def kept(self, ack: AsyncAck, body: Body) -> None:
        values = body["view"]["state"]["values"]
        chosen = values["country"]["country"].get("selected_option") or {"value": GUESSED}
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            preferences.keep,
            self._intake.workspace_id,
            actor(body),
            chosen["value"],
            values["region"]["region"].get("value") or "",
            (_time(values, "quiet_from"), _time(values, "quiet_until")),
        )
        match result:
            case Kept():
                await ack(response_action="update", view=away_views.kept_modal(result))
            case NotKept(problems):
                await ack(response_action="errors", errors=problems)
            case Repeated():
                await ack()
            case _:
                assert_never(result)


def _request(view: Mapping[str, Any], person: str) -> Request:
    """What the modal says. Who chose nobody means themselves."""
    values = view["state"]["values"]
    who = values.get("who", {}).get("who", {}).get("selected_user")
    kind = values["kind"]["kind"].get("selected_option") or {"value": AbsenceKind.OTHER}
    return Request(
        who=None if who in (None, person) else who,
        first=_date(values["first"]["first"].get("selected_date")),
        last=_date(values["last"]["last"].get("selected_date")),
        kind=AbsenceKind(kind["value"]),
        reason=values["reason"]["reason"].get("value") or "",
        key=view["private_metadata"],
    )


def _time(values: Mapping[str, Any], name: str) -> time | None:
    text = values.get(name, {}).get(name, {}).get("selected_time")
    return time.fromisoformat(text) if text else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
