"""Add witness: heads signed here that a phone knows and the ledger does not hold, because its end was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "witness",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ledger_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "ledger_id", "position", "hash", name=op.f("pk_witness")),
        sqlite_with_rowid=False,
    )
