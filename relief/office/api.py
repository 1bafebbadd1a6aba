"""The API of this room, as the app looks for it."""

from __future__ import annotations

from relief.office.operation_api import blueprint

__all__ = ["blueprint"]
