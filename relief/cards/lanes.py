"""Lanes: which of a site's tables a card belongs to, so that two tables without a network never serve one card.

The last sign of the code says it. It stands on the card for people to read, all 31 signs are equally frequent there, and the
lanes are stretches of the alphabet: a sign at the table (`Lane 2: A to K`) is all that anybody needs.
"""

from __future__ import annotations

from relief.cards.rules import SIGNS

MOST_LANES = len(SIGNS)


def lane_of(code: str, lanes: int) -> int:
    """Return the lane, from 1, of a code or of its last signs; 0 where the site has no lanes. ValueError for no sign of ours."""
    lanes = min(lanes, MOST_LANES)
    return SIGNS.index(code[-1:] or "?") * lanes // MOST_LANES + 1 if lanes else 0


def signs_of_lane(lane: int, lanes: int) -> str:
    """Return the signs that a lane's codes end in, in the order of the alphabet."""
    return "".join(sign for sign in SIGNS if lane_of(sign, lanes) == lane)
