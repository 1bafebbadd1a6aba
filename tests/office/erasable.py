"""A family, its neighbours and all that may be written about them, with words nobody else uses: what a search looks for."""

from __future__ import annotations

import secrets
from pathlib import Path

from relief.cards.rules import card_key, new_code
from relief.db import db, snapshot
from relief.kernel.ids import to_bytes
from relief.ledger.queries import get_head
from tests.ledger.field import Field
from tests.model.plan import id_of

SHORT = {"ours": "our", "theirs": "thr"}


class Families:
    """Two families in a field, `ours` and `theirs`; every private text holds a random word of its family."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.words = {name: f"{name}-{secrets.token_hex(8)}" for name in ("ours", "theirs", "stock")}
        self.codes = {name: new_code() for name in ("ours", "theirs")}
        self.cards = {name: card_key(field.operation_id, code).hex() for name, code in self.codes.items()}
        self.phone = field.phone("one")
        self.asked = []
        self.sent = [each for name in ("ours", "theirs") for each in self._write_about(name)]

    def _write_about(self, name):
        word, phone, short = self.words[name], self.phone, SHORT[name]
        self.field.household(short, members=3)
        written = self.field.desk.send(
            {"kind": "composition", "household": id_of(short), "change": "correction", "reason": f"{word} r1",
             "private": {"names": [f"{word} a", f"{word} б"], "address": f"{word} " * 60},
             "members": [{"id": id_of(f"{short}-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}]},
            {"kind": "card", "action": "issued", "card": self.cards[name], "household": id_of(short), "number": "01-0001",
             "code": self.codes[name]},
        )  # fmt: skip
        assert {each["verdict"] for each in written} == {"accepted"}, written
        first = self.handover(name, collector=f"{word} neighbour", remark=f"{word} x")
        lost = self.handover(name, item=id_of("bl"), reason=f"{word} why")
        records = [first, lost, phone.void(lost, reason=f"{word} wrong"),
                   phone.record("not_served", cause="absent", site=id_of("s1"), card=self.cards[name], reason=f"{word} away"),
                   phone.record("stock", action="received", item=id_of("parcel"), site=id_of("s1"), quantity=40,
                                waybill=f"{self.words['stock']} w")]  # fmt: skip
        asked = self.handover(name, collector=f"{word} asks")
        phone.send(*records, {**asked, "mode": "ask"})
        conflict = {**first, "quantity": 2, "collector": f"{word} other"}
        strange = {**self.handover(name), "kind": "blessing", "text": f"{word} strange"}
        held = phone.send(conflict, strange, phone.record("feedback", text=self.words["stock"]))
        assert [each["verdict"] for each in held] == ["held", "held", "accepted"]
        self.field.desk.send({"kind": "decision", "case": "excess", "cites": [first["id"]], "action": "accept",
                              "reason": f"{word} decided"})  # fmt: skip
        self.asked.append(asked)
        return records

    def handover(self, name, **fields):
        """Return a hand-over on the printed card of a family."""
        return {**self.phone.handover(name), "card": self.cards[name], **fields}

    @property
    def household(self):
        return to_bytes(id_of(SHORT["ours"]))

    def needles(self, *names):
        """Return what must not be found in any file once `names` are erased."""
        texts = [each for name in names for each in (self.words[name], self.codes.get(name)) if each]
        return [each.encode() for each in texts]

    def keys(self):
        """Return the digests of the printed codes, as the card table and records have them."""
        return [part for key in self.cards.values() for part in (key.encode(), bytes.fromhex(key))]


def files_with(needles: list[bytes], *folders: Path) -> set[tuple[str, bytes]]:
    """Return (file, needle) for all that is found in any file below the folders."""
    found = set()
    for path in (each for folder in folders for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        found |= {(path.name, needle) for needle in needles if needle in content}
    return found


def what_stays(field: Field) -> dict[str, object]:
    """Return what an erasure must leave as it was: counters and head."""
    counters = field.counters()
    db.session.rollback()  # reads no longer: the files can be written anew
    with snapshot() as connection:
        head = get_head(connection, field.operation_id)
    return {"counters": counters, "head": (head.position, head.hash.hex(), head.signature.hex())}
