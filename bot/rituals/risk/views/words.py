"""How risks are spoken of, and the names of their buttons."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.rituals.risk.model import Trend, band, score
from bot.rituals.risk.states import Act, Band, MitigationState, Response, Status
from bot.rituals.risk.values import Gone, IsClosed, NotTheirs, Refusal, RiskLine, Settled

TITLE = "Risks"
LIST, ADD, SHOW = "risk.list", "risk.add", "risk.show"
KEEP, RESCORE, MORE = "risk.keep", "risk.rescore", "risk.more"
EDIT, REOPEN, TAKE, MITIGATION = "risk.edit", "risk.reopen", "risk.take", "risk.mitigation"
ACTION_ITEM = "risk.action_item"
FROM_MESSAGE = "risk.from_message"  # the shortcut on a message
FROM_BLOCKER = "risk.from_blocker"
ADDED, CHANGED, CLOSED = "is in the register", "is changed", "is closed"  # of a risk, once saved
KEPT, REOPENED = "stays as it is", "is open again"
BANDS: Mapping[Band, str] = {
    Band.CRITICAL: "Critical",
    Band.HIGH: "High",
    Band.MEDIUM: "Medium",
    Band.LOW: "Low",
}
SIGNS: Mapping[Band, str] = {
    # Of different shapes, for whoever sees no difference between the colours.
    Band.CRITICAL: ":octagonal_sign:",
    Band.HIGH: ":large_orange_diamond:",
    Band.MEDIUM: ":small_orange_diamond:",
    Band.LOW: ":white_small_square:",
}
STATUSES: Mapping[Status, str] = {
    Status.OPEN: "open",
    Status.MITIGATING: "mitigating",
    Status.ACCEPTED: "accepted",
    Status.CLOSED: "closed",
}
RESPONSES: Mapping[Response, str] = {
    Response.AVOID: "Avoid: do it another way",
    Response.REDUCE: "Reduce: make it less likely, or less bad",
    Response.TRANSFER: "Transfer: somebody else bears it",
    Response.ACCEPT: "Accept: live with it, knowingly",
}
MITIGATIONS: Mapping[MitigationState, str] = {
    MitigationState.PLANNED: "planned",
    MitigationState.UNDER_WAY: "under way",
    MitigationState.DONE: "done",
}
_ACTS: Mapping[Act, str] = {
    Act.RAISED: "raised it",
    Act.KEPT: "kept it as it is",
    Act.RESCORED: "rescored it",
    Act.MITIGATED: "is mitigating it",
    Act.ACCEPTED: "accepted it",
    Act.ESCALATED: "escalated it",
    Act.SNOOZED: "put its review off",
    Act.CLOSED: "closed it",
    Act.REOPENED: "reopened it",
    Act.EDITED: "changed it",
    Act.LEFT: "Its owner left",
    Act.ALERTED: "A monitor told of it",
    Act.DECIDED: "decided about an alert",
}
_TITLE = 120
NAME = 40


def number(risk: RiskLine) -> str:
    """What a risk is called in a list, and in what people type."""
    return f"R{risk.id}"


def head(risk: RiskLine) -> str:
    """Number and title, in mrkdwn."""
    return f"*{number(risk)} · {escape_clamped(one_line(risk.title), _TITLE)}*"


def about(risk: RiskLine) -> str:
    """The same in plain text, for screen readers."""
    return clamp(f"{number(risk)} {one_line(risk.title)}", 60)


def rating(likelihood: int, impact: int) -> str:
    """Score and band, and what the score is made of."""
    points = score(likelihood, impact)
    return f"{BANDS[band(points)]} {points} ({likelihood} × {impact})"  # noqa: RUF001 - the sign for times


def scored(risk: RiskLine) -> str:
    """The score with its sign and where it is going, in mrkdwn."""
    arrows = {Trend.UP: " ↗ was {0}", Trend.DOWN: " ↘ was {0}", Trend.SAME: ""}
    arrow = arrows[risk.trend].format(risk.was_score)
    return f"{SIGNS[risk.band]} {rating(risk.likelihood, risk.impact)}{arrow}"


def owner(risk: RiskLine) -> str:
    """Whose it is, in mrkdwn."""
    if risk.owner is None:
        return ":bust_in_silhouette: *nobody's*"
    return escape_clamped(one_line(risk.owner.name), NAME)


def days(number: int) -> str:
    """So many days, in words."""
    return "1 day" if number == 1 else f"{number} days"


def due(risk: RiskLine) -> str:
    """When it is looked at again, in plain text."""
    if risk.next_review is None:
        return ""
    if late := risk.days_over:
        return f"review {days(late)} overdue"
    if risk.next_review == risk.today:
        return "review due today"
    return f"next review {day(risk.next_review, risk.today)}"


def day(on: date, today: date) -> str:
    """A date as people say it, with its year where that is another one."""
    return spoken_date(on) if on.year == today.year else f"{spoken_date(on)} {on.year}"


def facts(risk: RiskLine, *, with_team: bool = False, mine: bool = False) -> str:
    """What is to be known of a risk in one line, in mrkdwn; of one's own, not whose it is."""
    parts = [scored(risk), escape(risk.category)]
    if not mine or risk.owner is None:
        parts.append(owner(risk))
    if with_team:
        parts.append(f"<#{risk.channel}>")
    if risk.status is not Status.OPEN:
        parts.append(STATUSES[risk.status])
    if said := due(risk):
        parts.append(f"*{said}*" if risk.days_over else said)
    if risk.alerting:
        parts.append(":rotating_light: alerting")
    return " · ".join(parts)


def did(act: Act) -> str:
    """What somebody did, after their name; of Meridian itself the whole of it."""
    return _ACTS[act]


def saved(risk: RiskLine, what: str = CHANGED) -> str:
    """It is stored, and `what` came of it: what one may have got wrong, in mrkdwn."""
    what = what if risk.live else CLOSED
    after = f": {rating(risk.likelihood, risk.impact)}, {due(risk)}." if risk.live else "."
    return f"{head(risk)} {what}{after}"


def refusal(why: Refusal) -> str:
    """Why nothing was changed, in plain text."""
    match why:
        case Gone():
            return "There is no such risk here (any more)."
        case NotTheirs(owner=""):
            return "Only its owner, the team's risk owner or an admin can change it."
        case NotTheirs(owner=who):
            whose = clamp(one_line(who), NAME)
            return f"It is {whose}'s: only they, the team's risk owner or an admin can change it."
        case IsClosed(title):
            return f"“{clamp(one_line(title), _TITLE)}” was closed meanwhile. Reopen it first."
        case Settled(title, next_review=None):
            return f"“{clamp(one_line(title), _TITLE)}” waits for no review any more."
        case Settled(title, next_review=on):
            when = spoken_date(on) if on else ""
            return f"“{clamp(one_line(title), _TITLE)}” has been reviewed already: next on {when}."
        case _:
            assert_never(why)
