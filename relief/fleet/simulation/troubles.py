"""What the field does to a phone between two acts: network, clock, battery, memory."""

from __future__ import annotations

import random

from relief.fleet.simulation.rough_phone import RoughPhone

WRONG_CLOCKS = (0, 0, 0, 45, -300, 3600, -7200, 86400 * 200)
TICKS_OFFLINE = (1, 2, 4, 12)


class Troubles:
    """The troubles of one phone. `copied_at` and `restored_at` are ticks: a phone that comes back from an old copy."""

    def __init__(self, phone: RoughPhone, chance: random.Random, copied_at: int | None, restored_at: int | None) -> None:
        self.phone, self.chance = phone, chance
        self.copied_at, self.restored_at = copied_at, restored_at
        self.offline_for = self._drop = self._cut = 0
        phone.clock.error_seconds = chance.choice(WRONG_CLOCKS)
        phone.met["wrong_clocks"] += phone.clock.error_seconds != 0

    def before(self, tick: int) -> None:
        """Let the beginning of a tick bring what it brings."""
        if tick == self.copied_at:
            self.phone.keep_copy()
        if tick == self.restored_at:
            self.phone.restore_copy()
        self._network()
        if self.chance.random() < 0.04:
            self.phone.clock.error_seconds += self.chance.choice((-3600, 3600, 86400, 30))
            self.phone.met["jumping_clocks"] += 1
        if self.chance.random() < 0.05:
            self.phone.restart()
            self.phone.met["pages_loaded_anew"] += 1

    def before_sending(self) -> None:
        """Let an answer be lost, or a request be cut."""
        self._drop = self.phone.transport.drop_answers = int(self.chance.random() < 0.12)
        self._cut = self.phone.transport.cut_requests = int(self.chance.random() < 0.06)

    def after_sending(self) -> None:
        """Note what befell the requests, and send some records once more."""
        self.phone.met["lost_answers"] += self._drop - self.phone.transport.drop_answers
        self.phone.met["cut_requests"] += self._cut - self.phone.transport.cut_requests
        if self.chance.random() < 0.1 and not self.phone.transport.offline:
            self.phone.send_again(self.chance.randint(1, 5))

    def end(self) -> None:
        """Let everything be well: in the evening all phones come back to the office."""
        transport = self.phone.transport
        transport.offline, transport.drop_answers, transport.cut_requests = False, 0, 0
        self.phone.rough.smooth = True

    def _network(self) -> None:
        if self.offline_for:
            self.offline_for -= 1
        elif self.chance.random() < 0.06:
            self.offline_for = self.chance.choice(TICKS_OFFLINE)
            self.phone.met["stretches_offline"] += 1
        self.phone.transport.offline = self.offline_for > 0
