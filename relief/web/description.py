"""How the API describes itself: the one error shape, and how a caller says who she is."""

from __future__ import annotations

import flask_smorest
from marshmallow import INCLUDE, Schema, fields


class ErrorBodySchema(Schema):
    """What went wrong; some errors add a number that a program needs: a limit, a time to wait."""

    class Meta:
        unknown = INCLUDE

    code = fields.String(required=True, metadata={"description": "Stable, for programs."})
    message = fields.String(required=True, metadata={"description": "One sentence for people; it may be translated."})
    where = fields.String(metadata={"description": "The field, row or record that it is about."})
    limit = fields.Integer(metadata={"description": "What one request may carry (413)."})
    retry_after_seconds = fields.Integer(metadata={"description": "When to try again (429, 503)."})
    request_id = fields.String(metadata={"description": "What to tell the administrator (500)."})


class ErrorSchema(Schema):
    """Every error of the API has this shape."""

    error = fields.Nested(ErrorBodySchema, required=True)


class Api(flask_smorest.Api):
    """The API, described with the errors that it really answers."""

    ERROR_SCHEMA = ErrorSchema
