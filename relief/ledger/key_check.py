"""Whether the keys of this installation are those with which the ledgers of its database are signed."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, select

from relief.kernel.errors import BadSetting
from relief.ledger.models import Head, Seal
from relief.settings import Secrets


def refuse_other_keys(connection: Connection, secrets: Secrets) -> None:
    """Raise BadSetting where none of the last heads was signed with a key that is here, as on a second host with keys of its own.

    What such a server took in would look forged to every other one.
    """
    head, seal = Head.__table__.c, Seal.__table__.c
    last = and_(seal.operation_id == head.operation_id, seal.position == head.position)
    used = set(connection.execute(select(seal.key_id).join(Head.__table__, last).distinct()).scalars())
    if used and not used & secrets.seal_keys.keys():
        raise BadSetting(_("The database was signed with other keys than those in secrets.json here. Nothing was changed. Put "
                           "that secrets.json in its place with which the database was written: another server has it, or a "
                           "backup."), code="other_keys")  # fmt: skip
