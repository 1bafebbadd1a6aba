"""The capture app: the files that `frontend/phone` is built into, each with what a browser must know about it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from relief.accounts import guards
from relief.kernel.errors import NotFound

blueprint = Blueprint("phone", __name__)
YEAR_SECONDS = 365 * 24 * 3600
# As for every page, and WebAssembly may be compiled, for the decoder of codes: only here.
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'; "
    "img-src 'self' blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
)
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
         ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".md": "text/plain"}  # fmt: skip
PACKED = {"br": ".br", "gzip": ".gz"}  # the smaller first


@blueprint.get("/phone")
@guards.public
def lead_in() -> AnyResponse:
    """Lead to the app: its address ends with a slash, because that is the scope of its service worker."""
    return redirect(url_for("phone.show"), 308)


@blueprint.get("/phone/", defaults={"name": "index.html"})
@blueprint.get("/phone/<path:name>")
@guards.public
def show(name: str) -> AnyResponse:
    """Return a file of the app, packed where the browser takes that."""
    folder = Path(current_app.static_folder or "") / "phone"
    kind = TYPES.get(PurePosixPath(name).suffix)
    if not (folder / "index.html").is_file():
        raise NotFound(_("The app for phones was not built with this installation."), code="phone_not_built")
    path = safe_join(str(folder), name)
    if kind is None or path is None or not Path(path).is_file():
        raise NotFound(_("The address may be mistyped, or what was here has moved."))
    return _answer(Path(path), kind, lasting=name.startswith("assets/"))  # there the name changes with the content


def _answer(path: Path, kind: str, lasting: bool) -> AnyResponse:
    packing = _packing(path)
    answer = Response(path.with_name(path.name + PACKED.get(packing, "")).read_bytes(), mimetype=kind)  # a megabyte at most
    if packing:
        answer.headers["Content-Encoding"] = packing
    answer.vary.add("Accept-Encoding")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if lasting else "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _packing(path: Path) -> str:
    """Return the name of the best packing that the browser takes and that was made of this file, else nothing."""
    return next((packing for packing, ending in PACKED.items()
                 if request.accept_encodings.quality(packing) and path.with_name(path.name + ending).is_file()), "")  # fmt: skip
