"""A small print, answered at once."""

from __future__ import annotations

from flask import Response


def pdf_response(content: bytes, name: str) -> Response:
    """Answer a PDF to keep as `name`."""
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f"attachment; filename={name}"})
