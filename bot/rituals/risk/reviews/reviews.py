"""Use cases of a review: keep a risk as it is, rescore it, or say what becomes of it."""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.core.text import clamp, clean, spoken_date
from bot.db.tables import Person
from bot.rituals.risk import scoring, showing
from bot.rituals.risk.history import changing
from bot.rituals.risk.loading import line
from bot.rituals.risk.model import SCALE, WHY, next_review, score
from bot.rituals.risk.registers import intervals
from bot.rituals.risk.reviews import chasing, escalations
from bot.rituals.risk.reviews.reviews_model import Fate, Meant, Scored
from bot.rituals.risk.rights import Found, find, look
from bot.rituals.risk.states import Act, Chased, Status
from bot.rituals.risk.telling import tell_risk_owners
from bot.rituals.risk.values import Gone, NotTheirs, Refusal, Saved, Settled, Wrong

LONGEST_SNOOZE = timedelta(days=90)
NO_WHY = "Say why in a few words: it goes into the risk's history."
OFF_SCALE = "Choose a number from 1 to 5."


def keep(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str = ""
) -> Saved | Refusal:
    """It was looked at, and stands as it is. A second tap says that it has been."""
    found = find(session, at, workspace_id, slack_id, risk_id, here)
    if not isinstance(found, Found):
        return found
    risk = found.risk
    settled = risk.chased is Chased.NOBODY and risk.next_review == _next(session, at, found)
    if settled and not escalations.waits_for(session, risk, found.actor):
        return Settled(risk.title, risk.next_review)
    with _looking(session, at, found, Act.KEPT):
        _reviewed(session, at, found)
    return _saved(session, at, found)


def rescore(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    risk_id: int,
    said: Scored,
    here: str = "",
) -> Saved | Refusal | Wrong:
    """It is likelier or worse than before, or less so; it says why."""
    found = find(session, at, workspace_id, slack_id, risk_id, here)
    if not isinstance(found, Found):
        return found
    if problems := _problems(said):
        return Wrong(problems)
    risk = found.risk
    with _looking(session, at, found, Act.RESCORED, said.why):
        before = score(risk.likelihood, risk.impact)
        scoring.rescore(session, risk, said.likelihood or 1, said.impact or 1)
        if said.residual_likelihood and said.residual_impact:
            risk.residual_likelihood = said.residual_likelihood
            risk.residual_impact = said.residual_impact
        risk.was_score = before
        _reviewed(session, at, found)
    return _saved(session, at, found)


def _problems(said: Scored) -> dict[str, str]:
    found = {
        name: OFF_SCALE
        for name, given in (("likelihood", said.likelihood), ("impact", said.impact))
        if given not in SCALE
    }
    residual = {
        "residual_likelihood": said.residual_likelihood,
        "residual_impact": said.residual_impact,
    }
    given = [one for one in residual.values() if one is not None]
    for name, one in residual.items():
        if given and one not in SCALE:
            found[name] = OFF_SCALE
    if not _words(said.why):
        found["why"] = NO_WHY
    return found


def decide(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    risk_id: int,
    meant: Meant,
    here: str = "",
) -> Saved | Refusal | Wrong:
    """What becomes of a risk, and why."""
    found = find(session, at, workspace_id, slack_id, risk_id, here)
    if not isinstance(found, Found):
        return found
    today = cards.today(found.actor, at)
    if not _words(meant.why):
        return Wrong({"why": NO_WHY})
    last = today + LONGEST_SNOOZE
    if meant.fate is Fate.SNOOZE and not (meant.until and today < meant.until <= last):
        return Wrong({"until": f"Choose a day from tomorrow until {spoken_date(last)}."})
    with _looking(session, at, found, _ACTS[meant.fate], meant.why):
        _do(session, at, found, meant)
    return _saved(session, at, found)


_ACTS = {
    Fate.MITIGATING: Act.MITIGATED,
    Fate.ACCEPT: Act.ACCEPTED,
    Fate.ESCALATE: Act.ESCALATED,
    Fate.SNOOZE: Act.SNOOZED,
    Fate.CLOSE: Act.CLOSED,
}


def _do(session: Session, at: datetime, found: Found, meant: Meant) -> None:
    risk = found.risk
    match meant.fate:
        case Fate.MITIGATING:
            risk.status = Status.MITIGATING
            _reviewed(session, at, found)
        case Fate.ACCEPT:
            risk.status = Status.ACCEPTED
            _reviewed(session, at, found)
        case Fate.CLOSE:
            risk.status, risk.closed_at = Status.CLOSED, at
            _reviewed(session, at, found)
        case Fate.SNOOZE:
            risk.next_review, risk.chased = meant.until, Chased.NOBODY
            chasing.plan(session, at, [risk])
        case Fate.ESCALATE:
            _reviewed(session, at, found)
            session.flush()
            tell_risk_owners(session, at, [risk.team_id])
        case _:
            assert_never(meant.fate)


def reopen(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str = ""
) -> Saved | Gone | NotTheirs | Settled:
    """A closed risk is one again; it is looked at from today on.

    Where its owner has left meanwhile, it is offered to the risk owner.
    """
    found = look(session, at, workspace_id, slack_id, risk_id, here, lock=True)
    if isinstance(found, Gone):
        return found
    if not found.may_change:
        return NotTheirs()
    risk = found.risk
    if risk.status is not Status.CLOSED:
        return Settled(risk.title, risk.next_review)
    owner = session.get(Person, risk.owner_id) if risk.owner_id is not None else None
    has_left = owner is not None and not is_askable(owner)
    with changing(session, at, risk, found.actor, Act.REOPENED):
        risk.status, risk.closed_at = Status.OPEN, None
        if has_left:
            risk.left_by, risk.owner_id = risk.owner_id, None
        _reviewed(session, at, found)
    if has_left:
        session.flush()
        tell_risk_owners(session, at, [risk.team_id])
    return _saved(session, at, found)


def _looking(
    session: Session, at: datetime, found: Found, act: Act, why: str = ""
) -> AbstractContextManager[None]:
    """What is done within becomes history; of a review, where one was asked for."""
    asked = found.risk.chased is not Chased.NOBODY
    return changing(session, at, found.risk, found.actor, act, why=_words(why), review=asked)


def _reviewed(session: Session, at: datetime, found: Found) -> None:
    """It is looked at again when its score says, counted from today."""
    risk = found.risk
    risk.next_review, risk.chased = _next(session, at, found), Chased.NOBODY
    chasing.plan(session, at, [risk])


def _saved(session: Session, at: datetime, found: Found) -> Saved:
    showing.refresh(session, at, found.risk, found.actor)
    return Saved(line(session, at, found.risk))


def _next(session: Session, at: datetime, found: Found) -> date | None:
    """When it is to be looked at again, if it is looked at today."""
    risk, today = found.risk, cards.today(found.actor, at)
    own = intervals(session, [risk.team_id]).get(risk.team_id)
    return next_review(today, score(risk.likelihood, risk.impact), risk.status, own)


def _words(typed: str) -> str:
    return clamp(clean(typed).strip(), WHY)
