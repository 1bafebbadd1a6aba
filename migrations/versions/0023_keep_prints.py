"""Keep long prints for an hour, encrypted, so that whoever asked sees how far they are and fetches them when they are ready."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "card_print",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("print_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "print_id", name=op.f("pk_card_print")),
    )
    op.create_table(
        "card_print_part",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("print_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "print_id", "number", name=op.f("pk_card_print_part")),
    )
