"""How often a door may be tried. Counted in memory: one process is the rule, and a restart forgives."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from relief.accounts.rules import plain_email

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


def init_app(app: Flask) -> None:
    """Count for this app, from nothing."""
    limiter.init_app(app)


def _failed(response: Response) -> bool:
    return response.status_code >= 400


def _email() -> str:
    return "email " + plain_email(request.form.get("email", ""))


# Only failures count: a whole office behind one address may sign in at the same hour.
sign_in_by_address = limiter.limit("30 per 15 minutes", methods=["POST"], deduct_when=_failed)
sign_in_by_email = limiter.limit("10 per 15 minutes", key_func=_email, methods=["POST"], deduct_when=_failed)
link_by_address = limiter.limit("30 per 15 minutes", deduct_when=_failed)
typed_codes = limiter.limit("20 per minute", deduct_when=_failed)  # for whatever takes a code that people type
