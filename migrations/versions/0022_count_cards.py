"""Count cards where they lie: run and place of their numbers, which were blank, when they were handed out; found by number.

Moments told by a phone whose clock was wrong are its own here, as it said them; `relief ledger rebuild` makes them exact.
"""

import json
import re
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_card = sa.table("card", *map(sa.column, ("operation_id", "card_id", "number", "run", "place", "was_blank", "handed_out_at")))
_entry = sa.table("entry", *map(sa.column, ("operation_id", "card_id", "kind", "facts")))


def upgrade() -> None:
    op.add_column("card", sa.Column("run", sa.Integer(), nullable=True))
    op.add_column("card", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("card", sa.Column("was_blank", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("card", sa.Column("handed_out_at", sa.BigInteger(), nullable=True))
    _fill(op.get_bind())
    is_numbered, is_of_a_run = sa.text("number IS NOT NULL"), sa.text("run IS NOT NULL")
    op.create_index("ix_card_number", "card", ["operation_id", "number"], sqlite_where=is_numbered,
                    postgresql_where=is_numbered)  # fmt: skip
    op.create_index("ix_card_run", "card", ["operation_id", "run", "place"], sqlite_where=is_of_a_run,
                    postgresql_where=is_of_a_run)  # fmt: skip


def _fill(connection: sa.Connection) -> None:
    """Read off the entries what the new columns say."""
    told: dict[tuple[bytes, bytes], dict[str, object]] = {}
    last: dict[tuple[bytes, bytes], tuple[int, str]] = {}
    for operation_id, card_id, facts in connection.execute(
        sa.select(_entry.c.operation_id, _entry.c.card_id, _entry.c.facts).where(_entry.c.kind == "card")
    ):
        said, key = json.loads(facts), (operation_id, card_id)
        if said["action"] == "issued":
            told.setdefault(key, {})["was_blank"] = "household" not in said
        elif said["action"] in ("handed_out", "not_handed_out"):
            at = int(datetime.fromisoformat(said["at"]).timestamp())
            if (at, said["id"]) > last.get(key, (0, "")):
                last[key] = at, said["id"]
                told.setdefault(key, {})["handed_out_at"] = at if said["action"] == "handed_out" else None
    for operation_id, card_id, number in connection.execute(
        sa.select(_card.c.operation_id, _card.c.card_id, _card.c.number).where(_card.c.number.is_not(None))
    ):
        match = re.fullmatch(r"(\d{2,4})-(\d{4,7})", number, re.ASCII)
        if match and f"{int(match[1]):02d}-{int(match[2]):04d}" == number:
            told.setdefault((operation_id, card_id), {}).update(run=int(match[1]), place=int(match[2]))
    for (operation_id, card_id), values in told.items():
        this = (_card.c.operation_id == operation_id, _card.c.card_id == card_id)
        connection.execute(sa.update(_card).where(*this).values(**values))
