"""What the server says about each file of the capture app."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import only_sqlite
from tests.phone.built import built_app

pytestmark = only_sqlite  # files: no database is asked


@pytest.fixture
def folder() -> Path:
    return built_app()


def asset(folder: Path, ending: str) -> str:
    """Return the address of the first built file with this ending."""
    return "/phone/" + next(path.relative_to(folder).as_posix() for path in sorted(folder.glob(f"assets/*{ending}")))


def test_the_app_opens_at_its_folder(client: FlaskClient, folder: Path) -> None:
    response = client.get("/phone/")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert client.get("/phone").headers["Location"] == "/phone/"


def test_only_here_webassembly_may_be_compiled(client: FlaskClient, folder: Path) -> None:
    policy = client.get("/phone/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy and "http" not in policy
    assert "wasm" not in client.get("/sign-in").headers["Content-Security-Policy"]


def test_what_has_its_digest_in_its_name_is_kept_for_ever(client: FlaskClient, folder: Path) -> None:
    for ending in (".js", ".css"):
        assert client.get(asset(folder, ending)).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["", "service-worker.js", "manifest.webmanifest", "icons/192.png"])
def test_what_keeps_its_name_is_asked_for_again(client: FlaskClient, folder: Path, name: str) -> None:
    first = client.get(f"/phone/{name}")
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/phone/{name}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("service-worker.js", "text/javascript"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icons/touch.png", "image/png"),
    ],
)
def test_browsers_are_told_what_a_file_is(client: FlaskClient, folder: Path, name: str, kind: str) -> None:
    assert client.get(f"/phone/{name}").mimetype == kind


def test_a_file_goes_out_packed_to_whoever_takes_that(client: FlaskClient, folder: Path) -> None:
    address = asset(folder, ".js")
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.mimetype) == ("gzip", "text/javascript")
    assert gzip.decompress(packed.data) == plain.data
    assert client.get(address, headers={"Accept-Encoding": "gzip, br"}).headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("name", ["nothing.js", "assets/", "../relief.css", "..%2frelief.css", "sources.txt", "assets/x.js.gz"])
def test_nothing_else_is_found_there(client: FlaskClient, folder: Path, name: str) -> None:
    assert client.get(f"/phone/{name}").status_code == 404


def test_the_manifest_names_icons_that_are_there(client: FlaskClient, folder: Path) -> None:
    manifest = json.loads(client.get("/phone/manifest.webmanifest").data)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/phone/", "/phone/", "standalone")
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
    for icon in manifest["icons"]:
        assert client.get(f"/phone/{icon['src']}").mimetype == icon["type"]


def test_the_service_worker_keeps_every_file_that_the_app_may_need(client: FlaskClient, folder: Path) -> None:
    worker = client.get("/phone/service-worker.js").get_data(as_text=True)
    kept = {name for name, _bytes, _digest in json.loads(re.search(r"\[\[.*?\]\]", worker)[0].replace("`", '"'))}
    built = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    packed = {name for name in built if name.endswith((".br", ".gz"))}
    assert kept == built - packed - {"service-worker.js", "licences.md", "sources.txt", "index.html"} | {""}


def test_a_first_load_is_at_most_150_kb_beside_the_decoder(client: FlaskClient, folder: Path) -> None:
    """All of the app in the longest of its languages, where only gzip is understood; the others are fetched behind its back."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".br", ".gz", ".md", ".txt")]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in files}
    decoder = {name for name in sizes if re.match(r"decoder\.worker|zxing_reader", name)}
    languages = sorted((size, name) for name, size in sizes.items() if name.startswith("messages-"))
    assert (len(decoder), len(languages)) == (2, 5)
    loaded = sizes.keys() - decoder - {name for _size, name in languages[:-1]}
    assert sum(sizes[name] for name in loaded) <= 150_000, sizes


def test_no_address_of_another_machine_is_in_the_app(client: FlaskClient, folder: Path) -> None:
    """Namespaces and a licence's home page are names, not places to go."""
    names = {"www.w3.org", "preactjs.com"}
    found = {
        (path.name, host)
        for path in folder.rglob("*")
        if path.suffix in (".html", ".js", ".css", ".webmanifest")
        for host in re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8"))
    }
    assert {(name, host) for name, host in found if host not in names} == set()


def test_an_installation_without_the_app_says_so(client: FlaskClient, app, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    response = client.get("/phone/", headers={"Accept": "application/json"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "phone_not_built")
