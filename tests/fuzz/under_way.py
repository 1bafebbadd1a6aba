"""Work that somebody began and did not end, so that every form of its pages is shown: lists, a photo, an order to erase."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image
from sqlalchemy import Connection

from relief.accounts.audit import COMMAND_LINE
from relief.db import write
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.keys import Keys, current_keys
from relief.ledger.register_reading import read_register
from relief.office.cards import acts as card_acts
from relief.office.cards.queries import list_cards
from relief.office.erasing.erasing import give_order, plan_erasure
from relief.office.families.search import Wanted
from relief.office.families.site_approvals import name_lead
from relief.office.lists.jobs import check_upload, read_upload
from relief.office.lists.uploads import CHECKED, IMPORTING, UploadedFile, add_upload, change_upload, secrets
from relief.office.lists.versions import make_version
from relief.office.paper.photos import draw_anew, keep_photo
from relief.office.paper.queries import list_sheets
from relief.settings import Secrets
from tests.model.plan import id_of

if TYPE_CHECKING:
    from tests.fuzz.town import Town

LIST = "Номер семьи;ФИО;Пол;Возраст\nH-1;Иванова Анна;ж;34\nH-2;Жук Олег;м;61\n".encode()
LONG_AGO = 100_000  # seconds: what was begun then stands still


def begin(town: Town) -> dict[str, list[str]]:
    """Begin all that can be left half done in the operation `here`; return the ids of it by what addresses call them."""
    operation_id, now = town.here.operation_id, town.here.clock.now()
    _families(town)
    read_register(operation_id)
    write(partial(name_lead, operation_id=operation_id, user_id=town.users["site_lead"], named_by=town.users["manager"], now=now))
    author = town.users["finance"]
    write(partial(make_version, operation_id=operation_id, name="Waiting", wanted=Wanted(), author_id=author, now=now))
    write(partial(_photo_and_card, town=town, now=now, keys=current_keys(), secrets=secrets()))
    uploads = [_upload(town, now), _upload(town, now, CHECKED), _upload(town, now, IMPORTING)]
    order, _found = plan_erasure(operation_id, to_bytes(id_of("e1")), "asked", now - LONG_AGO)
    give_order(order, COMMAND_LINE, town.app.extensions["relief_settings"].instance, now)
    return {"upload_id": uploads, "number": ["1"], "erasure_id": [to_text(order.erasure_id)]}


def _families(town: Town) -> None:
    """Register two that were one family, one to be forgotten, two that nobody can read, and one at the site, by a phone."""
    for name in ("m1", "m2", "e1"):
        town.here.household(name, members=1)
    town.here.desk.send({"kind": "household", "action": "merged", "household": id_of("m1"), "other": id_of("m2"), "pairs": []})
    unread = [{"kind": "registration", "household": id_of(name), "members": [{"number": 1}]} for name in ("u1", "u2")]
    assert {each["verdict"] for each in town.here.desk.send(*unread)} == {"held"}
    phone = town.phones["phone"]
    people = [{"id": id_of("s9-1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "no"}]
    (verdict,) = phone.send(phone.record("registration", household=id_of("s9"), site=id_of("s1"), members=people))
    assert verdict["verdict"] == "accepted"
    town.here.seal()


def _photo_and_card(connection: Connection, town: Town, now: int, keys: Keys, secrets: Secrets) -> None:
    """Photograph the sheet, and hand out the family's card."""
    operation_id = town.here.operation_id
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    keep_photo(connection, list_sheets(connection, operation_id).rows[0], draw_anew(file.getvalue()), None, now, secrets)
    desk = card_acts.Desk(operation_id, town.here.desk.enrolment_id, None, now, keys)
    card_acts.hand_out(connection, desk, [card for card in list_cards(connection, operation_id) if card.state == "linked"][:1])


def _upload(town: Town, now: int, state: str = "") -> str:
    """Bring a list; without a `state` it waits for its columns, else it was checked, and perhaps begun to be taken."""
    operation_id = town.here.operation_id
    upload_id = add_upload(operation_id, town.users["manager"], UploadedFile(LIST), now)
    read_upload(operation_id, upload_id)
    if state:
        check_upload(operation_id, upload_id)
    if state == IMPORTING:
        change_upload(operation_id, upload_id, now - LONG_AGO, state=state)
    return to_text(upload_id)
