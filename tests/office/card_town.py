"""Three approved families and their cards at a desk, for the pages and commands of cards."""

from __future__ import annotations

from dataclasses import replace

import zxingcpp

from relief.accounts.audit import list_entries
from relief.accounts.purposes import tell_purpose
from relief.accounts.service import sign_in
from relief.db import db, snapshot, unit_of_work, write
from relief.households.rules import HouseholdRow, MemberRow
from relief.kernel.ids import to_text
from relief.ledger.keys import current_keys
from relief.office.cards.queries import list_cards, list_codes
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, import_households
from tests.cards.printed import pictures

FAMILIES = (("H-1", "Иванова Анна", "Vetka", "school"), ("H-2", "محمد الحسن", "Vetka", "school"),
            ("H-3", "Zuk Oleg", "A", "club"))  # fmt: skip


def list_families(setting, now):
    """Import and approve them; of the last the list names no head, only who lives there."""
    operation_id, keys = setting.operation_id, current_keys()
    with unit_of_work() as session:
        importer = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, now)
    rows = [HouseholdRow(2, name, (MemberRow(1),), {"village": village, "head": head}, home_site=setting.id(site))
            for name, head, village, site in FAMILIES]  # fmt: skip
    rows[-1] = replace(rows[-1], members=(MemberRow(1, name=FAMILIES[-1][1]),), private={"village": FAMILIES[-1][2]})
    done = write(lambda connection: import_households(connection, operation_id, importer, rows, now, keys=keys))
    write(lambda connection: approve_households(
        connection, operation_id, importer, setting.manager_id, "1", done.households, now, keys))  # fmt: skip


def enter(app, client, user_id, operation_id, now, *, purpose=True):
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work() as session:
        opened = sign_in(session, user_id, now)
        if purpose:
            tell_purpose(session, opened.id, operation_id, "distribution", "", now)
    with client.session_transaction() as browser:
        browser.update(_user_id=to_text(opened.id), _fresh=True, seen=now)
    return client


def cards(setting):
    with snapshot() as connection:
        return list_cards(connection, setting.operation_id)


def codes(setting):
    with snapshot() as connection:
        found = list_cards(connection, setting.operation_id)
        kept = list_codes(connection, setting.operation_id, [card.card_id for card in found])
    return {card.number: kept[card.card_id] for card in found}


def address(base, card, end=""):
    return f"{base}/{to_text(card.card_id)}{end}"


def read(pdf):
    return {each.text for picture in pictures(pdf) for each in zxingcpp.read_barcodes(picture)}


def acts(setting):
    db.session.rollback()
    return [(row.action, row.subject, row.purpose) for row in list_entries(db.session, setting.operation_id).rows]
