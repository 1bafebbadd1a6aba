"""What a cell of a household list says."""

from datetime import date

import pytest

from relief.households import rules
from relief.households.rules import Unreadable
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES

START = date(2013, 3, 4)


@pytest.mark.parametrize(
    ("years", "band"),
    [(0, "0-1"), (1, "0-1"), (2, "2-5"), (5, "2-5"), (6, "6-12"), (12, "6-12"), (13, "13-17"), (17, "13-17"), (18, "18-59"),
     (59, "18-59"), (60, "60+"), (120, "60+")],
)  # fmt: skip
def test_completed_years_fall_into_bands(years, band):
    assert rules.age_band(years) == band == rules.band_of_age(str(years))


@pytest.mark.parametrize(
    ("born", "band"),
    [("1995-03-04", "18-59"), ("1995-03-05", "13-17"), ("1953-03-04", "60+"), ("1953-03-05", "18-59"), ("2013-03-20", "0-1"),
     ("2012-02-29", "0-1"), ("2011-03-04", "2-5")],
)  # fmt: skip
def test_a_birthday_counts_from_its_day(born, band):
    assert rules.band_of_birth_date(born, START) == band


@pytest.mark.parametrize(("year", "band"), [("1995", "18-59"), ("1996", "13-17"), ("2013", "0-1"), ("2014", "0-1")])
def test_of_a_year_of_birth_the_age_reached_in_the_year_counts(year, band):
    assert rules.band_of_birth_year(year, START) == band


@pytest.mark.parametrize("read", [rules.read_sex, rules.read_disability, rules.read_band, rules.band_of_age])
def test_an_empty_cell_is_unknown(read):
    assert read("") == "unknown"


@pytest.mark.parametrize("read", [rules.band_of_birth_date, rules.band_of_birth_year])
def test_an_empty_birth_is_unknown(read):
    assert read("", START) == "unknown"


@pytest.mark.parametrize(("cell", "sex"), [("F", "female"), ("Female", "female"), ("ж", "female"), ("M", "male")])
def test_sex_is_read_in_any_case(cell, sex):
    assert rules.read_sex(cell) == sex


@pytest.mark.parametrize(
    ("read", "cell"),
    [(rules.read_sex, "x"), (rules.read_sex, "0"), (rules.read_disability, "perhaps"), (rules.read_band, "06.Dec"),
     (rules.read_band, "2-May"), (rules.read_band, "18-60"), (rules.band_of_age, "121"), (rules.band_of_age, "-1"),
     (rules.band_of_age, "34.5"), (rules.band_of_age, "\u0663"), (rules.band_of_age, "1e2"), (rules.read_count, "51"),
     (rules.read_count, "two")],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_not_guessed(read, cell):
    with pytest.raises(Unreadable):
        read(cell)


@pytest.mark.parametrize("born", ["31.02.1975", "18.03.75", "1975-13-01", "1892-01-01", "2015-01-01", "197"])
def test_an_impossible_day_of_birth_is_said(born):
    with pytest.raises(Unreadable):
        rules.band_of_birth_date(born, START)


@pytest.mark.parametrize("year", ["75", "1892", "2015", "19750"])
def test_an_impossible_year_of_birth_is_said(year):
    with pytest.raises(Unreadable):
        rules.band_of_birth_year(year, START)


def test_whole_numbers_from_a_data_frame_are_read():
    assert rules.band_of_age("34.0") == "18-59"
    assert rules.read_count("4.0") == 4


def test_every_word_is_one_the_plan_knows():
    assert set(rules._SEX.values()) <= set(SEXES)
    assert set(rules._DISABILITY.values()) <= set(DISABILITIES)
    assert set(rules._BANDS.values()) == set(AGE_BANDS)
