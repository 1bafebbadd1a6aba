"""Every setting, command and route is documented, and the documents say what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from relief.settings import _LIMITS, Settings
from tests.house.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    row = next((line for line in page.splitlines() if f"`RELIEF_{name.upper()}`" in line), "")
    assert row
    if name in _LIMITS:
        low, high = _LIMITS[name]
        assert f"{low} to {high}" in row
        assert str(next(field.default for field in fields(Settings) if field.name == name)) in row


def test_the_written_pages_are_up_to_date(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tests.house.written_docs", tmp_path], cwd=ROOT, check=True)
    written = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.iterdir()}
    assert sorted(written) == ["api.md", "commands.md"]
    for name, text in written.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_page_of_docs_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages_there = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")]
    assert [page for page in pages_there if f"({page})" not in readme] == []


def test_every_make_target_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert targets
    assert [name for name in targets.group(1).split() if not re.search(rf"^{name}:.*## \w", makefile, re.M)] == []
