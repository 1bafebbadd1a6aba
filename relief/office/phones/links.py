"""The link that a join code is shown as: the phone's page, and the code behind `#`, which no browser sends to a server."""

from __future__ import annotations

from urllib.parse import urlsplit

from relief.settings import Settings

_HERE = ("localhost", "127.0.0.1", "::1")


def public_address(settings: Settings, asked_at: str) -> str:
    """Return the address that phones reach us at: the setting's; where that names this machine alone, the one `asked_at`."""
    names_itself = urlsplit(settings.public_url).hostname in _HERE
    return (asked_at if names_itself else settings.public_url).rstrip("/")


def join_link(address: str, code: str) -> str:
    return f"{address}/phone/#join={code}"


def is_fit_for_the_field(address: str) -> bool:
    """Tell whether phones may work offline with this address: only HTTPS lets them; plain HTTP does on this machine alone."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in _HERE


def is_reachable(address: str) -> bool:
    """Tell whether another machine could open this address at all."""
    return urlsplit(address).hostname not in _HERE
