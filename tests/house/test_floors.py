"""Imports run downward only, and small things stay small."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.house.source import ROOT, functions, imported, modules

HEAVY = ("alembic", "docx", "flask_migrate", "fpdf", "gunicorn", "numpy", "openpyxl", "pandas", "PIL", "psycopg", "qrcode",
         "rapidfuzz", "waitress", "xlsxwriter")  # fmt: skip
LINES_IN_A_MODULE = 300
LINES_IN_A_FUNCTION = 40
ATTICS = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "data"}


def test_imports_run_downward_only() -> None:
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"  # it silences its process's loggers
    told = subprocess.run([sys.executable, "-c", lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


def is_rules(name: str) -> bool:
    return name.endswith("/rules.py") or "/rules/" in name


def test_the_kernel_uses_the_standard_library_only() -> None:
    for name, tree in modules().items():
        if name.startswith("kernel/"):
            outside = {item for item in imported(tree) if item.split(".")[0] not in sys.stdlib_module_names}
            assert {item for item in outside if not item.startswith("relief.kernel")} == set(), name


def test_rules_use_the_standard_library_and_the_kernel_only() -> None:
    """Also by way of other rules, or of a module beside them, which then is held to the same."""
    outside = {name: found for name in modules() if is_rules(name) if (found := reached_outside(name))}
    assert outside == {}


def reached_outside(name: str) -> set[str]:
    """Return the libraries that a module imports, itself or through modules of the house."""
    seen, waiting, libraries = set[str](), [name], set[str]()
    while waiting:
        file = waiting.pop()
        if file in seen or file.endswith("__init__.py") and "/rules/" not in file:
            continue
        seen.add(file)
        for item in imported(modules()[file]):
            inside = [path for path in (f"{item.replace('.', '/')}.py", f"{item.replace('.', '/')}/__init__.py")
                      if path.removeprefix("relief/") in modules()]  # fmt: skip
            waiting += [path.removeprefix("relief/") for path in inside]
            top = item.split(".")[0]
            libraries |= set() if top == "relief" or top in sys.stdlib_module_names else {top}
    return libraries


def test_only_heavy_libraries_are_imported_inside_a_function() -> None:
    for name, tree in modules().items():
        inside = {item.split(".")[0] for function in functions(tree) for item in imported(function)}
        assert inside - set(HEAVY) == set(), name


def test_modules_are_small() -> None:
    long = {name: lines for name, tree in modules().items() if (lines := last_line(tree)) > LINES_IN_A_MODULE}
    assert long == {}


def test_functions_are_short() -> None:
    long = {f"{name}:{function.name}": length(function) for name, tree in modules().items() for function in functions(tree)
            if length(function) > LINES_IN_A_FUNCTION}  # fmt: skip
    assert long == {}


def last_line(tree: ast.Module) -> int:
    return max((node.end_lineno or 0 for node in tree.body), default=0)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return its lines without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_is_an_attic() -> None:
    assert {name for name in modules() if set(name.removesuffix(".py").split("/")) & ATTICS} == set()
