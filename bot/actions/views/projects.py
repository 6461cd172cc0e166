"""The modal of where a team's tickets go: frozen values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ExternalDataSelectElement, Option

from bot.actions.views import fields as field_views
from bot.core.content import Block
from bot.core.text import clamp, escape, escape_clamped, one_line
from bot.jira.model import Field, IssueType, Project
from bot.slack import blocks, inputs

FORM = "actions.project_form"
SEARCH = "actions.project_search"
TYPE = "actions.project_type"
ORDER = "actions.order_tickets"
TITLE = "Jira project"
NO_PROJECT = "Choose a project."
NO_TYPE = "Wait a moment for its issue types, then choose one."
PROJECT_BLOCK, TYPE_BLOCK = "project", "type"
_NAME = 60
_OPTION = 75


@dataclass(frozen=True)
class Offered:
    """What Jira offers: once a project is chosen its types, once a type is its fields."""

    project: Project | None = None
    types: Sequence[IssueType] = ()
    issue_type: str = ""  # the id of the one that is chosen
    fields: Sequence[Field] = ()  # that Jira wants


def project_modal(channel: str, offered: Offered, metadata: str) -> dict[str, Any]:
    """Project, issue type, and what that asks for."""
    return blocks.modal(
        TITLE,
        [
            blocks.context(f"Where the tickets of <#{channel}> go. Those that exist stay."),
            _project_input(offered.project),
            *_type_input(offered),
            *field_views.field_inputs(offered.fields),
            *_fixed(offered),
        ],
        callback=FORM,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def _project_input(chosen: Project | None) -> Block:
    menu = ExternalDataSelectElement(
        action_id=SEARCH,
        placeholder="Type its name or key",
        initial_option=project_option(chosen) if chosen is not None else None,
        min_query_length=0,
    )
    block = blocks.input_block(PROJECT_BLOCK, "Project", menu)
    return {**block, "dispatch_action": True}


def project_option(project: Project) -> Option:
    """A project to choose; its value says all that is kept of it but its name."""
    room = _OPTION - len(project.key) - 3
    label = f"{clamp(one_line(project.name), room)} ({project.key})"
    return Option(value=f"{project.id} {project.key}", label=label)


def chosen_project(option: dict[str, Any]) -> Project:
    """The project of an option that was chosen."""
    project_id, _, key = option["value"].partition(" ")
    return Project(project_id, key, option["text"]["text"].removesuffix(f" ({key})"))


def _type_input(offered: Offered) -> Iterator[Block]:
    if offered.project is None:
        return
    named = {one.id: clamp(one_line(one.name), _OPTION) for one in offered.types[:100]}
    if not named:
        yield blocks.section("Jira lets Meridian create nothing in this project.")
        return
    menu = inputs.menu(TYPE, named, offered.issue_type)
    # Another project is another block: Slack keeps what is chosen in one that stays.
    block = blocks.input_block(f"{TYPE_BLOCK} {offered.project.id}", "Issue type", menu)
    yield {**block, "dispatch_action": True}


def _fixed(offered: Offered) -> Iterator[Block]:
    if any(map(field_views.can_ask, offered.fields)):
        yield blocks.context("This is set on every ticket of this team.")


def kept_modal(channel: str, project: Project, type_name: str, without: int, place: str) -> Any:
    """It is kept; and what is open may have tickets too. `place` travels with the button."""
    name = escape_clamped(one_line(project.name), _NAME)
    kind = escape_clamped(one_line(type_name), _NAME)
    said = f"Tickets of <#{channel}> go to *{name}* ({escape(project.key)}) now, as {kind}."
    made: list[Block] = [blocks.section(said)]
    if without:
        label = "Create a ticket for 1 open item"
        if without > 1:
            label = f"Create tickets for {without} open items"
        made.append(blocks.actions([blocks.button(label, ORDER, place, primary=True)]))
    return blocks.modal("Saved", made)


def ordered_modal(count: int) -> dict[str, Any]:
    """They are on their way."""
    if not count:
        return blocks.notice(TITLE, "All open items have a ticket by now.")
    what = "1 ticket is" if count == 1 else f"{count} tickets are"
    return blocks.notice(TITLE, f"{what} being made. Each item shows its key once it has one.")


def look_modal(channel: str, project: Project | None, type_name: str, why: str) -> dict[str, Any]:
    """Where tickets go, for somebody who may not change that."""
    where = f"Tickets of <#{channel}> go nowhere yet."
    if project is not None:
        name = escape_clamped(one_line(project.name), _NAME)
        kind = escape_clamped(one_line(type_name), _NAME)
        where = f"Tickets of <#{channel}> go to *{name}* ({escape(project.key)}), as {kind}."
    return blocks.modal(TITLE, [blocks.section(where), blocks.context(escape(why))])
