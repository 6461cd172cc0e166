"""The setup screen's way in from Slack: opened, drawn anew, and submitted; for any kind."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from re import Pattern
from typing import Any, Generic, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up, look_up_briefly
from bot.asking.upkeep import channels, screen_views, setup, words
from bot.asking.upkeep.channels import Unseen
from bot.asking.upkeep.kinds import Kind
from bot.asking.upkeep.model import (
    C,
    Exists,
    F,
    Gone,
    NotOwner,
    Outsiders,
    Place,
    Settings,
    SetupShown,
    Started,
    Typed,
    Wrong,
)
from bot.asking.upkeep.setup import Upkeep
from bot.asking.upkeep.state import (
    Fields,
    block_of,
    channel_of,
    owner_of,
    packed,
    place_of,
    read,
)
from bot.engine.intake import Intake, Repeated
from bot.slack import blocks
from bot.slack.begun import as_begun, begun
from bot.slack.replies import actor, under_inputs

Body = dict[str, Any]
_LOOKING = "One moment: Meridian is looking at that channel still. Please press Start again."
_BARRED = "This channel won't do yet: what to do stands below."
_AGAIN = "press *Look again*"


def _nothing(_session: Session, _at: datetime, _workspace_id: int, _channel: str) -> None:
    return None


@dataclass(frozen=True)
class Screen(Generic[F, C]):
    """One kind's setup screen: what it asks, how it looks, and what it does."""

    kind: Kind
    upkeep: Upkeep[F, C]
    blank: F
    form_of: Callable[[Mapping[str, Any]], F]
    fields: Fields
    draw: Callable[[SetupShown[F], str], dict[str, Any]]
    look: Callable[[Settings[F, C]], dict[str, Any]]
    note: Callable[[F, datetime], str]  # about the time
    needs_a_channel: str
    command: Callable[[Intake], str]
    redrawn_for: tuple[
        str | dict[str, str | Pattern[Any]], ...
    ] = ()  # its own inputs that redraw it
    known: Callable[[Session, datetime, int, str], Any] = _nothing
    """What else the database knows of a workspace and a channel, that the form depends on."""
    fitted: Callable[[F, Any], F] = lambda form, _known: form
    named: Callable[[F], Sequence[str]] = lambda _form: ()
    """Whom the inputs of its own name, by Slack id."""

    # --- what stands in it

    def was(self, view: Mapping[str, Any]) -> dict[str, Any]:
        """What a screen of settings began with, by field, and the owner."""
        first = {"state": {"values": begun(view)}}
        return {**read(first, self.fields), "owner": owner_of(first)}

    # --- what the screen is filled with

    async def setup_modal(self, intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
        """What `setup` opens: the pre-filled screen for the channel, or its settings.

        Where there is no channel, the screen asks for one.
        """
        if not channel_id or channel_id.startswith("D"):
            return await self._drawn(intake, SetupShown(Place(_key(), picks=True), self.blank))
        shown = await self._for_channel(intake, slack_id, Place(_key()), channel_id, self.blank)
        if isinstance(shown, Unseen):
            return blocks.notice(self.kind.title, shown.why)
        return shown if isinstance(shown, dict) else await self._drawn(intake, shown)

    async def settings_modal(self, intake: Intake, slack_id: str, ritual_id: int) -> dict[str, Any]:
        """A ritual's settings, for those who may change them; others look."""
        await look_up(intake, [slack_id])  # a workspace admin may change what another set up
        found = await self.settings(intake, slack_id, ritual_id)
        return self.gone(intake) if isinstance(found, Gone) else await self._of(intake, found)

    async def settings(
        self, intake: Intake, slack_id: str, ritual_id: int
    ) -> Settings[F, C] | Gone:
        """A ritual as it is set."""
        return await intake.read(self.upkeep.settings, intake.workspace_id, slack_id, ritual_id)

    def gone(self, intake: Intake) -> dict[str, Any]:
        """It was deleted meanwhile."""
        return blocks.notice(self.kind.title, words.gone(self.kind, self.command(intake)))

    async def _of(self, intake: Intake, found: Settings[F, C]) -> dict[str, Any]:
        if not found.may_change:
            return self.look(found)
        place = Place(_key(), found.channel, found.channel_name, found.ritual_id, more=True)
        note = self.note(found.form, intake.calendar.now())
        shown = SetupShown(place, found.form, note=note, owner=found.owner, paused=found.paused)
        return await self._drawn(intake, shown)

    async def _for_channel(
        self, intake: Intake, slack_id: str, place: Place, channel_id: str, form: F
    ) -> SetupShown[F] | dict[str, Any] | Unseen:
        """The screen for a channel: filled with its people, or the settings of what it has."""
        again = f"{self.command(intake)} setup"
        then = _AGAIN if place.picks else ""
        channel = await channels.look(intake, channel_id, again, self.needs_a_channel, then)
        if isinstance(channel, Unseen):
            return channel
        await look_up(intake, [slack_id])
        place = replace(place, channel=channel.slack_id, channel_name=channel.name)
        standing = await intake.read(
            self.upkeep.settings_in, intake.workspace_id, slack_id, channel.slack_id
        )
        if standing is not None and not place.picks:
            return await self._of(intake, standing)
        if standing is not None:
            barred = replace(place, channel="", barred=channel.slack_id)
            return SetupShown(barred, _with(form, ()), taken=standing.ritual_id)
        members = await intake.gateway.channel_members(channel.slack_id)
        people = [one for one in members if one != intake.bot_user]
        await look_up(intake, people)
        askable = await intake.read(setup.askable, intake.workspace_id, people)
        return SetupShown(place, _with(form, tuple(askable)))

    async def redrawn(
        self,
        intake: Intake,
        view: Mapping[str, Any],
        slack_id: str,
        *,
        more: bool = False,
        said: str = "",
    ) -> dict[str, Any]:
        """The screen anew, with all that stands in it now."""
        place, form = place_of(view), self.form_of(view)
        place = replace(place, more=place.more or more)
        note = self.note(form, intake.calendar.now())
        shown = SetupShown(place, form, note=note, owner=owner_of(view), said=said)
        if place.ritual_id is None:
            return await self._drawn(intake, shown)
        found = await self.settings(intake, slack_id, place.ritual_id)
        if isinstance(found, Gone):
            return self.gone(intake)
        shown = replace(shown, paused=found.paused, owner=shown.owner or found.owner)
        return as_begun(await self._drawn(intake, shown), view)

    async def chosen(
        self, intake: Intake, view: Mapping[str, Any], slack_id: str
    ) -> dict[str, Any]:
        """The screen with the people of the channel that was chosen, or why it won't do."""
        chosen = channel_of(view)
        place = replace(place_of(view), channel="", channel_name="", barred="")
        form = self.form_of(view)
        shown = await self._for_channel(intake, slack_id, place, chosen, form)
        if isinstance(shown, Unseen):
            barred = replace(place, barred=chosen)
            shown = SetupShown(barred, _with(form, ()), refusal=shown.why)
        return shown if isinstance(shown, dict) else await self._drawn(intake, shown)

    async def _drawn(self, intake: Intake, shown: SetupShown[F]) -> dict[str, Any]:
        if self.known is not _nothing:
            place = shown.place
            known = await intake.read(self.known, intake.workspace_id, place.channel)
            shown = replace(shown, form=self.fitted(shown.form, known))
        return self.draw(shown, packed(shown.place))

    # --- the way in

    def listen(self, app: AsyncApp, intake: Intake) -> None:
        """Register the setup screen's listeners."""
        on = _Listeners(self, intake)
        app.view(self.kind.setup)(on.submitted)
        app.action(self.kind.more)(on.more)
        app.action(self.kind.settings)(on.settings)
        app.action(self.kind.channel)(on.channel)
        app.action(self.kind.look_again)(on.channel)
        app.action(self.kind.zone)(on.entered)
        app.action(self.kind.template)(on.entered)
        for one in self.redrawn_for:
            app.action(one)(on.entered)


def _with(form: F, members: tuple[str, ...]) -> F:
    return replace(form, members=members)  # type: ignore[type-var]  # a dataclass, as Form says


def _key() -> str:
    return secrets.token_hex(8)


class _Listeners(Generic[F, C]):
    def __init__(self, screen: Screen[F, C], intake: Intake) -> None:
        self._screen = screen
        self._intake = intake
        self._front = intake.front

    # --- drawn anew, with all that is typed

    async def more(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._redraw(body, more=True))

    async def entered(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._redraw(body))

    async def _redraw(self, body: Body, *, more: bool = False) -> None:
        """Show what else is to be asked, or told, of what stands in the screen now."""
        shown = await self._screen.redrawn(self._intake, body["view"], actor(body), more=more)
        await self._intake.gateway.update_view(body["view"]["id"], shown)

    async def channel(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._choose(body))

    async def _choose(self, body: Body) -> None:
        shown = await self._screen.chosen(self._intake, body["view"], actor(body))
        await self._intake.gateway.update_view(body["view"]["id"], shown)

    async def settings(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        ritual_id = int(body["actions"][0]["value"])
        modal = self._screen.settings_modal(self._intake, actor(body), ritual_id)
        self._front.opens_in_place(body, self._screen.kind.title, modal)

    # --- submitted

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        view, kind = body["view"], self._screen.kind
        typed = self._typed(view)
        if problems := _of_channel(view, typed):
            await ack(response_action="errors", errors=problems)
            return
        named = [one for one in (typed.owner, *self._screen.named(typed.form)) if one]
        await look_up_briefly(self._intake, [actor(body), *typed.form.members, *named])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            self._screen.upkeep.submit,
            self._intake.workspace_id,
            actor(body),
            typed,
        )
        match result:
            case Started():
                self._intake.look_people_up()
                told = screen_views.started_modal(kind, typed.channel, result)
                await ack(response_action="update", view=told)
            case Wrong(wrong):
                await ack(response_action="errors", errors=under_inputs(view, wrong))
            case NotOwner(owner):
                errors = under_inputs(view, {"members": words.not_owner(kind, owner)})
                await ack(response_action="errors", errors=errors)
            case Exists():
                told = screen_views.exists_modal(
                    kind, result.channel, result.owner, result.ritual_id
                )
                await ack(response_action="update", view=told)
            case Gone():
                await ack(response_action="update", view=self._screen.gone(self._intake))
            case Outsiders(names):
                errors = under_inputs(view, {"members": words.outsiders(names)})
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    def _typed(self, view: Mapping[str, Any]) -> Typed[F]:
        place = place_of(view)
        return Typed(
            key=place.key,
            channel=place.channel,
            channel_name=place.channel_name,
            ritual_id=place.ritual_id,
            form=self._screen.form_of(view),
            owner=owner_of(view),
            was={} if place.ritual_id is None else self._screen.was(view),
        )


def _of_channel(view: Mapping[str, Any], typed: Typed[F]) -> dict[str, str]:
    """What is wrong with the channel that is chosen on the screen."""
    if block_of(view, "channel") is None:
        return {}
    chosen = channel_of(view)
    if not chosen:
        return {"channel": "Choose a channel."}
    if chosen == place_of(view).barred:
        return {"channel": _BARRED}
    return {} if chosen == typed.channel else {"channel": _LOOKING}
