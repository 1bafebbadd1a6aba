"""Mark devices: what a device may do decides what its records come to, so a change of it by hand must show.

Those that told something already are marked as they are, under the installation's newest key (`relief.ledger.device_marks`).
"""

from hashlib import blake2b

import orjson
import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("mark", sa.LargeBinary(length=16), nullable=True))
    base = blake2b(key=next(iter(current_app.extensions["relief_secrets"].seal_keys.values())), digest_size=16,
                   person=b"relief device")  # fmt: skip
    connection = op.get_bind()
    rows = connection.execute(sa.text(
        "SELECT operation_id, enrolment_id, kind, user_id, site_ids, site_lead, sensitive FROM enrolment d WHERE EXISTS "
        "(SELECT 1 FROM entry e WHERE e.operation_id = d.operation_id AND e.enrolment_id = d.enrolment_id)"
    )).all()  # fmt: skip
    for row in rows:
        try:
            sites = " ".join(orjson.loads(row.site_ids))
        except (ValueError, TypeError):
            continue  # ledger verify names a row that cannot be read
        operation, device = bytes(row.operation_id), bytes(row.enrolment_id)
        fields = {"operation_id": operation.hex(), "enrolment_id": device.hex(), "kind": row.kind,
                  "user_id": bytes(row.user_id).hex() if row.user_id is not None else None,
                  "authority": "desk" if row.kind != "phone" else "lead" if row.site_lead else "phone", "sites": sites,
                  "sensitive": int(row.sensitive)}  # fmt: skip
        digest = base.copy()
        digest.update(orjson.dumps([0, fields], option=orjson.OPT_SORT_KEYS))
        connection.execute(sa.text("UPDATE enrolment SET mark = :mark WHERE operation_id = :operation AND enrolment_id = :device"),
                           {"mark": digest.digest(), "operation": operation, "device": device})  # fmt: skip
