"""Note who told what stands of a household, and when it was approved last; both are read off the entries anew."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "household_author",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("author_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "household_id", "author_id", name=op.f("pk_household_author")),
    )
    op.create_index("ix_household_author_author_id", "household_author", ["operation_id", "author_id"])
    op.create_table(
        "household_approval",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "household_id", name=op.f("pk_household_approval")),
    )
    op.execute("UPDATE register_mark SET position = 0")
