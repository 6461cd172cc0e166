"""The checks at a project's gates: their form, and what their channel sees of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Option, StaticSelectElement

from bot.core.content import Block, Message
from bot.core.states import Role
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.rituals.risk.checks_model import (
    ABOUT,
    QUESTIONS,
    TITLES,
    Answered,
    CheckDue,
    CheckShown,
    RoleShown,
)
from bot.rituals.risk.states import Approval, CheckKind, Said
from bot.rituals.risk.views import words
from bot.slack import blocks, inputs
from bot.teams.model import ROLES

FORM, FROM_CHECK = "risk.check.form", "risk.from_check"
OPEN: Mapping[str, CheckKind] = {
    "risk.check.feasibility": CheckKind.FEASIBILITY,
    "risk.check.release": CheckKind.RELEASE,
}
APPROVE: Mapping[str, Approval] = {
    "risk.check.approve": Approval.APPROVED,
    "risk.check.not_yet": Approval.NOT_YET,
}
TITLE = "Check at the gate"
NOTE = "note:"
"""What the block of a note begins with; its question's key follows."""
_SAID: Mapping[str, str] = {Said.YES: "Yes", Said.NO: "No", Said.UNSURE: "Unsure"}
_SIGNS: Mapping[Said, str] = {Said.YES: "✓", Said.NO: "✗", Said.UNSURE: "?"}
_NOTE = 300


def choose_modal(metadata: str) -> dict[str, Any]:
    """Which check?"""
    said = {
        CheckKind.FEASIBILITY: "Before a project, and at its gates: data, technique, resources, "
        "ethics.",
        CheckKind.RELEASE: "Before a model goes live: baseline, overfitting, fairness, load, "
        "rollback. Approvers are asked by their role.",
    }
    made = [
        blocks.section(
            f"*{TITLES[kind]}*\n{said[kind]}", blocks.button("Begin", action, kind.value)
        )
        for action, kind in OPEN.items()
    ]
    return blocks.modal(TITLE, made, metadata=metadata)


def check_modal(kind: CheckKind, roles: Sequence[Role], metadata: str) -> dict[str, Any]:
    """The form of one."""
    about = inputs.line_input("about", longest=ABOUT, focus=True)
    label = "Which project?" if kind is CheckKind.FEASIBILITY else "Which release?"
    made: list[Block] = [blocks.input_block("about", label, about)]
    for one in QUESTIONS[kind]:
        made.append(blocks.input_block(one.key, one.ask, inputs.radio("said", _SAID)))
        note = inputs.line_input("note", longest=_NOTE)
        made.append(
            blocks.input_block(f"{NOTE}{one.key}", f"{one.head}: a note", note, optional=True)
        )
    if kind is CheckKind.RELEASE:
        made += _approvers(roles)
    return blocks.modal(
        TITLES[kind], made, callback=FORM, submit="Show it", close="Cancel", metadata=metadata
    )


def _approvers(roles: Sequence[Role]) -> Iterator[Block]:
    if roles:
        offered = {role.value: ROLES[role] for role in roles}
        boxes = inputs.checkboxes("approvers", offered, list(offered))
        yield blocks.input_block("approvers", "Who is asked to approve", boxes, optional=True)
    else:
        yield blocks.context("Nobody is asked to approve: no one has a role in this team yet.")


def check_message(check: CheckShown) -> Message:
    """A check in its channel: what was said, what may be a risk, and who approves."""
    title = f"{TITLES[check.kind]} · {clamp(one_line(check.about), ABOUT)}"
    who = escape_clamped(one_line(check.by), words.NAME) or "Somebody"
    made: list[Block] = [
        blocks.header(title),
        blocks.context(f"{who} on {spoken_date(check.on)} · {_counted(check)}"),
        blocks.rich_text(blocks.bullets([_answer(one) for one in check.answers])),
        *_concerns(check),
        *_approvals(check),
    ]
    return Message(escape(f"{title}: {_counted(check)}"), tuple(made))


def _counted(check: CheckShown) -> str:
    counts = {one: sum(each.said is one for each in check.answers) for one in Said}
    said = [f"{number} {_SAID[one].lower()}" for one, number in counts.items() if number]
    return ", ".join(said)


def _answer(one: Answered) -> dict[str, Any]:
    parts = [
        blocks.words(f"{_SIGNS[one.said]} {one.question.head}: {_SAID[one.said]}", bold=True),
        blocks.words(f" · {one.question.ask}"),
    ]
    if one.note:
        parts.append(blocks.words(f"\n{one_line(one.note)}", italic=True))
    if one.risk_id is not None:
        parts.append(blocks.words(f"\nIn the register: R{one.risk_id}"))
    return blocks.paragraph(*parts)


def _concerns(check: CheckShown) -> Iterator[Block]:
    worries = [one for one in check.answers if one.said is not Said.YES and one.risk_id is None]
    if worries:
        options = [
            Option(value=f"{check.id} {one.question.key}", label=one.question.risk)
            for one in worries
        ]
        menu = StaticSelectElement(
            action_id=FROM_CHECK, placeholder="Make a risk of …", options=options
        )
        yield blocks.section("What is no or unsure may be a risk.", menu)


def _approvals(check: CheckShown) -> Iterator[Block]:
    if not check.roles:
        return
    yield blocks.section("*Approval*\n" + "\n".join(map(_role, check.roles)))
    buttons = [
        blocks.button(
            "Approve" if said is Approval.APPROVED else "Not yet",
            action,
            str(check.id),
            primary=said is Approval.APPROVED and _waits(check),
        )
        for action, said in APPROVE.items()
    ]
    yield blocks.actions(buttons)


def _waits(check: CheckShown) -> bool:
    return any(one.said is not Approval.APPROVED for one in check.roles)


def _role(one: RoleShown) -> str:
    by = escape_clamped(one_line(one.by), words.NAME)
    match one.said:
        case Approval.APPROVED:
            return f"✓ {ROLES[one.role]}: approved by {by}"
        case Approval.NOT_YET:
            return f"✗ {ROLES[one.role]}: not yet, says {by}"
        case None:
            names = ", ".join(clamp(one_line(name), words.NAME) for name in one.people[:5])
            return f"… {ROLES[one.role]}: {escape(names) or 'nobody has this role any more'}"


def due_message(due: CheckDue) -> Message:
    """A check that a team review asks for, in its thread; and by whom it was run."""
    title = TITLES[due.kind]
    if due.done is not None:
        who = escape_clamped(one_line(due.done.by), words.NAME) or "Somebody"
        about = escape_clamped(one_line(due.done.about), ABOUT)
        said = f"✓ *{title}* · {about}: {who} on {spoken_date(due.done.on)}."
        return Message(f"{title}: done", (blocks.section(said),))
    heads = ", ".join(one.head.lower() for one in QUESTIONS[due.kind])
    who = ", ".join(clamp(one_line(name), words.NAME) for name in due.asked[:5])
    said = f"*{title}* is due: {heads}.\n{escape(who) or 'Somebody'}, who goes through it?"
    action = next(action for action, kind in OPEN.items() if kind is due.kind)
    begin = blocks.button("Begin", action, due.kind.value, reads=f"Begin the {title.lower()}")
    return Message(f"{title} is due", (blocks.section(said, begin),))


def refused(roles: Sequence[Role]) -> str:
    """Whoever presses has no say in it."""
    return f"Only these are asked to approve: {', '.join(ROLES[one] for one in roles)}."
