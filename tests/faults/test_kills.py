"""A server or worker killed under load keeps what it acknowledged, stores nothing torn, and comes up again."""

from __future__ import annotations

from tests.faults.kills import kill_servers, kill_workers
from tests.ledger.field import Field


def test_a_killed_server_loses_nothing_and_is_soon_up_again(field: Field) -> None:
    assert kill_servers(field, times=2, seed=1).records > 0


def test_a_killed_worker_loses_nothing_and_is_replaced(field: Field) -> None:
    assert kill_workers(field, times=3, seed=2).records > 0
