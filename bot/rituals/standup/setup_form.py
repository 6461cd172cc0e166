"""What stands in the setup screen, and what it means; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep.forms import usual_problems
from bot.asking.upkeep.times import ZONE_INPUT as ZONE_INPUT
from bot.asking.upkeep.times import skipped as skipped
from bot.asking.upkeep.times import zone_typed
from bot.core.cadence import Cadence
from bot.core.text import one_line
from bot.rituals.standup.model import TITLE, Config, Layout, Reveal
from bot.rituals.standup.own_questions import BadQuestions, parse, written
from bot.rituals.standup.questions import TEMPLATES, Question, Template

QUESTIONS_INPUT = 2000
HOURS = tuple(range(1, 25))
REMINDERS = (0, 30, 60, 120)  # minutes before it closes; 0: none
EVERY = (1, 2, 3, 4, 6, 8)  # weeks
_BOTH = "Choose either every few weeks, or weeks of the month; not both."
Field = str
"""The name of an input."""


@dataclass(frozen=True)
class Form:
    """What stands in the setup screen. To begin with, what most teams want."""

    members: tuple[str, ...] = ()  # Slack ids
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    at: str = "09:30"
    title: str = TITLE
    zone: str = ""  # "": each person's own
    every: int = 1
    nth: tuple[int, ...] = ()
    open_minutes: int = 8 * 60
    remind_minutes: int = 60
    template: Template = Template.AI_ML
    questions: str = ""  # one's own, as typed
    reveal: Reveal = Reveal.AT_ONCE
    layout: Layout = Layout.LINES


@dataclass(frozen=True)
class Meant(upkeep.Meant[Config]):
    """What a form means."""


Settings = upkeep.Settings[Form, Config]
"""A stand-up as it is set."""


def filled(title: str, cadence: Cadence, config: Config, members: tuple[str, ...]) -> Form:
    """The form of a stand-up as it is."""
    own = config.template is Template.OWN
    return Form(
        members=members,
        weekdays=cadence.weekdays,
        at=f"{cadence.at:%H:%M}",
        title=title,
        zone=cadence.zone or "",
        every=cadence.every_weeks,
        nth=cadence.nth,
        open_minutes=config.open_minutes,
        remind_minutes=config.remind_minutes,
        template=config.template,
        questions=written(config.questions) if own else "",
        reveal=config.reveal,
        layout=config.layout,
    )


def meaning(
    form: Form, today: date, cadence: Cadence | None = None, config: Config | None = None
) -> Meant | Mapping[Field, str]:
    """What a form means, or what is wrong with it by field.

    With what the stand-up was before: its weeks go on being counted from the same one, and its
    questions keep their keys.
    """
    problems = dict(_problems(form))
    there = zone_typed(form.zone)
    questions = _questions(form, config.questions if config else ())
    if isinstance(questions, str):
        problems["questions"] = questions
    if problems or isinstance(questions, str):
        return problems
    anchor = today if form.every > 1 else None
    if anchor and cadence and cadence.every_weeks == form.every:
        anchor = cadence.anchor
    return Meant(
        title=one_line(form.title),
        cadence=Cadence(
            weekdays=form.weekdays,
            at=time.fromisoformat(form.at),
            every_weeks=form.every,
            anchor=anchor,
            nth=form.nth,
            zone=there,
        ),
        config=Config(
            open_minutes=form.open_minutes,
            remind_minutes=form.remind_minutes,
            template=form.template,
            questions=questions,
            reveal=form.reveal,
            layout=form.layout,
        ),
    )


def questions_of(form: Form) -> tuple[Question, ...] | str:
    """What a form asks, or what is wrong with its own questions."""
    return _questions(form, ())


def note(form: Form, at: datetime) -> str:
    """What is said under the time of a form, where there is something to say."""
    there = zone_typed(form.zone)
    if there is None or not form.at or not form.weekdays or (form.nth and form.every > 1):
        return ""
    plain = Cadence(
        weekdays=form.weekdays, at=time.fromisoformat(form.at), nth=form.nth, zone=there
    )
    return skipped(plain, at)


def _problems(form: Form) -> Mapping[Field, str]:
    found = usual_problems(form)
    if not form.weekdays:
        found["days"] = "Choose at least one day."
    if form.nth and form.every > 1:
        found["nth"] = _BOTH
    if form.remind_minutes and form.remind_minutes >= form.open_minutes:
        found["remind"] = "It isn't open that long: choose a shorter time, or none."
    return found


def _questions(form: Form, earlier: tuple[Question, ...]) -> tuple[Question, ...] | str:
    if form.template is not Template.OWN:
        return TEMPLATES[form.template]
    try:
        return parse(form.questions, earlier)
    except BadQuestions as refused:
        return refused.message
