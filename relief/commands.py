"""Marks on commands: how the installation is opened for one before it runs, and that it answers a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Run = Callable[..., Any]

answers_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
of_operation = click.option("--operation", "code", required=True, help="Appeal code or working name.")


def opens_itself(run: Run) -> Run:
    """Mark a command that must work where there is no installation, or a broken one: it is not opened for it."""
    run.opens_itself = True  # type: ignore[attr-defined]
    return run


def begins_anew(run: Run) -> Run:
    """Mark a command that makes an installation where there is none; any other leaves nothing behind there."""
    run.begins_anew = True  # type: ignore[attr-defined]
    return run


def goes_with_any_keys(run: Run) -> Run:
    """Mark a command that must work where the keys are not those of the database; nothing is sealed after it."""
    run.goes_with_any_keys = True  # type: ignore[attr-defined]
    return run


def is_opened(run: Run) -> bool:
    return not getattr(run, "opens_itself", False)


def may_begin(run: Run) -> bool:
    return getattr(run, "begins_anew", False)


def needs_right_keys(run: Run) -> bool:
    return not getattr(run, "goes_with_any_keys", False)
