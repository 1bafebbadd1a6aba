"""Card codes: what the check sign catches, and the vectors that the phone reads as well."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.cards.rules import (
    CODE_LENGTH,
    PRACTICE_CARDS,
    SIGNS,
    WEIGHTS,
    card_key,
    check_code,
    format_code,
    make_code,
    new_code,
    normalise_typed,
    parse_running_number,
    practice_code,
    practice_number,
    running_number,
    typed_readings,
)  # fmt: skip
from relief.kernel.ids import to_bytes

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "card_codes.json").read_text(encoding="utf-8"))


def test_the_signs_are_31_and_leave_out_those_taken_for_others():
    assert len(set(SIGNS)) == 31 and VECTORS["signs"] == SIGNS
    assert not set(SIGNS) & set("ILOUS")


def test_weights_are_distinct_and_none_is_a_multiple_of_31():
    assert len({weight % 31 for weight in WEIGHTS}) == CODE_LENGTH
    assert all(weight % 31 for weight in WEIGHTS)


def test_every_change_of_one_sign_moves_the_sum_whatever_the_other_signs_are():
    for weight, (sign, other) in product(WEIGHTS, product(range(31), repeat=2)):
        assert sign == other or (weight * sign - weight * other) % 31


def test_every_exchange_of_two_different_signs_moves_the_sum_whatever_the_other_signs_are():
    for (first, second), (sign, other) in product(combinations(WEIGHTS, 2), product(range(31), repeat=2)):
        assert sign == other or (first * sign + second * other - first * other - second * sign) % 31


@pytest.mark.parametrize("code", VECTORS["valid"][:4])
def test_no_single_change_and_no_exchange_of_a_real_code_passes_the_check(code):
    for place, sign in product(range(CODE_LENGTH), SIGNS):
        assert check_code(code[:place] + sign + code[place + 1 :]) == (sign == code[place])
    for first, second in combinations(range(CODE_LENGTH), 2):
        signs = list(code)
        signs[first], signs[second] = signs[second], signs[first]
        assert check_code("".join(signs)) == (code[first] == code[second])


@given(st.binary(min_size=16, max_size=40))
def test_every_code_made_passes_the_check_and_survives_printing_and_typing(random_bytes):
    code = make_code(random_bytes)
    assert check_code(code) and len(code) == CODE_LENGTH
    assert normalise_typed(format_code(code).lower()) == code


def test_new_codes_differ():
    assert len({new_code() for _ in range(1000)}) == 1000


def test_too_few_random_bytes_make_no_code():
    with pytest.raises(ValueError):
        make_code(bytes(15))


@pytest.mark.parametrize("case", VECTORS["made"])
def test_vector_made(case):
    assert make_code(bytes.fromhex(case["random"])) == case["code"]


@pytest.mark.parametrize("code", VECTORS["valid"])
def test_vector_valid(code):
    assert check_code(code)


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["why"])
def test_vector_invalid(case):
    assert not check_code(case["text"])


@pytest.mark.parametrize("case", VECTORS["typed"])
def test_vector_typed(case):
    assert normalise_typed(case["typed"]) == case["code"]
    assert check_code(case["code"]) == bool(case["valid"])


@pytest.mark.parametrize("case", VECTORS["meant"])
def test_vector_meant(case):
    assert next(code for code in typed_readings(case["typed"]) if check_code(code)) == case["code"]


@pytest.mark.parametrize("case", VECTORS["printed"])
def test_vector_printed(case):
    assert format_code(case["code"]) == case["printed"]


@pytest.mark.parametrize("case", VECTORS["keys"])
def test_vector_key(case):
    assert card_key(to_bytes(case["operation"]), case["code"]).hex() == case["key"]


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["why"])
def test_what_is_no_code_has_no_key(case):
    with pytest.raises(ValueError):
        card_key(bytes(16), case["text"])


@pytest.mark.parametrize("case", VECTORS["numbers"])
def test_vector_running_number(case):
    assert running_number(case["run"], case["place"]) == case["number"]
    assert parse_running_number(case["number"]) == (case["run"], case["place"])


@pytest.mark.parametrize("text", VECTORS["not_numbers"])
def test_vector_no_running_number(text):
    with pytest.raises(ValueError):
        parse_running_number(text)


@pytest.mark.parametrize("number", range(1, PRACTICE_CARDS + 1))
def test_a_practice_code_says_so_and_which_it_is(number):
    code = practice_code(to_bytes("00000000-0000-4000-8000-000000000001"), number)
    assert len(code) == CODE_LENGTH and set(code) <= set(SIGNS) and code.startswith("PRACT1CE")
    assert practice_number(code) == number
    assert practice_code(to_bytes("00000000-0000-4000-8000-000000000001"), number) == code


def test_a_practice_code_has_no_key_by_which_the_ledger_could_know_it():
    code = practice_code(bytes(16), 1)
    assert not check_code(code)
    with pytest.raises(ValueError):
        card_key(bytes(16), code)


def test_practice_cards_of_two_sites_differ():
    assert practice_code(bytes(16), 1) != practice_code(bytes(15) + b"\1", 1)


@given(st.binary(min_size=16, max_size=16))
def test_no_real_code_is_a_practice_code(random_bytes):
    assert practice_number(make_code(random_bytes)) is None


@pytest.mark.parametrize("number", [0, 11, -1])
def test_there_are_ten_practice_cards_a_site(number):
    with pytest.raises(ValueError):
        practice_code(bytes(16), number)


@pytest.mark.parametrize("case", VECTORS["practice"], ids=lambda case: case["code"])
def test_practice_vectors(case):
    assert practice_number(case["code"]) == case.get("number")
    if "site" in case:
        assert practice_code(to_bytes(case["site"]), case["number"]) == case["code"]
