"""Work that no request waits for, in a thread of its own. Where it stands is in the database: what stands still is begun anew."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask, current_app

from relief.db import db

Work = Callable[[], None]


def run_job(work: Work) -> None:
    """Run `work` in a thread with an app of its own, so that no request waits for it."""
    runner: Callable[[Flask, Work], None] = current_app.extensions.get("relief_run_job", _in_a_thread)
    runner(current_app._get_current_object(), work)  # type: ignore[attr-defined]


def _in_a_thread(app: Flask, work: Work) -> None:
    def run() -> None:
        with app.app_context():
            try:
                work()
            except Exception as error:  # the database went away: it could not even note that
                app.logger.error("work in the background ended: %s", type(error).__name__)  # a trace may show names
            finally:
                db.session.remove()

    threading.Thread(target=run, name="relief-work", daemon=True).start()
