"""What is done against risks is kept, with how far it is, and the audit tells of each step."""

from collections.abc import Iterator

from sqlalchemy import func, select

from bot.db.tables import Audit
from bot.rituals.risk.tables import Mitigation, Risk
from tests.simulation.evidence import Evidence


def mitigations_kept(evidence: Evidence) -> Iterator[str]:
    """Those that were named last, each as the last of those who said so left it."""
    for row in evidence.session.scalars(select(Risk)):
        risk = evidence.books.register.risks[row.title]
        query = select(Mitigation).where(Mitigation.risk_id == row.id).order_by(Mitigation.id)
        stored = evidence.session.scalars(query).all()
        named = [set(one) for one in risk.against.may_be(evidence.now)]
        if (
            len(stored) != len({one.text for one in stored})
            or {one.text for one in stored} not in named
        ):
            yield f"{[one.text for one in stored]} is done about {row.title!r}, people said {named}"
        for one in stored:
            states = risk.mitigations[one.text].may_be(evidence.now)
            if one.state.value not in states:
                yield f"{one.text!r} is {one.state}, and people said {states}"
        steps = [step for one in risk.mitigations.values() for step in one.changes]
        subject, action = f"risk:{row.id}", "risk.mitigation"
        query_audit = select(func.count()).where(Audit.subject == subject, Audit.action == action)
        if (audited := evidence.session.scalar(query_audit) or 0) > len(steps):
            yield f"{len(steps)} steps were made about {row.title!r}, by the audit {audited}"
