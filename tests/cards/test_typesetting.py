"""Pages in any script: letters join and run as they should, lines fit, full pages are packed."""

from io import BytesIO

import pytest

from relief.cards.typesetting import A4, Paper, needs_shaping, runs_from_right, visual_runs
from tests.cards.printed import lines, pictures, sizes, texts


@pytest.fixture
def paper():
    made = Paper("Probe")
    made.new_page()
    return made


def content(paper):
    stream = BytesIO()
    paper.write_to(stream)
    return stream.getvalue()


def ink(paper, *boxes):
    """Return of each box (left, upper, right, lower in millimetres) whether anything dark is in it."""
    (picture,) = pictures(content(paper))
    return [sum(picture.crop(tuple(round(length / 25.4 * 150) for length in box)).histogram()[:128]) > 0 for box in boxes]


@pytest.mark.parametrize("text", ["Plain words", "Иванова Марыя Ўладзіміраўна", "Ґудзь", "Łukasz Żółć", "Ελλάς", "თბილისი",
                                  "Nguyễn", "محمد", "فاطمه پرویزی", "שלום"])  # fmt: skip
def test_text_comes_back_as_it_was_written(paper, text):
    paper.write_line(20, 20, text, 150)
    assert texts(content(paper)) == [text]


@pytest.mark.parametrize("text", ["محمد", "فاطمه", "שלום", "राम", "Jose\u0301"])
def test_letters_that_join_or_stack_are_placed_by_a_shaping_engine(text):
    assert needs_shaping(text)


@pytest.mark.parametrize("text", ["Plain, 12/3 – «words»", "Ёлкин № 4", "Αθήνα", "Żółć", ""])
def test_plain_letters_need_none(text):
    assert not needs_shaping(text)


def test_a_line_stands_at_the_side_from_which_it_is_read(paper):
    paper.write_line(20, 20, "محمد", 100, 14)
    paper.write_line(20, 40, "Ivan", 100, 14)
    boxes = [(x, y, x + 40, y + 8) for y in (14, 34) for x in (20, 80)]
    assert ink(paper, *boxes) == [False, True, True, False]


@pytest.mark.parametrize("text", ["A name " * 40, "محمد عبد الله " * 20])
def test_a_long_line_is_cut_within_its_width(paper, text):
    paper.write_line(50, 20, text, 60, 12)
    assert ink(paper, (0, 10, 49.5, 25), (50, 10, 110, 25), (110.5, 10, 210, 25)) == [False, True, False]


def test_a_line_a_little_too_long_is_made_smaller_and_not_cut(paper):
    paper.write_line(20, 20, "Twelve words", 22, 12)
    assert texts(content(paper)) == ["Twelve words"]


def test_a_paragraph_is_broken_and_says_where_it_ends(paper):
    end = paper.write_paragraph(20, 20, "one two three four " * 10, 40, 10)
    assert end > 50 and ink(paper, (61, 0, 210, 297)) == [False]


def test_a_paragraph_of_both_directions_is_broken_and_each_line_stands_as_it_is_read(paper):
    end = paper.write_paragraph(20, 20, "Иванова محمد " * 12 + "+375 17", 40, 10)
    found = [line for page in lines(content(paper)) for line in page]
    from_left, from_right = "Иванова", "محمد"[::-1]
    assert found == [from_left + from_right + from_left, from_right + from_left + from_right] * 4 + ["+37517"]
    assert end == pytest.approx(20 + len(found) * 10 * 25.4 / 72 * 1.3)


def test_every_page_is_there_in_its_order_and_size(paper):
    for word in ("second", "third"):
        paper.new_page()
        paper.write_line(20, 20, word, 50)
    written = content(paper)
    assert texts(written) == ["", "second", "third"]
    assert sizes(written) == [tuple(map(round, A4))] * 3


@pytest.mark.parametrize(("text", "right"), [("12 محمد", True), ("Ivan محمد", False), ("(שלום", True), ("3", False)])
def test_the_first_letter_says_from_where_a_text_is_read(text, right):
    assert runs_from_right(text) is right


@pytest.mark.parametrize(("line", "runs"), [
    ("Иванова محمد 12", [("Иванова ", "ltr"), ("12", "ltr"), ("محمد ", "rtl")]),
    ("محمد Иванова 25", [("Иванова 25", "ltr"), ("محمد ", "rtl")]),
    ("дом محمد 12 кв 5", [("дом ", "ltr"), ("12", "ltr"), ("محمد ", "rtl"), (" кв 5", "ltr")]),
    ("محمد", [("محمد", "rtl")]),
    ("خط ساخن +375 17 200-00-00", [("+375 17 200-00-00", "ltr"), ("خط ساخن ", "rtl")]),
    ("اتصل 8 (017) 200 الآن", [(" الآن", "rtl"), ("8 (017) 200", "ltr"), ("اتصل ", "rtl")]),
    ("رقم 17-0403 بطاقة", [(" بطاقة", "rtl"), ("17-0403", "ltr"), ("رقم ", "rtl")]),
])  # fmt: skip
def test_a_line_of_both_directions_stands_as_it_is_read(line, runs):
    assert visual_runs(line) == runs
