"""The tables of the risk register."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, enum_of
from bot.rituals.risk.states import (
    Act,
    Approval,
    Chased,
    CheckKind,
    MitigationState,
    Response,
    Status,
    Verdict,
)


class Register(Base):
    """What a team settles for its register: how often it is looked at, and who may send alerts."""

    __tablename__ = "risk_registers"

    team_id: Mapped[int] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    public_id: Mapped[str] = mapped_column(unique=True, doc="in the hook's address; no secret")
    intervals: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="days between reviews, by band; None: the usual ones"
    )
    secret: Mapped[str | None] = mapped_column(Text, doc="of the hook, sealed; None: it is off")
    secret_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    secret_at: Mapped[datetime | None]


class OwnCategory(Base):
    """A category that a team added to the usual six."""

    __tablename__ = "risk_categories"
    __table_args__ = (UniqueConstraint("team_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    name: Mapped[str]
    dropped: Mapped[bool] = mapped_column(default=False, doc="offered no longer; risks keep it")


class Risk(Base):
    """Something that may go wrong."""

    __tablename__ = "risks"
    __table_args__ = (
        Index("ix_risks_team_id_status", "team_id", "status"),
        Index("ix_risks_owner_id_status", "owner_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    title: Mapped[str]
    category: Mapped[str] = mapped_column(doc="one of the six, or own:id of the team's own")
    model: Mapped[str] = mapped_column(default="", doc="the model it is about, if one")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    status: Mapped[Status] = mapped_column(enum_of(Status), default=Status.OPEN)
    likelihood: Mapped[int] = mapped_column(doc="1 to 5, as it is now")
    impact: Mapped[int] = mapped_column(doc="1 to 5, as it is now")
    inherent_likelihood: Mapped[int | None] = mapped_column(
        doc="without its mitigations; None: as it is now"
    )
    inherent_impact: Mapped[int | None] = mapped_column(doc="likewise")
    residual_likelihood: Mapped[int | None] = mapped_column(doc="once mitigated")
    residual_impact: Mapped[int | None] = mapped_column(doc="once mitigated")
    was_score: Mapped[int | None] = mapped_column(doc="before it was last rescored")
    response: Mapped[Response | None] = mapped_column(enum_of(Response))
    cause: Mapped[str] = mapped_column(Text, default="")
    consequence: Mapped[str] = mapped_column(Text, default="")
    links: Mapped[str] = mapped_column(Text, default="")
    next_review: Mapped[date | None] = mapped_column(doc="on its reviewer's clock; None: closed")
    chased: Mapped[Chased] = mapped_column(enum_of(Chased), default=Chased.NOBODY)
    asked_on: Mapped[date | None] = mapped_column(
        doc="the date of the card that asked for it, or on which it would have been asked"
    )
    asked_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"),
        doc="of whom; None: of nobody yet, or it went on without them, as they are away",
    )
    left_by: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="its owner, who left; until it has one"
    )
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")
    channel: Mapped[str | None] = mapped_column(doc="of the message that it was made of")
    message_ts: Mapped[str | None] = mapped_column(doc="likewise")
    blocker_id: Mapped[int | None] = mapped_column(
        ForeignKey("blockers.id", ondelete="SET NULL"), index=True, doc="that it was made of"
    )


class Mitigation(Base):
    """Something that is done against a risk."""

    __tablename__ = "risk_mitigations"

    id: Mapped[int] = mapped_column(primary_key=True)
    risk_id: Mapped[int] = mapped_column(ForeignKey("risks.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[MitigationState] = mapped_column(
        enum_of(MitigationState), default=MitigationState.PLANNED
    )


class Change(Base):
    """A line of a risk's history: who, when, from, to, why. Append only."""

    __tablename__ = "risk_changes"
    __table_args__ = (
        Index("ix_risk_changes_team_id_at", "team_id", "at"),
        Index("ix_risk_changes_actor_id_on_date", "actor_id", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    risk_id: Mapped[int] = mapped_column(ForeignKey("risks.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    on_date: Mapped[date] = mapped_column(doc="where whoever did it was")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    act: Mapped[Act] = mapped_column(enum_of(Act))
    was_likelihood: Mapped[int]
    was_impact: Mapped[int]
    was_status: Mapped[Status] = mapped_column(enum_of(Status))
    likelihood: Mapped[int]
    impact: Mapped[int]
    status: Mapped[Status] = mapped_column(enum_of(Status))
    review: Mapped[bool] = mapped_column(default=False, doc="it answered a review that was asked")
    why: Mapped[str] = mapped_column(Text, default="")


class Alert(Base):
    """What a monitor keeps telling of; one row, and one thread, for each fingerprint."""

    __tablename__ = "risk_alerts"
    __table_args__ = (UniqueConstraint("team_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    fingerprint: Mapped[str]
    source: Mapped[str]
    name: Mapped[str]
    severity: Mapped[str]
    value: Mapped[str]
    summary: Mapped[str] = mapped_column(
        Text, default="", server_default="", doc="in a sentence, where a monitor has one"
    )
    link: Mapped[str]
    firing: Mapped[bool] = mapped_column(doc="it was not told as resolved since")
    times: Mapped[int] = mapped_column(default=0)
    episode: Mapped[int] = mapped_column(default=1, doc="counts how often it began anew")
    risk_id: Mapped[int | None] = mapped_column(
        ForeignKey("risks.id", ondelete="SET NULL"), index=True
    )
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Decision(Base):
    """What was decided about an alert, by whom and when; kept for good."""

    __tablename__ = "risk_decisions"
    __table_args__ = (UniqueConstraint("alert_id", "episode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(
        ForeignKey("risk_alerts.id", ondelete="CASCADE"), index=True
    )
    episode: Mapped[int]
    risk_id: Mapped[int | None] = mapped_column(
        ForeignKey("risks.id", ondelete="SET NULL"), index=True
    )
    verdict: Mapped[Verdict] = mapped_column(enum_of(Verdict))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]
    decided_on: Mapped[date] = mapped_column(doc="where whoever decided was")


class Check(Base):
    """A project's check at a gate."""

    __tablename__ = "risk_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CheckKind] = mapped_column(enum_of(CheckKind))
    about: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(doc="what was said, by question, and its risk")
    approvers: Mapped[list[str]] = mapped_column(JSON, doc="the roles that are asked to approve")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    made_on: Mapped[date] = mapped_column(doc="on the clock of whoever made it")
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")


class CheckApproval(Base):
    """What somebody with a role says to a release."""

    __tablename__ = "risk_approvals"

    check_id: Mapped[int] = mapped_column(
        ForeignKey("risk_checks.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    said: Mapped[Approval] = mapped_column(enum_of(Approval))
    at: Mapped[datetime]


class Leader(Base):
    """Somebody who sees the worst of all teams' risks."""

    __tablename__ = "risk_leaders"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
