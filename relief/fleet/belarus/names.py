"""Names for made-up people: common given names and surnames of Belarus in Latin letters, put together by chance."""

from __future__ import annotations

import random

FEMALE = ("Alena", "Volha", "Tatsiana", "Natallia", "Sviatlana", "Iryna", "Halina", "Hanna", "Maryia", "Katsiaryna",
          "Nadzeya", "Liudmila", "Nina", "Valiantsina", "Raisa", "Yuliya", "Darya", "Palina", "Sofiya", "Vera")  # fmt: skip
MALE = ("Ivan", "Mikalai", "Aliaksandr", "Uladzimir", "Viktar", "Siarhei", "Andrei", "Piotr", "Vasil", "Anatol",
        "Dzmitry", "Yury", "Leanid", "Pavel", "Maksim", "Artsiom", "Kiryl", "Ryhor", "Mikhail", "Stanislau")  # fmt: skip
SURNAMES = ("Kavalchuk", "Ivanou", "Novik", "Kazlou", "Marozau", "Klimovich", "Zhuk", "Karatkevich", "Hancharou", "Savitski",
            "Dubrouski", "Kavaliou", "Bandarenka", "Lapitski", "Stankevich", "Yakubovich", "Shauchenka", "Rabtsau", "Drozd",
            "Papou", "Sidarenka", "Vaitovich", "Hryshchanka", "Sakovich", "Kot",
            "Herasimenka", "Bulyha", "Dashkevich")  # fmt: skip


def given_name(chance: random.Random, sex: str) -> str:
    """Return a given name that fits the sex; any when it is unknown."""
    return chance.choice({"female": FEMALE, "male": MALE}.get(sex, FEMALE + MALE))


def surname(chance: random.Random) -> str:
    """Return a surname in its base form."""
    return chance.choice(SURNAMES)
