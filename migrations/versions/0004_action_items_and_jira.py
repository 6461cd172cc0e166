"""Action items, where a team's tickets go, and who people are in Jira"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADDED = (
    ("people", "email"),
    ("workspaces", "jira_paused"),
    ("workspaces", "jira_url"),
    ("mirrors", "thread_ts"),
)


def upgrade() -> None:
    for table, column in _ADDED:
        op.add_column(table, sa.Column(column, sa.String(), nullable=True))
    _action_items()
    _jira_projects()
    _jira_people()


def _action_items() -> None:
    op.create_table(
        "action_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        *_references("team_id", "ritual_id", "run_id", "blocker_id"),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("message_ts", sa.String(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        *_references("owner_id", "assigned_by"),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("raised_by", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("wants_ticket", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("issue_id", sa.String(), nullable=True),
        sa.Column("issue_key", sa.String(), nullable=True),
        sa.Column("agreed", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _foreign("action_items", "workspace_id", "workspaces", "CASCADE"),
        _foreign("action_items", "team_id", "teams", "SET NULL"),
        _foreign("action_items", "ritual_id", "rituals", "SET NULL"),
        _foreign("action_items", "run_id", "runs", "SET NULL"),
        _foreign("action_items", "blocker_id", "blockers", "SET NULL"),
        _foreign("action_items", "owner_id", "people", "SET NULL"),
        _foreign("action_items", "assigned_by", "people", "SET NULL"),
        _foreign("action_items", "raised_by", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
        sa.UniqueConstraint("origin", name=op.f("uq_action_items_origin")),
    )
    for column in ("owner_id", "team_id", "raised_by"):
        op.create_index(f"ix_action_items_{column}_state", "action_items", [column, "state"])
    for column in ("ritual_id", "run_id", "blocker_id", "issue_id"):
        op.create_index(op.f(f"ix_action_items_{column}"), "action_items", [column])


def _jira_projects() -> None:
    op.create_table(
        "jira_projects",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("issue_type", sa.String(), nullable=False),
        sa.Column("issue_type_name", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("jira_projects", "team_id", "teams", "CASCADE"),
        _foreign("jira_projects", "set_by", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_jira_projects")),
    )


def _jira_people() -> None:
    op.create_table(
        "jira_people",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("match", sa.String(length=20), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("jira_people", "person_id", "people", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_jira_people")),
    )
    op.create_index(op.f("ix_jira_people_account"), "jira_people", ["account"])


def _references(*columns: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=True) for name in columns]


def _foreign(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def downgrade() -> None:
    op.drop_table("jira_people")
    op.drop_table("jira_projects")
    op.drop_table("action_items")
    for table, column in _ADDED:
        op.drop_column(table, column)
