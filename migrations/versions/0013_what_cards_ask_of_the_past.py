"""What cards ask of the past is found by an index"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"])
    op.create_index("ix_risk_changes_actor_id_on_date", "risk_changes", ["actor_id", "on_date"])


def downgrade() -> None:
    op.drop_index("ix_risk_changes_actor_id_on_date", "risk_changes")
    op.drop_index(op.f("ix_audit_subject"), "audit")
