"""The modals of a team and of the workspace's settings: frozen values in, Block Kit out."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from bot.asking.statuses import USUAL
from bot.asking.views import TEAM, WORKSPACE
from bot.core.content import PLAIN_INPUT, Block
from bot.core.sprints import sprint_of
from bot.core.states import Phase, Role
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.slack import blocks
from bot.teams.model import (
    LONGEST_SPRINT,
    NOT_ADMIN,
    PHASES,
    ROLES,
    Holder,
    Rules,
    TeamShown,
)

TEAM_TITLE, WORKSPACE_TITLE = "Team", "Workspace settings"
JIRA_PROJECT = "actions.project"  # a button that opens what bot.actions keeps
NONE = "none"  # chosen where there are no sprints, or no phase
NEEDS_A_CHANNEL = "A team belongs to a channel."
NOT_THEIRS = "Only owners of a ritual here and workspace admins can change this."
NOT_MEMBER = "Join this channel first: while nothing is set up here, its members can change this."
_ZONE = 100  # characters
_NAME = 60
_NAMES = 600  # characters of all with one role
_ALLOWED = Option(value="allowed", label="Owners of rituals may admit them")


def team_modal(shown: TeamShown, metadata: str, jira: str = "") -> dict[str, Any]:
    """What a channel's team keeps, to be changed; `metadata` names the channel.

    `jira` is the channel whose tickets may go there; "" where there is no Jira.
    """
    return blocks.modal(
        TEAM_TITLE,
        [
            blocks.context(_sprint(shown) or "What belongs to this channel's whole team."),
            blocks.input_block(
                "tz",
                "Time zone of the team",
                PlainTextInputElement(action_id="tz", initial_value=shown.tz, max_length=_ZONE),
                hint="As IANA writes it, such as Europe/Berlin. Sprints begin by its clock; "
                "people are asked by their own.",
            ),
            blocks.input_block(
                "start",
                "First day of any one sprint",
                _date_picker("start", shown.sprint_start),
                optional=True,
            ),
            blocks.input_block("weeks", "A sprint takes", _weeks(shown.sprint_weeks)),
            blocks.input_block("phase", "Phase of the project", _phases(shown.phase)),
            *(_role(role, shown.roles.get(role, ())) for role in Role),
            *_jira(jira),
        ],
        callback=TEAM,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def _jira(channel: str) -> Iterator[Block]:
    if channel:
        button = blocks.button("Jira project …", JIRA_PROJECT, channel)
        yield blocks.section("*Jira*\nWhere tickets of action items go.", button)


def _date_picker(action: str, chosen: date | None) -> DatePickerElement:
    initial = chosen.isoformat() if chosen is not None else None
    return DatePickerElement(action_id=action, initial_date=initial)


def _weeks(chosen: int | None) -> StaticSelectElement:
    lengths = range(1, LONGEST_SPRINT + 1)
    named = [(NONE, "No sprints"), *((str(one), _length(one)) for one in lengths)]
    return _select("weeks", named, str(chosen or NONE))


def _length(weeks: int) -> str:
    return "1 week" if weeks == 1 else f"{weeks} weeks"


def _phases(chosen: Phase | None) -> StaticSelectElement:
    named = [(NONE, "Not said"), *((one.value, words) for one, words in PHASES.items())]
    return _select("phase", named, chosen or NONE)


def _select(action: str, named: Iterable[tuple[str, str]], chosen: str) -> StaticSelectElement:
    options = [Option(value=value, label=label) for value, label in named]
    initial = next(one for one in options if one.value == chosen)
    return StaticSelectElement(action_id=action, options=options, initial_option=initial)


def _role(role: Role, holders: Iterable[Holder]) -> Block:
    who = UserMultiSelectElement(
        action_id="people", initial_users=[one.slack_id for one in holders] or None
    )
    return blocks.input_block(role_block(role), ROLES[role], who, optional=True)


def role_block(role: Role) -> str:
    """The input of a role."""
    return role.name.lower()


def team_read(shown: TeamShown, why: str) -> dict[str, Any]:
    """The same to look at, for somebody who may not change it, and why not."""
    return blocks.modal(
        TEAM_TITLE,
        [
            blocks.section(f"*Time zone*\n{escape(shown.tz)}"),
            blocks.section(f"*Sprints*\n{_sprint(shown) or 'None'}"),
            blocks.section(f"*Phase of the project*\n{_phase(shown.phase)}"),
            *_roles(shown),
            blocks.context(why),
        ],
    )


def _roles(shown: TeamShown) -> Iterator[Block]:
    for role, title in ROLES.items():
        if people := shown.roles.get(role):
            names = ", ".join(clamp(one_line(one.name), _NAME) for one in people)
            yield blocks.rich_text(
                blocks.paragraph(
                    blocks.words(title, bold=True), blocks.words(f"\n{clamp(names, _NAMES)}")
                )
            )
    if not shown.roles:
        yield blocks.section("*Roles*\nNobody has one yet.")


def _phase(phase: Phase | None) -> str:
    return "Not said" if phase is None else PHASES[phase]


def _sprint(shown: TeamShown) -> str:
    """Which sprint it is today; "" without sprints."""
    days = sprint_of(shown, shown.today)
    if days is None or not shown.sprint_weeks:
        return ""
    first, last = days
    return f"{_length(shown.sprint_weeks)} each; now *{_day(first)} to {_day(last)}*"


def _day(on: date) -> str:
    return f"{spoken_date(on)} {on.year}"


def team_kept(shown: TeamShown) -> dict[str, Any]:
    """It is kept: which sprint it is, for that is what one may have got wrong."""
    sprint = _sprint(shown)
    lines = [f"Time zone: {escape(shown.tz)}", f"Sprints: {sprint or 'none'}"]
    return blocks.notice("Saved", "\n".join([*lines, f"Phase: {_phase(shown.phase)}"]))


def workspace_modal(rules: Rules) -> dict[str, Any]:
    """What holds in the whole workspace, for its admins."""
    usual = " · ".join(f"`{one}`" for one in USUAL)
    statuses = PlainTextInputElement(
        action_id="statuses",
        multiline=True,
        max_length=PLAIN_INPUT,
        initial_value="\n".join(rules.leave_statuses or ()) or None,
    )
    guests = CheckboxesElement(
        action_id="guests",
        options=[_ALLOWED],
        initial_options=[_ALLOWED] if rules.guests_allowed else None,
    )
    return blocks.modal(
        WORKSPACE_TITLE,
        [
            blocks.input_block(
                "statuses",
                "Slack statuses of leave or illness",
                statuses,
                optional=True,
                hint="One a line: an emoji's name between colons, or words. Whoever has such a "
                "status until their day ends is not asked. Empty: the usual ones below.",
            ),
            blocks.context(f"The usual ones: {usual}"),
            blocks.input_block(
                "guests",
                "Guests from other organisations",
                guests,
                optional=True,
                hint="An admitted guest is asked like a member. Without the tick all of them are "
                "asked no more.",
            ),
        ],
        callback=WORKSPACE,
        submit="Save",
        close="Cancel",
    )


def workspace_kept(rules: Rules) -> dict[str, Any]:
    """It is kept: what holds now."""
    own = rules.leave_statuses
    counted = "the usual ones" if own is None else f"your own list of {len(own)}"
    guests = "may admit" if rules.guests_allowed else "can't admit"
    return blocks.notice(
        "Saved",
        f"Statuses that mean leave or illness: {counted}.\n"
        f"Owners of rituals {guests} guests from other organisations.",
    )


def not_admin_modal() -> dict[str, Any]:
    """Somebody who may not."""
    return blocks.notice(WORKSPACE_TITLE, NOT_ADMIN)
