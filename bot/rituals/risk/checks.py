"""The checks at a project's gates: what is asked, and what becomes of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.core.states import MirrorKind, Role
from bot.core.text import clamp, clean, one_line
from bot.db.tables import Audit, Membership, Mirror, Person, Run, Team
from bot.db.upsert import insert
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.rituals.risk.checks_model import (
    ABOUT,
    QUESTIONS,
    Answered,
    Approved,
    CheckShown,
    CheckTyped,
    Made,
    NoRole,
    RoleShown,
)
from bot.rituals.risk.rights import person_of
from bot.rituals.risk.states import Approval, Said
from bot.rituals.risk.tables import Check, CheckApproval, Risk
from bot.rituals.risk.values import Gone, Wrong
from bot.teams.teams import holders, team_of

VIEW, DUE_VIEW = "risk.check", "risk.check.due"
_NOTE = 300
NO_ABOUT = "Say what it is about: a project, or a release."
NO_ANSWER = "Choose one."
OUTSIDER = "You belong to another organisation, so you can't run a check here."


def make(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    name: str,
    key: str,
    typed: CheckTyped,
) -> Made | Wrong:
    """Keep what was answered, and show it in the channel; a second submit changes nothing."""
    actor = person_of(session, workspace_id, slack_id, make=True)
    if actor is None or not is_askable(actor):
        return Wrong({"about": OUTSIDER})
    if problems := _problems(typed):
        return Wrong(problems)
    team = team_of(session, workspace_id, channel, name)
    made = session.scalar(select(Check).where(Check.origin == key))
    if made is None:
        made = Check(
            team_id=team.id,
            kind=typed.kind,
            about=clamp(one_line(typed.about), ABOUT),
            answers={
                one: {"said": said.value, "note": clamp(clean(note).strip(), _NOTE)}
                for one, (said, note) in typed.answers.items()
                if said is not None
            },
            approvers=[role.value for role in typed.approvers],
            made_by=actor.id,
            made_at=at,
            made_on=cards.today(actor, at),
            origin=key,
        )
        session.add(made)
        session.flush()
        _audit(session, at, actor, made, "risk.check", {"kind": typed.kind.value})
        _mark(session, at, team, made)
        due = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == DUE_VIEW)
        mirrors.touch(session, due & (Mirror.target == team.channel), Urgency.PROGRESS)
    return Made(team.channel)


def _problems(typed: CheckTyped) -> dict[str, str]:
    found = {} if one_line(typed.about) else {"about": NO_ABOUT}
    for one in QUESTIONS[typed.kind]:
        if typed.answers.get(one.key, (None, ""))[0] is None:
            found[one.key] = NO_ANSWER
    return found


def _mark(session: Session, at: datetime, team: Team, check: Check) -> None:
    mark = Mark(
        team.workspace_id,
        MirrorKind.MESSAGE,
        VIEW,
        str(check.id),
        team.channel,
        urgency=Urgency.CLICKED,
    )
    mirrors.mark(session, at, [mark])


def approve(
    session: Session, at: datetime, workspace_id: int, slack_id: str, check_id: int, said: Approval
) -> Approved | NoRole | Gone:
    """Somebody with one of the roles approves a release, or doesn't yet; they may change it."""
    row = _find(session, workspace_id, check_id)
    actor = person_of(session, workspace_id, slack_id, make=True)
    if row is None or actor is None:
        return Gone()
    check, team = row
    mine = set(
        session.scalars(
            select(Membership.role).where(
                Membership.team_id == team.id, Membership.person_id == actor.id
            )
        )
    )
    asked = [role for role in map(Role, check.approvers) if role in mine]
    if not asked or not is_askable(actor):
        return NoRole(tuple(map(Role, check.approvers)))
    rows = [
        {
            "check_id": check.id,
            "role": role.value,
            "person_id": actor.id,
            "said": said,
            "at": at,
        }
        for role in asked
    ]
    statement = insert(session, CheckApproval)
    again = {name: statement.excluded[name] for name in ("person_id", "said", "at")}
    session.flush()
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["check_id", "role"], set_=again), rows
    )
    detail = {"roles": [role.value for role in asked], "said": said.value}
    _audit(session, at, actor, check, "risk.check.approval", detail)
    _mark(session, at, team, check)
    return Approved(said)


def show_whom_they_ask(session: Session) -> None:
    """What waits for an approval, or to be run, names whoever has that role, who may be another."""
    session.flush()
    said = (
        select(func.count()).where(CheckApproval.check_id == Check.id).correlate(Check)
    ).scalar_subquery()
    waits = [
        str(check_id)
        for check_id, roles, number in session.execute(select(Check.id, Check.approvers, said))
        if number < len(roles)
    ]
    latest = select(func.max(Run.id)).group_by(Run.ritual_id)
    message = Mirror.kind == MirrorKind.MESSAGE
    # One after the other: for either of two SQLite would walk through all messages.
    for which in (
        (Mirror.view == VIEW) & Mirror.subject.in_(waits),
        (Mirror.view == DUE_VIEW) & Mirror.run_id.in_(latest),
    ):
        mirrors.touch(session, message & which, Urgency.PROGRESS)


def _find(session: Session, workspace_id: int, check_id: int) -> tuple[Check, Team] | None:
    row = session.execute(
        select(Check, Team)
        .join(Team, Check.team_id == Team.id)
        .where(Check.id == check_id, Team.workspace_id == workspace_id)
    ).first()
    return None if row is None else (row[0], row[1])


def roles_of(session: Session, _at: datetime, workspace_id: int, channel: str) -> Sequence[Role]:
    """The roles that somebody has in a channel's team."""
    team = session.scalar(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    )
    found = holders(session, team.id) if team is not None else {}
    return [role for role in Role if role in found]


@dataclass(frozen=True)
class Concern:
    """What was no, or unsure, in a check: it may be a risk."""

    channel: str
    team: str
    text: str


def concern(
    session: Session, _at: datetime, workspace_id: int, check_id: int, question: str
) -> Concern | Gone:
    """What a risk is made of."""
    row = _find(session, workspace_id, check_id)
    if row is None:
        return Gone()
    check, team = row
    asked = next((one for one in QUESTIONS[check.kind] if one.key == question), None)
    if asked is None:
        return Gone()
    note = str(check.answers.get(question, {}).get("note", ""))
    said = "\n".join(filter(None, [f"{asked.risk}: {check.about}", note]))
    return Concern(team.channel, team.name, said)


def link(session: Session, at: datetime, check_id: int, question: str, risk: Risk) -> None:
    """A risk was made of an answer: its check says which, and offers that no more."""
    check = session.get(Check, check_id, with_for_update=True, populate_existing=True)
    if check is None or check.team_id != risk.team_id or question not in check.answers:
        return
    answer = check.answers[question] | {"risk": risk.id}
    check.answers = check.answers | {question: answer}
    _mark(session, at, session.get_one(Team, check.team_id), check)


def check_shown(session: Session, subject: str, _at: datetime) -> CheckShown | None:
    """A check as its channel sees it, by its id; None once it is gone."""
    check = session.get(Check, int(subject))
    if check is None:
        return None
    maker = session.get(Person, check.made_by) if check.made_by is not None else None
    team = session.get_one(Team, check.team_id)
    return CheckShown(
        id=check.id,
        kind=check.kind,
        about=check.about,
        by=maker.name if maker is not None else "",
        on=check.made_on,
        answers=tuple(
            Answered(one, Said(given["said"]), str(given.get("note", "")), given.get("risk"))
            for one in QUESTIONS[check.kind]
            if (given := check.answers.get(one.key)) is not None
        ),
        roles=_roles(session, check, team),
    )


def _roles(session: Session, check: Check, team: Team) -> tuple[RoleShown, ...]:
    rows = session.execute(
        select(CheckApproval, Person.name)
        .join(Person, CheckApproval.person_id == Person.id)
        .where(CheckApproval.check_id == check.id)
    )
    said: Mapping[str, tuple[CheckApproval, str]] = {one.role: (one, name) for one, name in rows}
    people = holders(session, team.id)
    found = []
    for role in map(Role, check.approvers):
        given = said.get(role.value)
        found.append(
            RoleShown(
                role=role,
                people=tuple(one.name for one in people.get(role, ())),
                said=None if given is None else given[0].said,
                by="" if given is None else given[1],
            )
        )
    return tuple(found)


def _audit(
    session: Session, at: datetime, actor: Person, check: Check, action: str, detail: dict[str, Any]
) -> None:
    subject = f"check:{check.id}"
    session.add(Audit(at=at, actor_id=actor.id, action=action, subject=subject, detail=detail))
