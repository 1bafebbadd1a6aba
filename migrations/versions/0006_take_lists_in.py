"""Take lists in: chosen columns, uploads under way, and households that may be one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "column_choice",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=32), nullable=False),
        sa.Column("choice", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "signature", name=op.f("pk_column_choice")),
    )
    op.create_table(
        "list_upload",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("upload_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "upload_id", name=op.f("pk_list_upload")),
    )
    op.create_table(
        "list_upload_part",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("upload_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "upload_id", "number", name=op.f("pk_list_upload_part")),
    )
    op.create_table(
        "suspicion",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("low_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("high_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=160), nullable=False),
        sa.Column("later_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "low_id", "high_id", name=op.f("pk_suspicion")),
    )
    with op.batch_alter_table("suspicion", schema=None) as batch_op:
        batch_op.create_index("ix_suspicion_score", ["operation_id", "score"], unique=False)
