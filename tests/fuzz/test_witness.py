"""The witness of the other tests here sees what changed, on both databases, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from tests.accounts.people import make_user
from tests.fuzz.witness import Witness


@pytest.fixture
def witness(app: Flask) -> Iterator[Witness]:
    with closing(Witness()) as witness:
        yield witness


def test_the_witness_names_the_tables_that_changed_since_it_was_last_asked(witness: Witness) -> None:
    make_user("olga@example.org")
    assert [witness.changed(), witness.changed()] == [[], []]
    for name in ("vera", "anna"):
        make_user(f"{name}@example.org")
        assert "user_account" in witness.changed()
        assert witness.changed() == []
