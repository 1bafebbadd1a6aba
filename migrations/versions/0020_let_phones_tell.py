"""Let phones tell of themselves, serve lanes and be a help desk; keep who spent a join code, and which were made together."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for column in (
        sa.Column("lanes", sa.LargeBinary(), nullable=True),
        sa.Column("lanes_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lanes_told", sa.LargeBinary(), nullable=True),
        sa.Column("help_desk_site", sa.LargeBinary(length=16), nullable=True),
        sa.Column("lost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("storage", sa.String(length=10), server_default="", nullable=False),
        sa.Column("language", sa.String(length=10), server_default="", nullable=False),
        sa.Column("list_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("enrolment", column)
    op.create_index("ix_enrolment_help_desk_site", "enrolment", ["operation_id", "help_desk_site"], unique=True)
    for column in (
        sa.Column("lanes", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("attempt_hash", sa.LargeBinary(length=32), nullable=True),
    ):
        op.add_column("join_code", column)
    op.create_index("ix_join_code_batch_id", "join_code", ["operation_id", "batch_id"])
