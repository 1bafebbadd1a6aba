"""How many pictures of damaged, dark, tilted and blurred cards the app's decoder reads, and a common one of the same."""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageOps

from relief.cards.rules import make_code, running_number
from tests.phone.built import FRONTEND, built_for_node
from tests.phone.hand import Sight, seen
from tests.phone.printed_cards import printed_codes

SIZE = (1280, 720)
CARDS = 20
SYMBOL_ASIDE = 0.32  # the symbol's middle, as a part of the card's width
PLAIN = Sight(large=0.75)
KINDS = ("turned and leaning", "far away", "blurred", "moving", "dim and noisy", "dirty", "all of it")


@dataclass(frozen=True)
class Read:
    """Pictures of one kind: how many were read by each decoder, and the milliseconds each took for each picture."""

    kind: str
    pictures: int
    ours: int
    plain: int
    ours_ms: list[float]
    plain_ms: list[float]


def measure(pictures: int, folder: Path, seed: int = 7) -> list[Read]:
    """Return what was read of so many pictures, shared among the kinds."""
    codes = [make_code(Random(seed + place).randbytes(16)) for place in range(CARDS)]
    shown = [place % CARDS for place in range(pictures)]
    answers = _read(_pictures(codes, shown, seed), folder)
    found = []
    for number, kind in enumerate(KINDS):
        mine = [(answers[place], codes[shown[place]]) for place in range(number, pictures, len(KINDS))]
        ours, plain = sum(code in each["ours"] for each, code in mine), sum(code == each["plain"] for each, code in mine)
        times = ([each[whose] for each, _code in mine] for whose in ("ours_ms", "plain_ms"))
        found.append(Read(kind, len(mine), ours, plain, *times))
    return found


def _pictures(codes: list[str], shown: list[int], seed: int) -> Iterator[Image.Image]:
    cards = [_centred(card) for card in printed_codes((running_number(1, place + 1), code) for place, code in enumerate(codes))]
    for place, card in enumerate(shown):
        chance = Random(seed * 100_003 + place)
        kind = KINDS[place % len(KINDS)]
        thing = _dirty(cards[card], chance) if kind in ("dirty", "all of it") else cards[card]
        yield seen(thing, sight(kind, chance), SIZE, seed=place)


def sight(kind: str, chance: Random) -> Sight:
    """Return how a picture of this kind is seen: from what is read at once to what nobody can read."""
    turned = Sight(turned=chance.uniform(0, 360), leaning=chance.uniform(0, 0.5), large=chance.uniform(0.5, 0.9))
    each = {
        "turned and leaning": turned,
        "far away": replace(turned, leaning=0, large=chance.uniform(0.12, 0.4), blurred=0.6),
        "blurred": replace(turned, leaning=0, blurred=chance.uniform(1.5, 7)),
        "moving": replace(turned, leaning=0, moving=chance.randint(8, 36)),
        "dim and noisy": replace(turned, leaning=0, light=chance.uniform(0.06, 0.35), noise=chance.randint(25, 110)),
        "dirty": turned,
        "all of it": replace(turned, leaning=chance.uniform(0, 0.25), blurred=chance.uniform(0.5, 2.5),
                             moving=chance.randint(1, 9), light=chance.uniform(0.3, 1), noise=chance.randint(10, 60)),
    }  # fmt: skip
    return each[kind]


def _centred(card: Image.Image) -> Image.Image:
    """Return a card with its symbol in the middle of the picture: people show the symbol."""
    more = round(card.width * (1 - 2 * SYMBOL_ASIDE))
    return ImageOps.expand(card, (more, 0, 0, 0), fill=96)


def _dirty(card: Image.Image, chance: Random) -> Image.Image:
    """Return a card with thumbs, mud and scratches on its symbol."""
    card = card.copy()
    pen, middle = ImageDraw.Draw(card), (card.width / 2, card.height * 0.38)
    for _spot in range(chance.randint(2, 9)):
        x, y = (chance.gauss(place, card.height * 0.16) for place in middle)
        size = chance.uniform(4, 26)
        pen.ellipse((x - size, y - size * 0.7, x + size, y + size * 0.7), fill=chance.choice((20, 90, 200, 250)))
    for _scratch in range(chance.randint(0, 5)):
        x, y = (chance.gauss(place, card.height * 0.2) for place in middle)
        pen.line((x, y, x + chance.uniform(-90, 90), y + chance.uniform(-90, 90)), fill=chance.choice((60, 240)), width=4)
    return card


def _read(pictures: Iterator[Image.Image], folder: Path) -> list[dict]:
    reader = subprocess.Popen(built_for_node("reader", folder), cwd=FRONTEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reader.stdin and reader.stdout
    stdin = reader.stdin

    def show() -> None:
        stdin.write(json.dumps({"width": SIZE[0], "height": SIZE[1]}).encode() + b"\n")
        for picture in pictures:
            stdin.write(picture.tobytes())
        stdin.close()

    threading.Thread(target=show, daemon=True).start()
    answers = [json.loads(line) for line in reader.stdout]
    assert reader.wait(60) == 0, "the reader failed"
    return answers


def slowest(times: list[float]) -> tuple[float, float]:
    """Return median and 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]
