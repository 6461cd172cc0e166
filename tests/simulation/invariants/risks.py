"""What people did to risks is kept, each with a line of history, and each says what they left."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

from bot.db.tables import Audit, Person
from bot.rituals.risk.states import Act
from bot.rituals.risk.tables import Change, Risk
from tests.simulation.evidence import Evidence
from tests.simulation.model.risks import Aspect, Deed, Way
from tests.simulation.model.risks import Risk as Known

_OF_ITSELF = (Act.LEFT, Act.ALERTED)
"""What is done by nobody; see `alerts` for the latter."""
_BESIDE = (Act.DECIDED,)

Line = tuple[str, str, str, str]
"""Of a history: the risk's title, what was done, by whom and why."""


def risks_kept(evidence: Evidence) -> Iterator[str]:
    """What was added and acknowledged is in SQL, once; and nothing else."""
    stored = Counter(evidence.session.scalars(select(Risk.title)))
    for title, risk in evidence.books.register.risks.items():
        if stored[title] > 1 or (risk.deeds[0].sure and not stored[title]):
            yield f"the risk {title!r} is {stored[title]} times in SQL"
    for title in stored.keys() - evidence.books.register.risks.keys():
        yield f"nobody added {title!r}"


def changes_kept(evidence: Evidence) -> Iterator[str]:
    """Each that was acknowledged has its line in the history, once, and another in the audit."""
    lines = _lines(evidence)
    done: dict[Line, list[Deed]] = {}
    for risk, deed in evidence.books.register.deeds():
        if deed.who and deed.way is not None:
            line = (risk.title, deed.way.value, deed.who, deed.why)
            done.setdefault(line, []).append(deed)
    for line, deeds in done.items():
        least = sum(one.least for one in deeds if one.sure is not None)
        most = sum(one.most for one in deeds)
        if not least <= lines[line] <= most:
            yield f"{line} was done {least} to {most} times, and is {lines[line]} times in SQL"
    for line in lines.keys() - done.keys():
        if line[1] not in (*_OF_ITSELF, *_BESIDE) or (line[1] in _OF_ITSELF and line[2]):
            yield f"nobody did {line}"
    yield from _unaudited(evidence)


def _lines(evidence: Evidence) -> Counter[Line]:
    rows = evidence.session.execute(
        select(Risk.title, Change.act, Person.slack_id, Change.why)
        .join(Risk, Change.risk_id == Risk.id)
        .outerjoin(Person, Change.actor_id == Person.id)
    )
    return Counter((title, act.value, who or "", why) for title, act, who, why in rows)


def _unaudited(evidence: Evidence) -> Iterator[str]:
    told: Mapping[tuple[str, str], int] = {
        (subject, action): number
        for subject, action, number in evidence.session.execute(
            select(Audit.subject, Audit.action, func.count()).group_by(Audit.subject, Audit.action)
        )
    }
    counted = evidence.session.execute(
        select(Change.risk_id, Change.act, func.count()).group_by(Change.risk_id, Change.act)
    )
    for risk_id, act, number in counted:
        audited = told.get((f"risk:{risk_id}", f"risk.{act}"), 0)
        # A second alert of a day that pulls a review forward is audited alone.
        if audited < number or (audited > number and act is not Act.ALERTED):
            yield f"R{risk_id} was {act} {number} times, and by the audit {audited} times"


def risks_as_left(evidence: Evidence) -> Iterator[str]:
    """Score, status, owner and next review are what the last of those who changed them said."""
    rows = evidence.session.execute(
        select(Risk, Person.slack_id).outerjoin(Person, Risk.owner_id == Person.id)
    )
    for row, owner in rows.all():
        risk = evidence.books.register.risks[row.title]
        says: Mapping[Aspect, object] = {
            Aspect.SCORE: (row.likelihood, row.impact),
            Aspect.STATUS: row.status.value,
            Aspect.OWNER: owner or "",
        }
        for aspect, stored in says.items():
            may = risk.may_be(aspect, evidence.now)
            if aspect is Aspect.OWNER:
                may = list(_owners(evidence, risk))
            if stored not in may:
                yield f"{row.title!r} has the {aspect} {stored}, and people left it at {may}"
        days = risk.may_be_due(evidence.now)
        if row.next_review not in days:
            yield f"{row.title!r} is due on {row.next_review}, and people left it at {days}"


def _owners(evidence: Evidence, risk: Known) -> Iterator[str]:
    """Whose it may be: once its owner has left, nobody's; a closed one stays whose it was."""
    was_closed = any(deed.way is Way.CLOSED for deed in risk.deeds)
    for one in map(str, risk.may_be(Aspect.OWNER, evidence.now)):
        there = evidence.books.active[one].may_be(evidence.now) if one else [True]
        if any(there) or was_closed:
            yield one
        if not all(there):
            yield ""
