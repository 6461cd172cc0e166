"""Retros, their notes and votes, and what was said of their topics"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _retros()
    _notes()
    _topics()
    _replies()


def _retros() -> None:
    op.create_table(
        "retros",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ritual_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("vote_run_id", sa.Integer(), nullable=True),
        sa.Column("discuss_run_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Integer(), nullable=True),
        sa.Column("sort_until", sa.DateTime(timezone=True), nullable=True),
        *(_no(name) for name in ("anonymous", "held", "few")),
        sa.Column("notes_shown", sa.Integer(), nullable=False),
        sa.Column("done_shown", sa.Integer(), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        _foreign("retros", "ritual_id", "rituals", "CASCADE"),
        _foreign("retros", "run_id", "runs", "CASCADE"),
        _foreign("retros", "vote_run_id", "runs", "SET NULL"),
        _foreign("retros", "discuss_run_id", "runs", "SET NULL"),
        _foreign("retros", "moved_by", "people", "SET NULL"),
        _foreign("retros", "facilitator_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retros")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_retros_{name}"))
            for name in ("run_id", "vote_run_id", "discuss_run_id", "origin")
        ),
    )
    op.create_index("ix_retros_ritual_id_stage", "retros", ["ritual_id", "stage"])


def _notes() -> None:
    op.create_table(
        "retro_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _foreign("retro_notes", "retro_id", "retros", "CASCADE"),
        _foreign("retro_notes", "person_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_retro_notes_key")),
    )
    op.create_index(op.f("ix_retro_notes_retro_id"), "retro_notes", ["retro_id"])
    op.create_table(
        "retro_sealed_notes",
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _foreign("retro_sealed_notes", "retro_id", "retros", "CASCADE"),
        sa.PrimaryKeyConstraint("retro_id", "key", name=op.f("pk_retro_sealed_notes")),
        sqlite_with_rowid=False,
    )


def _topics() -> None:
    op.create_table(
        "retro_topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True),
        _no("late"),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        _foreign("retro_topics", "retro_id", "retros", "CASCADE"),
        _foreign("retro_topics", "person_id", "people", "SET NULL"),
        _foreign("retro_topics", "into_id", "retro_topics", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_topics")),
    )
    op.create_index("ix_retro_topics_retro_id_position", "retro_topics", ["retro_id", "position"])
    op.create_index(op.f("ix_retro_topics_into_id"), "retro_topics", ["into_id"])
    op.create_table(
        "retro_ballots",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _foreign("retro_ballots", "topic_id", "retro_topics", "CASCADE"),
        _foreign("retro_ballots", "person_id", "people", "CASCADE"),
        sa.PrimaryKeyConstraint("topic_id", "person_id", name=op.f("pk_retro_ballots")),
    )
    op.create_index(op.f("ix_retro_ballots_person_id"), "retro_ballots", ["person_id"])


def _replies() -> None:
    op.create_table(
        "retro_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        _no("edited"),
        _no("deleted"),
        _foreign("retro_replies", "topic_id", "retro_topics", "CASCADE"),
        _foreign("retro_replies", "person_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_replies")),
        sa.UniqueConstraint("topic_id", "ts", name=op.f("uq_retro_replies_topic_id_ts")),
    )


def _no(name: str) -> sa.Column[Any]:
    """A flag that is off unless it is set."""
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _foreign(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def downgrade() -> None:
    for table in (
        "retro_replies",
        "retro_ballots",
        "retro_topics",
        "retro_sealed_notes",
        "retro_notes",
        "retros",
    ):
        op.drop_table(table)
