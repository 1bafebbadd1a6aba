"""The pages of this room, as the app looks for them."""

from __future__ import annotations

from relief.office.operation_pages import blueprint

__all__ = ["blueprint"]
