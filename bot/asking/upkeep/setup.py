"""Use cases of setting a ritual up: start one in a channel, or change it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asking import by_hand, guests, home, planning, stopping
from bot.asking.askable import ASKABLE, is_askable
from bot.asking.guests import outsiders
from bot.asking.mine import mine
from bot.asking.newcomers import rows_of
from bot.asking.outlook import next_of
from bot.asking.owners import may_change
from bot.asking.upkeep.lifecycle import standing_by_id, standing_in
from bot.asking.upkeep.merged import Together, merged
from bot.asking.upkeep.model import (
    C,
    Exists,
    F,
    Gone,
    Meant,
    NotOwner,
    Outsiders,
    Plan,
    Settings,
    Started,
    Submitted,
    Typed,
    Wrong,
)
from bot.asking.upkeep.times import skipped
from bot.asking.views import Mine
from bot.core.cadence import Cadence
from bot.core.states import RitualState
from bot.db.tables import Audit, Participant, Person, Ritual, Run, Team, Workspace
from bot.db.upsert import insert_missing

NOBODY = "None of them can be asked: they are bots, or have left."
NO_OWNER = "Choose somebody of this workspace, who is there still."
GUEST = "You are a guest here: please ask somebody of this workspace to set it up."

TeamOf = Callable[[Session, int, str, str], Team]
"""The team of a channel, by workspace, channel and the channel's name."""


def askable(
    session: Session, _at: datetime, workspace_id: int, slack_ids: Sequence[str]
) -> list[str]:
    """All but those who are known to be bots, guests of another organisation, or gone."""
    not_asked = set(
        session.scalars(
            select(Person.slack_id).where(
                Person.workspace_id == workspace_id,
                ~ASKABLE,
            )
        )
    )
    return [one for one in slack_ids if one not in not_asked]


def start(
    session: Session,
    at: datetime,
    kind: str,
    team_of: TeamOf,
    workspace_id: int,
    actor: str,
    plan: Plan[C],
) -> Started | NotOwner | Outsiders | Gone:
    """Start a channel's ritual, or change it where there is one; `actor` is a Slack id."""
    if _deleted(session, plan.key):
        return Gone()
    named = {plan.owner} if plan.owner else set[str]()
    people = rows_of(session, workspace_id, {actor, *plan.members, *named})
    by = people[actor]
    outside = guests.outsiders(people[one] for one in plan.members)
    if outside and not guests.are_allowed(session, workspace_id):
        return Outsiders(tuple(person.name for person in outside))
    team = team_of(session, workspace_id, plan.channel, plan.channel_name)
    ritual = _found(session, kind, team, plan.key)
    changed = ritual is not None
    if ritual is None:
        ritual = _new(session, at, kind, team, by, plan)
    elif not may_change(ritual, by):
        return NotOwner(session.get_one(Person, ritual.owner_id).name)
    renamed = changed and ritual.title != plan.title
    _change(session, ritual, plan)
    if plan.owner:
        ritual.owner_id = people[plan.owner].id
    guests.admit(session, at, by.id, outside)
    asked = [people[one] for one in plan.members if is_askable(people[one])]
    off = _set_participants(session, ritual, asked)
    guests.release(session, at, workspace_id, by.id)
    _audit(session, at, by, ritual, plan)
    paused = ritual.state is RitualState.PAUSED
    if paused:
        planning.take_back(session, at, ritual)
    else:
        planning.begin(session, at, ritual)
    live = session.scalars(planning.live_runs(ritual).with_only_columns(Run.id)).all()
    by_hand.end_settled(session, at, live)  # the last who owed something may be on it no more
    if renamed:
        stopping.show(session, at, ritual)
    home.refresh(session, at, [*(person.id for person in people.values()), *off])
    first = _first_asked(session, at, ritual, by)
    note = skipped(plan.cadence, at)
    return Started(ritual.id, first, len(asked), changed, paused, note)


def _deleted(session: Session, key: str) -> bool:
    """Whether what this modal made has been deleted."""
    state = session.scalar(select(Ritual.state).where(Ritual.origin == key))
    return state is RitualState.DELETED


def _change(session: Session, ritual: Ritual, plan: Plan[C]) -> None:
    """Runs that are open keep what they were planned with."""
    before = Cadence.model_validate(ritual.cadence)
    ritual.title = plan.title
    ritual.cadence = plan.cadence.model_dump(mode="json")
    ritual.config = plan.config.model_dump(mode="json")
    if before.zone != plan.cadence.zone:
        planning.rezone(session, ritual)


def _found(session: Session, kind: str, team: Team, key: str) -> Ritual | None:
    """The ritual that this modal made, or that the channel has."""
    return session.scalars(
        select(Ritual)
        .where(Ritual.kind == kind, Ritual.state != RitualState.DELETED)
        .where((Ritual.origin == key) | (Ritual.team_id == team.id))
        .order_by(Ritual.id)
    ).first()


def _new(
    session: Session, at: datetime, kind: str, team: Team, owner: Person, plan: Plan[C]
) -> Ritual:
    ritual = Ritual(
        team_id=team.id,
        kind=kind,
        title=plan.title,
        channel=plan.channel,
        owner_id=owner.id,
        cadence=plan.cadence.model_dump(mode="json"),
        config=plan.config.model_dump(mode="json"),
        origin=plan.key,
        created_at=at,
    )
    session.add(ritual)
    session.flush()
    return ritual


def _set_participants(session: Session, ritual: Ritual, people: Sequence[Person]) -> Sequence[int]:
    """Let these be on it and nobody else; answers who is no longer."""
    session.flush()
    ids = [person.id for person in people]
    off = session.scalars(
        delete(Participant)
        .where(Participant.ritual_id == ritual.id, Participant.person_id.not_in(ids))
        .returning(Participant.person_id)
    ).all()
    insert_missing(
        session, Participant, [{"ritual_id": ritual.id, "person_id": one} for one in ids]
    )
    return off


def _audit(session: Session, at: datetime, actor: Person, ritual: Ritual, plan: Plan[C]) -> None:
    session.add(
        Audit(
            at=at,
            actor_id=actor.id,
            action=f"{ritual.kind}.set",
            subject=f"ritual:{ritual.id}",
            detail={
                "members": list(plan.members),
                "title": ritual.title,
                "cadence": ritual.cadence,
                "config": ritual.config,
                "owner": ritual.owner_id,
            },
        )
    )


def _first_asked(session: Session, at: datetime, ritual: Ritual, person: Person) -> datetime | None:
    moments = [one.due for one in next_of(session, at, person.id) if one.ritual_id == ritual.id]
    return moments[0] if moments else None


# --- what a screen is filled with


def standing_id(
    session: Session, _at: datetime, kind: str, workspace_id: int, channel: str
) -> int | None:
    """The id of the ritual of a kind that a channel has."""
    ritual = standing_in(session, kind, workspace_id, channel)
    return None if ritual is None else ritual.id


def listed(
    session: Session, _at: datetime, kind: str, workspace_id: int, slack_id: str
) -> tuple[list[Mine], bool]:
    """The rituals of a kind that somebody is on or looks after; and whether they are a guest."""
    person = _person(session, workspace_id, slack_id)
    if person is None:
        return [], False
    return [one for one in mine(session, person) if one.kind == kind], person.is_external


def _person(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


Filled = Callable[[str, Cadence, C, tuple[str, ...]], F]
"""The form of a ritual as it is: from its title, cadence, configuration, and who is on it."""


def _nothing_else(_session: Session, _at: datetime, _ritual: Ritual, _before: int) -> None:
    return


@dataclass(frozen=True)
class Upkeep(Generic[F, C]):
    """The settings of one kind of ritual: read, and submitted."""

    kind: str
    config: type[C]
    filled: Filled[C, F]
    meaning: Callable[..., "Meant[C] | Mapping[str, str]"]
    """What a form means, or what is wrong with it by field.

    It gets the session, the instant, the zone of whoever submits it, the workspace, the team's
    channel, the form, and what it was before: cadence and configuration, or None.
    """
    team_of: TeamOf
    together: Together = ()
    changed: Callable[[Session, datetime, Ritual, int], None] = _nothing_else
    """What else follows when one is changed, with the id of whoever looked after it before."""

    def settings(
        self, session: Session, _at: datetime, workspace_id: int, slack_id: str, ritual_id: int
    ) -> Settings[F, C] | Gone:
        """A ritual's settings, by its id."""
        ritual = standing_by_id(session, self.kind, workspace_id, ritual_id)
        return Gone() if ritual is None else self._settings(session, ritual, slack_id)

    def settings_in(
        self, session: Session, _at: datetime, workspace_id: int, slack_id: str, channel: str
    ) -> Settings[F, C] | None:
        """The settings of the ritual that a channel has."""
        ritual = standing_in(session, self.kind, workspace_id, channel)
        return None if ritual is None else self._settings(session, ritual, slack_id)

    def _settings(self, session: Session, ritual: Ritual, slack_id: str) -> Settings[F, C]:
        team = session.get_one(Team, ritual.team_id)
        owner = session.get_one(Person, ritual.owner_id)
        asking = _person(session, team.workspace_id, slack_id)
        on_it = session.execute(
            select(Person.slack_id, Person.name)
            .join(Participant, Participant.person_id == Person.id)
            .where(Participant.ritual_id == ritual.id)
            .order_by(Person.name, Person.id)
        ).all()
        cadence = Cadence.model_validate(ritual.cadence)
        config = self.config.model_validate(ritual.config)
        members = tuple(row.slack_id for row in on_it)
        return Settings(
            ritual_id=ritual.id,
            channel=ritual.channel,
            channel_name=team.name,
            form=self.filled(ritual.title, cadence, config, members),
            owner=owner.slack_id,
            owner_name=owner.name,
            names=tuple(row.name for row in on_it),
            cadence=cadence,
            config=config,
            paused=ritual.state is RitualState.PAUSED,
            may_change=may_change(ritual, asking),
        )

    def submit(
        self, session: Session, at: datetime, workspace_id: int, actor: str, typed: Typed[F]
    ) -> Submitted:
        """Start a ritual, or change one; `actor` is a Slack id."""
        standing = self._standing(session, workspace_id, typed)
        if standing is None and typed.ritual_id is not None:
            return Gone()
        if standing is not None and typed.ritual_id is None and standing.origin != typed.key:
            owner = session.get_one(Person, standing.owner_id)
            return Exists(standing.id, standing.channel, owner.name)
        if standing is not None and typed.was:
            session.refresh(standing, with_for_update=True)  # of two who save at once, one waits
            typed = merged(typed, self._settings(session, standing, actor), self.together)
        channel = typed.channel if standing is None else standing.channel
        before = None if standing is None else Cadence.model_validate(standing.cadence)
        config = None if standing is None else self.config.model_validate(standing.config)
        own = _zone_of(session, workspace_id, actor)
        meant = self.meaning(session, at, own, workspace_id, channel, typed.form, before, config)
        problems = dict(meant) if not isinstance(meant, Meant) else {}
        problems |= problems_of_people(session, workspace_id, typed.form.members, typed.owner)
        if standing is None and _is_guest(session, workspace_id, actor):
            problems["members"] = GUEST
        if problems or not isinstance(meant, Meant):
            return Wrong(problems)
        plan = Plan(
            channel=channel,
            channel_name=typed.channel_name,
            members=typed.form.members,
            cadence=meant.cadence,
            key=typed.key if standing is None else standing.origin,
            title=meant.title,
            config=meant.config,
            owner=typed.owner,
        )
        looked_after = None if standing is None else standing.owner_id
        done = start(session, at, self.kind, self.team_of, workspace_id, actor, plan)
        if standing is not None and looked_after is not None and isinstance(done, Started):
            self.changed(session, at, standing, looked_after)
        return done

    def _standing(self, session: Session, workspace_id: int, typed: Typed[F]) -> Ritual | None:
        """What a submit changes: the ritual it is about, or what its channel has."""
        if typed.ritual_id is not None:
            return standing_by_id(session, self.kind, workspace_id, typed.ritual_id)
        return standing_in(session, self.kind, workspace_id, typed.channel)


def problems_of_people(
    session: Session, workspace_id: int, chosen: Sequence[str], owner: str
) -> dict[str, str]:
    """What is wrong with who is to be asked, and who is to look after it."""
    people = rows_of(session, workspace_id, set(chosen))
    ourselves = session.get_one(Workspace, workspace_id).bot_user
    members = [people[one] for one in chosen if one != ourselves]
    found: dict[str, str] = {}
    if chosen and not any(is_askable(one) or outsiders([one]) for one in members):
        found["members"] = NOBODY
    if owner and not may_own(session, workspace_id, owner):
        found["owner"] = NO_OWNER
    return found


def may_own(session: Session, workspace_id: int, slack_id: str) -> bool:
    """Whether somebody can look after a ritual, or lead it: no bot, no guest, nobody who left."""
    if slack_id == session.get_one(Workspace, workspace_id).bot_user:
        return False
    person = rows_of(session, workspace_id, {slack_id})[slack_id]
    return is_askable(person) and not person.is_external


def _zone_of(session: Session, workspace_id: int, slack_id: str) -> str:
    person = _person(session, workspace_id, slack_id)
    return (person.tz if person is not None else None) or "UTC"


def _is_guest(session: Session, workspace_id: int, slack_id: str) -> bool:
    person = _person(session, workspace_id, slack_id)
    return person is not None and person.is_external
