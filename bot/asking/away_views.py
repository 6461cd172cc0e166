"""The modals of being away and of one's preferences: frozen values in, Block Kit out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import (
    DatePickerElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)

from bot.asking import quiet
from bot.asking.absences import REASON, Away, Entered, Listed
from bot.asking.preferences import GUESSED, NO_COUNTRY, Kept, Preferences, Quiet
from bot.asking.views import AWAY, PREFERENCES
from bot.core.content import Block
from bot.core.states import AbsenceKind
from bot.core.text import escape, spoken_date
from bot.slack import blocks

REMOVE = "asking.absence_remove"
_SHOWN = 20
_OPTION = 75
_KINDS = {
    AbsenceKind.LEAVE: "Leave",
    AbsenceKind.ILLNESS: "Illness",
    AbsenceKind.OTHER: "Something else",
}


def away_modal(key: str, actor: str, listed: Listed) -> dict[str, Any]:
    """Where somebody says when they are away, and takes it back."""
    kinds = [Option(value=kind, label=label) for kind, label in _KINDS.items()]
    asked: list[Block] = [
        blocks.context("You are not asked on these days. Others see that you are away, not why.")
    ]
    if listed.admin:
        who = UserSelectElement(action_id="who", initial_user=actor)
        asked.append(blocks.input_block("who", "Who", who))
    asked += [
        blocks.input_block("first", "From", _picker("first", listed.today)),
        blocks.input_block("last", "To, that day included", _picker("last", listed.today)),
        blocks.input_block(
            "kind",
            "Because of",
            StaticSelectElement(action_id="kind", options=kinds, initial_option=kinds[0]),
        ),
        blocks.input_block(
            "reason",
            # Whom it concerns reads it: an admin who enters it for them must know.
            "Note, read by whoever is away alone" if listed.admin else "Note to yourself",
            PlainTextInputElement(action_id="reason", max_length=REASON),
            optional=True,
        ),
        *_listed(listed.away),
    ]
    return blocks.modal("Away", asked, callback=AWAY, submit="Save", close="Cancel", metadata=key)


def _picker(action: str, day: date) -> DatePickerElement:
    return DatePickerElement(action_id=action, initial_date=day.isoformat())


def _listed(away: Sequence[Away]) -> Iterator[Block]:
    if away:
        yield blocks.section("*Noted already*")
    for one in away[:_SHOWN]:
        days = span(one.first, one.last)
        button = blocks.button("Remove", REMOVE, str(one.absence_id), reads=f"Remove {days}")
        yield blocks.section(_words(one, days), button)
    if (rest := len(away) - _SHOWN) > 0:
        yield blocks.small(f"… and {rest} more later.")


def _words(one: Away, days: str) -> str:
    whose = f"{escape(one.name)}: " if one.name else ""
    note = f" · {escape(one.reason)}" if one.reason and one.name is None else ""
    return f"{whose}*{days}* · {_KINDS[one.kind].lower()}{note}"


def span(first: date, last: date) -> str:
    """Days as people say them: Mon 23 March to Fri 27 March."""
    if first == last:
        return spoken_date(first)
    return f"{spoken_date(first)} to {spoken_date(last)}"


def entered_modal(entered: Entered) -> dict[str, Any]:
    """It is noted: what that means."""
    whom = "You are" if entered.name is None else f"{escape(entered.name)} is"
    return blocks.notice(
        "Noted", f"{whom} away *{span(entered.first, entered.last)}*, and not asked then."
    )


def preferences_modal(shown: Preferences, names: Mapping[str, str]) -> dict[str, Any]:
    """What a person prefers; `names` are all countries, sorted, by code."""
    groups = list(_countries(shown, names))
    every = [option for group in groups for option in group.options or ()]
    chosen = next((one for one in every if one.value == shown.country), every[0])
    country = StaticSelectElement(action_id="country", option_groups=groups, initial_option=chosen)
    region = PlainTextInputElement(
        action_id="region", max_length=20, initial_value=shown.region or None
    )
    hint = "Its code, such as BY for Bavaria, where it has holidays of its own."
    return blocks.modal(
        "My preferences",
        [
            blocks.context("On public holidays of your country you are not asked."),
            blocks.input_block("country", "Country", country),
            blocks.input_block("region", "Region", region, optional=True, hint=hint),
            *_quiet(shown.quiet),
        ],
        callback=PREFERENCES,
        submit="Save",
        close="Cancel",
    )


def _quiet(hours: Quiet) -> Iterator[Block]:
    usual = f"{quiet.USUAL[0]:%H:%M} to {quiet.USUAL[1]:%H:%M}"
    hint = f"Left empty, they are {usual}. The same time twice means no quiet hours."
    yield blocks.context("In quiet hours you are reminded of nothing.")
    for name, at, otherwise in zip(("from", "until"), hours, quiet.USUAL, strict=True):
        time_shown = f"{at or otherwise:%H:%M}"
        picker = TimePickerElement(action_id=f"quiet_{name}", initial_time=time_shown)
        yield blocks.input_block(
            f"quiet_{name}",
            f"Quiet hours {name}",
            picker,
            optional=True,
            hint=hint if name == "until" else None,
        )


def kept_modal(kept: Kept) -> dict[str, Any]:
    """It is kept: what that means."""
    told = "You are asked on public holidays too."
    if kept.country:
        told = f"You are not asked on public holidays of *{escape(kept.country)}*."
    return blocks.notice("Saved", f"{told} {_reminded(kept.quiet)}")


def _reminded(hours: tuple[time, time] | None) -> str:
    if hours is None:
        return "You may be reminded at any hour."
    return f"You are not reminded from *{hours[0]:%H:%M}* to *{hours[1]:%H:%M}*."


def _countries(shown: Preferences, names: Mapping[str, str]) -> Iterator[OptionGroup]:
    """By first letter: Slack takes at most a hundred options in a group."""
    guess = f"As my time zone says: {shown.guess or 'not known'}"
    general = [(GUESSED, guess), (NO_COUNTRY, "No public holidays")]
    yield OptionGroup(label="In general", options=_options(general))
    for letter, group in groupby(names.items(), key=lambda one: one[1][0]):
        yield OptionGroup(label=letter, options=_options(list(group)))


def _options(named: Sequence[tuple[str, str]]) -> list[Option]:
    return [Option(value=code, label=name[:_OPTION]) for code, name in named]
