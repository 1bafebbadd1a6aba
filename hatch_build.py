"""Builds the capture app while the package is built, so that a wheel carries it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):
    """What hatchling calls before it packs, for a wheel, an sdist and an editable install alike."""

    def dependencies(self) -> list[str]:
        frontend = self._frontend()
        return [] if frontend["is_node_here"]() else [frontend["NODE_PACKAGE"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._frontend()["build"]()

    def _frontend(self) -> dict[str, Any]:
        return runpy.run_path(str(Path(self.root) / "frontend" / "build.py"), run_name="frontend")
