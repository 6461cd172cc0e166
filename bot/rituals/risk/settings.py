"""Use cases of a register's settings: intervals, categories, the review, the hook's secret."""

import secrets
from datetime import datetime, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.cadence import local_date, zone
from bot.core.sprints import sprint_of
from bot.core.text import spoken_date
from bot.db.sealing import Sealer
from bot.db.tables import Audit, Person, Team
from bot.db.upsert import insert_missing
from bot.rituals.risk.alerts import hook
from bot.rituals.risk.model import LONGEST, USUAL
from bot.rituals.risk.owners import risk_owners
from bot.rituals.risk.registers import register_of, team_in
from bot.rituals.risk.reviews import replanning, schedule, team_review
from bot.rituals.risk.reviews.team_review_model import Config, When
from bot.rituals.risk.rights import may_settle, person_of
from bot.rituals.risk.settings_model import (
    Kept,
    NoKey,
    Secret,
    SettingsShown,
    SettingsTyped,
    SwitchedOff,
    merged,
    misnamed,
    named,
)
from bot.rituals.risk.states import Band
from bot.rituals.risk.tables import OwnCategory, Register
from bot.rituals.risk.values import NotTheirs, Wrong
from bot.teams.teams import team_of

_USUAL_AT = time(10)
_MOST_CATEGORIES = 20
_SECRET_BYTES = 32
NO_SPRINTS = "This team has no sprints yet: its settings say when they begin."


def shown(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str, *, sealed: bool
) -> SettingsShown:
    """How the register of a channel's team works; `sealed` says whether secrets can be kept."""
    team = team_in(session, workspace_id, channel)
    person = person_of(session, workspace_id, slack_id)
    tz = (team.tz if team else None) or (person.tz if person else None) or "UTC"
    register = session.get(Register, team.id) if team is not None else None
    ritual = schedule.ritual_of(session, team.id) if team is not None else None
    config, when, nth, weekday, hour = Config(when=When.NEVER), When.NEVER, 1, 0, _USUAL_AT
    if ritual is not None:
        config, cadence = team_review.config_of(ritual)
        when, hour = config.when, cadence.at
        nth = cadence.nth[0] if cadence.nth else 1
        weekday = cadence.weekdays[0]
    own = (register.intervals or {}) if register is not None else {}
    owners = risk_owners(session, [team.id]).get(team.id, []) if team is not None else []
    return SettingsShown(
        team=team.name if team is not None else "",
        channel=channel,
        intervals={band: int(own.get(band, USUAL[band])) for band in Band},
        categories=_own_categories(session, team),
        when=when,
        nth=nth,
        weekday=weekday,
        at=hour,
        tz=tz,
        checks_every=config.checks_every,
        risk_owners=tuple(one.name for one in owners),
        may_change=may_settle(session, team.id if team is not None else None, person),
        hook_works=sealed,
        has_secret=register is not None and register.secret is not None,
        public_id=register.public_id if register is not None else "",
        secret_told=_told(session, register),
    )


def _own_categories(session: Session, team: Team | None) -> tuple[str, ...]:
    if team is None:
        return ()
    rows = session.scalars(
        select(OwnCategory.name)
        .where(OwnCategory.team_id == team.id, OwnCategory.dropped.is_(False))
        .order_by(OwnCategory.name)
    )
    return tuple(rows)


def _told(session: Session, register: Register | None) -> str:
    if register is None or register.secret is None or register.secret_at is None:
        return ""
    who = session.get(Person, register.secret_by) if register.secret_by is not None else None
    return f"{who.name if who else 'somebody'} on {spoken_date(register.secret_at)}"


def keep(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    name: str,
    said: SettingsTyped,
    was: SettingsTyped | None = None,
    *,
    sealed: bool,
) -> Kept | NotTheirs | Wrong:
    """Set how a register works; what is planned by the old intervals moves to the new ones.

    `was` is what they were shown: what others have changed since stays, where this doesn't.
    """
    actor = person_of(session, workspace_id, slack_id, make=True)
    team = team_of(session, workspace_id, channel, name)
    if actor is None or not may_settle(session, team.id, actor):
        return NotTheirs()
    session.refresh(team, with_for_update=True)  # of two who save at once, one waits
    now = shown(session, at, workspace_id, slack_id, channel, sealed=sealed)
    typed = said if was is None else merged(was, said, now)
    tz = team.tz or actor.tz or "UTC"
    today = local_date(at, zone(tz))
    hour = _time(typed.at)
    problems = _problems(typed, team, hour, today)
    if misspelt := misnamed(said.categories):
        problems["categories"] = misspelt
    if problems:
        return Wrong(problems)
    register = register_of(session, team.id)
    own = {band.value: typed.intervals[band] or USUAL[band] for band in Band}
    before = register.intervals
    register.intervals = None if own == {one.value: USUAL[one] for one in Band} else dict(own)
    _set_categories(session, team, typed.categories)
    config = Config(when=typed.when, checks_every=typed.checks_every)
    cadence = None
    if hour is not None and typed.when is When.MONTHLY:
        cadence = schedule.monthly(typed.nth, typed.weekday, hour, tz)
    elif hour is not None and typed.when is When.SPRINT:
        cadence = schedule.at_sprints_end(team, hour, tz, today)
    schedule.set_up(session, at, team, actor.id, config, cadence)
    detail: dict[str, Any] = {
        "intervals": dict(own),
        "categories": typed.categories,
        "review": config.model_dump(mode="json"),
        "cadence": None if cadence is None else cadence.model_dump(mode="json"),
    }
    _audit(session, at, actor, team, "risk.settings", detail)
    if before != register.intervals:
        replanning.replan(session, at, team.id, own, actor)
    return Kept(shown(session, at, workspace_id, slack_id, channel, sealed=sealed))


def _problems(typed: SettingsTyped, team: Team, hour: time | None, today: Any) -> dict[str, str]:
    found = {
        f"days_{band.value}": f"Give a whole number of days, from 1 to {LONGEST}."
        for band in Band
        if not 1 <= (typed.intervals[band] or 0) <= LONGEST
    }
    if hour is None and typed.when is not When.NEVER:
        found["at"] = "Choose a time."
    if typed.when is When.SPRINT and sprint_of(team, today) is None:
        found["when"] = NO_SPRINTS
    if (number := len(named(typed.categories))) > _MOST_CATEGORIES:
        found["categories"] = (
            f"Please list at most {_MOST_CATEGORIES}: with those that others have added these are "
            f"{number}."
        )
    return found


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None


def _set_categories(session: Session, team: Team, typed: str) -> None:
    """Those that are named are offered; those that are not are, no longer."""
    names = named(typed)
    rows = [{"team_id": team.id, "name": one, "dropped": False} for one in names]
    session.flush()
    insert_missing(session, OwnCategory, rows)
    for one in session.scalars(select(OwnCategory).where(OwnCategory.team_id == team.id)):
        one.dropped = one.name not in names


def new_secret(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    name: str,
    sealer: Sealer | None,
) -> Secret | NotTheirs | NoKey:
    """A new secret for a team's hook: shown once, kept sealed; the one before is good no more."""
    if sealer is None:
        return NoKey()
    actor = person_of(session, workspace_id, slack_id, make=True)
    team = team_of(session, workspace_id, channel, name)
    if actor is None or not may_settle(session, team.id, actor):
        return NotTheirs()
    register = register_of(session, team.id)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    sealed = sealer.seal(secret, hook.TABLE, hook.COLUMN, team.id)
    session.execute(
        update(Register)
        .where(Register.team_id == team.id)
        .values(secret=sealed, secret_by=actor.id, secret_at=at)
    )
    _audit(session, at, actor, team, "risk.hook.secret", {})
    return Secret(register.public_id, secret)


def switch_off(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str, name: str
) -> SwitchedOff | NotTheirs:
    """A team's hook takes nothing any more: its secret is forgotten, and its address kept."""
    actor = person_of(session, workspace_id, slack_id, make=True)
    team = team_of(session, workspace_id, channel, name)
    if actor is None or not may_settle(session, team.id, actor):
        return NotTheirs()
    register = register_of(session, team.id)
    if register.secret is not None:
        register.secret = register.secret_by = register.secret_at = None
        _audit(session, at, actor, team, "risk.hook.off", {})
    return SwitchedOff()


def hold_now(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str, name: str
) -> str | NotTheirs:
    """Hold a team's review at once; answers the channel that it comes to."""
    actor = person_of(session, workspace_id, slack_id, make=True)
    team = team_of(session, workspace_id, channel, name)
    if actor is None or not may_settle(session, team.id, actor):
        return NotTheirs()
    ritual = schedule.ritual_of(session, team.id)
    if ritual is None:  # none is planned: this one is held all the same
        tz = team.tz or actor.tz or "UTC"
        ritual = team_review.unplanned(session, at, team, actor.id, tz)
    team_review.hold_now(session, at, ritual)
    _audit(session, at, actor, team, "risk.review.held", {})
    return ritual.channel


def _audit(
    session: Session, at: datetime, actor: Person, team: Team, action: str, detail: dict[str, Any]
) -> None:
    session.add(
        Audit(at=at, actor_id=actor.id, action=action, subject=f"team:{team.id}", detail=detail)
    )
