"""Guards: every endpoint names who may come in. A test walks the URL map and finds none without.

A guard is a decorator that marks the view (`view.guard`) and asks `check` before the view runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user as _login_user

from relief.accounts import queries, rules
from relief.accounts.audit import Actor
from relief.db import db, lookup
from relief.kernel import ids
from relief.kernel.errors import NotAllowed, NotFound, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Guard:
    """What an endpoint asks for: `kind` is public, signed_in, administrator, role, phone, phone_handing_in or machine."""

    kind: str
    roles: tuple[str, ...] = ()


def public(view: View) -> View:
    """Let everybody in."""
    return _guarded(view, Guard("public"), lambda _arguments: None)


def signed_in(view: View) -> View:
    """Let in whoever is signed in."""
    return _guarded(view, Guard("signed_in"), lambda _arguments: get_current_user())


def administrator(view: View) -> View:
    """Let in administrators of the installation."""
    return _guarded(view, Guard("administrator"), lambda _arguments: _need_administrator())


def role(*roles: str) -> Callable[[View], View]:
    """Let in administrators and whoever has one of `roles` in the operation that the URL's `operation_id` names."""
    unknown = set(roles) - set(rules.ROLES)
    if unknown or not roles:
        raise ValueError(f"no such roles: {unknown}")
    guard = Guard("role", roles)
    return lambda view: _guarded(view, guard, lambda arguments: _need_role(arguments["operation_id"], roles))


def phone(view: View) -> View:
    """Let in a phone by its device token, and set `g.enrolment`."""
    return _guarded(view, Guard("phone"), lambda _arguments: _need_phone(revoked_too=False))


def phone_handing_in(view: View) -> View:
    """Let in a phone, also a revoked one (`g.enrolment.revoked_at`): it may still hand in, and nothing else."""
    return _guarded(view, Guard("phone_handing_in"), lambda _arguments: _need_phone(revoked_too=True))


def machine(view: View) -> View:
    """Let in a program that watches the installation: by `metrics_token`; where none is set, from this very machine only.

    While `metrics` is off, nothing is there.
    """
    return _guarded(view, Guard("machine"), lambda _arguments: _need_machine())


def current_user() -> queries.UserRow | None:
    """Return the user who is signed in, or None."""
    return _login_user.row if _login_user.is_authenticated else None


def get_current_user() -> queries.UserRow:
    """Return the user who is signed in; raises SignInNeeded."""
    user = current_user()
    if user is None:
        raise SignInNeeded(_("Please sign in first."))
    return user


def has_role(bind: Any, operation_id: bytes, roles: frozenset[str]) -> bool:
    """Return whether the signed-in user has one of `roles` in the operation; an administrator has all."""
    user = current_user()
    return user is not None and (user.is_administrator or bool(roles & queries.list_roles(bind, operation_id, user.id)))


def current_actor() -> Actor:
    """Return who acts in this request, for the audit."""
    user = current_user()
    return Actor(user.id if user else None, request.remote_addr or "")


def _guarded(view: View, guard: Guard, check: Callable[[dict[str, Any]], object]) -> View:
    @wraps(view)
    def guarded_view(*args: Any, **kwargs: Any) -> Any:
        check(request.view_args or {})
        g.let_in = guard  # a guard has looked: what the matrix test asks for
        return current_app.ensure_sync(view)(*args, **kwargs)

    guarded_view.guard = guard  # type: ignore[attr-defined]
    return guarded_view  # type: ignore[return-value]


def _need_administrator() -> None:
    if not get_current_user().is_administrator:
        raise NotAllowed(_("Only an administrator may do this."))


def _need_role(operation_id: str, roles: tuple[str, ...]) -> None:
    user = get_current_user()
    try:
        operation = ids.to_bytes(operation_id)
    except ValueError:
        raise _no_operation() from None
    if user.is_administrator:
        return
    held = queries.list_roles(db.session, operation, user.id)
    if not held:
        raise _no_operation()
    if not held.intersection(roles):
        raise NotAllowed(_("Your role in this operation does not include this. Ask the operation's manager."))


def _no_operation() -> NotFound:
    return NotFound(_("There is no such operation."))


def _need_phone(revoked_too: bool) -> None:
    with lookup() as connection:
        found = queries.find_enrolment_by_token(connection, _bearer())
    if found is None:
        raise SignInNeeded(_("This phone is not known. Join again with a new code."), code="unknown_token")
    if found.revoked_at is not None and not revoked_too:
        raise SignInNeeded(_("This phone has been signed off. Ask your lead."), code="revoked")
    g.enrolment = found


def _bearer() -> str:
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _need_machine() -> None:
    settings = current_app.extensions["relief_settings"]
    if not settings.metrics:
        abort(404)
    if settings.metrics_token:
        if not compare_digest(_bearer().encode(), settings.metrics_token.encode()):
            raise NotAllowed(_("This token opens nothing here."), code="unknown_token")
    elif not _asked_from_here():
        raise NotAllowed(_("Only a program on the server itself may read this. metrics_token lets others in."))


def _asked_from_here() -> bool:
    """Tell whether this machine asks for itself: a proxy on it asks for others, and says so, or calls us by our public name."""
    try:
        near, by_name = ip_address(request.remote_addr or "").is_loopback, urlsplit(f"//{request.host}").hostname in _HERE
    except ValueError:
        return False
    return near and by_name and not any(name in request.headers for name in _FORWARDED)


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """One row of the matrix: an endpoint, one method, and the guard (None when it names none)."""

    rule: str
    endpoint: str
    method: str
    guard: Guard | None


def role_matrix(app: Flask) -> Iterator[GuardedRoute]:
    """Yield every route and method of the app with its guard."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            view = app.view_functions[rule.endpoint]
            view_class = getattr(view, "view_class", None)
            target = getattr(view_class, method.lower(), view) if view_class else view
            yield GuardedRoute(rule.rule, rule.endpoint, method, getattr(target, "guard", None))
