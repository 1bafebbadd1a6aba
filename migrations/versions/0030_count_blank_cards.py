"""Keep where stacks of blank cards lie and what was counted there, and which run holds the replacements of a day."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "blank_move",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "number", name=op.f("pk_blank_move")),
    )
    op.create_table(
        "blank_count",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "number", name=op.f("pk_blank_count")),
    )
    op.create_table(
        "replacement_run",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "run", name=op.f("pk_replacement_run")),
    )
