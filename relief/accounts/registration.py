"""Registering families at a site, on phones that may: what an operation asks there, and what such a phone is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from relief.accounts.registration_models import SiteRegistration
from relief.kernel.errors import BadInput

LONGEST_NOTICE = 1500
_asked = SiteRegistration.__table__.c


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `names` (written on the phone, not read back), `disability`, and the `notice` read out before."""

    names: bool = False
    disability: bool = False
    notice: str = ""


def read_asked(bind: Any, operation_id: bytes) -> Asked:
    """Return what an operation asks of a family at its sites; nothing but sex and age until it says so."""
    columns = (_asked.names, _asked.disability, _asked.notice)
    row = bind.execute(select(*columns).where(_asked.operation_id == operation_id)).first()
    return Asked(bool(row[0]), bool(row[1]), row[2]) if row else Asked()


def save_asked(bind: Any, operation_id: bytes, asked: Asked) -> None:
    """Keep what an operation asks. Raises BadInput: who asks for names says first what becomes of them."""
    if asked.names and not asked.notice:
        raise BadInput(_("Where names are asked for, a notice is read out first."), where="notice")
    bind.execute(delete(SiteRegistration).where(_asked.operation_id == operation_id))
    bind.execute(insert(SiteRegistration).values(operation_id=operation_id, **asdict(asked)))


def told_of_registering(bind: Any, phone: Any) -> dict[str, Any]:
    """Return what a phone is told of registering: nothing to one that may not."""
    return {"registers": asdict(read_asked(bind, bytes(phone.operation_id)))} if phone.registers else {}
