"""Errors as people and programs see them (first version)."""

from __future__ import annotations

from flask import Flask, jsonify

from relief.kernel.errors import ReliefError


def init_app(app: Flask) -> None:
    @app.errorhandler(ReliefError)
    def explained(error: ReliefError):
        return jsonify(error.as_dict()), error.status
