"""The QR of a card, read back by a decoder that shares no code with the one that drew it."""

import re

import numpy
import pytest
import zxingcpp

from relief.cards.qr import MODULES, QUIET_ZONE, pdf_path, qr_modules, svg, svg_path
from relief.cards.rules import make_code

CODES = [make_code(bytes([seed]) * 16) for seed in range(12)]


def picture(modules):
    """Return a grey picture, eight pixels a module, with the quiet zone."""
    light = numpy.pad(1 - numpy.array(modules, dtype=numpy.uint8), QUIET_ZONE, constant_values=1)
    return numpy.kron(light * 255, numpy.ones((8, 8), dtype=numpy.uint8)).astype(numpy.uint8)


@pytest.mark.parametrize("code", CODES)
def test_an_independent_decoder_reads_the_code_and_nothing_else(code):
    (found,) = zxingcpp.read_barcodes(picture(qr_modules(code)))
    assert found.text == code
    assert found.ec_level == "H"


def test_a_quarter_of_the_code_may_be_dirty():
    grey = picture(qr_modules(CODES[3]))
    grey[13 * 8 : 20 * 8, 16 * 8 : 22 * 8] = 0
    (found,) = zxingcpp.read_barcodes(grey)
    assert found.text == CODES[3]


def test_it_is_version_2():
    assert len(qr_modules(CODES[0])) == MODULES
    assert {len(row) for row in qr_modules(CODES[0])} == {MODULES}


def test_the_path_draws_exactly_the_dark_modules():
    modules = qr_modules(CODES[1])
    drawn = [[False] * MODULES for _ in range(MODULES)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg_path(modules)):
        for column in range(int(x), int(x) + int(width)):
            drawn[int(y) - QUIET_ZONE][column - QUIET_ZONE] = True
    assert tuple(map(tuple, drawn)) == modules


@pytest.mark.parametrize("code", CODES)
def test_the_path_of_a_printed_symbol_draws_exactly_the_dark_modules_each_once(code):
    drawn = numpy.zeros((MODULES, MODULES), dtype=int)
    for left, height, width in re.findall(r"(\d+) (\d+) (\d+) 1 re", pdf_path(code)):
        drawn[MODULES - 1 - int(height), int(left) : int(left) + int(width)] += 1
    assert drawn.tolist() == numpy.array(qr_modules(code), dtype=int).tolist()


def test_the_picture_names_its_size_and_no_code():
    assert 'width="30mm"' in svg(CODES[2]) and 'viewBox="0 0 33 33"' in svg(CODES[2])
    assert CODES[2] not in svg(CODES[2])


def test_what_is_no_code_is_not_drawn():
    with pytest.raises(ValueError):
        qr_modules("HELLO")
