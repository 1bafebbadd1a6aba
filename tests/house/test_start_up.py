"""The app starts light: what only a report or a card sheet needs is imported when it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

START = """
import sys
from pathlib import Path
from relief import create_app
from relief.settings import Settings
folder = Path(sys.argv[1])
create_app(Settings(instance=folder, database_url=f"sqlite:///{folder / 'relief.db'}"))
print(*sys.modules)
"""


def test_starting_imports_no_heavy_library(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", START, tmp_path], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "relief.accounts.models" in loaded
    heavy = {"pandas", "numpy", "PIL", "qrcode", "openpyxl", "fpdf", "alembic", "prometheus_client", "psycopg", "pytest"}
    assert loaded & heavy == set()
