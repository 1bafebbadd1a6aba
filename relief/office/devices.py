"""The devices under which the office itself writes into an operation: one for each purpose, made at its first use."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from relief.accounts.models import Enrolment
from relief.accounts.service import make_enrolment
from relief.kernel.ids import derived_id

HOUSEHOLD_IMPORT = ("import", "household import")
CARD_ISSUE = ("desk", "card issue")
STOCK = ("desk", "stock")


def get_office_enrolment(session: Any, operation_id: bytes, purpose: tuple[str, str], now: int) -> bytes:
    """Return the enrolment id of a purpose (kind, label) in an operation; its id is derived, so two first uses make one."""
    kind, label = purpose
    enrolment_id = derived_id(operation_id, f"office:{label}")
    if session.get(Enrolment, (operation_id, enrolment_id)) is None:
        try:
            with session.begin_nested():
                make_enrolment(session, operation_id, kind, label, enrolment_id=enrolment_id, site_lead=True, sensitive=True,
                               now=now)  # fmt: skip
        except IntegrityError:
            pass  # another process was first
    return enrolment_id
