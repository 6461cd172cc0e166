"""Modals in a stack per person, and each person's Home tab."""

import copy
from dataclasses import dataclass, field

from bot.sandbox import values
from bot.sandbox.blocks import check_view, elements_of
from bot.sandbox.errors import SlackError
from bot.sandbox.world import APP_ID, BOT_ID, TEAM_ID, Json, World, new_id

STACK = 3


@dataclass
class View:
    """A modal or a Home tab as one person has it before them."""

    id: str
    user: str
    kind: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    entered: values.Entered = field(default_factory=dict)
    current: values.Here | None = None
    """The conversation that the person had before them when they opened it."""

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.content.get("external_id", ""))

    def state(self) -> Json:
        return values.state(self.blocks, self.entered, self.current)

    def json(self, *, with_state: bool = True) -> Json:
        """The view as Slack's payloads and answers tell it."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": self.content.get("private_metadata", ""),
            "callback_id": self.content.get("callback_id", ""),
            "state": self.state() if with_state else {"values": {}},
            "hash": self.hash,
            "title": self.content.get("title"),
            "clear_on_close": self.content.get("clear_on_close", False),
            "notify_on_close": self.content.get("notify_on_close", False),
            "close": self.content.get("close"),
            "submit": self.content.get("submit"),
            "submit_disabled": self.content.get("submit_disabled", False),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": APP_ID,
            "external_id": self.external_id,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


class Views:
    """Everybody's views."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.shown: dict[str, int] = {}

    def top(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, content: Json, channel: str | None = None) -> View:
        """A modal in place of whatever stack the person had open, who looks at this channel."""
        self._check(user, content)
        view = self._new(user, content)
        place = self._world.channels.get(channel or "")
        view.current = None if place is None else values.here(self._world, place)
        self.stacks[user] = [view]
        self._mark(user)
        return view

    def push(self, user: str, content: Json) -> View:
        """A modal on top of the one in hand."""
        stack = self.stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        self._check(user, content)
        view = self._new(user, content, root=stack[0].root, previous=stack[-1].id)
        view.current = stack[-1].current
        stack.append(view)
        self._mark(user)
        return view

    def update(self, view: View, content: Json, hash_: str | None = None) -> View:
        """New content for an open modal; what is shown stays where its input does."""
        if hash_ is not None and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._check(view.user, content, view)
        self._replace(view, content)
        self._mark(view.user)
        return view

    def publish(self, user: str, content: Json, hash_: str | None = None) -> View:
        """The person's Home tab."""
        check_view(content, "home")
        home = self.homes.get(user)
        if home is None:
            home = self._new(user, content)
            self.homes[user] = home
            return home
        if hash_ is not None and hash_ != home.hash:
            raise SlackError("hash_conflict")
        self._replace(home, content)
        return home

    def find(self, view_id: str | None, external_id: str | None) -> View:
        for view in self._all_open():
            if view_id == view.id or (external_id and external_id == view.external_id):
                return view
        raise SlackError("not_found")

    def clear(self, user: str) -> None:
        self.stacks.pop(user, None)

    def _all_open(self) -> list[View]:
        return [view for stack in self.stacks.values() for view in stack]

    def _check(self, user: str, content: Json, own: View | None = None) -> None:
        check_view(content, "modal")
        external_id = content.get("external_id")
        if external_id and any(
            view.external_id == external_id and view is not own for view in self._all_open()
        ):
            raise SlackError("duplicate_external_id")

    def _new(
        self, user: str, content: Json, root: str | None = None, previous: str | None = None
    ) -> View:
        view_id = new_id("V")
        return View(
            view_id,
            user,
            content["type"],
            with_ids(content),
            self._hash(),
            root or view_id,
            previous,
        )

    def _replace(self, view: View, content: Json) -> None:
        shown = view.state()["values"]
        view.content = with_ids(content)
        view.entered = values.carried(shown, view.blocks)
        view.hash = self._hash()

    def _mark(self, user: str) -> None:
        self.shown[user] = self.shown.get(user, 0) + 1

    def _hash(self) -> str:
        return f"{self._world.seconds()}.{new_id('')[:8]}"


def with_ids(content: Json) -> Json:
    """A copy in which every block and element has its id, as Slack fills them in."""
    content = copy.deepcopy(content)
    for block in content["blocks"]:
        block.setdefault("block_id", new_id("")[:5])
    for _, element in elements_of(content["blocks"]):
        element.setdefault("action_id", new_id("")[:5])
    return content
