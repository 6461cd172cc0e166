"""Which run's message says that an item is late by a week; when a shut project is tried again"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("action_items") as items:
        items.add_column(sa.Column("late_run_id", sa.Integer(), nullable=True))
        items.create_foreign_key(
            op.f("fk_action_items_late_run_id"),
            "runs",
            ["late_run_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index(op.f("ix_action_items_late_run_id"), "action_items", ["late_run_id"])
    op.add_column(
        "jira_projects", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("jira_projects", sa.Column("try_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("jira_projects", "try_at")
    op.drop_column("jira_projects", "tries")
    op.drop_index(op.f("ix_action_items_late_run_id"), "action_items")
    with op.batch_alter_table("action_items") as items:
        items.drop_constraint(op.f("fk_action_items_late_run_id"), type_="foreignkey")
        items.drop_column("late_run_id")
