"""Which households of a list may be one: what they share, weighed against what sets them apart. Nothing is decided here.

Points are about ten times the base-2 weight of the evidence; STRONG and POSSIBLE were set on a generated list with known
twins (`python -m bench duplicates`), so that nearly all of what is strong is true.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from relief.households.name_folding import FoldedName, fold_name, fold_word, skeleton
from relief.households.place_words import split_address, village_words
from relief.households.rules import with_plain_digits

STRONG, POSSIBLE = 60, 45
LARGEST_BLOCK = 60
TOLD_EVERY = 10_000
COMMON, VERY_COMMON = 4, 12  # how many people of a list carry one name
ALONE = 7  # points for one sex and age where each lives alone: without more than that, many of one name do
Person = tuple[str, str, str]  # sex, age band, year of birth or ''


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of one household. `names` are those of head and members; `people` its members."""

    key: bytes
    head: str = ""
    names: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    phone: str = ""
    document: str = ""
    village: str = ""
    address: str = ""
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two households that may be one: points and reasons, the weightiest first."""

    one: bytes
    other: bytes
    points: int
    reasons: tuple[str, ...]

    @property
    def is_strong(self) -> bool:
        return self.points >= STRONG


@dataclass(frozen=True, slots=True)
class _Folded:
    candidate: Candidate
    names: tuple[tuple[FoldedName, str], ...]  # with the year of birth, '' where unknown; the head first
    phone: str
    document: str
    village: tuple[str, ...]
    street: frozenset[str]
    house: tuple[str, ...]
    people: Counter[Person]


def find_alike(candidates: Iterable[Candidate],
               progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[Likeness]:  # fmt: skip
    """Return the pairs that may be one household, the likeliest first. `progress` is told (pairs compared, pairs in all)."""
    folded = [_fold(each) for each in candidates]
    common = Counter(_name_key(name) for each in folded for name, _born in each.names)
    pairs = _pairs(folded)
    found: list[Likeness] = []
    for done, (one, other) in enumerate(pairs):
        if done % TOLD_EVERY == 0:
            progress(done, len(pairs))
        likeness = _compare(folded[one], folded[other], common)
        if likeness is not None:
            found.append(likeness)
    progress(len(pairs), len(pairs))
    return sorted(found, key=lambda each: (-each.points, each.one, each.other))


def _fold(candidate: Candidate) -> _Folded:
    births = (*candidate.births, *[""] * len(candidate.names))
    named = [(name, born) for name, born in zip(candidate.names, births, strict=False) if name]
    if candidate.head and candidate.head not in candidate.names:
        named.insert(0, (candidate.head, ""))
    address = split_address(candidate.address)
    return _Folded(
        candidate,
        tuple((folded, born) for name, born in named if (folded := fold_name(name)).words),
        re.sub(r"\D", "", with_plain_digits(candidate.phone))[-9:],
        re.sub(r"\W", "", candidate.document).upper(),
        tuple(map(_fold_place, village_words(candidate.village))),
        frozenset(map(_fold_place, address.street_words)),
        tuple(map(_fold_place, address.house)),
        Counter(candidate.people),
    )


def _fold_place(word: str) -> str:
    return word if word.isdecimal() else fold_word(word)  # doubled letters are one sound, 11 is not 1


def _name_key(name: FoldedName) -> tuple[str, ...]:
    return tuple(sorted(name.words))


def _pairs(folded: Sequence[_Folded]) -> set[tuple[int, int]]:
    """Return the pairs worth comparing: those that share a key; a block too large is cut by village and year of birth."""
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, each in enumerate(folded):
        for key in set(_keys(each)):
            blocks[key].append(place)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        for part in _cut(members, folded) if len(members) > LARGEST_BLOCK else (members,):
            pairs.update(combinations(part, 2))
    return pairs


def _cut(members: list[int], folded: Sequence[_Folded]) -> Iterator[list[int]]:
    parts: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in members:
        each = folded[place]
        parts[("v", *each.village)].append(place)
        for _name, born in each.names[:1]:
            parts[("b", born or "?")].append(place)
        parts[("s", str(sorted(each.people.items())))].append(place)
    for part in parts.values():
        if len(part) <= LARGEST_BLOCK * 4:
            yield part


def _keys(each: _Folded) -> Iterator[tuple[str, ...]]:
    if len(each.phone) >= 7:
        yield "phone", each.phone
    if len(each.document) >= 5:
        yield "document", each.document
    for name, born in each.names:
        if name.patronymic:  # given name and patronymic alone are too many people's: only with their year of birth
            given, surname = skeleton(name.given), skeleton(name.surname)
            yield ("name", *sorted((given, surname)))
            yield ("name", *sorted((skeleton(name.patronymic), surname)))
            if born:
                yield "born", born, given, skeleton(name.patronymic)
        else:
            yield from (("name", *pair) for pair in combinations(sorted({skeleton(word) for word in name.words}), 2))
        if born:  # misspelt and without a patronymic, there is little else
            words = [name.given, name.surname] if name.patronymic else name.words
            yield from (("initials", born, *pair) for pair in combinations(sorted({word[:1] for word in words}), 2))


def _compare(one: _Folded, other: _Folded, common: Counter[tuple[str, ...]]) -> Likeness | None:
    points: dict[str, int] = {}
    _weigh_numbers(one, other, points)
    _weigh_names(one, other, common, points)
    if not points.keys() & {"document", "phone", "name", "spelling", "script", "surname"}:
        return None
    _weigh_people(one, other, points)
    _weigh_places(one, other, points)
    total = sum(points.values())
    if total < POSSIBLE:
        return None
    reasons = [reason for reason in sorted(points, key=lambda reason: -points[reason]) if points[reason] > 0]
    low, high = sorted((one.candidate.key, other.candidate.key))
    return Likeness(low, high, min(total, 200), tuple(reasons))


def _weigh_numbers(one: _Folded, other: _Folded, points: dict[str, int]) -> None:
    if len(one.document) >= 5 and len(other.document) >= 5:
        points["document" if one.document == other.document else "other_document"] = 55 if one.document == other.document else -25
    if len(one.phone) >= 7 and one.phone == other.phone:
        points["phone"] = 25


def _weigh_names(one: _Folded, other: _Folded, common: Counter[tuple[str, ...]], points: dict[str, int]) -> None:
    """Weigh the best pair of people, with their years of birth, and then how many more of them agree."""
    found = []
    for name, born in one.names:
        for twin, twin_born in other.names:
            likeness = _same_name(name, twin)
            if likeness:
                reason, weight = likeness
                rare = min(common[_name_key(name)], common[_name_key(twin)])
                weight -= 0 if rare < COMMON else 6 if rare < VERY_COMMON else 12
                found.append((weight + _born(born, twin_born), reason, weight, _born(born, twin_born)))
    if not found:
        if one.names and other.names:
            points["other_names"] = -20
        return
    found.sort(key=lambda each: -each[0])
    _total, reason, weight, years = found[0]
    points[reason] = weight
    if years:
        points["born" if years > 0 else "other_born"] = years
    more = min(sum(each[0] >= 30 for each in found), len(one.names), len(other.names)) - 1
    if more > 0:
        points["more_names"] = min(15 * more, 30)
    elif min(len(one.names), len(other.names)) > 2:
        points["other_names"] = -15


def _same_name(one: FoldedName, other: FoldedName) -> tuple[str, int] | None:
    """Return the reason and weight of two names being one person's, None where they are not."""
    if one.patronymic and other.patronymic:
        given, patronymic = _near(one.given, other.given), _near(one.patronymic, other.patronymic)
        surname = _near(one.surname, other.surname)
        if given and patronymic and surname:
            return _alike(one, other, 42, given + patronymic + surname)
        if given == EXACT and patronymic == EXACT and one.surname and other.surname:
            return "surname", 14  # married or misheard: weak alone
        return None
    shorter, longer = sorted((one, other), key=lambda name: len(name.words))
    if len(shorter.words) < 2:
        return None
    nears = [max((_near(word, twin) for twin in longer.words), default=0) for word in shorter.words]
    if not all(nears):
        return None
    return _alike(one, other, 30, sum(nears) + EXACT * (3 - len(nears)))


def _alike(one: FoldedName, other: FoldedName, weight: int, nearness: int) -> tuple[str, int]:
    if nearness < 3 * EXACT:
        return "spelling", weight - 4 * (3 * EXACT - nearness)
    return ("script" if one.is_cyrillic != other.is_cyrillic else "name"), weight


EXACT, NEAR = 2, 1


@lru_cache(maxsize=1 << 17)
def _near(one: str, other: str) -> int:
    """Return EXACT for equal words, NEAR for a slip of the pen or an initial, else 0."""
    from rapidfuzz.distance import OSA  # a compiled library, needed for comparing alone

    if one == other:
        return EXACT
    if len(one) == 1 or len(other) == 1:
        return NEAR if one[:1] == other[:1] and one and other else 0
    allowed = 2 if min(len(one), len(other)) >= 7 else 1 if min(len(one), len(other)) >= 4 else 0
    return NEAR if OSA.distance(one, other, score_cutoff=allowed) <= allowed else 0


def _born(one: str, other: str) -> int:
    if not one or not other:
        return 0
    if one == other:
        return 20
    return 6 if abs(int(one) - int(other)) == 1 or sorted(one) == sorted(other) else -35


def _weigh_people(one: _Folded, other: _Folded, points: dict[str, int]) -> None:
    sizes = one.people.total(), other.people.total()
    if not all(sizes):
        return
    known = any(sex != "unknown" or band != "unknown" for sex, band, _born in one.people)
    here, there = one.people, other.people
    if here != there and not all(born for _sex, _band, born in (*here, *there)):
        here, there = _without_years(here), _without_years(there)
    if here == there and known:
        with_years = any(born for _sex, _band, born in here)
        points["people"] = (20 if with_years else 12) if sizes[0] > 1 else ALONE
    elif abs(sizes[0] - sizes[1]) > 2:
        points["other_people"] = -12
    elif known and not (here & there):
        points["other_people"] = -8


def _without_years(people: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str, str]]:
    """Leave out the years of birth: a list that does not tell them contradicts none."""
    bare: Counter[tuple[str, str, str]] = Counter()
    for (sex, band, _born), count in people.items():
        bare[sex, band, ""] += count
    return bare


def _weigh_places(one: _Folded, other: _Folded, points: dict[str, int]) -> None:
    if one.village and other.village:
        same = one.village == other.village
        points["village" if same else "other_village"] = 8 if same else -6
        if same and one.street == other.street and (one.street or one.house) and (near := _near_house(one.house, other.house)):
            points["address"] = near


def _near_house(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return the points of two houses of one street: the flat may be missing on one side, the house may not."""
    if one == other:
        return 12 if one else 6
    shorter = min(len(one), len(other))
    return 6 if shorter and one[:shorter] == other[:shorter] else 0


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are most likely one person's."""
    return bool(one and other and _same_name(fold_name(one), fold_name(other)))
