"""What people were last told of a ticket that stopped"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mirrors", sa.Column("told", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("mirrors", "told")
