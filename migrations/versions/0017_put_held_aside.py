"""Put held records aside: when somebody decided that one tells nothing to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("held", sa.Column("put_aside_at", sa.BigInteger(), nullable=True))
