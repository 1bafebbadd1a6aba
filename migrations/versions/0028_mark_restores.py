"""Mark restores: when a ledger was restored cannot be changed unseen, nor how far its parent is known to have come."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("lineage", sa.Column("known_position", sa.BigInteger(), nullable=True))
    op.add_column("lineage", sa.Column("mark", sa.LargeBinary(length=16), nullable=True))
