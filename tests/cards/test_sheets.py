"""Printed sheets, opened and read by a decoder that shares no code with the press: after blur, turns, noise and torn corners."""

from __future__ import annotations

import random
import subprocess
import sys
from io import BytesIO

import numpy
import orjson
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from relief.cards.face import FOLDED, SYMBOL_MM, WIDE, CardWords
from relief.cards.hand_out_list import ListRow, ListWords, print_list
from relief.cards.rules import make_code, practice_code, running_number
from relief.cards.sheets import ARRANGEMENTS, print_cards
from tests.cards.printed import DOTS_PER_INCH, pictures, sizes, texts

TORN_MM, TORN_INTO_A_FINDER_MM = 10, 13
FRAMES = 3  # a phone looks again
CARDS = [(running_number(17, place), make_code(bytes([place]) * 16)) for place in range(1, 24)]
WORDS = CardWords("Demo Society", "Дзейнічае да 12/2026", "خط ساخن +375 17 000 00 00")
LIST_WORDS = ListWords("List", "Number", "Name", "House", "Last four", "Signature", "Keep it locked.", "Page {page}", "No site",
                       "Not known where")  # fmt: skip


def printed(arrangement="a4", cards=CARDS, words=WORDS, **more):
    stream = BytesIO()
    print_cards(stream, cards, arrangement, words, **more)
    return stream.getvalue()


def read_all(picture):
    """Return the codes of a page from the upper left to the lower right."""
    found = zxingcpp.read_barcodes(numpy.asarray(picture), formats=zxingcpp.BarcodeFormat.QRCode)
    placed = sorted(found, key=lambda each: (round(each.position.top_left.y / 60), each.position.top_left.x))
    return [each.text for each in placed]


def cut_out(page, arrangement, place):
    """Return one card of a page as a picture on a darker table."""
    arranged = ARRANGEMENTS[arrangement]
    x, y = arranged.corner(place)
    corners = (x, y, x + arranged.face.width, y + arranged.face.height)
    card = page.crop([round(length / 25.4 * DOTS_PER_INCH) for length in corners])
    table = Image.new("L", (card.width + 300, card.height + 300), 120)
    table.paste(card, (150, 150))
    return table


def noisy(picture, chance):
    grain = numpy.random.default_rng(chance.getrandbits(32)).normal(0, 28, (picture.height, picture.width))
    return Image.fromarray(numpy.clip(numpy.asarray(picture) + grain, 0, 255).astype(numpy.uint8))


def frame(card, angle, chance):
    """Return what a camera sees of a card: turned, blurred, with grain."""
    seen = card.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=120).filter(ImageFilter.GaussianBlur(1.6))
    return noisy(seen, chance)


def torn(picture, chance, length=TORN_MM):
    """Tear a corner off the card: so much that the quiet zone is gone there, where that corner is the near one."""
    side, right, lower = round(length / 25.4 * DOTS_PER_INCH), chance.random() < 0.5, chance.random() < 0.5
    x, y = (picture.width - 150 if right else 150), (picture.height - 150 if lower else 150)
    corner = [(x, y), (x - side if right else x + side, y), (x, y - side if lower else y + side)]
    ImageDraw.Draw(picture).polygon(corner, fill=120)
    return picture


@pytest.mark.parametrize(
    ("arrangement", "a_page", "size"), [("a4", 10, (210, 297)), ("fold", 8, (210, 297)), ("single", 1, (86, 54))]
)
def test_every_code_of_a_sheet_is_read_in_the_order_of_the_numbers(arrangement, a_page, size):
    content = printed(arrangement)
    pages = [read_all(picture) for picture in pictures(content)]
    assert [code for page in pages for code in page] == [code for _number, code in CARDS]
    assert {len(page) for page in pages[:-1]} == {a_page}
    assert set(sizes(content)) == {size}


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_every_code_of_a_sheet_is_read_blurred_turned_noisy_and_with_a_torn_corner(arrangement):
    chance = random.Random(arrangement)
    a_page = ARRANGEMENTS[arrangement].count
    cut = [(page, place) for page in pictures(printed(arrangement)) for place in range(a_page)][: len(CARDS)]
    read = []
    for number, ((page, place), (_number, code)) in enumerate(zip(cut, CARDS, strict=True)):
        card = torn(cut_out(page, arrangement, place), chance)
        angle = number * 360 / len(CARDS)
        frames = (read_all(frame(card, angle + chance.uniform(-4, 4), chance)) for _ in range(FRAMES))
        read.append(next((place for place, found in enumerate(frames, 1) if found == [code]), None))
    assert None not in read and read.count(1) >= 0.9 * len(CARDS), read


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
@pytest.mark.parametrize("angle", [0, 7, 33, 90, 141, 180, 262])
def test_a_code_is_read_at_the_first_look_even_torn_into_a_finder(arrangement, angle):
    chance = random.Random(f"{arrangement} {angle}")
    (page,) = pictures(printed(arrangement, CARDS[:1]))
    assert read_all(frame(torn(cut_out(page, arrangement, 0), chance, TORN_INTO_A_FINDER_MM), angle, chance)) == [CARDS[0][1]]


def test_the_symbol_is_printed_30_millimetres_wide_with_four_modules_of_quiet():
    (page,) = pictures(printed("single", CARDS[:1]))
    dark = numpy.asarray(page) < 128
    module = SYMBOL_MM / 25
    x, y = WIDE.symbol
    edges = (y - 4 * module, y + 29 * module, x - 4 * module, x + 29 * module)
    top, lower, left, right = (round(length / 25.4 * DOTS_PER_INCH) for length in edges)
    around = dark[top + 1 : lower - 1, left + 1 : right - 1]
    rows, columns = numpy.where(around)
    widths = [(part.max() - part.min() + 1) / DOTS_PER_INCH * 25.4 for part in (rows, columns)]
    assert widths == pytest.approx([SYMBOL_MM, SYMBOL_MM], abs=0.4)


@pytest.mark.parametrize("face", [WIDE, FOLDED])
def test_the_quiet_zone_lies_within_the_card_and_holds_nothing_else(face):
    quiet = SYMBOL_MM / 25 * 4
    right, lower = (start + SYMBOL_MM + quiet for start in face.symbol)
    assert min(face.symbol) >= quiet
    others = [(x, y) for place in face.codes for x, y, *_signs in place] + [(x, y) for x, y, _size in face.numbers]
    others += [face.logo[:2], face.words[:2], face.boxes]
    assert all(x >= right or y - 5 >= lower for x, y in others)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_the_code_stands_twice_beside_the_number_and_nothing_of_a_person(arrangement):
    (text, *_more) = texts(printed(arrangement, CARDS[:1]))
    number, code = CARDS[0]
    plain = "".join(text.split())
    assert plain.count(code) == 2 and text.count(number) == 2
    left = plain.replace(code, "").replace(number, "").replace("DemoSociety", "").replace("Дзейнічаеда12/2026", "")
    assert set(left) <= set("خطساخن+3751700000")


def test_all_cards_of_a_print_look_alike_but_for_code_and_number():
    first, second = (pictures(printed("single", [card], CardWords()))[0] for card in CARDS[:2])
    different = numpy.asarray(first) != numpy.asarray(second)
    different[: round(36 / 25.4 * 150), : round(36 / 25.4 * 150)] = False
    rows = numpy.where(different)[0] / 150 * 25.4
    assert all(14 <= row <= 33 or 46 <= row <= 52.5 for row in rows)


def test_the_logo_takes_the_place_of_the_name():
    picture = BytesIO()
    Image.new("RGB", (300, 80), "navy").save(picture, "PNG")
    content = printed("single", CARDS[:1], logo=picture.getvalue())
    assert "Demo Society" not in texts(content)[0]
    x, y, _width, height = WIDE.logo
    (page,) = pictures(content)
    assert page.getpixel((round((x + 5) / 25.4 * 150), round((y + height / 2) / 25.4 * 150))) < 60


def test_a_practice_card_is_printed_as_any_other_and_read():
    code = practice_code(bytes(16), 4)
    (page,) = pictures(printed("a4", [("4", code)]))
    assert read_all(page) == [code]


def list_of(rows):
    stream = BytesIO()
    print_list(stream, rows, LIST_WORDS)
    return stream.getvalue()


def test_the_list_runs_in_the_order_of_the_cards():
    rows = [ListRow(number, "A name", code[-4:], "School 3", "Vetka") for number, code in CARDS]
    lines = [line for page in texts(list_of(rows)) for line in page.splitlines()]
    written = [(number, code[-4:]) for line in lines for number, code in CARDS if line.startswith(number) and code[-4:] in line]
    codes = [code for picture in pictures(printed()) for code in read_all(picture)]
    assert written == [(number, code[-4:]) for (number, _code), code in zip(CARDS, codes, strict=True)]


@pytest.mark.parametrize("name", ["Иванова Марыя Ўладзіміраўна", "محمد الحسن", "שלום", "Łukasz Żółć"])
def test_a_name_of_any_script_stands_on_the_list(name):
    (page,) = texts(list_of([ListRow("17-0001", name, "ABCD")]))
    assert name in page


def test_each_site_begins_a_page_and_each_place_a_heading():
    places = [("A", "Vetka"), ("A", "Vetka"), ("A", "Dobrush"), ("B", "Dobrush")]
    rows = [ListRow(f"01-{number:04d}", "A name", "ABCD", *place) for number, place in enumerate(places, 1)]
    pages = texts(list_of(rows))
    assert [page.count("Vetka") + page.count("Dobrush") for page in pages] == [2, 1]


def test_under_its_village_each_street_stands_once_however_it_is_written_and_the_house_beside_the_name():
    written = [("д. Ветка", "Берёзовая 1"), ("Ветка", "ул. Березовая, 2"), ("Ветка", "ул.Садовая, д. 1, кв. 12"),
               ("ВЕТКА", "Садовая 10"), ("Добруш", "Садовая 3"), ("Добруш", "")]  # fmt: skip
    rows = [ListRow(f"01-{place:04d}", "A name", "ABCD", "A", *each) for place, each in enumerate(written, 1)]
    (page,) = texts(list_of(rows))
    lines = [line.strip() for line in page.splitlines()]
    headings = [line for line in lines if line in {each for pair in written for each in pair} | {
        "Берёзовая", "ул. Березовая", "ул. Садовая", "Садовая", "Not known where"}]  # fmt: skip
    assert headings == ["д. Ветка", "Берёзовая", "ул. Садовая", "Добруш", "Садовая", "Not known where"]
    assert "1-12" in page


def test_a_long_list_repeats_its_heading_on_every_page():
    pages = texts(list_of(ListRow(f"01-{place:04d}", "A name", "ABCD", "A", "Vetka") for place in range(1, 71)))
    assert len(pages) == 3 and all("Signature" in page and "Vetka" in page and "Keep it locked." in page for page in pages)


def test_an_empty_list_is_a_page_that_says_so_by_being_empty():
    (page,) = texts(list_of([]))
    assert "Number" in page


def test_the_press_prints_in_a_process_of_its_own_and_tells_how_far_it_is():
    job = {"what": "cards", "arrangement": "a4", "words": {"society": "S"}, "title": "Cards", "logo": "", "language": "en"}
    lines = b"\n".join(orjson.dumps(each) for each in (job, *CARDS))
    done = subprocess.run([sys.executable, "-m", "relief.cards.press"], input=lines, capture_output=True, check=True, timeout=60)
    assert [code for picture in pictures(done.stdout) for code in read_all(picture)] == [code for _number, code in CARDS]
    assert done.stderr.split() == [b"0", b"10", b"20", b"23"]
