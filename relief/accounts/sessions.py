"""Signed-in browsers: a cookie names a `SignIn`, which the database can end at any moment."""

from __future__ import annotations

import re

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from relief.accounts import queries
from relief.db import db
from relief.kernel import ids

REFRESH_SECONDS = 60


class SignedIn(UserMixin):
    """What flask-login carries: the sign-in, and the row of its user."""

    def __init__(self, sign_in: queries.SignInRow) -> None:
        self.sign_in_id = sign_in.id
        self.row = sign_in.user

    def get_id(self) -> str:
        return ids.to_text(self.sign_in_id)


def init_app(app: Flask) -> None:
    """Let flask-login find the user of a request."""
    settings = app.extensions["relief_settings"]
    app.config.update(
        SESSION_COOKIE_NAME="relief_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
    )
    manager = LoginManager()
    manager.session_protection = None  # a phone changes its address all day; the sign-in itself is checked every time
    manager.init_app(app)
    manager.user_loader(_load)
    app.before_request(start_clean)


def start_clean() -> None:
    """Forget what an earlier request left: a test or a command may hold one app context open over several."""
    for name in list(g):
        g.pop(name)


def _load(text: str) -> SignedIn | None:
    now = current_app.extensions["relief_clock"].now()
    settings = current_app.extensions["relief_settings"]
    if not ids.is_id_text(text) or now - session.get("seen", 0) > settings.session_idle_minutes * 60:
        return None
    sign_in = queries.find_sign_in(db.session, ids.to_bytes(text))
    if sign_in is None or now - sign_in.started_at > settings.session_hours * 3600:
        return None
    if now - session["seen"] >= REFRESH_SECONDS and not is_poll():
        session["seen"] = now
    return SignedIn(sign_in)


def is_poll() -> bool:
    """Tell whether a page asked by itself: a board left open does not keep its reader signed in."""
    return request.headers.get("X-Relief-Poll") is not None


def open_session(sign_in: queries.SignInRow, now: int) -> None:
    """Give the browser a fresh session for this sign-in: nothing of the one before survives."""
    session.clear()
    session["seen"] = now
    login_user(SignedIn(sign_in))


def close_session() -> None:
    """Make the browser forget who was signed in."""
    logout_user()
    session.clear()


def current_sign_in_id() -> bytes:
    """Return which sign-in this request belongs to; only behind a guard that asks for one."""
    return current_user.sign_in_id


def local_address(wanted: str | None) -> str:
    """Return `wanted` when it is a path of this site, else the home page: never another site."""
    if wanted and re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", wanted):
        return wanted
    return "/"
