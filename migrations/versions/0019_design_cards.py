"""Keep what is printed on cards, and find a card's entries: issued with which code, handed out or not."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "card_design",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("society", sa.String(length=80), server_default="", nullable=False),
        sa.Column("valid_until", sa.String(length=40), server_default="", nullable=False),
        sa.Column("hotline", sa.String(length=40), server_default="", nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_card_design")),
    )
    is_card = sa.text("kind = 'card'")
    op.create_index("ix_entry_card_id", "entry", ["operation_id", "card_id"], sqlite_where=is_card, postgresql_where=is_card)
