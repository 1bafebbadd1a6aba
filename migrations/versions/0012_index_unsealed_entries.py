"""Index what is not sealed yet: the sealer asks several times a second, and must not read the whole ledger for it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    unsealed = sa.text("position IS NULL")
    op.create_index("ix_entry_unsealed", "entry", ["operation_id"], sqlite_where=unsealed, postgresql_where=unsealed)
