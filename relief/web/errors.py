"""Errors as people and programs see them: a kind page with a way out, or the one JSON shape. Never a trace."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from relief.accounts.uploads import back_to_form
from relief.database_trouble import find_trouble
from relief.kernel.errors import BadInput, Busy, PurposeNeeded, ReliefError, SignInNeeded

CODES = {400: "bad_input", 401: "sign_in_needed", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
         406: "not_acceptable", 408: "too_slow", 409: "conflict", 411: "length_required", 413: "too_large",
         414: "too_large", 415: "unsupported_media_type", 422: "bad_input", 429: "too_many", 431: "too_large",
         500: "internal", 503: "busy"}  # fmt: skip


def init_app(app: Flask) -> None:
    """Answer every error ourselves. Call it after the API has set its own handlers: ours replace them."""
    app.register_error_handler(ReliefError, show)
    app.register_error_handler(HTTPException, lambda error: show(_from_http(error), error))
    app.register_error_handler(ValidationError, lambda error: show(_from_schema(error)))
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(RecursionError, _nested_too_deeply)
    app.log_exception = _log  # type: ignore[method-assign, assignment]


def _log(failure: Any) -> None:
    """Log a mistake of ours by its rule: Flask would log the address, in which a one-time link has its secret."""
    rule = request.url_rule.rule if request.url_rule else "unknown address"
    current_app.logger.error("request %s: %s %s", g.get("request_id"), request.method, rule, exc_info=failure)


def wants_json() -> bool:
    """Tell whether a program asks: by the path, by what it accepts, or because a page's script asks by itself."""
    if request.path.startswith("/api/") or request.headers.get("X-Relief-Poll"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def show(error: ReliefError, http: HTTPException | None = None) -> Response | tuple[Any, int]:
    """Return the answer for an error."""
    status = http.code if http is not None and http.code else error.status
    error.extra["request_id"] = g.get("request_id", "")
    if status == 503:  # whoever was told to come back later may ask why
        level = logging.WARNING if isinstance(error, Busy) else logging.ERROR
        current_app.logger.log(level, "request %s: %s: %s", error.extra["request_id"], error.code, _cause(error))
    if wants_json():
        answer = jsonify(error.as_dict())
    elif isinstance(error, SignInNeeded) and request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    elif isinstance(error, PurposeNeeded) and request.method in ("GET", "HEAD"):
        return redirect(url_for("purposes.ask", **request.view_args or {}, next=request.full_path.rstrip("?")), 303)
    elif http is not None and status == 413 and (form := back_to_form()) is not None:
        return form
    else:
        page = render_template("web/error.html", error=error, status=status, title=_title(status, error.code))
        answer = current_app.make_response(page)
    answer.status_code = status
    if "retry_after_seconds" in error.extra:
        answer.headers["Retry-After"] = str(error.extra["retry_after_seconds"])
    if http is not None and getattr(http, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(http.valid_methods))  # type: ignore[attr-defined]
    return answer


def _cause(error: BaseException) -> str:
    """Return what kind of failure it came from: never its words, in which people's data may stand."""
    cause = error.__cause__ or error.__context__
    return type(getattr(cause, "orig", None) or cause or error).__name__


def _from_http(error: HTTPException) -> ReliefError:
    """Return an error of another library as one of our tree."""
    status = error.code or 500
    code = CODES.get(status, "error")
    if type(error).__name__ == "CSRFError":
        return ReliefError(_("This form was open too long, or in another window. Go back, reload the page, and send it again."),
                           code="form_expired")  # fmt: skip
    messages = (getattr(error, "data", None) or {}).get("messages")
    if messages:
        where, sentence = _first_problem(messages)
        return ReliefError(sentence, code=code, where=where)
    extra: dict[str, Any] = {"retry_after_seconds": 60} if status in (429, 503) else {}
    if status == 413:
        extra["limit"] = request.max_content_length or 0
    return ReliefError(_sentence(status), code=code, **extra)


def of_status(status: int) -> ReliefError:
    """Return the error of an HTTP status with nothing more to say."""
    return ReliefError(_sentence(status), code=CODES.get(status, "error"))


def _from_schema(error: ValidationError) -> ReliefError:
    where, sentence = _first_problem(error.normalized_messages())
    return BadInput(sentence, where=where)


def _first_problem(messages: Any) -> tuple[str, str]:
    """Return where the first problem of a schema is, as `json.records.0.kind`, and its sentence."""
    path: list[str] = []
    while isinstance(messages, dict | list) and messages:
        if isinstance(messages, list):
            messages = messages[0]
        else:
            key = next(iter(messages))
            path.append(str(key))
            messages = messages[key]
    return ".".join(path), str(messages)


def _database_failed(error: SQLAlchemyError) -> Any:
    trouble = find_trouble(error)
    if trouble is None and isinstance(error, OperationalError | InterfaceError):
        trouble = Busy(_("The database cannot be reached. Nothing was stored; try again in a moment."),
                       code="database_unreachable", retry_after_seconds=5)  # fmt: skip
    if trouble is None:
        raise error
    trouble.__cause__ = error
    return show(trouble)


def _nested_too_deeply(_error: RecursionError) -> Any:
    """Answer a body of thousands of brackets: the standard library's JSON reader gives up on it in this way."""
    current_app.logger.warning("request %s: nested too deeply", g.get("request_id"))
    return show(BadInput(_("What was sent is nested too deeply."), code="nested_too_deeply"))


def _title(status: int, code: str) -> str:
    titles: dict[int | str, str] = {
        "link_spent": _("This link no longer works"),
        "form_expired": _("This form is too old"),
        401: _("Please sign in"),
        403: _("This is not open to you"),
        404: _("There is nothing here"),
        409: _("This collides with something"),
        413: _("This is too large"),
        422: _("Something is missing or not right"),
        429: _("Too many tries"),
        500: _("Something went wrong here"),
        503: _("Just a moment"),
    }
    return titles.get(code) or titles.get(status) or _("That did not work")


def _sentence(status: int) -> str:
    sentences = {
        400: _("What was sent cannot be read."),
        403: _("Your account does not include this. Ask whoever looks after the operation."),
        404: _("The address may be mistyped, or what was here has moved."),
        405: _("This address cannot be used in this way."),
        413: _("What was sent is larger than is allowed. Send it in parts."),
        414: _("This address is too long."),
        415: _("This kind of content is not understood here."),
        422: _("What was sent cannot be used as it is."),
        431: _("What the browser or program sends with every request is too large: clear its cookies."),
        429: _("That was a few times too often. Wait some minutes and try again."),
        500: _("It is our mistake, not yours. Try again; if it stays, tell your administrator the number below."),
        503: _("The server is busy. Nothing was stored; try again in a moment."),
    }
    return sentences.get(status, _("That did not work."))
