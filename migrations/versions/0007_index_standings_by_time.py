"""Index standings by time alone: what comes in goes to the end of the index, and no longer all over it."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_standing_effective_at", "standing", ["operation_id", "effective_at"])
    op.drop_index("ix_standing_item_id", "standing")
