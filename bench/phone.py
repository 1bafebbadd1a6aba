"""A volunteer's phone on a quarter of a processor core: card to answer, a queue, a cold start; and how many pictures are read.

The real app in Chromium with a film of our own printed cards as its camera, all of Chromium together on that quarter.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from bench.read_rate import measure as measure_reading
from bench.read_rate import slowest
from bench.slow_phone import slow_phone
from bench.table import Row, show
from tests.phone.hand import Sight, seen
from tests.phone.printed_cards import SIGHTS, code_of, printed

STARTS = 5
FOREIGN = ("https://example.org/win", "BEGIN:VCARD\nVERSION:3.0\nFN:Olga\nTEL:+375170000000\nEND:VCARD",
           "THE WHOLE TEXT OF SOMEBODY ELSE " * 128)  # fmt: skip


def queue_rows(cards: int) -> list[Row]:
    """Measure one phone at its table."""
    with tempfile.TemporaryDirectory() as name, slow_phone(Path(name), cards) as (phone, served):
        size = phone.hand.size
        pictures = [seen(card, SIGHTS[place % len(SIGHTS)], size, seed=place)
                    for place, card in enumerate(printed(served.town.cards))]  # fmt: skip
        with phone.quota.slow():
            answers, a_minute = phone.serve_queue(pictures)
            foreign = [phone.answer(seen(code_of(text), Sight(turned=3, large=0.95), size), "serve") for text in FOREIGN]
            phone.hand.lower()
            starts = [phone.start_cold() for _ in range(STARTS)]
        how = f"all of Chromium on {phone.quota.share:.0%} of a core ({phone.quota.how}), {size[0]} x {size[1]}"
    median, late = slowest(answers)
    to_pin, to_camera = (statistics.median(times) for times in zip(*starts, strict=True))
    return [
        Row("camera to answer, median", median * 1000, "ms", "at most", 400, f"{len(answers)} cards; {how}"),
        Row("camera to answer, 95th percentile", late * 1000, "ms", "at most", 700, f"slowest {max(answers) * 1000:.0f} ms"),
        Row("scripted volunteer", a_minute, "cards/min", "at least", 30, "half a second to read, half a second to the next card"),
        Row("foreign code named, slowest", max(foreign), "s", "at most", 1, "a link, a vCard, a text of 4 kB"),
        Row("cold start offline to camera", to_pin + to_camera, "s", "at most", 2,
            f"median of {STARTS}; {to_pin:.2f} s to the PIN, {to_camera:.2f} s from it; without typing"),
    ]  # fmt: skip


def reading_rows(pictures: int) -> list[Row]:
    """Measure the decoder beside jsQR as it comes, on the same pictures."""
    with tempfile.TemporaryDirectory() as name:
        kinds = measure_reading(pictures, Path(name))
    count, ours, plain = (sum(getattr(kind, what) for kind in kinds) for what in ("pictures", "ours", "plain"))
    times, plain_times = ([each for kind in kinds for each in getattr(kind, what)] for what in ("ours_ms", "plain_ms"))
    rows = [
        Row("distorted pictures read", 100 * ours / count, "%", "at least", 100 * plain / count,
            f"{ours} of {count}; the bar is what jsQR, as it comes, reads of the same: {plain}"),
        Row("a picture to the decoder, median", statistics.median(times), "ms", None, None,
            f"on a whole core; jsQR {statistics.median(plain_times):.1f} ms"),
    ]  # fmt: skip
    return rows + [
        Row(f"  {kind.kind}", 100 * kind.ours / kind.pictures, "%", None, None,
            f"{kind.ours} of {kind.pictures}; jsQR {kind.plain}") for kind in kinds
    ]  # fmt: skip


def main() -> None:
    """Print the table; exit code 1 where a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench phone", description=__doc__)
    parser.add_argument("--cards", type=int, default=60, help="families in the queue")
    parser.add_argument("--pictures", type=int, default=700, help="distorted pictures for the decoders")
    parser.add_argument("--only", choices=("queue", "reading"), help="measure one part")
    wanted = parser.parse_args()
    rows = [] if wanted.only == "reading" else queue_rows(wanted.cards)
    rows += [] if wanted.only == "queue" else reading_rows(wanted.pictures)
    sys.exit(0 if show("Phone", rows) else 1)


if __name__ == "__main__":
    main()
