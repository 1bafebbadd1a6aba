"""Seal names: an operation may store the private words of households encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("operation", sa.Column("seals_names", sa.Boolean(), server_default=sa.false(), nullable=False))
