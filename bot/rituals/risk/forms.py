"""What the register's forms are filled with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core import markup
from bot.core.text import clamp, clean, escape_clamped, one_line
from bot.db.tables import Blocker, Person, Ritual, Team
from bot.rituals.risk import loading
from bot.rituals.risk.categories import ABOUT, Category, propose
from bot.rituals.risk.edits import said_of
from bot.rituals.risk.model import TEXT, TITLE, mitigations_of
from bot.rituals.risk.registers import categories, team_in
from bot.rituals.risk.rights import look
from bot.rituals.risk.states import Status
from bot.rituals.risk.tables import Alert, Risk
from bot.rituals.risk.values import (
    Gone,
    IsClosed,
    NotTheirs,
    Origin,
    Refusal,
    RiskShown,
    Typed,
)
from bot.rituals.risk.views.form import FormShown

_NAME = 60


def offered(session: Session, _at: datetime, workspace_id: int, channel: str) -> Mapping[str, str]:
    """The categories that a channel's team has."""
    team = team_in(session, workspace_id, channel)
    return categories(session, None if team is None else team.id)


def drawn_anew(
    session: Session,
    _at: datetime,
    workspace_id: int,
    channel: str,
    risk_id: int,
) -> Mapping[str, str]:
    """The categories of a form that stands open: a risk that has one keeps it."""
    risk = session.get(Risk, risk_id) if risk_id else None
    if risk is not None:
        return categories(session, risk.team_id, keep=risk.category)
    return offered(session, _at, workspace_id, channel)


def filled(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str
) -> FormShown | Refusal:
    """The form with what a risk says."""
    found = changeable(session, at, workspace_id, slack_id, risk_id, here)
    if not isinstance(found, RiskShown):
        return found
    names = categories(session, found.line.team_id, keep=found.category_key)
    return FormShown(sorted_out(said_of(found)), names, new=False, more=True)


def sorted_out(typed: Typed) -> Typed:
    """The same with those mitigations ticked that are usual in its category, and the others typed.

    So none is lost where the form is drawn anew for another category.
    """
    if typed.ticked is None or typed.mitigations is None:
        return typed
    usual = ABOUT[Category(typed.category)].mitigations if typed.category in ABOUT else ()
    named = mitigations_of(typed.ticked, typed.mitigations)
    return replace(
        typed,
        ticked=tuple(one for one in named if one in usual),
        mitigations="\n".join(one for one in named if one not in usual),
    )


def changeable(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str
) -> RiskShown | Gone | NotTheirs | IsClosed:
    """A risk for somebody who is about to change it."""
    found = look(session, at, workspace_id, slack_id, risk_id, here)
    if isinstance(found, Gone):
        return found
    if not found.may_change:
        owner = session.get(Person, found.risk.owner_id) if found.risk.owner_id else None
        return NotTheirs(owner.name if owner is not None else "")
    if found.risk.status is Status.CLOSED:
        return IsClosed(found.risk.title)
    return loading.shown(session, at, found)


def of_words(text: str, slack_id: str) -> Typed:
    """A risk as its form proposes it for words: nothing is filed before somebody has looked."""
    whole = clean(text).strip()
    title = clamp(one_line(whole.partition("\n")[0]), TITLE)
    category = propose(whole)
    more = clamp(whole, TEXT) if "\n" in whole or title != one_line(whole) else None
    return Typed(
        title=title,
        category=category or "",
        owner=slack_id,
        likelihood=None,
        impact=None,
        cause=more,
    )


def in_category(typed: Typed, category: str) -> Typed:
    """The same, where it is known what it is about."""
    return replace(typed, category=category)


def of_blocker(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, blocker_id: int, key: str
) -> tuple[Origin, Typed, str] | Gone:
    """What is proposed for something that blocks somebody."""
    row = session.execute(
        select(Blocker, Ritual, Team, Person)
        .join(Ritual, Blocker.ritual_id == Ritual.id)
        .join(Team, Ritual.team_id == Team.id)
        .join(Person, Blocker.owner_id == Person.id)
        .where(Blocker.id == blocker_id, Team.workspace_id == workspace_id)
    ).first()
    if row is None:
        return Gone()
    blocker, _ritual, team, owner = row
    origin = Origin(key, team.channel, team.name, blocker_id=blocker.id)
    who = escape_clamped(one_line(owner.name), _NAME)
    return origin, of_words(blocker.text, slack_id), f"From what blocks *{who}*"


def of_alert(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, alert_id: int, key: str
) -> tuple[Origin, Typed, str] | Gone:
    """What is proposed for an alert that no risk speaks of."""
    row = session.execute(
        select(Alert, Team)
        .join(Team, Alert.team_id == Team.id)
        .where(Alert.id == alert_id, Team.workspace_id == workspace_id)
    ).first()
    if row is None:
        return Gone()
    alert, team = row
    origin = Origin(key, team.channel, team.name, alert_id=alert.id)
    words = "\n".join(filter(None, [f"{alert.name} ({alert.source})", alert.summary]))
    typed = of_words(words, slack_id)
    typed = in_category(typed, typed.category or Category.DRIFT.value)
    about = f"From an alert of {escape_clamped(one_line(alert.source), _NAME)}"
    return origin, typed, about


def names(session: Session, _at: datetime, workspace_id: int, text: str) -> Mapping[str, str]:
    """The names of those whom a message mentions, by Slack id."""
    rows = session.execute(
        select(Person.slack_id, Person.name).where(
            Person.workspace_id == workspace_id, Person.slack_id.in_(markup.mentioned(text))
        )
    )
    return dict(rows.all())
