"""Setting retros up and changing them: the screen, its use cases, and the life of a retro."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.upkeep import lifecycle, state, times
from bot.asking.upkeep.lives import Lives
from bot.asking.upkeep.model import Act, Done, Gone, NotOwner
from bot.asking.upkeep.screens import Screen
from bot.asking.upkeep.setup import NO_OWNER, Upkeep, may_own
from bot.core.cadence import Cadence
from bot.db.tables import Ritual, Team
from bot.rituals.retro import sealed, setup_form, stages
from bot.rituals.retro.model import KIND, RETRO, Config
from bot.rituals.retro.offering import settings_changed
from bot.rituals.retro.setup_form import SPRINT, Form, Meant, every
from bot.rituals.retro.status import standings
from bot.rituals.retro.templates import Template
from bot.rituals.retro.views.setup import look_modal, setup_modal
from bot.teams.teams import team_of

NEEDS_A_CHANNEL = "A retro needs a channel to come together in."


@dataclass(frozen=True)
class _Known:
    """What the form depends on."""

    sprints: bool
    unsigned: bool


def _known(session: Session, _at: datetime, workspace_id: int, channel: str) -> _Known:
    team = _team(session, workspace_id, channel)
    sprints = team is not None and team.sprint_start is not None and bool(team.sprint_weeks)
    return _Known(sprints, sealed.offered(session))


def _fitted(form: Form, known: _Known) -> Form:
    often = form.often or (SPRINT if known.sprints else every(2))
    return replace(form, often=often, sprints=known.sprints, unsigned=known.unsigned)


def _team(session: Session, workspace_id: int, channel: str) -> Team | None:
    return session.scalar(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    )


def meaning(
    session: Session,
    at: datetime,
    own: str,
    workspace_id: int,
    channel: str,
    form: Form,
    cadence: Cadence | None,
    config: Config | None,
) -> Meant | Mapping[str, str]:
    """What a form means, with what is known of its channel's team."""
    form = _fitted(form, _known(session, at, workspace_id, channel))
    today = times.today(form.zone, own, at)
    meant = setup_form.meaning(form, today, _team(session, workspace_id, channel), cadence)
    chosen, before = form.facilitator, "" if config is None else config.facilitator
    if chosen in ("", before) or may_own(session, workspace_id, chosen):
        return meant
    return {**(meant if isinstance(meant, Mapping) else {}), "facilitator": NO_OWNER}


def act(
    session: Session, at: datetime, workspace_id: int, slack_id: str, ritual_id: int, what: Act
) -> Done | NotOwner | Gone:
    """Pause, resume or delete a retro; with it ends what is under way, and no note is shown."""
    done = lifecycle.act(session, at, KIND, workspace_id, slack_id, ritual_id, what)
    if isinstance(done, Done) and what is Act.DELETE:
        stages.end_deleted(session, at, session.get_one(Ritual, ritual_id))
    return done


def form_of(view: Mapping[str, Any]) -> Form:
    """What stands in a screen; what it doesn't ask is as usual."""
    return replace(Form(), **state.read(view, _FIELDS))


def _note(form: Form, at: datetime) -> str:
    """What is said under the time, where there is something to say."""
    there = times.zone_typed(form.zone)
    if there is None or not form.at:
        return ""
    weekly = replace(form, often=every(1), members=("somebody",), zone=there)
    meant = setup_form.meaning(weekly, at.date(), None)
    return "" if isinstance(meant, Mapping) else times.skipped(meant.cadence, at)


_FIELDS: state.Fields = {
    "members": ("members", "members", state.users),
    "often": ("often", "often", state.chosen(str)),
    "weekday": ("day", "day", state.chosen(int)),
    "at": ("at", "at", state.time),
    "template": ("template", RETRO.template, state.chosen(Template)),
    "columns": ("columns", "columns", state.text),
    "anonymous": ("anonymous", "anonymous", state.ticked),
    "title": ("title", "title", state.text),
    "zone": ("zone", RETRO.zone, state.text),
    "open_minutes": ("open", "open", state.chosen(int)),
    "sort_minutes": ("sort", "sort", state.chosen(int)),
    "vote_minutes": ("vote", "vote", state.chosen(int)),
    "discuss_minutes": ("discuss", "discuss", state.chosen(int)),
    "votes": ("votes", "votes", state.chosen(int)),
    "remind_minutes": ("remind", "remind", state.chosen(int)),
    "facilitator": ("facilitator", "facilitator", state.user),
}
"""Where each field of a form stands, and how it is read."""

UPKEEP = Upkeep(
    KIND,
    Config,
    setup_form.filled,
    meaning,
    team_of,
    (("template", "columns"),),
    settings_changed,
)
SCREEN = Screen(
    kind=RETRO,
    upkeep=UPKEEP,
    blank=Form(),
    form_of=form_of,
    fields=_FIELDS,
    draw=setup_modal,
    look=look_modal,
    note=_note,
    needs_a_channel=NEEDS_A_CHANNEL,
    command=lambda intake: intake.retro_command,
    known=_known,
    fitted=_fitted,
    named=lambda form: (form.facilitator,),
)
LIVES = Lives(SCREEN, act, standings)
