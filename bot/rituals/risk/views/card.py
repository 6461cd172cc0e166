"""Reviews on the day's card and risks on App Home: a line each, with what is done most often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.content import Beside, Block
from bot.core.text import clamp, escape_clamped, one_line, spoken_date
from bot.rituals.risk.states import Status
from bot.rituals.risk.values import ChangeShown, RiskLine
from bot.rituals.risk.views import words
from bot.slack import blocks

_SHOWN = 6  # two blocks each
_ON_HOME = 6
_SAID = 100
_WHY = 300


@dataclass(frozen=True)
class DayShown:
    """What of somebody's risks stands on the card of a day."""

    due: tuple[RiskLine, ...] = ()
    done: tuple[RiskLine, ...] = ()  # reviewed on that day
    orphans: tuple[tuple[RiskLine, str], ...] = ()  # without an owner, and who left
    overdue: tuple[RiskLine, ...] = ()  # of others, for the team's risk owner
    escalated: tuple[tuple[RiskLine, ChangeShown], ...] = ()  # to the team's risk owner, and how
    missed: tuple[tuple[str, date], ...] = ()  # team reviews: channel and date, for their owner

    @property
    def is_empty(self) -> bool:
        parts = (self.due, self.done, self.orphans, self.overdue, self.escalated, self.missed)
        return not any(parts)


def beside(day: DayShown, *, today: bool) -> Beside | None:
    """All of the day's reviews together; None where there is nothing to say."""
    if day.is_empty:
        return None
    lines: list[Block] = []
    for risk in day.due[:_SHOWN]:
        lines += _due(risk)
    for escalated in day.escalated[:_SHOWN]:
        lines += _escalated(*escalated)
    lines += [_orphan(*orphan) for orphan in day.orphans[:_SHOWN]]
    if day.overdue:
        lines.append(_overdue(day.overdue))
    lines += [_missed(*missed) for missed in day.missed[:_SHOWN]]
    if day.done:
        lines.append(_done(day.done))
    more = sum(len(those[_SHOWN:]) for those in (day.due, day.escalated, day.orphans))
    return Beside(_head(day), tuple(lines), more, _summary(day) if today else "")


def _head(day: DayShown) -> Block:
    if not day.due:
        return blocks.section("*Risks*")
    counted = "1 review is due" if len(day.due) == 1 else f"{len(day.due)} reviews are due"
    show = blocks.button("Show all", words.LIST, "review", reads="Show the risks I am to review")
    return blocks.section(f"*Risks* · {counted}", show if len(day.due) > _SHOWN else None)


def _due(risk: RiskLine) -> list[Block]:
    said = f"{words.head(risk)}\n{words.facts(risk, mine=True)}"
    return [blocks.section(said), _buttons(risk)]


def _buttons(risk: RiskLine) -> Block:
    value, about = str(risk.id), words.about(risk)
    return blocks.actions(
        [
            blocks.button("Keep", words.KEEP, value, primary=True, reads=f"Keep {about}"),
            blocks.button("Rescore", words.RESCORE, value, reads=f"Rescore {about}"),
            blocks.button("More …", words.MORE, value, reads=f"More about {about}"),
            blocks.button("Open", words.SHOW, value, reads=f"Open {about}"),
        ]
    )


def _escalated(risk: RiskLine, how: ChangeShown) -> list[Block]:
    who = escape_clamped(one_line(how.who), words.NAME) or "Somebody"
    why = escape_clamped(one_line(how.why), _WHY)
    said = f"{words.head(risk)}\n*{who} wants you to look at it* ({spoken_date(how.on)}): {why}"
    return [blocks.section(f"{said}\n{words.facts(risk)}"), _buttons(risk)]


def _orphan(risk: RiskLine, left: str) -> Block:
    who = escape_clamped(one_line(left), words.NAME) or "Its owner"
    take = blocks.button("I look after it", words.TAKE, str(risk.id), reads=words.about(risk))
    return blocks.section(f"{words.head(risk)}\n*{who} left*: who looks after it now?", take)


def _overdue(risks: Sequence[RiskLine]) -> Block:
    said = [f"{words.head(one)}: {words.due(one)}, {_waits_for(one)}" for one in risks[:_SHOWN]]
    if (rest := len(risks) - _SHOWN) > 0:
        said.append(f"… and {rest} more.")
    worst, alone = risks[0], len(risks) == 1
    label = "Open" if alone else f"Open {words.number(worst)}"
    show = blocks.button(label, words.SHOW, str(worst.id), reads=f"Open {words.about(worst)}")
    return blocks.section("\n".join(["*Reviews that nobody has done*", *said]), show)


def _waits_for(risk: RiskLine) -> str:
    who = words.owner(risk)
    return f"{who} is away" if risk.away and risk.owner is not None else f"asked of {who}"


def _missed(channel: str, on: date) -> Block:
    return blocks.section(
        f"*The risk review of {spoken_date(on)} in <#{channel}> was not held*: it came too late,"
        " as Meridian was not running. Hold one now from the settings, or leave it to the next."
    )


def _done(risks: Sequence[RiskLine]) -> Block:
    said = []
    for one in risks[:_SHOWN]:
        title = escape_clamped(one_line(one.title), _SAID)
        after = "closed" if one.status is Status.CLOSED else words.due(one)
        said.append(f"✓ {words.number(one)} {title}: {after}")
    if (rest := len(risks) - _SHOWN) > 0:
        said.append(f"✓ … and {rest} more.")
    return blocks.context("\n".join(said))


def _summary(day: DayShown) -> str:
    if day.due:
        first = clamp(one_line(day.due[0].title), _SAID)
        if len(day.due) == 1:
            return f"A risk is to be reviewed: {first}"
        return f"{len(day.due)} risks are to be reviewed: {first} …"
    if day.escalated:
        return f"A risk was escalated to you: {clamp(one_line(day.escalated[0][0].title), _SAID)}"
    if day.orphans:
        return f"A risk has lost its owner: {clamp(one_line(day.orphans[0][0].title), _SAID)}"
    if day.overdue:
        return f"A risk's review is overdue: {clamp(one_line(day.overdue[0].title), _SAID)}"
    if day.missed:
        return f"The risk review of {spoken_date(day.missed[0][1])} was not held"
    return ""


def on_home(risks: Sequence[RiskLine], total: int) -> Beside | None:
    """What somebody looks after, the worst first."""
    if not risks:
        return None
    lines = [
        blocks.section(
            f"{words.head(one)}\n{words.facts(one, mine=True)}",
            blocks.button("Open", words.SHOW, str(one.id), reads=f"Open {words.about(one)}"),
        )
        for one in risks[:_ON_HOME]
    ]
    return Beside(blocks.header("My risks"), tuple(lines), more=total - len(lines))
