"""Keeping what an operation's cards look like."""

from __future__ import annotations

from typing import Any

from relief.cards.models import CardDesign
from relief.cards.queries import Design


def keep_design(session: Any, operation_id: bytes, design: Design) -> None:
    """Keep the words and the logo for the cards that are printed from now on."""
    session.merge(CardDesign(operation_id=operation_id, society=design.society, valid_until=design.valid_until,
                             hotline=design.hotline, logo=design.logo or None))  # fmt: skip
    session.flush()
