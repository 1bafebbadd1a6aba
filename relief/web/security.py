"""What every answer carries so that a browser keeps its guard up, and the token that every form carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from relief.kernel.errors import NotAllowed

POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data: blob:; style-src 'self'; script-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
YEAR_SECONDS = 365 * 24 * 3600

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Add the headers and ask forms for their token; behind HTTPS, believe the proxy in front of us."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form may stay open as long as its session
    csrf.init_app(app)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.after_request(_let_go_of_what_is_not_sent)
    app.teardown_request(_let_go_of_files)
    if app.extensions["relief_settings"].public_url.startswith("https:"):
        # We speak plain HTTP ourselves, so an https address means exactly one proxy before us.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def _refuse_other_sites() -> None:
    """Refuse what another site's page makes a browser send to the API in its user's name: there is no form token here.

    A device token in a header is no browser's own doing, so phones are not asked.
    """
    by_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "Authorization" not in request.headers
    if by_cookie and request.path.startswith("/api/") and request.method not in SAFE_METHODS and not _is_own_page():
        raise NotAllowed(_("This came from a page of another site."), code="another_site")


def _is_own_page() -> bool:
    """Tell whether a page of ours asks, or a program: a browser says where from in one of two headers."""
    said, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if said is not None:
        return said in ("same-origin", "none")
    own = (request.host, urlsplit(current_app.extensions["relief_settings"].public_url).netloc)
    return origin is None or urlsplit(origin).netloc in own


def _add_headers(response: Response) -> Response:
    said = {name.lower() for name, _value in response.headers}
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in said])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        # With an ETag a browser may keep it, but must ask each time; anything else is kept nowhere.
        response.headers["Cache-Control"] = "private, no-cache" if "ETag" in response.headers else "no-store"
    return response


def _let_go_of_what_is_not_sent(response: Response) -> Response:
    """Close what HEAD leaves unread: a printed file would stay open, for nobody reads the answer to its end."""
    if request.method == "HEAD":
        response.close()
    return response


def _let_go_of_files(_error: BaseException | None) -> None:
    """Close what was uploaded, read or not: a large file lies on the disk until then, and garbage is collected seldom."""
    request.close()
