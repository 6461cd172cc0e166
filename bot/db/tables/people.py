"""Who: workspaces, people, their absences, teams and roles."""

from datetime import date, datetime, time

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.states import (
    AbsenceKind,
    Phase,
    Role,
)
from bot.db.base import Base, enum_of


class Workspace(Base):
    """A Slack workspace that the bot is installed in."""

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    bot_user: Mapped[str]
    guests_allowed: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="owners may admit people of other organisations"
    )
    leave_statuses: Mapped[list[str] | None] = mapped_column(
        JSON, doc="Slack statuses that mean leave or illness; None: the usual ones"
    )
    paused: Mapped[str | None] = mapped_column(doc="the token error that stopped sending")
    jira_url: Mapped[str | None] = mapped_column(
        doc="the site that keys of issues lead to; None: no Jira"
    )
    jira_paused: Mapped[str | None] = mapped_column(doc="why nothing goes to Jira")


class Person(Base):
    """A member of a workspace, with an IANA zone and never an offset."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    slack_id: Mapped[str]
    name: Mapped[str]
    tz: Mapped[str | None] = mapped_column(doc="None until Slack told it")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_external: Mapped[bool] = mapped_column(default=False, doc="of another organisation")
    is_admitted: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="external, and an owner lets them in"
    )
    deleted: Mapped[bool] = mapped_column(default=False)
    refreshed_at: Mapped[datetime | None] = mapped_column(doc="machine time of the last look")
    home_opened_at: Mapped[datetime | None] = mapped_column(doc="calendar time")
    country: Mapped[str | None] = mapped_column(doc="ISO 3166 alpha-2; None: guessed, '': none")
    subdivision: Mapped[str | None] = mapped_column(doc="its part, ISO 3166-2 without the country")
    quiet_from: Mapped[time | None] = mapped_column(doc="on their clock; None: as usual")
    quiet_until: Mapped[time | None] = mapped_column(doc="equal to its begin: no quiet hours")
    status_emoji: Mapped[str] = mapped_column(default="", server_default="", doc="as Slack has it")
    status_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    status_until: Mapped[datetime | None] = mapped_column(doc="None: until it is cleared")
    email: Mapped[str | None] = mapped_column(doc="finds them in Jira; None: Slack tells none")


class Absence(Base):
    """Days on which a person is away: local dates of their own, wherever they are."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person_id_last", "person_id", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    first: Mapped[date]
    last: Mapped[date] = mapped_column(doc="included")
    kind: Mapped[AbsenceKind] = mapped_column(enum_of(AbsenceKind))
    reason: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")
    created_at: Mapped[datetime]


class Team(Base):
    """The people around one channel."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    channel: Mapped[str]
    name: Mapped[str]
    tz: Mapped[str | None] = mapped_column(doc="IANA zone of its sprint dates; None: not said")
    phase: Mapped[Phase | None] = mapped_column(enum_of(Phase))
    sprint_start: Mapped[date | None] = mapped_column(doc="the first day of any one sprint")
    sprint_weeks: Mapped[int | None]


class Membership(Base):
    """A role that a person has in a team; somebody may have several."""

    __tablename__ = "memberships"

    team_id: Mapped[int] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(enum_of(Role), primary_key=True)
