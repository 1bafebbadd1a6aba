"""Photos of tally sheets on which an erased family stands: a name or signature may be on them, so they go with it."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, and_, delete, select

from relief.cards.models import Card
from relief.cards.sheet_models import TallyPhoto, TallySheet
from relief.households.models import Household
from relief.kernel.errors import NotFound
from relief.ledger.erasing import Order
from relief.office.upload_sealing import unseal
from relief.settings import Secrets


def forget_photos(connection: Connection, order: Order, secrets: Secrets) -> None:
    """Delete the photos of all sheets with a line for a card of these households; the lines are running numbers and stay."""
    photo = TallyPhoto.__table__.c
    named = list(_sheets_naming(connection, order.operation_id, _numbers_of(connection, order), secrets))
    connection.execute(delete(TallyPhoto).where(photo.operation_id == order.operation_id, photo.sheet_id.in_(named)))


def _numbers_of(connection: Connection, order: Order) -> set[str]:
    """Return the running numbers of a family's cards, also those that were replaced or cancelled."""
    card, household = Card.__table__.c, Household.__table__.c
    mine = (household.operation_id == order.operation_id, household.household_id.in_(order.households))
    groups = select(household.group_id).where(*mine)
    rows = connection.execute(select(card.number).where(card.operation_id == order.operation_id, card.group_id.in_(groups)))
    return {number for number in rows.scalars() if number}


def _sheets_naming(connection: Connection, operation_id: bytes, numbers: set[str], secrets: Secrets) -> Iterator[bytes]:
    sheet, photo = TallySheet.__table__.c, TallyPhoto.__table__.c
    pictured = and_(photo.operation_id == sheet.operation_id, photo.sheet_id == sheet.sheet_id)
    rows = connection.execute(
        select(sheet.sheet_id, sheet.draft).join(TallyPhoto.__table__, pictured)
        .where(sheet.operation_id == operation_id, sheet.draft.is_not(None))
    )  # fmt: skip
    for row in rows:
        try:
            lines = orjson.loads(unseal(secrets, bytes(row.sheet_id), bytes(row.draft))).get("lines", {}).values()
        except NotFound:  # its key is gone, and the photo's with it: nobody opens either
            continue
        if any(line.get("number") in numbers for line in lines):
            yield bytes(row.sheet_id)
