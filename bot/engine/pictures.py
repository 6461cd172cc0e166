"""Pictures in messages: drawn of their figures, handed to Slack once, and shown by their file's id.

An upload that nobody sees may be repeated, and its id is kept by what the picture holds, so that
the same figures are drawn and sent once. Slack may refuse a file for a moment after its upload:
that is tried again, and after a minute the text goes alone and the picture follows by an edit.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.core.content import ALT_TEXT, Block, Content, Message, Picture
from bot.core.errors import MeridianError, NotSent
from bot.core.noted import noted
from bot.core.text import clamp
from bot.db.session import Database, machine_time
from bot.db.tables import Mirror, Upload
from bot.db.upsert import insert
from bot.engine.retry import TOKEN_ERRORS
from bot.pictures.child import Artist
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway

RETRY_SECONDS = 3.0
_FRESH = timedelta(seconds=60)  # so long a message waits for its picture
_EDITED_FOR = timedelta(minutes=10)  # so long a picture that is to follow is tried
_KEPT = timedelta(days=90)  # a picture that is shown anew later is drawn and sent once more
_PREPARED_SECONDS = 20.0  # with a call after it, within a lease
_REFUSALS = frozenset({"invalid_blocks", "invalid_blocks_format", "file_not_found"})

log = structlog.get_logger()


@dataclass(frozen=True)
class Ready:
    """A message as Slack takes it, and the files that it shows, by what they hold."""

    content: Content
    files: Mapping[str, str]


class Pictures:
    """Has pictures drawn, and hands them to Slack."""

    def __init__(self, database: Database, gateway: Gateway, artist: Artist) -> None:
        self._database = database
        self._gateway = gateway
        self._artist = artist

    async def ready(self, content: Content) -> Ready:
        """The message with the pictures that can be had; raises NotSent where that takes long."""
        if not isinstance(content, Message) or not content.pictures:
            return Ready(content, {})
        try:
            async with asyncio.timeout(_PREPARED_SECONDS):
                files = [await self._file(one) for one in content.pictures]
        except TimeoutError as error:
            raise NotSent from error
        shown = list(content.blocks)
        there = list(zip(content.pictures, files, strict=True))
        for picture, file_id in sorted(there, key=lambda one: one[0].after, reverse=True):
            if file_id:
                shown.insert(picture.after, _image(picture, file_id))
        known = {sha256(one): file_id for one, file_id in there if file_id}
        return Ready(replace(content, blocks=tuple(shown), pictures=()), known)

    async def _file(self, picture: Picture) -> str:
        """The id of a picture's file; "" where there is none to be had."""
        holds = sha256(picture)
        known = await self._database.read(_known, holds)
        if known is not None:
            return known
        drawn = await self._artist.draw(picture.spec)
        if drawn is None:
            return ""
        try:
            file_id = await self._gateway.upload(
                f"{picture.spec['kind']}.png", drawn, picture.title, alt=_alt(picture)
            )
        except SlackRefused as error:
            if error.code in TOKEN_ERRORS:  # it takes nothing at all, until it does again
                raise
            log.warning("Slack takes no picture; the text goes alone", error=noted(error))
            return ""
        await self._database.write(_keep, holds, file_id)
        return file_id

    async def is_fresh(self, there: Ready, *, creates: bool) -> bool:
        """Whether Slack may still come to know these files."""
        limit = _FRESH if creates else _EDITED_FOR
        return await self._database.read(_younger, list(there.files), limit)

    async def forget(self, there: Ready) -> None:
        """Slack will not know these files: they are drawn and sent anew, when next shown."""
        await self._database.write(_forget, list(there.files))


def alone(content: Content) -> Content:
    """A message without its pictures."""
    return replace(content, pictures=()) if isinstance(content, Message) else content


def follow(session: Session, *, mirror_id: int) -> None:
    """Let the pictures of a message that was sent without them follow by an edit."""
    mirror = session.get_one(Mirror, mirror_id)
    mirror.wanted += 1
    mirror.not_before = machine_time(session) + _FRESH


def is_about_a_file(error: MeridianError) -> bool:
    """Whether Slack refuses a message for a file that it shows."""
    if not isinstance(error, SlackRefused) or error.code not in _REFUSALS:
        return False
    return error.code == "file_not_found" or "slack_file" in error.detail


def sha256(picture: Picture) -> str:
    """What a picture holds, in short."""
    told: dict[str, Any] = {"spec": picture.spec, "alt": picture.alt}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _image(picture: Picture, file_id: str) -> Block:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": _alt(picture)}


def _alt(picture: Picture) -> str:
    return clamp(picture.alt, ALT_TEXT)


def _known(session: Session, holds: str) -> str | None:
    return session.scalar(select(Upload.file_id).where(Upload.sha256 == holds))


def _keep(session: Session, holds: str, file_id: str) -> None:
    row = {"sha256": holds, "file_id": file_id, "uploaded_at": machine_time(session)}
    statement = insert(session, Upload).on_conflict_do_update(index_elements=["sha256"], set_=row)
    session.connection().execute(statement, [row])


def _younger(session: Session, holds: list[str], limit: timedelta) -> bool:
    since: datetime = machine_time(session) - limit
    found = select(Upload.sha256).where(Upload.sha256.in_(holds), Upload.uploaded_at > since)
    return session.scalar(found.limit(1)) is not None


def _forget(session: Session, holds: list[str]) -> None:
    session.execute(delete(Upload).where(Upload.sha256.in_(holds)))


def forget_old(session: Session) -> None:
    """Forget the files of pictures that few messages still show; they stay in Slack."""
    since: datetime = machine_time(session) - _KEPT
    session.execute(delete(Upload).where(Upload.uploaded_at < since))
