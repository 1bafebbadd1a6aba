"""The wheel carries what the program needs besides its modules."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.house.source import PACKAGE, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this checkout."""
    built = list(WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel"))))
    with zipfile.ZipFile(built[0]) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_the_wheel_carries_templates_and_static_files(wheel: set[str], folder: str) -> None:
    wanted = {f"relief/{path.relative_to(PACKAGE).as_posix()}" for path in (PACKAGE / folder).rglob("*") if path.is_file()}
    assert wanted
    assert wanted - wheel == set()


def test_the_wheel_carries_the_migrations(wheel: set[str]) -> None:
    versions = {f"relief/migrations/versions/{path.name}" for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert {"relief/migrations/env.py", "relief/migrations/alembic.ini", *versions} - wheel == set()


def test_the_wheel_carries_no_leftovers(wheel: set[str]) -> None:
    outside = {name for name in wheel if not name.startswith(("relief/", "relief-"))}
    assert outside | {name for name in wheel if "__pycache__" in name or Path(name).suffix in (".pyc", ".db")} == set()
