"""How far suspected duplicates can be trusted, on a small list with known twins; the bars stand in bench/duplicates.py."""

import pytest

from bench.duplicates import measure
from relief.households.likeness import Candidate, find_alike, same_person


@pytest.mark.parametrize("everyday", [False, True], ids=["well written", "as people write"])
@pytest.mark.parametrize("years", [True, False], ids=["years of birth", "age bands only"])
def test_strong_suspicions_are_precise_and_find_nearly_all_twins(years, everyday):
    figures = measure(1500, 5, years, everyday)
    assert figures["strong precision"] >= 0.95
    if years or not everyday:
        assert figures["strong recall"] >= (0.90 if years else 0.85)
    assert figures["recall of all"] >= 0.90


@pytest.mark.parametrize(("one", "other"), [
    ("Иванова Анна Петровна", "Ivanova Anna Petrovna"), ("Иванова Анна Петровна", "Анна Петровна Иванова"),
    ("Ковальчук Юлия", "Kavalčuk Julija"), ("Щербаков Сергей", "Shcherbakov Sergey"), ("Семёнов Пётр", "Семенов Петр"),
    ("Хацкевич Ольга Игоревна", "Хацкевеч Ольга Игоревна"),
])  # fmt: skip
def test_one_name_is_known_again_however_it_is_written(one, other):
    assert same_person(one, other)


@pytest.mark.parametrize(("one", "other"), [
    ("Иванова Анна Петровна", "Иванова Алла Петровна"), ("Жук Олег", "Жук Игорь"),
    ("Иванов Иван Иванович", "Иванов Иван Петрович"),
    ("Анна", "Анна"), ("", ""),
])  # fmt: skip
def test_names_of_two_people_are_not_taken_for_one(one, other):
    assert not same_person(one, other)


def test_one_name_and_village_with_other_years_of_birth_is_no_strong_suspicion():
    def person(key, born):
        return Candidate(key, "Иванов Иван Иванович", ("Иванов Иван Иванович",), (born,), village="Ветка")

    assert not any(each.is_strong for each in find_alike([person(b"1", "1950"), person(b"2", "1981")]))


def test_a_phone_in_the_digits_of_another_script_is_the_same_phone():
    one, other = (Candidate(key, "Сара Хасан", ("Сара Хасан",), phone=phone, village="Ветка")
                  for key, phone in ((b"1", "+375 29 111 22 33"), (b"2", "٠٢٩١١١٢٢٣٣")))  # fmt: skip
    (found,) = find_alike([one, other])
    assert "phone" in found.reasons


def test_a_list_without_years_of_birth_contradicts_none():
    one, other = (Candidate(key, name, (name,), (born,), village=village, people=(("male", "60+", born),))
                  for key, name, born, village in ((b"1", "Жук Олег Иванович", "1942", "Липы"),
                                                   (b"2", "Алег Іванавіч Жук", "", "Ліпы")))  # fmt: skip
    (found,) = find_alike([one, other])
    assert "other_people" not in found.reasons and not found.is_strong


def test_neighbours_with_one_phone_are_no_strong_suspicion():
    one = Candidate(b"1", "Жук Олег", ("Жук Олег",), phone="+375 29 111 22 33", village="Ветка")
    other = Candidate(b"2", "Новик Анна", ("Новик Анна",), phone="80291112233", village="Ветка")
    assert not any(each.is_strong for each in find_alike([one, other]))


def person(key, name="Демо Анна", born="", village="Ветка", address="", band="60+"):
    return Candidate(key, name, (name,), (born,), village=village, address=address, people=(("female", band, born),))


def test_who_lives_alone_with_one_name_village_and_age_is_suspected():
    (found,) = find_alike([person(b"1"), person(b"2", "Анна Демо")])
    assert not found.is_strong
    assert not find_alike([person(b"1"), person(b"2", band="18-59")])


@pytest.mark.parametrize(("village", "address"), [
    ("Ветка", "Садовая 1"), ("д. Ветка", "ул.Садовая, д.1"), ("Ветка", "вул. Садовая, 1"), ("Vetka", "Sadovaya 1"),
    ("Ветка", "САДОВАЯ УЛ. 1"),
])  # fmt: skip
def test_one_address_is_one_however_it_is_written(village, address):
    (found,) = find_alike([person(b"1", address="ул. Садовая 1"), person(b"2", village=village, address=address)])
    assert {"village", "address"} <= set(found.reasons)


def test_another_house_of_the_street_is_another_address():
    (found,) = find_alike([person(b"1", address="ул. Садовая 1"), person(b"2", address="Садовая 11")])
    assert "address" not in found.reasons


def test_yo_and_ye_are_one_letter_in_names_and_places():
    pair = [person(b"1", "Семёнова Алёна", village="Берёзки", address="Зелёная 1"),
            person(b"2", "Семенова Алена", village="Березки", address="Зеленая 1")]  # fmt: skip
    assert {"name", "village", "address"} <= set(find_alike(pair)[0].reasons)
