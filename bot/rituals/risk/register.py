"""Use cases of the register: add a risk, change what it says, take it on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.asking.newcomers import rows_of
from bot.core.text import clamp, clean, one_line
from bot.db.tables import Person
from bot.rituals.risk import checks, history, on_runs, scoring, showing
from bot.rituals.risk.alerts import alerts
from bot.rituals.risk.edits import Begun, merged, said_of
from bot.rituals.risk.history import changing
from bot.rituals.risk.loading import line, mitigations, shown
from bot.rituals.risk.model import (
    MODEL,
    MOST_MITIGATIONS,
    SCALE,
    TEXT,
    TITLE,
    mitigations_of,
    next_review,
    score,
)
from bot.rituals.risk.registers import categories, intervals
from bot.rituals.risk.reviews import chasing
from bot.rituals.risk.rights import Found, find, look
from bot.rituals.risk.states import Act, Chased, MitigationState, Response, Status
from bot.rituals.risk.tables import Mitigation, Risk
from bot.rituals.risk.values import (
    Gone,
    IsClosed,
    NotTheirs,
    Origin,
    Saved,
    Typed,
    Wrong,
)
from bot.teams.teams import team_of

NO_TITLE = "Say in a few words what may go wrong."
NO_CATEGORY = "Choose a category."
NO_OWNER = "Choose somebody of this workspace, who is there still."
OFF_SCALE = "Choose a number from 1 to 5."
BOTH = "Choose both, or neither."
OUTSIDER = "You belong to another organisation, so you can't add risks here."


def add(
    session: Session, at: datetime, workspace_id: int, slack_id: str, origin: Origin, typed: Typed
) -> Saved | Wrong | Gone | NotTheirs | IsClosed:
    """Add a risk; a second submit of the same form, which has the same key, changes it.

    Whoever gave it to somebody else may not change it any more: they are shown it as it is.
    """
    people = rows_of(session, workspace_id, {slack_id, typed.owner} - {""})
    actor = people[slack_id]
    if not is_askable(actor):
        return Wrong({"title": OUTSIDER})
    made = session.scalar(select(Risk.id).where(Risk.origin == origin.key))
    if made is not None:
        changed = edit(session, at, workspace_id, slack_id, made, typed, origin.channel)
        there = session.get_one(Risk, made)
        given_away = isinstance(changed, NotTheirs) and there.raised_by == actor.id
        return Saved(line(session, at, there), new=True) if given_away else changed
    team = team_of(session, workspace_id, origin.channel, origin.channel_name)
    owner = people.get(typed.owner)
    if problems := _problems(typed, owner, categories(session, team.id)):
        return Wrong(problems)
    risk = Risk(
        team_id=team.id,
        raised_by=actor.id,
        raised_at=at,
        origin=origin.key,
        channel=origin.message_channel or None,
        message_ts=origin.message_ts or None,
        blocker_id=origin.blocker_id,
        status=Status.OPEN,
        chased=Chased.NOBODY,
    )
    _fill(session, risk, typed, owner)
    own = intervals(session, [team.id]).get(team.id)
    on = cards.today(owner or actor, at)
    risk.next_review = next_review(on, score(risk.likelihood, risk.impact), risk.status, own)
    session.add(risk)
    session.flush()
    _set_mitigations(session, risk, typed)
    history.raised(session, at, risk, actor)
    if origin.alert_id is not None:
        alerts.link(session, at, origin.alert_id, risk)
    if origin.check_id is not None:
        checks.link(session, at, origin.check_id, origin.question, risk)
    if origin.blocker_id is not None:
        on_runs.show_made(session, origin.blocker_id)
    chasing.plan(session, at, [risk])
    showing.refresh(session, at, risk, actor, owner)
    return Saved(line(session, at, risk), new=True)


def edit(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    risk_id: int,
    said: Typed,
    here: str = "",
    was: Begun | None = None,
) -> Saved | Wrong | Gone | NotTheirs | IsClosed:
    """Change what a risk says; another owner or score moves its next review.

    `was` is what the form began with: what others have changed since stays, where this doesn't.
    """
    people = rows_of(session, workspace_id, {slack_id, said.owner} - {""})
    found = find(session, at, workspace_id, slack_id, risk_id, here)
    if not isinstance(found, Found):
        return found
    risk, typed = found.risk, said
    if was is not None:
        typed = merged(was, said, said_of(shown(session, at, found)))
    before = session.get(Person, risk.owner_id) if risk.owner_id is not None else None
    kept = before is not None and before.slack_id == typed.owner
    owner = before if kept else people.get(typed.owner)
    if problems := _problems(
        typed, owner, categories(session, risk.team_id, keep=risk.category), kept=risk.owner_id
    ):
        return Wrong(problems)
    scored = score(risk.likelihood, risk.impact)
    with changing(session, at, risk, found.actor, Act.EDITED):
        _fill(session, risk, typed, owner)
        points = score(risk.likelihood, risk.impact)
        if points != scored:
            risk.was_score = scored
            own = intervals(session, [risk.team_id]).get(risk.team_id)
            today = cards.today(found.actor, at)
            risk.next_review = next_review(today, points, risk.status, own)
            risk.chased = Chased.NOBODY
        elif before is not owner and risk.chased is not Chased.NOBODY:
            risk.chased = Chased.NOBODY  # whoever has it now is asked anew
        _set_mitigations(session, risk, typed)
    chasing.plan(session, at, [risk])
    showing.refresh(session, at, risk, found.actor, before, owner)
    return Saved(line(session, at, risk))


def take(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str = ""
) -> Saved | Gone | NotTheirs | IsClosed:
    """Somebody takes on a risk that nobody owns, or whose owner has left; whoever sees it may."""
    found = look(session, at, workspace_id, slack_id, risk_id, here, lock=True)
    if isinstance(found, Gone):
        return found
    risk, actor = found.risk, found.actor
    if risk.status is Status.CLOSED:
        return IsClosed(risk.title)
    owner = session.get(Person, risk.owner_id) if risk.owner_id is not None else None
    if owner is not None and is_askable(owner) and owner.id != actor.id:
        return NotTheirs(owner.name)
    if not is_askable(actor):
        return NotTheirs()
    with changing(session, at, risk, actor, Act.EDITED):
        risk.owner_id, risk.left_by, risk.chased = actor.id, None, Chased.NOBODY
    chasing.plan(session, at, [risk])
    showing.refresh(session, at, risk, actor)
    return Saved(line(session, at, risk))


def set_mitigation(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    mitigation_id: int,
    state: MitigationState,
    here: str = "",
) -> Saved | Gone | NotTheirs | IsClosed:
    """Where a mitigation stands."""
    one = session.get(Mitigation, mitigation_id)
    if one is None:
        return Gone()
    found = find(session, at, workspace_id, slack_id, one.risk_id, here)
    if not isinstance(found, Found):
        return found
    if one.state is not state:
        detail = {"mitigation": one.text, "state": [one.state.value, state.value]}
        one.state = state
        history.audit(session, at, found.actor, "risk.mitigation", found.risk, detail)
        showing.refresh(session, at, found.risk, found.actor)
    return Saved(line(session, at, found.risk))


def _problems(
    typed: Typed,
    owner: Person | None,
    offered: Mapping[str, str],
    kept: int | None = None,
) -> dict[str, str]:
    """What is wrong, by input."""
    found: dict[str, str] = {}
    if not one_line(typed.title):
        found["title"] = NO_TITLE
    if typed.category not in offered:
        found["category"] = NO_CATEGORY
    may_own = owner is not None and (is_askable(owner) or owner.id == kept)
    if typed.owner and not may_own:
        found["owner"] = NO_OWNER
    for name in ("likelihood", "impact"):
        if getattr(typed, name) not in SCALE:
            found[name] = OFF_SCALE
    residual = {name: getattr(typed, f"residual_{name}") for name in ("likelihood", "impact")}
    if len([one for one in residual.values() if one is not None]) == 1:
        missing = next(name for name, one in residual.items() if one is None)
        found[f"residual_{missing}"] = BOTH
    for name, one in residual.items():
        if one is not None and one not in SCALE:
            found[f"residual_{name}"] = OFF_SCALE
    number = len(mitigations_of(typed.ticked or (), typed.mitigations or ""))
    if number > MOST_MITIGATIONS:
        found["mitigations"] = (
            f"A risk has at most {MOST_MITIGATIONS} mitigations; with what was ticked or there "
            f"already, these are {number}."
        )
    return found


def _fill(session: Session, risk: Risk, typed: Typed, owner: Person | None) -> None:
    risk.title = clamp(one_line(typed.title), TITLE)
    risk.category = typed.category
    if owner is not None:
        risk.owner_id, risk.left_by = owner.id, None
    scoring.rescore(session, risk, typed.likelihood or 1, typed.impact or 1)
    if not typed.whole:
        return
    risk.model = clamp(one_line(typed.model or ""), MODEL)
    risk.cause, risk.consequence = _text(typed.cause), _text(typed.consequence)
    risk.links = _text(typed.links)
    risk.response = Response(typed.response) if typed.response else None
    risk.residual_likelihood = typed.residual_likelihood
    risk.residual_impact = typed.residual_impact


def _text(typed: str | None) -> str:
    return clamp(clean(typed or "").strip(), TEXT)


def _set_mitigations(session: Session, risk: Risk, typed: Typed) -> None:
    """What the form names, where it asked: those that were there keep their state."""
    if typed.ticked is None or typed.mitigations is None:
        return
    wanted = mitigations_of(typed.ticked, typed.mitigations)
    there = {one.text: one for one in mitigations(session, risk.id)}
    gone = [one.id for text, one in there.items() if text not in wanted]
    session.execute(delete(Mitigation).where(Mitigation.id.in_(gone)))
    rows: list[dict[str, Any]] = [
        {"risk_id": risk.id, "text": one, "state": MitigationState.PLANNED}
        for one in wanted
        if one not in there
    ]
    session.add_all([Mitigation(**row) for row in rows])
    session.flush()
