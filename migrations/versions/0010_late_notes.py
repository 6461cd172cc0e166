"""What came late to a retro: earlier texts of an anonymous note, and notes too few to be shown"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "retro_sealed_notes",
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "retros",
        sa.Column("late_dropped", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("retros", "late_dropped")
    op.drop_column("retro_sealed_notes", "turn")
