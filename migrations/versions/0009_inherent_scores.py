"""What a risk is without its mitigations"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Of those that something is done against: what they were raised with, where that was worse.
_KEEP = """
UPDATE risks SET
  inherent_likelihood = (
    SELECT c.likelihood FROM risk_changes c WHERE c.risk_id = risks.id AND c.act = 'raised'
  ),
  inherent_impact = (
    SELECT c.impact FROM risk_changes c WHERE c.risk_id = risks.id AND c.act = 'raised'
  )
WHERE (
  status = 'mitigating'
  OR EXISTS (SELECT 1 FROM risk_mitigations m WHERE m.risk_id = risks.id AND m.state = 'done')
) AND EXISTS (
  SELECT 1 FROM risk_changes c WHERE c.risk_id = risks.id AND c.act = 'raised'
  AND c.likelihood * c.impact > risks.likelihood * risks.impact
)
"""


def upgrade() -> None:
    op.add_column("risks", sa.Column("inherent_likelihood", sa.Integer(), nullable=True))
    op.add_column("risks", sa.Column("inherent_impact", sa.Integer(), nullable=True))
    op.execute(_KEEP)


def downgrade() -> None:
    op.drop_column("risks", "inherent_impact")
    op.drop_column("risks", "inherent_likelihood")
