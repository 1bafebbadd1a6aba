"""Add who was reached: the members of every group, and which of them each hand-over reached.

What an older release wrote has none; `relief ledger rebuild` fills it in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("standing", sa.Column("reached", sa.Text(), nullable=True))
    op.add_column("household", sa.Column("members", sa.Text(), server_default="", nullable=False))
