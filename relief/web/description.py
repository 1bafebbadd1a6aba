"""How the API describes itself: the one error shape, and how a caller says who she is."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Flask
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
    """The API, described with the errors that it really answers, once somebody asks: opening the app would take twice as long."""

    ERROR_SCHEMA = ErrorSchema

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[flask_smorest.Blueprint] = []
        self._has_responses = False
        super().__init__(app)

    def register_blueprint(self, blueprint: flask_smorest.Blueprint) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)

    def _register_responses(self) -> None:
        """Leave the errors that every API has to `describe`, too."""

    def describe(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        if not self._has_responses:
            self._has_responses = True
            super()._register_responses()
        while self._undescribed:
            blueprint = self._undescribed.pop(0)
            blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
            self.spec.tag({"name": blueprint.name, "description": blueprint.description})
        return self.spec.to_dict()  # type: ignore[no-any-return]
