"""Index what waits: the few rows that the lists of what is to decide, and of stock, look for among all."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INDEXES = (
    ("ix_entry_seq_reused", "entry", ("enrolment_id", "seq"), "verdict LIKE '%seq_reused%'"),
    ("ix_fold_group_open_cases", "fold_group", ("group_id",), "open_cases > 0"),
    ("ix_standing_waiting", "standing", ("effective_at",), "standing = 'waiting'"),
    ("ix_standing_stock", "standing", ("standing", "kind", "effective_at"), "kind = 'stock'"),
    ("ix_standing_lost", "standing", ("kind", "item_id", "site_id", "effective_at", "quantity", "lost"), "lost"),
)


def upgrade() -> None:
    for name, table, columns, condition in _INDEXES:
        only = sa.text(condition)
        op.create_index(name, table, ["operation_id", *columns], sqlite_where=only, postgresql_where=only)
