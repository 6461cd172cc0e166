"""The date of a check is the one on the clock of whoever made it then"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("risk_checks", sa.Column("made_on", sa.Date(), nullable=True))
    op.execute("UPDATE risk_checks SET made_on = date(made_at)")  # of earlier ones, by UTC
    with op.batch_alter_table("risk_checks") as table:
        table.alter_column("made_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    op.drop_column("risk_checks", "made_on")
