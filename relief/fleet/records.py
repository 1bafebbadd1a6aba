"""Makes records as a phone makes them: the id first, numbers without gaps, the envelope of docs/protocol.md."""

from __future__ import annotations

import random
from typing import Any

from relief.fleet.phone_clock import PhoneClock
from relief.kernel.ids import to_text

Record = dict[str, Any]


class RecordMaker:
    """Makes the records of one enrolment: `seq` counts from 1, `session` is new at each restart of the phone."""

    def __init__(self, enrolment: str, clock: PhoneClock, chance: random.Random) -> None:
        self.enrolment = enrolment
        self.clock = clock
        self.chance = chance
        self.seq = 0
        self.session = self.random_id()

    def restart(self) -> None:
        """Begin a new session, as after a page load."""
        self.clock.restart()
        self.session = self.random_id()

    def make(self, kind: str, **fields: Any) -> Record:
        """Return a new record of `kind`; fields that are None are left out, as the wire form wants it."""
        self.seq += 1
        record: Record = {"v": 1, "id": self.new_id(), "kind": kind, "enrolment": self.enrolment, "seq": self.seq,
                          "session": self.session, "at": self.clock.wall_text(), "uptime_ms": self.clock.uptime_ms()}  # fmt: skip
        record.update((name, value) for name, value in fields.items() if value is not None)
        return record

    def new_id(self) -> str:
        """Return a UUIDv7 of this phone's own time and chance, so that a seeded phone makes the same ids again."""
        raw = bytearray(self.clock.wall_ms().to_bytes(6, "big") + self.chance.randbytes(10))
        raw[6] = 0x70 | (raw[6] & 0x0F)
        raw[8] = 0x80 | (raw[8] & 0x3F)
        return to_text(bytes(raw))

    def random_id(self) -> str:
        """Return a UUIDv4 from this phone's chance."""
        raw = bytearray(self.chance.randbytes(16))
        raw[6] = 0x40 | (raw[6] & 0x0F)
        raw[8] = 0x80 | (raw[8] & 0x3F)
        return to_text(bytes(raw))
