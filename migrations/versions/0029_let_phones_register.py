"""Let phones register: which of them may, and what an operation asks a family at its sites."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    for table in ("enrolment", "join_code"):
        op.add_column(table, sa.Column("registers", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "site_registration",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.Column("disability", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_site_registration_operation_id_operation")),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_site_registration")),
    )
