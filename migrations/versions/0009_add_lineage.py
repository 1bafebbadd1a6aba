"""Add lineage: a restored ledger has a new id and names its parent and where it began."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "lineage",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ledger_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("parent_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "ledger_id", name=op.f("pk_lineage")),
    )
    postgresql = op.get_context().dialect.name == "postgresql"
    for name, event in (("keep_lineage_delete", "DELETE"), ("keep_lineage", "UPDATE")):
        if postgresql:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON lineage FOR EACH ROW EXECUTE FUNCTION relief_keep()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON lineage BEGIN SELECT RAISE(ABORT, 'relief: lineage is append-only'); END"
            )
