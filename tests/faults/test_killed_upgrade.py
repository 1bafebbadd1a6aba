"""An upgrade killed in the middle leaves a database from which the next one goes on to the end."""

from __future__ import annotations

from relief.settings import Settings
from tests.faults.migrating import kill_upgrades


def test_an_upgrade_killed_in_the_middle_is_completed_by_the_next(empty_database_url, instance):
    settings = Settings(instance=instance, database_url=empty_database_url)
    assert kill_upgrades(settings, every=100).kills >= 1
