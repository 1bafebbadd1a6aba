"""No cell of user text starts a formula, and what was escaped comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.cells import safe_cell, unescape_cell

DANGEROUS = ["=1+1", "+375 29 111", "-2", "@SUM(A1)", "|calc", "%x", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1",
             "\u200b\u200d=1", "\u00a0 =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\ufeff \t1", "\u2066=1"]  # fmt: skip
HARMLESS = ["", "Ivanova", "12", "O'Brien", "'quoted'", "a=b", "  Anna", "17-0403", "60+", "\u0418\u0432\u0430\u043d"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_could_start_a_formula_gets_one_apostrophe(text):
    assert safe_cell(text) == "'" + text
    assert unescape_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays_as_it_is_both_ways(text):
    assert safe_cell(text) == text
    assert unescape_cell(text) == text


@given(st.text())
def test_escaping_twice_is_escaping_once(text):
    assert safe_cell(safe_cell(text)) == safe_cell(text)


@given(st.text().filter(lambda text: not text.startswith("'")))
def test_every_text_comes_back(text):
    assert unescape_cell(safe_cell(text)) == text
