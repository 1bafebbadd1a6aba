"""Villages and streets as everybody writes them."""

import pytest

from relief.households.place_words import split_address, village_words


@pytest.mark.parametrize("written", [
    "ул. Садовая 1", "Садовая 1", "ул.Садовая, д.1", "улица Садовая, дом 1", "САДОВАЯ УЛ., 1", "вул. Садовая, 1", "Садовая,№1",
])  # fmt: skip
def test_one_street_and_house_is_one_however_it_is_written(written):
    address = split_address(written)
    assert (address.street_words, address.house) == (("садовая",), ("1",))


@pytest.mark.parametrize(("written", "street", "house"), [
    ("пр-т Мира 5, кв. 12", ("мира",), ("5", "12")), ("Мира 5-12", ("мира",), ("5", "12")), ("Мира 5а", ("мира",), ("5", "а")),
    ("Мира 5 корп. 2", ("мира",), ("5", "2")), ("ул. 8 Марта, 15", ("8", "марта"), ("15",)),
    ("1-я Садовая, 3", ("1", "садовая"), ("3",)), ("12 Main Street", ("main",), ("12",)),
    ("12, rue de la Paix", ("de", "la", "paix"), ("12",)),
    ("Calle Mayor 3", ("mayor",), ("3",)), ("شارع النيل 7", ("النيل",), ("7",)), ("ул. Зелёная 2", ("зеленая",), ("2",)),
    ("Садовая", ("садовая",), ()), ("д. 7", (), ("7",)), ("", (), ()),
])  # fmt: skip
def test_house_and_flat_stand_apart_from_the_street(written, street, house):
    address = split_address(written)
    assert (address.street_words, address.house) == (street, house)


def test_houses_are_sorted_by_the_size_of_their_numbers():
    written = ["Садовая 10", "ул. Садовая 9", "Садовая 9а", "Берёзовая 2", "Березовая 1"]
    in_order = sorted(written, key=lambda each: split_address(each).sort_key)
    assert in_order == ["Березовая 1", "Берёзовая 2", "ул. Садовая 9", "Садовая 9а", "Садовая 10"]


@pytest.mark.parametrize("written", ["Ветка", "д. Ветка", "дер.Ветка", "ВЕТКА", "вёска Ветка", "г. Ветка"])
def test_a_village_is_one_with_or_without_the_word_that_says_so(written):
    assert village_words(written) == ("ветка",)


def test_a_village_whose_name_is_such_a_word_keeps_it():
    assert village_words("Город") == ("город",)
