"""The phone's decision is tested on rows that the server would send: the file of them is what the server makes today."""

from __future__ import annotations

from tests.sync.register_vectors import FILE, register_cases, written


def test_the_rows_of_the_worked_decisions_are_those_that_the_server_sends():
    assert FILE.read_text(encoding="utf-8") == written(register_cases()), "write them anew: python -m tests.sync.register_vectors"
