"""`/metrics` of a served installation: every worker counted, nobody named, and nothing there for whom it is not."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from relief import create_app
from relief.db import db
from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.kernel.errors import BadSetting
from relief.settings import Settings, load_settings
from tests.conftest import only_sqlite
from tests.upkeep.station import Station
from tests.upkeep.test_logs import ask

TOKEN = "figures-for-prometheus-only"
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")


def read_figures(station: Station) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return (name, labels) -> value."""
    status, headers, body = ask(f"{station.base_url}/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200 and headers["Content-Type"].startswith("text/plain")
    lines = (SAMPLE.match(line) for line in body.decode().splitlines() if not line.startswith("#"))
    return {(line[1], frozenset(re.findall(r'(\w+)="([^"]*)"', line[2] or ""))): float(line[3]) for line in lines if line}


def read_figures_once_sealed(station: Station):
    """Return the figures of a moment in which nothing waits for PostgreSQL's sealer."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        figures = read_figures(station)
        if not figure(figures, "relief_unsealed_entries", operation=operation_id(FLOODS)):
            return figures
        threading.Event().wait(0.1)
    raise AssertionError("the sealer does not come round")


def figure(figures, name: str, **labels: str) -> float:
    return figures.get((name, frozenset(labels.items())), 0)


def set_on(station: Station) -> None:
    with (station.folder / "settings.toml").open("a") as file:
        file.write(f'metrics = true\nmetrics_token = "{TOKEN}"\n')


def test_what_phones_do_is_counted_over_all_workers(station: Station) -> None:
    set_on(station)
    with station.served():
        one, other = station.phone(), station.phone()
        before = read_figures(station)
        for phone in (one, other):
            station.give(phone, 3)
        for _time in range(20):
            ask(f"{station.base_url}/healthz")
        figures = read_figures(station)
        again = read_figures_once_sealed(station)
        page = ask(f"{station.base_url}/metrics", Authorization=f"Bearer {TOKEN}")[2].decode()
    sync = {"method": "POST", "route": "/api/v1/sync"}

    def more(name: str, **labels: str) -> float:
        return figure(figures, name, **labels) - figure(before, name, **labels)

    assert more("relief_requests_total", method="GET", route="/healthz", status="200") == 20
    requests = more("relief_requests_total", **sync, status="200")
    assert 2 <= requests == more("relief_request_seconds_count", **sync) == more("relief_batch_records_count")
    assert 0 < more("relief_request_seconds_sum", **sync) < 60
    assert 6 <= more("relief_records_total", verdict="accepted") == more("relief_batch_records_sum")
    assert more("relief_commit_seconds_count") >= 2 and figure(figures, "relief_write_jobs") == 0
    assert figure(again, "relief_requests_total", method="GET", route="/metrics", status="200") >= 2
    here = {"operation": operation_id(FLOODS)}
    assert figure(again, "relief_sealed_position", **here) == station.told("ledger", "verify", "MDRBY003")["position"]
    assert figure(again, "relief_seal_lag_seconds", **here) == 0
    assert figure(figures, "relief_phones", **here) == 2
    assert figure(figures, "relief_database_answers") == 1 and figure(figures, "relief_database_bytes") > 50_000
    workers = 1 if station.url.startswith("sqlite") else 2
    assert figure(figures, "relief_processes") == workers + 1
    assert figure(figures, "relief_memory_bytes") > 20 << 20 and figure(figures, "relief_cpu_seconds_total") > 0
    for secret in (one.transport.token, "MDRBY003", "test", station.cards[-1]):
        assert secret not in page


@only_sqlite
def test_a_phone_that_fell_silent_with_records_and_the_age_of_a_backup_are_told(station: Station) -> None:
    set_on(station)
    with station.served():
        station.give(station.phone())
    assert not (station.folder / "backups").exists()
    with station.served():
        assert not any(name == "relief_backup_age_seconds" for name, _labels in read_figures(station))
    station.told("db", "backup", "--unencrypted")
    station.clock.set(station.clock.now() + 2 * 3600)
    station.harm("UPDATE enrolment SET waiting = 7, held = 2 WHERE kind = 'phone'")
    here = {"operation": operation_id(FLOODS)}
    with station.served():
        figures = read_figures(station)
    assert figure(figures, "relief_phones_silent", **here) == 1
    assert figure(figures, "relief_phone_records_waiting", **here) == 7
    assert figure(figures, "relief_phone_records_held", **here) == 2
    age = next(value for (name, _labels), value in figures.items() if name == "relief_backup_age_seconds")
    assert 0 <= age < 600


@only_sqlite
def test_a_start_begins_at_nought(station: Station) -> None:
    set_on(station)
    for _start in range(2):
        with station.served():
            read_figures(station)
            assert figure(read_figures(station), "relief_requests_total", method="GET", route="/metrics", status="200") == 1


@only_sqlite
def test_while_it_is_off_there_is_nothing_and_nothing_is_counted(station: Station) -> None:
    with station.served():
        assert ask(f"{station.base_url}/metrics", Authorization=f"Bearer {TOKEN}")[0] == 404
    assert not (station.folder / "metrics").exists()


@contextmanager
def guarded(settings: Settings, **chosen: object) -> Iterator[FlaskClient]:
    """Yield a program's client of an app whose figures are there (a word in the place of all)."""
    app = create_app(dataclasses.replace(settings, metrics=True, **chosen))
    app.extensions["relief_figures"] = Word()
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


class Word:
    CONTENT_TYPE = "text/plain"

    def as_text(self) -> bytes:
        return b"figures"


@only_sqlite
def test_with_a_token_only_who_has_it_reads(settings: Settings) -> None:
    with guarded(settings, metrics_token=TOKEN) as client:
        assert client.get("/metrics").status_code == 403
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 403
        assert client.get("/metrics", headers={"Authorization": f"Basic {TOKEN}"}).status_code == 403
        assert client.get("/metrics", headers={"Authorization": "Bearer tökén"}).status_code == 403
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).data == b"figures"


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"},
                {"Via": "1.1 proxy"}, {"X-Forwarded-Proto": "https"}, {"Host": "relief.example.org"}]
)  # fmt: skip
@pytest.mark.parametrize("public_url", ["http://localhost:8000", "https://relief.example.org"])
@only_sqlite
def test_without_a_token_a_proxy_on_this_machine_is_refused(settings: Settings, public_url: str, headers: dict[str, str]) -> None:
    with guarded(settings, public_url=public_url) as client:
        assert client.get("/metrics").data == b"figures"
        assert client.get("/metrics", headers=headers).status_code == 403


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.8", "::ffff:203.0.113.7", ""])
@only_sqlite
def test_without_a_token_another_machine_is_refused(settings: Settings, address: str) -> None:
    with guarded(settings) as client:
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 403
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200


def test_a_token_that_is_easily_guessed_is_no_setting(tmp_path: Path) -> None:
    for token in ("short", "x" * 15, "with blanks within it", "ü" * 20):
        with pytest.raises(BadSetting, match="metrics_token must be at least 16"):
            load_settings({"RELIEF_INSTANCE": str(tmp_path), "RELIEF_METRICS_TOKEN": token})
