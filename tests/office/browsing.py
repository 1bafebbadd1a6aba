"""A real browser, as narrow as a phone, in which the manager of a field is signed in."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.accounts.people import browser_of, make_user
from tests.ledger.field import Field

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 30_000


def narrow_page(app: Flask, field: Field) -> AbstractContextManager[Page]:
    """Open an empty page of 320 px in which the field's manager is signed in."""
    user_id = make_user("manager@example.org", roles=((field.operation_id, "manager"),))
    return page_of(app, user_id, field.operation_id, viewport={"width": 320, "height": 640}, color_scheme="dark")


@contextmanager
def page_of(app: Flask, user_id: bytes, operation_id: bytes, **looks: Any) -> Iterator[Page]:
    """Serve the app and open an empty page in which a user has said what she needs people's data for."""
    cookie = browser_of(app, user_id, [operation_id]).get_cookie("relief_session")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as player:
            chromium = player.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            address = f"http://127.0.0.1:{server.server_port}"
            context = chromium.new_context(base_url=address, **looks)
            context.add_cookies([{"name": "relief_session", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
            context.set_default_timeout(PATIENCE_MS)
            expect.set_options(timeout=PATIENCE_MS)
            yield context.new_page()
            chromium.close()
    finally:
        server.shutdown()
        thread.join(PATIENCE_MS / 1000)
        server.server_close()
