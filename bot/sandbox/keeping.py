"""The world in a file, so that a later sandbox goes on where one has stopped."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.sandbox.errors import BadKeep
from bot.sandbox.jira import keeping as jira_keeping
from bot.sandbox.site import Site
from bot.sandbox.views import View
from bot.sandbox.world import Channel, File, Message, User

VERSION: Literal[1] = 1


@dataclass
class Kept:
    """What outlives a sandbox; `whole` once the demo has been played."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    now: datetime
    whole: bool
    last_stamp: int = 0
    users: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    homes: list[View] = field(default_factory=list)
    jira: jira_keeping.KeptJira | None = None
    version: Literal[1] = VERSION


_FORM = TypeAdapter(Kept)


def load(path: Path) -> Kept | None:
    """What the file holds, None where there is none; raises BadKeep."""
    try:
        return _FORM.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise BadKeep(path) from None


def save(path: Path, kept: Kept) -> None:
    """Write the file in one go: a stop half-way leaves the one before."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(_FORM.dump_json(kept))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def take(site: Site, *, whole: bool) -> Kept:
    """What is worth keeping of a world; modals close when a sandbox stops."""
    world = site.world
    return Kept(
        now=world.now(),
        whole=whole,
        last_stamp=world.last_stamp,
        users=list(world.users.values()),
        channels=list(world.channels.values()),
        files=list(world.files.values()),
        messages=[one for channel in world.channels for one in world.messages(channel)],
        homes=list(site.views.homes.values()),
        jira=jira_keeping.take(site.jira),
    )


def put_back(site: Site, kept: Kept) -> None:
    """Let a fresh world be the one that was kept."""
    world = site.world
    world.last_stamp = kept.last_stamp
    world.users = {user.id: user for user in kept.users}
    world.channels = {channel.id: channel for channel in kept.channels}
    world.files = {file.id: file for file in kept.files}
    for message in kept.messages:
        world.put(message)
    site.views.homes = {home.user: home for home in kept.homes}
    # A world that was kept before there was a Jira gets a fresh one.
    if kept.jira is not None:
        jira_keeping.put_back(site.jira, kept.jira)
