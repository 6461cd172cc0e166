"""Whom a risk's review was asked of"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("risks") as risks:
        risks.add_column(sa.Column("asked_id", sa.Integer(), nullable=True))
        risks.create_foreign_key(
            op.f("fk_risks_asked_id"), "people", ["asked_id"], ["id"], ondelete="SET NULL"
        )
    op.execute("UPDATE risks SET asked_id = owner_id WHERE chased <> 'nobody'")


def downgrade() -> None:
    with op.batch_alter_table("risks") as risks:
        risks.drop_constraint(op.f("fk_risks_asked_id"), type_="foreignkey")
        risks.drop_column("asked_id")
