"""The screen of a register's settings, and the one that shows a new secret."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import TimePickerElement

from bot.core.cadence import LAST
from bot.core.content import Block
from bot.core.spoken import DAYS, NTH
from bot.core.text import clamp, escape, one_line
from bot.rituals.risk.model import LEAST, LONGEST
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.settings_model import Secret, SettingsShown
from bot.rituals.risk.states import Band
from bot.rituals.risk.views import words
from bot.slack import blocks, inputs

SETTINGS = "risk.settings"
NEW_SECRET, HOLD = "risk.settings.secret", "risk.settings.hold"
SWITCH_OFF = "risk.settings.switch_off"
TITLE = "Risk settings"
_WHEN: Mapping[str, str] = {
    When.NEVER: "Only when somebody asks for it",
    When.MONTHLY: "Once a month",
    When.SPRINT: "On the last working day of each sprint",
}
_CHECKS = {
    "0": "Only when somebody asks for one",
    "1": "With each team review",
    "2": "With every second one",
    "3": "With every third one",
    "6": "With every sixth one",
    "12": "With every twelfth one",
}
REFUSED = "Only the team's risk owner, owners of a ritual here and workspace admins can do that."
_NOT_YOURS = "The team's risk owner, owners of a ritual here and workspace admins can change this."


def settings_modal(shown: SettingsShown, metadata: str, team_command: str) -> dict[str, Any]:
    """How a team's register works, to be changed."""
    made = [*_owners(shown, team_command), *_intervals(shown), *_categories(shown)]
    made += [*_review(shown), *_hook(shown)]
    return blocks.modal(
        TITLE, made, callback=SETTINGS, submit="Save", close="Cancel", metadata=metadata
    )


def _owners(shown: SettingsShown, team_command: str) -> Iterator[Block]:
    if shown.risk_owners:
        names = ", ".join(clamp(one_line(one), words.NAME) for one in shown.risk_owners)
        yield blocks.context(f"Risk owner: *{escape(names)}*. `{team_command}` names another.")
    else:
        yield blocks.context(
            f":warning: This team has no risk owner: `{team_command}` names one. Overdue reviews "
            "and risks whose owner left go to them."
        )


def _intervals(shown: SettingsShown) -> Iterator[Block]:
    yield blocks.header("Days between reviews")
    below = 26
    for band in Band:
        span = f"score {LEAST[band]} to {below - 1}"
        below = LEAST[band]
        element = inputs.number_input("days", str(shown.intervals[band]), least=1, most=LONGEST)
        element.is_decimal_allowed = False
        yield blocks.input_block(f"days_{band.value}", f"{words.BANDS[band]} ({span})", element)


def _categories(shown: SettingsShown) -> Iterator[Block]:
    typed = blocks.text_input("categories", "\n".join(shown.categories))
    label = "Categories of your own"
    hint = "One a line, beside the usual six."
    yield blocks.input_block("categories", label, typed, optional=True, hint=hint)


def _review(shown: SettingsShown) -> Iterator[Block]:
    yield blocks.header("Team review")
    when = inputs.radio("when", _WHEN, shown.when)
    yield blocks.input_block("when", f"A thread in #{shown.team}", when)
    named = {str(one): NTH[one].capitalize() for one in (1, 2, 3, 4, LAST)}
    nth = inputs.menu("nth", named, str(shown.nth))
    yield blocks.input_block("nth", "Once a month: which one", nth)
    days = {str(number): day for number, day in enumerate(DAYS)}
    yield blocks.input_block(
        "weekday", "Once a month: which day", inputs.menu("weekday", days, str(shown.weekday))
    )
    picker = TimePickerElement(action_id="at", initial_time=f"{shown.at:%H:%M}")
    yield blocks.input_block("at", f"At, by the clock of {shown.tz}", picker)
    checks = inputs.menu("checks", _CHECKS, str(shown.checks_every))
    yield blocks.input_block("checks", "Feasibility and release checks are due", checks)
    yield blocks.actions([blocks.button("Hold one now", HOLD, "now")], "hold")


def _hook(shown: SettingsShown) -> Iterator[Block]:
    yield blocks.header("Alerts from monitors")
    if not shown.hook_works:
        yield blocks.section(
            "Off: whoever runs Meridian has to set `MERIDIAN_SECRET_KEY` first, since a secret is "
            "kept sealed."
        )
        return
    if not shown.has_secret:
        said = "Off: make a secret, and monitors such as Alertmanager can tell of drift."
        yield blocks.section(said, blocks.button("Make a secret", NEW_SECRET, "secret"))
        return
    yield blocks.section(
        f"Monitors post to `/hooks/risk/{shown.public_id}` at Meridian's address. The secret was "
        f"made by {escape(one_line(shown.secret_told))}; it is shown to nobody again."
    )
    another = blocks.sure(
        "Make a new secret?",
        "The one before is good no more: monitors are turned away until they have the new one.",
        "Make a new one",
    )
    end = blocks.sure(
        "Switch alerts off?",
        "Monitors are turned away, and the secret is forgotten. To switch them on again, make a "
        "new one.",
        "Switch off",
    )
    buttons = [
        blocks.button("Make a new secret", NEW_SECRET, "secret", asks=another),
        blocks.button("Switch off", SWITCH_OFF, "off", reads="Switch alerts off", asks=end),
    ]
    yield blocks.actions(buttons, "hook")


def look_modal(shown: SettingsShown, team_command: str) -> dict[str, Any]:
    """The same to look at."""
    days = " · ".join(
        f"{words.BANDS[band].lower()} every {'day' if number == 1 else words.days(number)}"
        for band, number in shown.intervals.items()
    )
    own = ", ".join(shown.categories) or "none"
    return blocks.modal(
        TITLE,
        [
            blocks.section(f"*Reviews*\n{days}"),
            blocks.section(f"*Categories of its own*\n{escape(clamp(one_line(own), 1500))}"),
            blocks.section(f"*Team review*\n{_WHEN[shown.when]}"),
            blocks.context(f"{_NOT_YOURS} `{team_command}` names the risk owner."),
        ],
    )


def kept_modal(shown: SettingsShown) -> dict[str, Any]:
    """It is kept: what holds now."""
    days = ", ".join(
        f"{words.BANDS[band].lower()} {number}" for band, number in shown.intervals.items()
    )
    said = [f"Days between reviews: {days}.", f"Team review: {_when(shown)}."]
    if shown.checks_every:
        often = _CHECKS.get(str(shown.checks_every), f"With every {shown.checks_every}th one")
        said.append(f"Feasibility and release checks are due {often[0].lower()}{often[1:]}.")
    if shown.categories:
        own = clamp(", ".join(map(one_line, shown.categories)), 1500)
        said.append(f"Categories beside the usual six: {escape(own)}.")
    return blocks.notice("Saved", "\n".join(said))


def _when(shown: SettingsShown) -> str:
    match shown.when:
        case When.NEVER:
            return "only when somebody asks for it"
        case When.MONTHLY:
            day = f"{NTH[shown.nth]} {DAYS[shown.weekday]}"
            return f"on the {day} of each month at {shown.at:%H:%M} ({escape(shown.tz)})"
        case When.SPRINT:
            return f"on each sprint's last working day at {shown.at:%H:%M} ({escape(shown.tz)})"


def secret_modal(made: Secret) -> dict[str, Any]:
    """A new secret, shown this once."""
    return blocks.modal(
        "New secret",
        [
            blocks.section("Copy it now: it is kept sealed, and shown to nobody again."),
            blocks.section(f"Address, after Meridian's own:\n`/hooks/risk/{made.public_id}`"),
            blocks.section(f"Secret:\n`{made.secret}`"),
            blocks.context(
                "As a Bearer token, or to sign with. *docs/risks.md* has examples for "
                "Alertmanager and curl. The secret before this one is good no more."
            ),
        ],
    )
