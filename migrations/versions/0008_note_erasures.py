"""Note erasures: a row for every household or operation whose private parts were ordered to be erased; only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# name, event, condition
TRIGGERS = (
    ("keep_erasure_delete", "DELETE", None),
    ("keep_erasure", "UPDATE OF operation_id, subject_id, erasure_id, reason, asked_at, asked_by", None),
    ("keep_erasure_done", "UPDATE OF done_at", "NEW.done_at IS NULL"),
)


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("erasure_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "subject_id", name=op.f("pk_erasure")),
    )
    postgresql = op.get_context().dialect.name == "postgresql"
    for name, event, condition in TRIGGERS:
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON erasure FOR EACH ROW {when}EXECUTE FUNCTION relief_keep()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON erasure {when}"
                "BEGIN SELECT RAISE(ABORT, 'relief: erasure is append-only'); END"
            )
