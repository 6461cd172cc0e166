"""Checks at the gates: what was answered is kept and shown once, and who approves as they said."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.db.tables import Person
from bot.rituals.risk.tables import Check, CheckApproval
from tests.simulation.evidence import Evidence

_NOBODY = ("", "")


def checks_kept(evidence: Evidence) -> Iterator[str]:
    """Each that was acknowledged is in SQL, once, with its answers and what was said to it last."""
    books = evidence.books.register.checks
    rows = evidence.session.scalars(select(Check)).all()
    for about, check in books.items():
        theirs = [one for one in rows if one.about == about]
        if len(theirs) > 1 or (check.sure is not None and not theirs):
            yield f"the check of {about!r} is {len(theirs)} times in SQL"
        for row in theirs:
            answers = {key: given["said"] for key, given in row.answers.items()}
            if (row.kind.value, answers) != (check.kind, check.answers):
                yield f"{about!r} was answered {check.answers}, and SQL has {answers}"
            said, may_be = _approval(evidence, row.id), check.approval.may_be(evidence.now)
            if said not in may_be:
                yield f"to {about!r} people said {may_be}, and SQL has {said}"
    for row in rows:
        if row.about not in books:
            yield f"nobody checked {row.about!r}"


def _approval(evidence: Evidence, check_id: int) -> tuple[str, str]:
    query = (
        select(Person.slack_id, CheckApproval.said)
        .join(Person, CheckApproval.person_id == Person.id)
        .where(CheckApproval.check_id == check_id)
    )
    found = [(who, said.value) for who, said in evidence.session.execute(query)]
    return found[0] if found else _NOBODY


def checks_shown(evidence: Evidence) -> Iterator[str]:
    """In one message of their channel, in time."""
    register, books = evidence.books.setting.register, evidence.books
    if register is None or books.writable[register.channel].changes:
        return
    for about, check in books.register.checks.items():
        shown = [one for one in evidence.sights if one.new and f" check · {about}: " in one.text]
        by = evidence.weather.deadline(check.sure or evidence.now)
        in_time = by >= evidence.now or any(one.at <= by for one in shown)
        if len(shown) > 1 or not in_time:
            yield f"the check of {about!r} is told of in {len(shown)} messages by {by}"
