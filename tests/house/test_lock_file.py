"""The front end's packages: pinned, whole, and from whatever registry whoever builds it uses."""

from __future__ import annotations

import json
import re

from tests.house.source import ROOT

FRONTEND = ROOT / "frontend"


def test_no_line_of_the_lock_file_names_a_registry() -> None:
    lines = (FRONTEND / "package-lock.json").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if '"resolved"' in line] == []
    assert "omit-lockfile-registry-resolved=true" in (FRONTEND / ".npmrc").read_text(encoding="utf-8").splitlines()


def test_every_package_is_pinned_and_known_by_its_digest() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    asked = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert [name for name, entry in lock["packages"].items() if name and "integrity" not in entry] == []
