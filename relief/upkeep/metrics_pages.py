"""`/metrics` for Prometheus: nothing is there, and nothing is counted, unless the setting `metrics` is on."""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app

from relief.accounts import guards
from relief.web.server import before_serving

blueprint = Blueprint("metrics", __name__)
FOLDER = "metrics"


@blueprint.get("/metrics")
@guards.machine
def show() -> Response:
    """Answer the figures of all processes of this server, as Prometheus reads them."""
    figures = current_app.extensions.get("relief_figures")
    if figures is None:
        abort(404)  # another program than `relief serve` serves us: its processes are not ours to count
    return Response(figures.as_text(), content_type=figures.CONTENT_TYPE)


@blueprint.record_once
def _have_it_counted(state: Any) -> None:
    if state.app.extensions["relief_settings"].metrics:
        before_serving(state.app, count)


def count(app: Flask, port: int) -> None:
    """Count from here on, in files that all workers to come share: made anew, so that nothing of an earlier run is left."""
    folder = app.extensions["relief_settings"].instance / FOLDER / str(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # read once, when the library is imported
    figures = import_module("relief.upkeep.figures")  # with prometheus_client: time and memory that nobody else needs
    app.extensions["relief_figures"] = figures.Figures(app, folder)
