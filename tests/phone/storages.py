"""What lies in a phone's storage, looked at and changed from outside."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from tests.house.source import ROOT

FORMATS = ROOT / "frontend" / "phone" / "tests" / "storage" / "formats"
OPEN = """(format) => new Promise((done, failed) => {
    const request = indexedDB.open("relief-phone", format);
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onupgradeneeded = () => window.layDown?.(request.result);
})"""
LOOK = f"""async () => {{
    const database = await ({OPEN})();
    const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
    const found = {{}};
    for (const name of database.objectStoreNames) {{
        const store = database.transaction(name).objectStore(name);
        const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
        found[name] = keys.map((key, place) => [key, values[place]]);
    }}
    database.close();
    return found;
}}"""
CHANGE = f"""async ([name, rows]) => {{
    const database = await ({OPEN})();
    const changing = database.transaction(name, "readwrite");
    for (const [key, value] of rows) {{
        const store = changing.objectStore(name);
        store.keyPath === null ? store.put(value, key) : store.put(value);
    }}
    await new Promise((done) => (changing.oncomplete = done));
    database.close();
}}"""
LAY_DOWN = f"""async ([format, stores, rows]) => {{
    window.layDown = (database) => {{
        for (const [name, {{ keyPath, indexes }}] of Object.entries(stores)) {{
            const store = database.createObjectStore(name, {{ keyPath }});
            for (const index of indexes) store.createIndex(index.name, index.keyPath, {{ multiEntry: index.multiEntry }});
            for (const [key, value] of rows[name] ?? []) keyPath === null ? store.put(value, key) : store.put(value);
        }}
    }};
    await new Promise((done) => (indexedDB.deleteDatabase("relief-phone").onsuccess = done));
    (await ({OPEN})(format)).close();
}}"""

Rows = list[list[Any]]


def look(page: Page) -> dict[str, Rows]:
    """Return everything in the storage: pairs of key and value by store."""
    found: dict[str, Rows] = page.evaluate(LOOK)
    return found


def change(page: Page, store: str, rows: Rows) -> None:
    """Put rows into a store, as pairs of key and value."""
    page.evaluate(CHANGE, [store, rows])


def lay_down(page: Page, format_number: int, rows: dict[str, Rows]) -> None:
    """Let the storage be as an app of an earlier format left it. The page must not be the app."""
    stores = json.loads((FORMATS / f"{format_number}.json").read_text(encoding="utf-8"))
    page.evaluate(LAY_DOWN, [format_number, stores, rows])


def multiply(page: Page, count: int) -> None:
    """Make of the last record that was not sent so many."""
    rows = look(page)
    waiting = [row for row in rows["records"] if row[1]["place"] == "waiting"]
    key, kept = max(waiting, key=lambda row: row[1]["seq"])
    (joined_key, joined), first = rows["enrolments"][0], kept["seq"]
    copies = [[key, kept]]
    for seq in range(first + 1, first + count):
        own_id, visit = kept["id"][:14] + str(uuid4())[14:], str(uuid4())
        copies.append(
            [own_id, {**kept, "id": own_id, "seq": seq, "record": {**kept["record"], "id": own_id, "seq": seq, "visit": visit}}]
        )
    change(page, "records", copies)
    change(page, "enrolments", [[joined_key, {**joined, "seq": first + count - 1}]])
