"""Made-up household lists of Belarus with known twins: the same families told twice, as different people write them.

Beside the twins stand what deceives: different people of one name, twin sisters in houses of their own, neighbours with one
phone, grown children beside their parents. Everything comes from a seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def _words(text: str) -> list[str]:
    return text.split()


def _scheme(latin: str) -> dict[str, str]:
    return dict(zip(LETTERS, latin.split(), strict=True))


SURNAMES = _words("""Иванов Ковалёв Козлов Новик Морозов Жук Мельник Ковальчук Шевченко Петров Климов Савчук Бондарь Романов
Семёнов Сидоров Волков Кравченко Васильев Павлов Титов Михайлов Гончаров Лебедев Соколов Кузнецов Смирнов Попов Макаренко Лукашук
Хацкевич Янкович Станкевич Юркевич Матусевич Щербаков Шумилов Чернов Журавлёв Яковлев Ермаков Цыбулько Бурак Гайдук Демидов
Зайцев Игнатьев Карпов Лапицкий Вишневский Рудницкий Корсак Пинчук Сакович Тарасевич Урбан Федорук Хомич Черняк Шпак
Юшкевич""")
MALE = _words("""Александр Сергей Андрей Дмитрий Николай Владимир Алексей Иван Виктор Михаил Пётр Юрий Евгений Василий Анатолий
Олег Игорь Павел Валерий Григорий Леонид Геннадий""")
FEMALE = _words("""Анна Елена Наталья Ольга Татьяна Ирина Светлана Людмила Мария Галина Валентина Екатерина Юлия Нина Тамара
Лариса Евгения Оксана Жанна Зинаида Вера Надежда""")
VILLAGES = _words("Ветка Добруш Лоев Хойники Наровля Брагин Речица Житковичи Туров Петриков Лельчицы Ельск Столин Лунинец")
_PATRONYMICS = {"Александр": "Александров", "Сергей": "Сергеев", "Андрей": "Андреев", "Дмитрий": "Дмитриев",
                "Николай": "Николаев",
                "Владимир": "Владимиров", "Алексей": "Алексеев", "Иван": "Иванов", "Виктор": "Викторов", "Михаил": "Михайлов",
                "Пётр": "Петров", "Юрий": "Юрьев", "Евгений": "Евгеньев", "Василий": "Васильев", "Анатолий": "Анатольев",
                "Павел": "Павлов", "Григорий": "Григорьев", "Леонид": "Леонидов"}  # fmt: skip
_SCHEMES = (
    _scheme("a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia"),
    _scheme("a b v g d ye yo zh z i y k l m n o p r s t u f h c ch sh sch _ y _ e yu ya"),
    _scheme("a b v h d ie io ž z i j k l m n a p r s t u f ch c č š šč _ y _ e ju ja"),
)  # fmt: skip


@dataclass(frozen=True)
class Human:
    """A person of a list; the name as (surname, given, patronymic)."""

    name: tuple[str, str, str]
    sex: str
    born: int


@dataclass(frozen=True)
class Family:
    """A household of a list; `truth` is one for all rows that are the same family."""

    truth: int
    people: tuple[Human, ...]
    village: str
    address: str
    phone: str
    document: str
    written: tuple[str, ...] = ()


def make_list(families: int, seed: int = 2013, twins: float = 0.05, everyday: bool = False) -> list[Family]:
    """Return so many families in random order, `twins` of them told twice, the second time as somebody else wrote it.

    `everyday`: many live alone, many names have no patronymic, and villages and streets are written as people do.
    """
    dice = random.Random(seed)
    if everyday:
        return _everyday_list(families, dice, twins)
    told = [_write(each, dice, dice.choice((_surname_first, _surname_first, _given_first))) for each in _families(families, dice)]
    again = [_twin(each, dice) for each in dice.sample(told, int(families * twins))]
    everyone = told + again
    dice.shuffle(everyone)
    return everyone


def _everyday_list(families: int, dice: random.Random, twins: float) -> list[Family]:
    made = [_alone(each) if dice.random() < 0.3 else each for each in _families(families, dice)]
    made = [_alone_of_one_name(made[place - 1], each, dice) if place and dice.random() < 0.03 else each
            for place, each in enumerate(made)]  # fmt: skip
    told = []
    for each in made:
        style = _short if dice.random() < 0.4 else dice.choice((_surname_first, _given_first))
        address = f"{each.address}, кв. {dice.randint(1, 60)}" if dice.random() < 0.2 else each.address
        told.append(_write(replace(each, address=address), dice, style))
    again = [_everyday_twin(each, dice) for each in dice.sample(told, int(families * twins))]
    everyone = [_as_people_write(each, dice) for each in (*told, *again)]
    dice.shuffle(everyone)
    return everyone


def _alone(family: Family) -> Family:
    return replace(family, people=family.people[:1])


def _alone_of_one_name(family: Family, other: Family, dice: random.Random) -> Family:
    """A father or mother and a grown child of one name, each living alone in one village: told apart by their years alone."""
    head = family.people[0]
    years = dice.choice((19, 25, 33))
    born = head.born + years if head.born < 1958 else head.born - years
    return replace(other, people=(replace(head, born=born),), village=family.village)


def _everyday_twin(family: Family, dice: random.Random) -> Family:
    twin = _twin(family, dice)
    if dice.random() < 0.5:  # nothing differs but how village and street are written, and numbers that were not asked
        return replace(family, phone="", document="", written=tuple(name.replace("ё", "е") for name in family.written))
    return replace(twin, address=family.address if dice.random() < 0.7 else "")


def _as_people_write(family: Family, dice: random.Random) -> Family:
    village = dice.choice(("{}", "{}", "д. {}", "дер. {}", "{} д.", "вёска {}")).format(family.village)
    address = family.address
    if address:
        street, _blank, house = address.removeprefix("ул. ").partition(" ")
        written = dice.choice(("ул. {} {}", "{} {}", "ул.{}, д.{}", "улица {}, дом {}", "вул. {}, {}", "{} ул., {}"))
        address = written.format(street, house)
    return replace(family, village=village, address=address.replace("ё", "е") if dice.random() < 0.5 else address)


def _families(number: int, dice: random.Random) -> list[Family]:
    made: list[Family] = []
    while len(made) < number:
        made.append(_family(len(made), dice))
        chance = dice.random()
        if chance < 0.02:
            made.append(_sister_of(made[-1], len(made), dice))
        elif chance < 0.05:
            made.append(replace(_family(len(made), dice), village=made[-1].village, phone=made[-1].phone))
        elif chance < 0.08:
            made.append(_child_of(made[-1], len(made), dice))
        elif chance < 0.10:
            made.append(_namesake_of(made[-1], len(made), dice))
    return made[:number]


def _family(truth: int, dice: random.Random) -> Family:
    surname = dice.choice(SURNAMES)
    head = _human(surname, dice.choice("fm"), dice.randint(1930, 1990), dice)
    people = [head]
    if dice.random() < 0.6:
        people.append(_human(surname, "m" if head.sex == "f" else "f", head.born + dice.randint(-6, 6), dice))
    for _child in range(dice.choice((0, 0, 1, 1, 2, 3))):
        people.append(_human(surname, dice.choice("fm"), min(2012, head.born + dice.randint(18, 40)), dice))
    return Family(truth, tuple(people), dice.choice(VILLAGES), f"ул. {dice.choice(SURNAMES)}а {dice.randint(1, 90)}",
                  f"+375 29 {dice.randint(1000000, 9999999)}" if dice.random() < 0.6 else "",
                  f"{dice.choice(('HB', 'AB'))}{dice.randint(1000000, 9999999)}" if dice.random() < 0.35 else "")  # fmt: skip


def _human(surname: str, sex: str, born: int, dice: random.Random, father: str | None = None) -> Human:
    stem = _PATRONYMICS[father or dice.choice(tuple(_PATRONYMICS))]
    if sex == "f":
        ended = surname + "а" if surname.endswith(("в", "н")) else surname[:-2] + "ая" if surname.endswith("ий") else surname
        return Human((ended, dice.choice(FEMALE), stem + "на"), sex, born)
    return Human((surname, dice.choice(MALE), stem + "ич"), sex, born)


def _sister_of(family: Family, truth: int, dice: random.Random) -> Family:
    """A twin sister or brother of the head: all the same but the given name, in the same village."""
    head = family.people[0]
    given = dice.choice([name for name in (FEMALE if head.sex == "f" else MALE) if name != head.name[1]])
    other = _family(truth, dice)
    sister = replace(head, name=(head.name[0], given, head.name[2]))
    return replace(other, people=(sister, *other.people[1:]), village=family.village)


def _child_of(family: Family, truth: int, dice: random.Random) -> Family:
    """A grown child in a house of its own, often with its parents' phone."""
    head = family.people[0]
    surname = head.name[0]
    other = _family(truth, dice)
    child = replace(other.people[0], name=(surname, *other.people[0].name[1:]), born=min(2010, head.born + 25))
    return replace(other, people=(child, *other.people[1:]), village=family.village,
                   phone=family.phone if dice.random() < 0.5 else other.phone)  # fmt: skip


def _namesake_of(family: Family, truth: int, dice: random.Random) -> Family:
    """Somebody of the very same name, of another age, in any village."""
    head = family.people[0]
    other = _family(truth, dice)
    years = dice.choice((4, 9, 17, 31))
    born = head.born + (years if head.born < 1965 else -years)
    return replace(other, people=(replace(head, born=born), *other.people[1:]))


def _surname_first(human: Human) -> str:
    return " ".join(human.name)


def _given_first(human: Human) -> str:
    return " ".join((*human.name[1:], human.name[0]))


def _short(human: Human) -> str:
    return " ".join(human.name[:2])


def _write(family: Family, dice: random.Random, style: object) -> Family:
    return replace(family, written=tuple(style(each) for each in family.people))  # type: ignore[operator]


def _twin(family: Family, dice: random.Random) -> Family:
    """The same family on another day, at another table: one to four things differ."""
    people = list(family.people)
    if len(people) > 1 and dice.random() < 0.15:  # the other spouse came
        people[0], people[1] = people[1], people[0]
    if len(people) > 2 and dice.random() < 0.15:
        people.pop()
    if people[0].sex == "f" and dice.random() < 0.08:  # under her maiden name
        people[0] = replace(people[0], name=(dice.choice(SURNAMES) + "а", *people[0].name[1:]))
    if dice.random() < 0.08:
        people[0] = replace(people[0], born=people[0].born + dice.choice((-1, 1)))
    style = dice.choice((_surname_first, _surname_first, _given_first, _given_first, _short))
    written = [style(each) for each in people]
    if dice.random() < 0.35:
        written = [_misspelled(each, dice) if dice.random() < 0.7 else each for each in written]
    if dice.random() < 0.5:
        scheme = dice.choice(_SCHEMES)
        written = [_romanised(each, scheme) for each in written]
    return replace(
        family, people=tuple(people), written=tuple(written),
        village=dice.choice(VILLAGES) if dice.random() < 0.25 else family.village,
        phone=family.phone if dice.random() < 0.7 else "", document=family.document if dice.random() < 0.8 else "",
        address=family.address if dice.random() < 0.6 else "",
    )  # fmt: skip


def _misspelled(name: str, dice: random.Random) -> str:
    words = name.split()
    which = dice.randrange(len(words))
    word, place = words[which], dice.randrange(1, max(2, len(words[which]) - 1))
    words[which] = dice.choice((
        word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:],
        word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :] if place > 1 else word,
        word.replace("о", "а", 1), word.replace("и", "е", 1),
    ))  # fmt: skip
    return " ".join(words)


def _romanised(name: str, scheme: dict[str, str]) -> str:
    latin = ("".join(scheme.get(sign, sign) for sign in word.lower()).replace("_", "") for word in name.split())
    return " ".join(word.capitalize() for word in latin)
