"""What every request and every write adds to the figures. Labels are words of ours only: never an address, a name or an id."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram

from relief.db import watch_writer
from relief.web.logs import route

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10)
COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 5)
BATCH_RECORDS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Counting:
    """The counters of this process; those of all processes are added up when they are read."""

    def __init__(self, app: Flask) -> None:
        self.requests = Histogram("relief_request_seconds", "Seconds of a request.", ["method", "route"],
                                  buckets=REQUEST_SECONDS, registry=None)  # fmt: skip
        self.answers = Counter("relief_requests", "Requests answered.", ["method", "route", "status"], registry=None)
        self.batches = Histogram("relief_batch_records", "Records in a request of a phone.", buckets=BATCH_RECORDS, registry=None)
        self.records = Counter("relief_records", "Records judged.", ["verdict"], registry=None)
        self.jobs = Gauge("relief_write_jobs", "Writes that wait or are at work.", registry=None, multiprocess_mode="livesum")
        self.commits = Histogram("relief_commit_seconds", "Seconds of a writer's transaction with its commit.",
                                 buckets=COMMIT_SECONDS, registry=None)  # fmt: skip
        app.after_request(self._count)
        watch_writer(app, self._watch)

    def _count(self, response: Response) -> Response:
        method = request.method if request.method in METHODS else "other"  # anybody may invent methods
        self.answers.labels(method, route(), response.status_code).inc()
        self.requests.labels(method, route()).observe(time.perf_counter() - g.request_began)
        if "verdicts" in g:
            self.batches.observe(len(g.verdicts))
            for verdict, times in Tally(each.verdict for each in g.verdicts).items():
                self.records.labels(verdict).inc(times)
        return response

    @contextmanager
    def _watch(self, what: str) -> Iterator[None]:
        with self.jobs.track_inprogress() if what == "job" else self.commits.time():
            yield
