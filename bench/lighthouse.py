"""Lighthouse's accessibility and best practices on every screen of a volunteer's and of a lead's day, at 320 px.

Lighthouse comes from npm into a folder that goes afterwards: nobody who builds or runs relief needs it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.slow_phone import served_town
from bench.table import Row, show
from tests.phone.browsers import Phone, launch
from tests.phone.lead_walk import leads_screens
from tests.phone.served import Served
from tests.phone.walks import every_screen

PACKAGES = ("lighthouse@13.5.0",)
SCRIPT = Path(__file__).with_suffix(".mjs")
WALKS: dict[str, Callable[[Phone, Served], Iterable[str]]] = {"volunteer": every_screen, "lead": leads_screens}
CATEGORIES = ("accessibility", "best practices")
BAR, INSTALL_SECONDS = 95, 300


class Lighthouse:
    """Looks at what the browser on `port` shows: `scores` by screen, and what was `found` on which."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.scores: dict[str, list[int]] = {}
        self.found: dict[str, set[str]] = {}

    def look(self, screen: str) -> None:
        assert self.process.stdin and self.process.stdout
        print(screen, file=self.process.stdin, flush=True)
        said = json.loads(self.process.stdout.readline())
        self.scores[screen] = said["scores"]
        for audit in said["found"]:
            self.found.setdefault(audit, set()).add(screen)


@contextmanager
def lighthouse(folder: Path, port: int) -> Iterator[Lighthouse]:
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
    script = shutil.copy(SCRIPT, folder)
    process = subprocess.Popen(["node", script, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Lighthouse(process)
    finally:
        process.communicate(timeout=30)  # it ends with what it is told


def measure(walks: Iterable[str]) -> Iterator[Row]:
    """Yield the lowest score of each walk in each category; what Lighthouse found is in the note."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as player:
        port = free_port()
        browser = launch(player, f"--remote-debugging-port={port}")
        for walk in walks:
            with served_town(Path(name) / walk, 4) as served, lighthouse(Path(name), port) as looker:
                phone = Phone(browser, served.address)
                for screen in WALKS[walk](phone, served):
                    looker.look(screen)
                phone.close()
            found = "; ".join(f"{audit}: {', '.join(sorted(where))}" for audit, where in sorted(looker.found.items()))
            for place, category in enumerate(CATEGORIES):
                lowest = min(scores[place] for scores in looker.scores.values())
                yield Row(f"{walk}, {category}", lowest, "", "at least", BAR, f"lowest of {len(looker.scores)} screens. {found}")
        browser.close()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def main() -> None:
    """Print the table; exit code 1 where a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench lighthouse", description=__doc__)
    parser.add_argument("--only", choices=tuple(WALKS), help="one of the two walks")
    wanted = parser.parse_args().only
    sys.exit(0 if show("Lighthouse", list(measure([wanted] if wanted else WALKS))) else 1)


if __name__ == "__main__":
    main()
