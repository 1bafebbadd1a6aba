"""Add tally sheets: paper on which a site writes what it gave, what of it has been typed in, and its photo."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "tally_sheet",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sheet_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("round_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("printed_at", sa.BigInteger(), nullable=False),
        sa.Column("printed_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), server_default="", nullable=False),
        sa.Column("about_time", sa.String(length=5), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('printed', 'filled', 'entered', 'unused', 'missing')", name=op.f("ck_tally_sheet_state_known")
        ),
        sa.PrimaryKeyConstraint("operation_id", "sheet_id", name=op.f("pk_tally_sheet")),
        sa.UniqueConstraint("operation_id", "number", name=op.f("uq_tally_sheet_operation_id_number")),
    )
    op.create_table(
        "tally_photo",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sheet_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "sheet_id", name=op.f("pk_tally_photo")),
    )
