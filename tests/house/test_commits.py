"""Only relief/db.py begins and commits."""

from __future__ import annotations

import ast

from tests.house.source import imported, modules


def test_only_db_commits() -> None:
    calls = [(name, node.func) for name, tree in modules().items() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = {name for name, called in calls if isinstance(called, ast.Attribute) and called.attr in ("commit", "begin")}
    assert found == {"db.py"}


def test_services_queries_and_rules_do_not_know_the_request() -> None:
    below = ("service.py", "queries.py", "models.py", "rules.py")
    of_the_request = {"flask.request", "flask.session", "flask.g"}
    assert {name for name, tree in modules().items() if name.endswith(below) and imported(tree) & of_the_request} == set()
