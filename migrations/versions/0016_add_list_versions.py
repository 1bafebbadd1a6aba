"""Add list versions, the households on them, and the leads who may approve families registered at a site."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "list_version",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "number", name=op.f("pk_list_version")),
    )
    op.create_table(
        "list_version_household",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "number", "household_id", name=op.f("pk_list_version_household")),
    )
    op.create_index("ix_list_version_household_household_id", "list_version_household", ["operation_id", "household_id"])
    op.create_table(
        "site_approver",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("named_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "user_id", name=op.f("pk_site_approver")),
    )
