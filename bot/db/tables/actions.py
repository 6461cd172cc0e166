"""What people decided to do, and what Jira knows of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.states import ItemState, JiraMatch
from bot.db.base import Base, enum_of


class ActionItem(Base):
    """Something that somebody is to do."""

    __tablename__ = "action_items"
    __table_args__ = (
        Index("ix_action_items_owner_id_state", "owner_id", "state"),
        Index("ix_action_items_team_id_state", "team_id", "state"),
        Index("ix_action_items_raised_by_state", "raised_by", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("teams.id", ondelete="SET NULL"), doc="None: raised where no team is"
    )
    ritual_id: Mapped[int | None] = mapped_column(
        ForeignKey("rituals.id", ondelete="SET NULL"), index=True, doc="the one it came from"
    )
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"), index=True, doc="likewise"
    )
    late_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"),
        index=True,
        doc="the one whose message says that it is late by a week",
    )
    blocker_id: Mapped[int | None] = mapped_column(
        ForeignKey("blockers.id", ondelete="SET NULL"), index=True, doc="likewise"
    )
    channel: Mapped[str | None] = mapped_column(doc="where it was raised")
    message_ts: Mapped[str | None] = mapped_column(doc="from which message")
    what: Mapped[str] = mapped_column(Text, doc="one line; once there is an issue, its summary")
    details: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    assigned_by: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="who gave it to its owner; None: Jira"
    )
    told_on: Mapped[date | None] = mapped_column(
        doc="the date of the owner's card that first showed it; None: not told yet"
    )
    due: Mapped[date | None] = mapped_column(doc="on its owner's clock")
    state: Mapped[ItemState] = mapped_column(enum_of(ItemState), default=ItemState.OPEN)
    reason: Mapped[str | None] = mapped_column(Text, doc="why it was dropped")
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(doc="when it was done or dropped")
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")
    wants_ticket: Mapped[bool] = mapped_column(default=False, server_default=false())
    fields: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        doc="what a Jira project asks for beyond the usual, by that and its issue type",
    )
    issue_id: Mapped[str | None] = mapped_column(index=True, doc="numeric; survives a move")
    issue_key: Mapped[str | None] = mapped_column(doc="as of the last look")
    agreed: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="what both sides last agreed on, by field"
    )
    note: Mapped[str | None] = mapped_column(Text, doc="one line on where Jira had its own way")


class JiraProject(Base):
    """Where a team's tickets go."""

    __tablename__ = "jira_projects"

    team_id: Mapped[int] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    project: Mapped[str] = mapped_column(doc="numeric id")
    key: Mapped[str]
    name: Mapped[str]
    issue_type: Mapped[str] = mapped_column(doc="numeric id")
    issue_type_name: Mapped[str]
    fields: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="set on every issue, as Jira's REST API takes them"
    )
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    set_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="in vain, since it takes no tickets"
    )
    try_at: Mapped[datetime | None] = mapped_column(doc="machine time: no sooner once more")


class JiraPerson(Base):
    """Who somebody is in Jira, and how sure that is."""

    __tablename__ = "jira_people"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    account: Mapped[str | None] = mapped_column(
        index=True, doc="Cloud's accountId, Data Center's user name; None: nobody found"
    )
    name: Mapped[str] = mapped_column(default="", doc="as Jira shows them")
    match: Mapped[JiraMatch] = mapped_column(enum_of(JiraMatch))
    looked_at: Mapped[datetime] = mapped_column(doc="machine time")
