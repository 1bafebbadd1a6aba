"""Mark rows: entries, held records and seals carry keyed digests, and held records and seals know the one before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_COLUMNS = (
    ("entry", "mark", sa.LargeBinary(16)),
    ("held", "number", sa.BigInteger()),
    ("held", "link", sa.LargeBinary(16)),
    ("seal", "ledger_id", sa.LargeBinary(16)),
    ("seal", "predecessor", sa.BigInteger()),
    ("seal", "held_number", sa.BigInteger()),
    ("seal", "mark", sa.LargeBinary(16)),
)
_KEPT_OF_HELD = "operation_id, held_id, record_id, enrolment_id, seq, code, mark, received_at, uploaded_by, number, link"
# name, table, event, condition
TRIGGERS = (
    ("keep_entry_mark", "entry", "UPDATE OF mark", None),
    ("keep_held_delete", "held", "DELETE", None),
    ("keep_held", "held", f"UPDATE OF {_KEPT_OF_HELD}", None),
    ("keep_held_raw", "held", "UPDATE OF raw", "NEW.raw IS NOT NULL"),
    ("keep_held_taken_up", "held", "UPDATE OF taken_up_at", "OLD.taken_up_at IS NOT NULL"),
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_held_number", "held", ["operation_id", "number"], unique=True)
    postgresql = op.get_context().dialect.name == "postgresql"
    for name, table, event, condition in TRIGGERS:
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION relief_keep()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'relief: {table} is append-only'); END"
            )
