"""What is to be sent, who changed what, and what somebody reviewed are found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_DUE = sa.text("shown < wanted AND outcome IS NULL")


def upgrade() -> None:
    _make_due("kind", "urgency", "stale_since", "id")
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"])
    op.create_index("ix_risk_changes_actor_id_on_date", "risk_changes", ["actor_id", "on_date"])


def downgrade() -> None:
    op.drop_index("ix_risk_changes_actor_id_on_date", "risk_changes")
    op.drop_index(op.f("ix_audit_subject"), "audit")
    _make_due("urgency", "stale_since", "id")


def _make_due(*columns: str) -> None:
    op.drop_index("ix_mirrors_due", "mirrors")
    op.create_index("ix_mirrors_due", "mirrors", columns, sqlite_where=_DUE, postgresql_where=_DUE)
