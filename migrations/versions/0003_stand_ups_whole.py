"""Roles, blockers, drafts and snoozes, quiet hours, Slack statuses, guests, and replies"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _people() -> list[sa.Column[Any]]:
    return [
        sa.Column("is_admitted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("status_emoji", sa.String(), server_default="", nullable=False),
        sa.Column("status_text", sa.Text(), server_default="", nullable=False),
        sa.Column("status_until", sa.DateTime(timezone=True), nullable=True),
    ]


def _teams() -> list[sa.Column[Any]]:
    return [
        sa.Column("tz", sa.String(), nullable=True),
        sa.Column("phase", sa.String(length=20), nullable=True),
        sa.Column("sprint_start", sa.Date(), nullable=True),
        sa.Column("sprint_weeks", sa.Integer(), nullable=True),
    ]


def _workspaces() -> list[sa.Column[Any]]:
    return [
        sa.Column("guests_allowed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("leave_statuses", sa.JSON(), nullable=True),
    ]


def _prompts() -> list[sa.Column[Any]]:
    return [
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
    ]


_ADDED = {"people": _people, "teams": _teams, "workspaces": _workspaces, "prompts": _prompts}


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns():
            op.add_column(table, column)
    with op.batch_alter_table("mirrors") as mirrors:
        mirrors.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        mirrors.create_foreign_key(
            op.f("fk_mirrors_parent_id"), "mirrors", ["parent_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_mirrors_parent_id", "mirrors", ["parent_id"])
    _memberships()
    _blockers()


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        _foreign("memberships", "team_id", "teams", "CASCADE"),
        _foreign("memberships", "person_id", "people", "CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "person_id", "role", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"])


def _blockers() -> None:
    op.create_table(
        "blockers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ritual_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("unblocker_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        _foreign("blockers", "ritual_id", "rituals", "CASCADE"),
        _foreign("blockers", "prompt_id", "prompts", "CASCADE"),
        _foreign("blockers", "owner_id", "people", "CASCADE"),
        _foreign("blockers", "unblocker_id", "people", "SET NULL"),
        _foreign("blockers", "resolved_by", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blockers")),
    )
    op.create_index(op.f("ix_blockers_prompt_id"), "blockers", ["prompt_id"])
    op.create_index("ix_blockers_ritual_id_state", "blockers", ["ritual_id", "state"])
    op.create_index("ix_blockers_unblocker_id_state", "blockers", ["unblocker_id", "state"])


def _foreign(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def downgrade() -> None:
    op.drop_table("blockers")
    op.drop_table("memberships")
    op.drop_index("ix_mirrors_parent_id", table_name="mirrors")
    with op.batch_alter_table("mirrors") as mirrors:
        mirrors.drop_constraint(op.f("fk_mirrors_parent_id"), type_="foreignkey")
        mirrors.drop_column("parent_id")
    for table, columns in _ADDED.items():
        for column in columns():
            op.drop_column(table, column.name)
