"""Work on lists goes on beside the requests; where its end cannot be written down, the log says so, without people's words."""

from __future__ import annotations

import threading

from relief.office.in_background import run_job


def test_work_that_ends_badly_is_named_in_the_log_without_what_it_was_about(app, caplog):
    def work():
        raise RuntimeError("Anna Ivanova")

    app.extensions.pop("relief_run_job", None)
    run_job(work)
    for thread in threading.enumerate():
        if thread.name == "relief-work":
            thread.join(20)
    assert "work in the background ended: RuntimeError" in caplog.text
    assert "Ivanova" not in caplog.text
