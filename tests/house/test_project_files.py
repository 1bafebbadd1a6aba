"""Nothing committed knows a machine: no folder of somebody's, no address of a package registry."""

from __future__ import annotations

import re

from tests.house.source import ROOT, files_of_the_project

# Put together here, so that this file does not hold them itself.
FOLDERS = [f"/{name}/" for name in ("work", "root", "home", "tmp")]
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("registry", "yarnpkg"),
                                            ("proxy", "golang"), ("crates", "io"))]  # fmt: skip
STARTS = [rf"(?<![\w.\-/}}]){re.escape(folder)}\w" for folder in FOLDERS]
FORBIDDEN = re.compile("|".join(STARTS + [re.escape(name) for name in REGISTRIES]))


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in files_of_the_project():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
