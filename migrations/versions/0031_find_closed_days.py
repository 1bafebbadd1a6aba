"""Find the pages of opened and closed days, and volunteers' hours, without reading every entry."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    is_page = sa.text("kind = 'day_closed'")
    op.create_index("ix_entry_day_closed", "entry", ["operation_id", "kind"], sqlite_where=is_page, postgresql_where=is_page)
