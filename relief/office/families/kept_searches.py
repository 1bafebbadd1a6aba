"""What somebody looked for, kept out of every address: sealed in her own session, and named there by a random sign or two.

An address is written down in histories, logs and proxies; a name or a phone number must not stand in it. The last few searches
of a session can be paged, reloaded and gone back to; they end with it.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import current_app, session

from relief.accounts.sessions import current_sign_in_id
from relief.kernel.errors import NotFound
from relief.office.upload_sealing import seal, unseal

KEPT = 8  # a session is a cookie: each search is some 150 to 400 signs of its 4,000
_KEY = "searches"
_ID = re.compile(r"[A-Za-z0-9_-]{8}")


def keep_search(typed: str) -> str:
    """Keep what was typed and return the name it can be asked for by."""
    before: list[list[str]] = session.get(_KEY, [])  # in order: a session's objects are sorted by their names
    search_id = secrets.token_urlsafe(6)
    sealed = seal(current_app.extensions["relief_secrets"], current_sign_in_id(), typed.encode())
    session[_KEY] = [*before, [search_id, urlsafe_b64encode(sealed).decode("ascii")]][-KEPT:]
    return search_id


def find_search(search_id: str) -> str | None:
    """Return what was typed, None where it is no longer known."""
    sealed = dict(session.get(_KEY, [])).get(search_id) if _ID.fullmatch(search_id) else None
    try:
        return (
            sealed and unseal(current_app.extensions["relief_secrets"], current_sign_in_id(), urlsafe_b64decode(sealed)).decode()
        )
    except (NotFound, ValueError):
        return None
