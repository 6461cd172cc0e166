"""One risk with all that is known of it, and what can be done about it."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import InteractiveElement, Option, StaticSelectElement

from bot.core.content import Block
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.rituals.risk.states import Act, MitigationState
from bot.rituals.risk.values import ChangeShown, MitigationShown, RiskLine, RiskShown
from bot.rituals.risk.views import words
from bot.slack import blocks

_TEXT = 1000
_WHY = 200
_MITIGATIONS = 15


def show_modal(shown: RiskShown, metadata: str, said: str = "") -> dict[str, Any]:
    """A risk to look at; `said` is what has just been done, in mrkdwn."""
    made: list[Block] = [blocks.section(said)] if said else []
    made += [*_top(shown), *_buttons(shown), *_texts(shown), *_mitigations(shown)]
    made += [*_alerts(shown), *_history(shown)]
    return blocks.modal(words.number(shown.line), made, callback=words.SHOW, metadata=metadata)


def _top(shown: RiskShown) -> Iterator[Block]:
    line = shown.line
    yield blocks.header(line.title)
    yield blocks.section(words.scored(line))
    facts = [
        f"*Category*\n{escape(line.category)}",
        f"*Owner*\n{words.owner(line)}",
        f"*Status*\n{words.STATUSES[line.status].capitalize()}",
        f"*Next review*\n{_review(line)}",
    ]
    if shown.inherent not in (None, (line.likelihood, line.impact)):
        facts.append(f"*Without mitigations*\n{words.rating(*shown.inherent)}")
    if shown.residual is not None:
        facts.append(f"*Once mitigated*\n{words.rating(*shown.residual)}")
    if shown.response is not None:
        facts.append(f"*Response*\n{shown.response.capitalize()}")
    if line.model:
        facts.append(f"*Model*\n{escape(line.model)}")
    facts.append(f"*Team*\n<#{line.channel}>")
    fields = [{"type": "mrkdwn", "text": clamp(one, 2000), "verbatim": True} for one in facts[:10]]
    yield {"type": "section", "fields": fields}


def _review(line: RiskLine) -> str:
    """When it is looked at again, below a label that says so."""
    if line.next_review is None:
        return "None: it is closed"
    if late := line.days_over:
        return f"*{words.days(late)} overdue*"
    is_today = line.next_review == line.today
    return "Today" if is_today else words.day(line.next_review, line.today)


def _buttons(shown: RiskShown) -> Iterator[Block]:
    value, about = str(shown.line.id), words.about(shown.line)
    made: list[InteractiveElement] = []
    if shown.may_change and shown.line.live:
        made = [
            blocks.button(
                "Keep", words.KEEP, value, primary=shown.line.asked, reads=f"Keep {about}"
            ),
            blocks.button("Rescore", words.RESCORE, value, reads=f"Rescore {about}"),
            blocks.button("More …", words.MORE, value, reads=f"More about {about}"),
            blocks.button("Change", words.EDIT, value, reads=f"Change {about}"),
        ]
    elif shown.may_change:
        made = [blocks.button("Reopen", words.REOPEN, value, reads=f"Reopen {about}")]
    if shown.may_take and shown.line.live:
        made.insert(0, blocks.button("I look after it", words.TAKE, value, reads=f"Take {about}"))
    if shown.line.live:
        label = "Make an action item"
        made.append(blocks.button(label, words.ACTION_ITEM, value, reads=f"{label} of {about}"))
    if made:
        yield blocks.actions(made, "acts")
    if not shown.may_change:
        yield blocks.context("Its owner, the team's risk owner and admins can change it.")


def _texts(shown: RiskShown) -> Iterator[Block]:
    for label, text in (
        ("Cause", shown.cause),
        ("Consequence", shown.consequence),
        ("Links", shown.links),
    ):
        if text:
            yield blocks.rich_text(
                blocks.paragraph(
                    blocks.words(label, bold=True), blocks.words(f"\n{clamp(text, _TEXT)}")
                )
            )


def _mitigations(shown: RiskShown) -> Iterator[Block]:
    if not shown.mitigations:
        if shown.line.live:
            yield blocks.context(":warning: Nothing is done against it yet.")
        return
    yield blocks.section("*Mitigations*")
    for one in shown.mitigations[:_MITIGATIONS]:
        text = f"{'✓ ' if one.state is MitigationState.DONE else '• '}{escape(one.text)}"
        if shown.may_change and shown.line.live:
            yield blocks.section(text, _state(one))
        else:
            yield blocks.section(f"{text} · {words.MITIGATIONS[one.state]}")
    if (rest := len(shown.mitigations) - _MITIGATIONS) > 0:
        yield blocks.small(f"… and {rest} more.")


def _state(one: MitigationShown) -> StaticSelectElement:
    options = {
        state: Option(value=f"{one.id} {state.value}", label=text.capitalize())
        for state, text in words.MITIGATIONS.items()
    }
    return StaticSelectElement(
        action_id=words.MITIGATION,
        options=list(options.values()),
        initial_option=options[one.state],
    )


def _alerts(shown: RiskShown) -> Iterator[Block]:
    for one in shown.alerts:
        times = f" · {one.times} times" if one.times > 1 else ""
        sign = ":rotating_light: Alerting" if one.firing else "Alert, over now"
        name = escape_clamped(one_line(f"{one.name} ({one.source})"), _WHY)
        yield blocks.context(f"{sign}: {name} · {spoken_date(one.last_at)}{times}")
    if shown.decisions:
        yield blocks.small("Decided: " + "; ".join(one_line(each) for each in shown.decisions))


def _history(shown: RiskShown) -> Iterator[Block]:
    if shown.history:
        yield blocks.section("*History*")
        told = [change_line(one) for one in shown.history]
        if shown.more_history:
            told.append(f"… and {shown.more_history} earlier.")
        yield blocks.context("\n".join(told))


def change_line(one: ChangeShown) -> str:
    """Who did what to a risk, when and why, in mrkdwn."""
    who = f"{escape_clamped(one_line(one.who), words.NAME)} " if one.who else ""
    what = words.did(one.act)
    if one.was != one.now:
        before, after = (words.rating(*each) for each in (one.was, one.now))
        what = f"{what}: {before} → {after}"
    why = f" — {escape_clamped(one_line(one.why), _WHY)}" if one.why else ""
    said = f"{who}{what}" if one.who or one.act in (Act.LEFT, Act.ALERTED) else f"Somebody {what}"
    return f"{spoken_date(one.on)} · {said}{why}"
