"""Add whether a hand-over reached somebody of its household for the first time: those alone are read to count everybody.

NULL in a row that an older release wrote: it is read, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("standing", sa.Column("newly", sa.Boolean(), nullable=True))
