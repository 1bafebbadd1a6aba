"""The API's blueprint: bodies of every endpoint are read as strictly as batches are, and fail in the one error shape."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Request
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser

from relief.sync.body import encoding_of, parse_json, unpack


class _Arguments(FlaskParser):
    """Reads JSON arguments. (The library's own reading raises ValueError at an integer of thousands of digits.)"""

    def _raw_load_json(self, req: Request) -> Any:
        return parse_json(unpack(req.get_data(), encoding_of(req.headers))) if is_json(req.mimetype) else missing


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose endpoints take arguments read by `parse_json`; what no field may hold comes to it as Strange."""

    ARGUMENTS_PARSER = _Arguments()
