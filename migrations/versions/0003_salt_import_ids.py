"""Salt import ids: what the ids of a list's households are made from, so that erasing it leaves nothing to guess with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "import_salt",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_import_salt")),
    )
    # Lists taken in before keep their ids: these were made from the operation's own id.
    op.execute(
        "INSERT INTO import_salt (operation_id, salt) SELECT DISTINCT operation_id, operation_id FROM enrolment "
        "WHERE kind = 'import' AND seq_count > 0"
    )
