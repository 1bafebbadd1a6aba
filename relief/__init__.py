"""relief: tracks the distributions of a DREF operation, from the beneficiary card to the final report."""

from __future__ import annotations

from flask import Flask

from relief import rooms
from relief.accounts import guards, limits, sessions
from relief.db import connect_database
from relief.kernel.clock import Clock, ShiftedClock, SystemClock
from relief.settings import Settings, load_secrets, load_settings
from relief.web import errors, logs, navigation, security, words
from relief.web.description import Api

LARGEST_REQUEST = 16 * 1024 * 1024


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the application for `settings` (from the environment when left out), telling time by `clock`."""
    settings = settings or load_settings()
    app = Flask(__name__)
    _configure(app, settings, clock)
    connect_database(app, settings)
    for part in (sessions, logs, security, limits, words, navigation):
        part.init_app(app)
    _open_rooms(app)
    errors.init_app(app)
    app.view_functions["static"] = guards.public(app.view_functions["static"])
    return app


def _configure(app: Flask, settings: Settings, clock: Clock | None) -> None:
    secrets = load_secrets(settings.instance)
    keys = list(secrets.session_keys.values())
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        API_TITLE="relief",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
    )
    app.extensions["relief_settings"] = settings
    app.extensions["relief_secrets"] = secrets
    app.extensions["relief_clock"] = clock or _clock(settings)


def _clock(settings: Settings) -> Clock:
    return ShiftedClock(settings.clock_file) if settings.clock_file else SystemClock()


def _open_rooms(app: Flask) -> None:
    api = app.extensions["relief_api"] = Api(app)
    list(rooms.modules("models"))  # every table is known, whoever asks first
    for module in rooms.modules("pages"):
        app.register_blueprint(module.blueprint)
    for module in rooms.modules("api"):
        security.csrf.exempt(module.blueprint)  # a header token only: no cookie to forge
        api.register_blueprint(module.blueprint)
