"""The journal of erasures: a file beside the database, so that restoring an older backup does not bring back what was erased.

One JSON object a line, only ever added to, on disk before anything is erased. It holds random ids and moments, never a name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext as _

from relief.kernel.errors import BadSetting
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.erasing import Order
from relief.traces import JOURNAL, sync_folder


def write_order(instance: Path, order: Order) -> None:
    """Put an order on disk, before anything of it is carried out."""
    _append(instance, {
        "erasure": to_text(order.erasure_id), "operation": to_text(order.operation_id),
        "households": [to_text(each) for each in order.households], "reason": order.reason, "asked_at": order.asked_at,
        **({"asked_by": to_text(order.asked_by)} if order.asked_by else {}),
    })  # fmt: skip


def write_done(instance: Path, order: Order, now: int) -> None:
    """Put on disk that an order was carried out in the database of that moment."""
    _append(instance, {"erasure": to_text(order.erasure_id), "done_at": now})


def list_orders(instance: Path) -> list[Order]:
    """Return all orders ever written, the oldest first, each once; raises BadSetting for a line that cannot be read."""
    orders: dict[bytes, Order] = {}
    for number, line in _lines(instance):
        try:
            told = json.loads(line)
            if "operation" in told:
                order = _order(told)
                orders.setdefault(order.erasure_id, order)
        except (ValueError, KeyError, TypeError) as error:
            raise BadSetting(_("%(file)s in the instance folder is damaged in line %(number)s. Take it from another copy: "
                               "without it, what was erased could come back.", file=JOURNAL, number=number),
                             code="journal_damaged") from error  # fmt: skip
    return list(orders.values())


def _order(told: dict[str, object]) -> Order:
    asked_by = told.get("asked_by")
    return Order(to_bytes(str(told["operation"])), tuple(to_bytes(each) for each in told["households"]),  # type: ignore[attr-defined]
                 to_bytes(str(told["erasure"])), str(told["reason"]), int(str(told["asked_at"])),
                 to_bytes(str(asked_by)) if asked_by else None)  # fmt: skip


def _lines(instance: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line); a last line without its end was cut off while it was written, when nothing was erased yet."""
    try:
        content = (instance / JOURNAL).read_bytes()
    except FileNotFoundError:
        return
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        if line.endswith(b"\n") and line.strip():
            yield number, line


def _append(instance: Path, told: dict[str, object]) -> None:
    path = instance / JOURNAL
    line = json.dumps(told, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            file.truncate(size - len(path.read_bytes().rpartition(b"\n")[2]))  # the piece of a line that was cut off
        file.write(line)
        os.fsync(descriptor)
    sync_folder(instance)
