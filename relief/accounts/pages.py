"""Pages: sign in and out, use a one-time link, and the people of the installation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from relief.accounts import audit, guards, limits, queries, schemas, service, sessions
from relief.accounts.rules import needs_email
from relief.db import db, unit_of_work
from relief.kernel import ids
from relief.kernel.errors import NotFound, ReliefError

blueprint = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@guards.public
@limits.sign_in_by_address
@limits.sign_in_by_email
def sign_in() -> Answer:
    if request.method != "POST":
        return render_template("accounts/sign_in.html", form={}, problems={})
    form, problems = schemas.read_form(schemas.SignInForm(), request.form)
    if problems:
        return render_template("accounts/sign_in.html", form=request.form, problems=problems), 422
    try:
        user_id = service.get_user_by_password(db.session, form["email"], form["password"])
    except ReliefError as error:
        _note("sign_in.failed")
        problems = {"password": error.message}
        return render_template("accounts/sign_in.html", form=request.form, problems=problems), 422
    _open(user_id)
    return redirect(sessions.local_address(request.args.get("next")), 303)


def _open(user_id: bytes) -> None:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        opened = service.sign_in(session, user_id, now)
        audit.note(session, audit.Actor(user_id, request.remote_addr or ""), "sign_in.opened", now)
    sessions.open_session(opened, now)


@blueprint.post("/sign-out")
@guards.signed_in
def sign_out() -> Response:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        service.sign_out(session, sessions.current_sign_in_id(), now)
        audit.note(session, guards.current_actor(), "sign_in.closed", now)
    sessions.close_session()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@guards.public
@limits.link_by_address
def use_link(token: str) -> Answer:
    """Show whose link it is; only the POST spends it, so that a preview in a mail program does no harm."""
    now = current_app.extensions["relief_clock"].now()
    user = queries.find_link_user(db.session, token, now)
    if user is None:
        raise NotFound(_("This link has been used or is too old. Ask for a new one."), code="link_spent")
    if request.method != "POST":
        return _link_page(user, {"name": user.name}, {})
    schema = schemas.FirstLinkForm() if needs_email(user.email) else schemas.LinkForm()
    form, problems = schemas.read_form(schema, request.form)
    try:
        if not problems:
            _spend(token, form.get("email", user.email), form, now)
            return redirect(url_for("web.home"), 303)
    except ReliefError as error:
        if error.where is None:
            raise
        problems = {error.where: error.message}
    return _link_page(user, request.form, problems), 422


def _link_page(user: queries.UserRow, form: Any, problems: dict[str, str]) -> str:
    return render_template("accounts/use_link.html", user=user, asks_email=needs_email(user.email), form=form, problems=problems)


def _spend(token: str, email: str, form: dict[str, str], now: int) -> None:
    hashed = service.make_password_hash(form["password"], email)  # slow: before the transaction
    with unit_of_work() as session:
        user_id = service.spend_link(session, token, name=form["name"], email=email, password_hash=hashed, now=now)
        audit.note(session, audit.Actor(user_id, request.remote_addr or ""), "link.spent", now, subject=user_id)
    _open(user_id)


@blueprint.get("/users")
@guards.administrator
def list_users() -> str:
    number = schemas.PageQuery().load(request.args)["page"]
    return _users_page(number, {}, {})


def _users_page(number: int, form: Any, problems: dict[str, str], link: str | None = None) -> str:
    page = queries.list_users(db.session, number)
    return render_template("accounts/users.html", page=page, form=form, problems=problems, link=link)


@blueprint.post("/users")
@guards.administrator
def add_user() -> Answer:
    form, problems = schemas.read_form(schemas.NewUserForm(), request.form)
    now = current_app.extensions["relief_clock"].now()
    try:
        if not problems:
            with unit_of_work() as session:
                user_id = service.add_user(session, **form, now=now)
                audit.note(session, guards.current_actor(), "user.added", now, subject=user_id)
                token = service.create_link(session, user_id, now, _link_hours())
            return _link_shown(user_id, token)
    except ReliefError as error:
        if error.where is None:
            raise
        problems = {error.where: error.message}
    return _users_page(1, request.form, problems), 422


@blueprint.post("/users/<user_id>/link")
@guards.administrator
def create_link(user_id: str) -> Answer:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        token = service.create_link(session, _user_id(user_id), now, _link_hours())
        audit.note(session, guards.current_actor(), "link.created", now, subject=user_id)
    return _link_shown(_user_id(user_id), token)


def _link_shown(user_id: bytes, token: str) -> str:
    """Show a link once, in the answer itself: it is stored nowhere."""
    user = queries.get_user(db.session, user_id)
    return render_template("accounts/link.html", user=user, link=service.link_address(token), hours=_link_hours())


@blueprint.post("/users/<user_id>/disable")
@guards.administrator
def disable_user(user_id: str) -> Response:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        service.disable_user(session, _user_id(user_id), now)
        audit.note(session, guards.current_actor(), "user.disabled", now, subject=user_id)
    flash(_("Switched off. Whoever was signed in with this account is not any more."))
    return redirect(url_for("accounts.list_users"), 303)


@blueprint.post("/users/<user_id>/enable")
@guards.administrator
def enable_user(user_id: str) -> Response:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        service.enable_user(session, _user_id(user_id))
        audit.note(session, guards.current_actor(), "user.enabled", now, subject=user_id)
    flash(_("Switched on again."))
    return redirect(url_for("accounts.list_users"), 303)


def _note(action: str) -> None:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), action, now)


def _link_hours() -> int:
    return current_app.extensions["relief_settings"].signin_link_hours


def _user_id(text: str) -> bytes:
    try:
        return ids.to_bytes(text)
    except ValueError:
        raise NotFound(_("There is no such user.")) from None
