"""Keep what a device led when it joined, and mark devices: that decides what its records come to, so a change must show.

What a phone may now can change at the desk; so far the ledger went by that for what was told before, too. Devices that told
something already are marked as they are, under the installation's newest key (`relief.ledger.device_marks`).
"""

from hashlib import blake2b

import orjson
import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("led_sites", sa.LargeBinary(), nullable=True))
    op.execute(sa.text("UPDATE enrolment SET led_sites = site_ids WHERE site_lead"))
    op.add_column("enrolment", sa.Column("mark", sa.LargeBinary(length=16), nullable=True))
    base = blake2b(key=next(iter(current_app.extensions["relief_secrets"].seal_keys.values())), digest_size=16,
                   person=b"relief device")  # fmt: skip
    connection = op.get_bind()
    rows = connection.execute(sa.text(
        "SELECT operation_id, enrolment_id, kind, user_id, led_sites FROM enrolment d WHERE EXISTS "
        "(SELECT 1 FROM entry e WHERE e.operation_id = d.operation_id AND e.enrolment_id = d.enrolment_id)"
    )).all()  # fmt: skip
    for row in rows:
        try:
            leads = None if row.kind != "phone" or row.led_sites is None else " ".join(orjson.loads(row.led_sites))
        except (ValueError, TypeError):
            continue  # ledger verify names a row that cannot be read
        operation, device = bytes(row.operation_id), bytes(row.enrolment_id)
        fields = {"operation_id": operation.hex(), "enrolment_id": device.hex(), "kind": row.kind,
                  "user_id": bytes(row.user_id).hex() if row.user_id is not None else None, "leads": leads}  # fmt: skip
        digest = base.copy()
        digest.update(orjson.dumps([0, fields], option=orjson.OPT_SORT_KEYS))
        connection.execute(sa.text("UPDATE enrolment SET mark = :mark WHERE operation_id = :operation AND enrolment_id = :device"),
                           {"mark": digest.digest(), "operation": operation, "device": device})  # fmt: skip
