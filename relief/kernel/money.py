"""Money: integer minor units and a currency, nothing else.

Exponents per ISO 4217, and historic codes that old operations were booked in (BYR had no minor unit in use).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXPONENT = {"BIF": 0, "BYR": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
             "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
             "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}  # fmt: skip
LARGEST_MINOR = 10**15


def exponent(currency: str) -> int:
    """Return how many decimals the currency has."""
    return _EXPONENT.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount: `minor` units (cents) of `currency` (ISO 4217 code)."""

    currency: str
    minor: int

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.currency, self.minor + other.minor)

    def decimal(self) -> str:
        """Return the amount as `88166.00`: point, no grouping."""
        places = exponent(self.currency)
        sign, digits = "-" if self.minor < 0 else "", str(abs(self.minor)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def parse_money(text: str, currency: str) -> Money:
    """Return the Money of decimal text such as `88166` or `88166.50`; raises ValueError (also for too many decimals)."""
    places = exponent(currency)
    match = re.fullmatch(r"(-?)(\d{1,13})(?:\.(\d+))?", text.strip(), re.ASCII)
    if match is None or len(match.group(3) or "") > places:
        raise ValueError(f"not an amount in {currency}")
    minor = int(match.group(2)) * 10**places + int((match.group(3) or "").ljust(places, "0") or 0)
    return Money(currency, -minor if match.group(1) else minor)
