"""Find households: where each came from and the folded words it is found by, read off the sealed entries."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "household_origin",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "household_id", name=op.f("pk_household_origin")),
    )
    op.create_index("ix_household_origin_position", "household_origin", ["operation_id", "position"])
    op.create_table(
        "household_term",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("term", sa.LargeBinary(length=80), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "term", "household_id", name=op.f("pk_household_term")),
    )
    op.create_index("ix_household_term_household_id", "household_term", ["operation_id", "household_id"])
    op.create_table(
        "register_mark",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_register_mark")),
    )
