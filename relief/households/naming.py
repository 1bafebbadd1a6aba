"""What the ids of a list's households are made from: a random salt, so that no id can be guessed from a name.

The same list again makes the same ids as long as the operation has its salt; erasing the operation takes it away.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Connection, select, text

from relief.households.models import ImportSalt
from relief.kernel.errors import Conflict
from relief.kernel.ids import random_id


def get_import_salt(connection: Connection, operation_id: bytes) -> bytes:
    """Return the 16 bytes of an operation's salt, making it at the first import; raises Conflict once the operation is erased."""
    table = ImportSalt.__table__
    wanted = select(table.c.salt).where(table.c.operation_id == operation_id)
    found = connection.execute(wanted).scalar()
    if found is None:
        sql = "INSERT INTO import_salt (operation_id, salt) VALUES (:operation, :salt) ON CONFLICT (operation_id) DO NOTHING"
        connection.execute(text(sql), {"operation": operation_id, "salt": random_id()})
        found = connection.execute(wanted).scalar_one()  # of two first imports at once the same
    if not found:
        raise Conflict(_("This operation's personal data is erased: it takes no lists any more."), code="erased")
    return bytes(found)
