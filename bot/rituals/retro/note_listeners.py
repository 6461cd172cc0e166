"""The way in of notes. Of an anonymous retro nothing here says who wrote which."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.text import escape
from bot.engine.intake import Intake
from bot.rituals.retro import notes
from bot.rituals.retro.model import NoRetro, NotOnIt, Past
from bot.rituals.retro.notes import Kept, Pad
from bot.rituals.retro.views import note as views
from bot.rituals.retro.views import words
from bot.rituals.retro.views.note import Carried, NotesShown, Written
from bot.slack import blocks
from bot.slack.front import Content
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button, the form, and what can be done with a note of one's own."""
    on = _Listeners(intake)
    app.action(words.ADD)(on.add)
    app.view(views.NOTES)(on.sent)
    app.action(views.CHANGE)(on.change)
    app.action(views.DROP)(on.drop)
    app.action(views.BACK)(on.back)
    app.view(views.CLOSED)(on.seen)


async def notes_modal(intake: Intake, slack_id: str, retro_id: int) -> dict[str, Any]:
    """A new form; in an anonymous retro it knows of no note that another form wrote."""
    return await _drawn(intake, slack_id, Carried(retro_id, _token()))


def _token() -> str:
    return secrets.token_urlsafe(16)


async def _drawn(intake: Intake, slack_id: str, carried: Carried) -> dict[str, Any]:
    found = await intake.read(
        notes.pad, intake.workspace_id, slack_id, carried.retro_id, carried.tokens
    )
    match found:
        case Pad():
            return views.notes_modal(*form_of(found, carried))
        case Past() | NotOnIt() | NoRetro():
            return blocks.notice(views.TITLE, escape(words.refusal(found)))
        case _:
            assert_never(found)


def form_of(pad: Pad, carried: Carried) -> tuple[NotesShown, Carried]:
    """What is shown, and what travels with it: tokens where nothing else tells whose they are."""
    tokens = tuple(one.token for one in pad.mine) if pad.anonymous else ()
    turns = {one.token: one.turn + 1 for one in pad.mine}
    turn = turns.get(carried.token, 0)
    shown = NotesShown(
        title=pad.title,
        channel=pad.channel,
        columns=pad.columns,
        anonymous=pad.anonymous,
        window=pad.window,
        mine=tuple(Written(one.token, one.column, one.text) for one in pad.mine),
        late=pad.late,
    )
    return shown, replace(carried, tokens=tokens, late=pad.late, turn=turn)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def add(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        retro_id = int(body["actions"][0]["value"])
        modal = notes_modal(self._intake, actor(body), retro_id)
        self._intake.front.opens(body, views.TITLE, modal)

    async def sent(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        carried = views.unpacked(view["private_metadata"])
        column, text, block = views.entered(view)
        if not text:
            await ack(response_action="errors", errors={block: views.EMPTY})
            return
        result = await self._intake.take_untraced(
            notes.put,
            self._intake.workspace_id,
            actor(body),
            carried.retro_id,
            carried.token,
            column,
            text,
            turn=carried.turn,
            late=carried.late,
            receipt=("view_submission", body["trigger_id"]),
        )
        match result:
            case Kept():
                tokens = tuple(dict.fromkeys((*carried.tokens, carried.token)))
                kept = carried if carried.turn else replace(carried, begun="", column=0)
                again = replace(kept, token=_token(), tokens=tokens)
                shown = await _drawn(self._intake, actor(body), again)
            case Past():
                written = Written(carried.token, column, text)
                shown = views.too_late_modal(result, _columns(view), written, carried)
            case NotOnIt() | NoRetro():
                shown = blocks.notice(views.TITLE, escape(words.refusal(result)))
            case _:
                assert_never(result)
        await ack(response_action="update", view=shown)

    async def change(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._redraw(body, body["actions"][0]["value"])

    async def back(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._redraw(body, _token())

    def _redraw(self, body: Body, token: str) -> None:
        carried = views.unpacked(body["view"]["private_metadata"])
        if not carried.turn:  # what is typed is another note, and comes back after this one
            column, text, _block = views.entered(body["view"])
            carried = replace(carried, begun=text, column=column)
        again = replace(carried, token=token)
        self._show(body, _drawn(self._intake, actor(body), again), unless_changed=True)

    def _show(self, body: Body, modal: Content, *, unless_changed: bool = False) -> None:
        front = self._intake.front
        front.later(body, front.fill(body, views.TITLE, modal, unless_changed=unless_changed))

    async def drop(self, ack: AsyncAck, body: Body) -> None:
        carried = views.unpacked(body["view"]["private_metadata"])
        token = body["actions"][0]["value"]
        result = await self._intake.take_untraced(
            notes.drop, self._intake.workspace_id, actor(body), carried.retro_id, token
        )
        await ack()
        if isinstance(result, Past):
            self._show(body, _stays(result))
        else:
            self._redraw(body, _token())

    async def seen(self, ack: AsyncAck) -> None:
        await ack()


async def _stays(past: Past) -> dict[str, Any]:
    """What somebody took back when it was shown already."""
    return blocks.notice(views.TITLE, words.stays(past))


def _columns(view: Mapping[str, Any]) -> list[str]:
    """The columns that a form offers, in their order."""
    radios = (one for one in view["blocks"] if one.get("block_id", "").startswith("column:"))
    return [option["text"]["text"] for block in radios for option in block["element"]["options"]]
