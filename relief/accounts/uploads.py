"""Files too large for any request are refused before a view sees them: whoever chose one is led back to its form.

LOGO = Upload("cards.design", 2_000_000, lazy_gettext("Save the picture smaller."))

@blueprint.post("/design")
@guards.role("manager")
@upload_of(LOGO)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

View = Callable[..., Any]
MEGABYTE = 1_000_000
MOST_UNREAD = 200 * MEGABYTE
MOST_TOGETHER = 16 * MEGABYTE  # what a request may have, with room for the rest of its form


@dataclass(frozen=True, slots=True)
class Upload:
    """At which endpoint an upload's form stands, how large its file may be, and what to do with a larger one.

    `most_together`: how many bytes all its files may have, where it takes several; 0 where it takes one.
    """

    form: str
    most_bytes: int
    advice: Any
    most_together: int = 0

    def too_large(self) -> str:
        """Return what is said of a file that is larger."""
        return _("The file is larger than %(most)s MB.", most=self.most_bytes // MEGABYTE) + f" {self.advice}"

    def too_large_together(self) -> str:
        """Return what is said of files each of which would do."""
        return _("Together the files are larger than %(most)s MB.", most=self.most_together // MEGABYTE) + f" {self.advice}"

    def limit(self) -> str:
        """Return what is said when a request was refused by its length alone: nobody knows which of its files was how large."""
        if not self.most_together:
            return self.too_large()
        return _("A file may have %(most)s MB, and all together %(together)s MB.", most=self.most_bytes // MEGABYTE,
                 together=self.most_together // MEGABYTE) + f" {self.advice}"  # fmt: skip


def upload_of(upload: Upload) -> Callable[[View], View]:
    """Mark the view that takes an upload's file."""

    def mark(view: View) -> View:
        view.relief_upload = upload  # type: ignore[attr-defined]
        return view

    return mark


def back_to_form() -> Response | None:
    """Return the way back to the form of the upload that is asked for, the limit told; None where it is no upload of a form."""
    view = current_app.view_functions.get(request.endpoint or "")
    upload: Upload | None = getattr(view, "relief_upload", None)
    if upload is None:
        return None
    _let_it_be_sent()
    sent = -(-(request.content_length or 0) // MEGABYTE)
    flash(_("Nothing was stored: %(sent)s MB were sent.", sent=sent) + f" {upload.limit()}", "bad")
    return redirect(url_for(upload.form, **request.view_args or {}), 303)


def _let_it_be_sent() -> None:
    """Read what is still coming and drop it: a browser looks at no answer before it has sent its file."""
    left = min(request.content_length or 0, MOST_UNREAD)
    while left > 0 and (some := request.environ["wsgi.input"].read(min(left, 65_536))):
        left -= len(some)
