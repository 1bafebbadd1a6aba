"""Note purposes: what somebody said she looks at people's data for, and that word in every audit entry of a look."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # not in a batch: SQLite would make the table anew and lose the triggers that keep it
    op.add_column("audit_entry", sa.Column("purpose", sa.String(length=240), server_default="", nullable=False))
    op.create_table(
        "purpose",
        sa.Column("sign_in_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('distribution', 'household_data', 'household_asks', 'decision', 'checking', 'other')",
            name=op.f("ck_purpose_purpose_known"),
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_purpose_operation_id")),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name=op.f("fk_purpose_sign_in_id")),
        sa.PrimaryKeyConstraint("sign_in_id", "operation_id", name=op.f("pk_purpose")),
    )
