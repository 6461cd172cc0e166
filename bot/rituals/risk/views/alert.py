"""An alert in its team's channel: what a monitor tells, and what its risk's owner decides."""

from collections.abc import Iterator, Mapping

from bot.core.content import Block, Message
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.rituals.risk.alerts.alerts_model import AlertMessage
from bot.rituals.risk.states import Verdict
from bot.rituals.risk.views import words
from bot.slack import blocks

DECIDE: Mapping[str, Verdict] = {
    "risk.alert.retrain": Verdict.RETRAIN,
    "risk.alert.watch": Verdict.WATCH,
    "risk.alert.false_alarm": Verdict.FALSE_ALARM,
}
FROM_ALERT = "risk.from_alert"
LABELS: Mapping[Verdict, str] = {
    Verdict.RETRAIN: "Retrain",
    Verdict.WATCH: "Watch",
    Verdict.FALSE_ALARM: "False alarm",
}
_NAME, _VALUE, _SUMMARY = 120, 60, 300


def alert_message(alert: AlertMessage) -> Message:
    """The first message of an alert's thread."""
    sign = ":rotating_light:" if alert.firing else ":white_check_mark:"
    over = "" if alert.firing else " · over now"
    head = "\n".join(filter(None, [f"{sign} *{_named(alert)}*{over}", _told(alert), _facts(alert)]))
    made: list[Block] = [blocks.section(head), *_about(alert), *_decision(alert)]
    state = "alerting" if alert.firing else "over"
    return Message(escape(f"{clamp(one_line(alert.name), _NAME)}: {state}"), tuple(made))


def _named(alert: AlertMessage) -> str:
    return escape_clamped(one_line(alert.name), _NAME)


def _told(alert: AlertMessage) -> str:
    """What the monitor says of it, where its name doesn't say as much."""
    summary = one_line(alert.summary)
    return "" if summary == one_line(alert.name) else escape_clamped(summary, _SUMMARY)


def _facts(alert: AlertMessage) -> str:
    parts = [escape_clamped(one_line(alert.source), _NAME)]
    if alert.severity:
        parts.append(escape_clamped(one_line(alert.severity), _VALUE))
    if alert.value:
        parts.append(f"value {escape_clamped(one_line(alert.value), _VALUE)}")
    if alert.times > 1:
        parts.append(f"told {alert.times:,} times")
    if alert.link:
        parts.append(blocks.anchor(alert.link, "look at it"))
    return " · ".join(parts)


def _about(alert: AlertMessage) -> Iterator[Block]:
    if alert.storm:
        said = "More alerts than can each have a thread. Look at the monitor first."
        yield blocks.section(said)
    elif alert.risk is not None:
        show = blocks.button("Open", words.SHOW, str(alert.risk.id), reads=words.about(alert.risk))
        said = f"It is about {words.head(alert.risk)}: its review is pulled forward to today."
        yield blocks.section(said, show)
    else:
        make = blocks.button("Make a risk", FROM_ALERT, str(alert.id))
        yield blocks.section("No risk in the register speaks of it yet.", make)


def _decision(alert: AlertMessage) -> Iterator[Block]:
    if alert.verdict is not None:
        who = escape_clamped(one_line(alert.decided_by), words.NAME) or "Somebody"
        on = f" on {spoken_date(alert.decided_on)}" if alert.decided_on else ""
        yield blocks.section(f"*{LABELS[alert.verdict]}*, decided {who}{on}.")
        if alert.verdict is Verdict.RETRAIN and alert.risk is not None:
            label = "Make an action item"
            yield blocks.actions([blocks.button(label, words.ACTION_ITEM, str(alert.risk.id))])
        return
    yield blocks.section(f"{_asked(alert)}: what do we do?")
    buttons = [
        blocks.button(LABELS[verdict], action, str(alert.id)) for action, verdict in DECIDE.items()
    ]
    yield blocks.actions(buttons)


def _asked(alert: AlertMessage) -> str:
    if alert.mentioned:
        return f"<@{alert.mentioned}>"
    who = escape_clamped(one_line(alert.asked), words.NAME)
    return who or "Whoever answers for the register"


def again_message(alert: AlertMessage) -> Message:
    """A reply in the thread: it began anew."""
    said = f"It is alerting again. {_facts(alert)}"
    return Message(escape(f"{clamp(one_line(alert.name), _NAME)}: again"), (blocks.section(said),))
