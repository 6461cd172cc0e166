"""Absences, and the country whose holidays a person has"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("country", sa.String(), nullable=True))
    op.add_column("people", sa.Column("subdivision", sa.String(), nullable=True))
    excuse = sa.Enum("absence", "holiday", name="excuse", native_enum=False, length=20)
    op.add_column("prompts", sa.Column("excuse", excuse, nullable=True))
    kind = sa.Enum("leave", "illness", "other", name="absencekind", native_enum=False, length=20)
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_absences_entered_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_absences_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("origin", name=op.f("uq_absences_origin")),
    )
    op.create_index("ix_absences_person_id_last", "absences", ["person_id", "last"])


def downgrade() -> None:
    op.drop_index("ix_absences_person_id_last", table_name="absences")
    op.drop_table("absences")
    op.drop_column("prompts", "excuse")
    op.drop_column("people", "subdivision")
    op.drop_column("people", "country")
