"""Keep which lists of names the help desks were given, and whom they looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "help_desk_list",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("list_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("families", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "list_id", name=op.f("pk_help_desk_list")),
    )
    op.create_index("ix_help_desk_list_enrolment_id", "help_desk_list", ["operation_id", "enrolment_id", "made_at"])
    op.create_table(
        "help_desk_look_up",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("list_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("look_up_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "list_id", "look_up_id", name=op.f("pk_help_desk_look_up")),
    )
