"""Add what reached a household: per item, which of its members.

NULL in a row that an older release wrote: distinct people are then counted from the hand-overs, until a rebuild.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("household", sa.Column("reached", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("household", "reached")
