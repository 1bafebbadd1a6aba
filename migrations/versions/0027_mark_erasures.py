"""Mark erasures: only an order that this installation wrote down itself is obeyed. A row changes together with its mark."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

# name, event, condition; the first two were stricter, so that a row of another hand could not make way for ours
TRIGGERS = (
    ("keep_erasure", "UPDATE OF operation_id, subject_id, erasure_id, reason, asked_at, asked_by", "NEW.mark IS {same} OLD.mark"),
    ("keep_erasure_done", "UPDATE OF done_at", "NEW.done_at IS NULL AND NEW.mark IS {same} OLD.mark"),
    ("keep_erasure_mark", "UPDATE OF mark", "NEW.mark IS NULL"),
)


def upgrade() -> None:
    op.add_column("erasure", sa.Column("mark", sa.LargeBinary(length=16), nullable=True))
    postgresql = op.get_context().dialect.name == "postgresql"
    for name in ("keep_erasure", "keep_erasure_done"):
        op.execute(f"DROP TRIGGER {name} ON erasure" if postgresql else f"DROP TRIGGER {name}")
    for name, event, told in TRIGGERS:
        if postgresql:
            condition = told.format(same="NOT DISTINCT FROM")
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON erasure FOR EACH ROW WHEN ({condition}) "
                       "EXECUTE FUNCTION relief_keep()")  # fmt: skip
        else:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON erasure WHEN ({told.format(same='')}) "
                       "BEGIN SELECT RAISE(ABORT, 'relief: erasure is append-only'); END")  # fmt: skip
