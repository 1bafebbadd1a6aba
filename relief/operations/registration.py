"""What an operation may be called and classed as, and where its status may move. Pure."""

from __future__ import annotations

import re

from relief.operations.rules import STATUSES

DREF_TYPES = ("imminent", "assessment", "response", "loan")
ONSETS = ("sudden", "slow")
CATEGORIES = ("yellow", "orange", "red", "not_classified")  # not_classified: before the IFRC had categories, or not yet
APPEAL_CODE = re.compile(r"MDR[A-Z]{2}\d{3}", re.ASCII)
GLIDE = re.compile(r"[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}", re.ASCII)

# Closing may go back to active: an operation's time can be extended.
_MOVES = {"draft": {"active"}, "active": {"closing"}, "closing": {"active", "closed"}, "closed": set[str]()}


def may_move(status: str, to: str) -> bool:
    """Return whether an operation may go from one status to another; staying is always allowed."""
    return status == to or to in _MOVES[status]


def list_moves(status: str) -> list[str]:
    """Return the statuses an operation may go to from here, in the order of its life."""
    return [to for to in STATUSES if to in _MOVES[status]]
