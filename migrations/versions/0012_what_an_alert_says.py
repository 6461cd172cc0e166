"""What a monitor says of an alert in a sentence"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("risk_alerts", sa.Column("summary", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("risk_alerts", "summary")
