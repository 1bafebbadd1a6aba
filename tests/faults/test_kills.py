"""A server or worker killed under load keeps what it acknowledged, stores nothing torn, and is soon up again."""

from __future__ import annotations

from tests.faults.kills import kill_servers, kill_workers
from tests.ledger.field import Field

UP_AGAIN_SECONDS = 5


def test_a_killed_server_loses_nothing_and_is_soon_up_again(field: Field) -> None:
    outcome = kill_servers(field, times=2, seed=1)
    assert outcome.slowest_start_seconds < UP_AGAIN_SECONDS
    assert outcome.records > 0


def test_a_killed_worker_loses_nothing_and_is_replaced(field: Field) -> None:
    outcome = kill_workers(field, times=3, seed=2)
    assert outcome.slowest_start_seconds < UP_AGAIN_SECONDS
    assert outcome.records > 0
