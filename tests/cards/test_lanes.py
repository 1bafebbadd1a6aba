"""Lanes: every card belongs to exactly one, and a sign at the table says which."""

import pytest

from relief.cards.lanes import lane_of, signs_of_lane
from relief.cards.rules import SIGNS, make_code


@pytest.mark.parametrize("lanes", [1, 2, 3, 7, 31])
def test_every_sign_belongs_to_exactly_one_lane(lanes):
    assert "".join(signs_of_lane(lane, lanes) for lane in range(1, lanes + 1)) == SIGNS


def test_lanes_are_of_like_size():
    sizes = [len(signs_of_lane(lane, 4)) for lane in (1, 2, 3, 4)]
    assert max(sizes) - min(sizes) <= 1


def test_the_last_sign_alone_says_the_lane():
    code = make_code(bytes(range(16)))
    assert lane_of(code, 3) == lane_of(code[-1], 3) == lane_of(code[-4:], 3)


def test_a_site_without_lanes_has_none_and_more_than_signs_are_as_many_as_signs():
    assert lane_of("A", 0) == 0
    assert {lane_of(sign, 99) for sign in SIGNS} == set(range(1, 32))


def test_what_is_no_sign_of_ours_has_no_lane():
    with pytest.raises(ValueError):
        lane_of("", 2)
