"""Villages and addresses as everybody writes them, made alike: *ул. Садовая, д. 1* is *Садовая 1*, and ё is е."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


def _alike(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _words(text: str) -> frozenset[str]:
    return frozenset(_alike(text).split())


_VILLAGE = _words("""д дер деревня с село г гор город п пос поселок посёлак пгт гп рп аг агрогородок аграгарадок х хут хутор
вёска горад village v town city settlement ville commune pueblo aldea ciudad قرية مدينة بلدة""")
_STREET = _words("""ул улица вул вулица вуліца вулиця пер переулок завулак зав провулок пров пр просп проспект праспект пркт т кт
проезд бул бр бульвар пл площадь плошча площа ш шоссе тракт наб набережная туп тупик мкр микрорайон мікрараён мн квартал
street st str road rd avenue ave av lane ln square sq boulevard blvd bd rue place allée impasse chemin route quai
calle cl avenida avda carrera cra plaza paseo camino pasaje شارع طريق زقاق""")
_HOUSE = _words("""д дом кв квартира к корп корпус стр строение лит house h flat apt apartment building bldg no nr n num
número numéro app appartement bat casa apto apartamento piso رقم منزل بيت شقة""")
_WORD = re.compile(r"[^\W_]+")
_NUMBER_OR_LETTERS = re.compile(r"\d+|[^\W\d_]+")
_BLANK = str.maketrans(",;№#", "    ")
_HOUSE_NUMBER = re.compile(r"\d+[^\W\d_]?(?:[/-]\d*[^\W\d_]?)*")  # 12, 12а, 12/1, 12-34


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: the street as written, its words made alike, and the numbers and letters of house and flat.

    `house_words` are these as one writes them: `12-34`.
    """

    street: str
    street_words: tuple[str, ...]
    house: tuple[str, ...]
    house_words: str = ""

    @property
    def sort_key(self) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
        """Order by street, then by house, numbers by their size."""
        return self.street_words, tuple((int(sign), "") if sign.isdecimal() else (0, sign) for sign in self.house)


def village_words(text: str) -> tuple[str, ...]:
    """Return the words of a village made alike, without the one that says what it is (unless nothing else was written)."""
    words = tuple(_WORD.findall(_alike(text)))
    return tuple(word for word in words if word not in _VILLAGE) or words


@lru_cache(maxsize=1 << 14)
def split_address(text: str) -> Address:
    """Return an address with house and flat apart from the street: numbers and house words at its end, else a number before."""
    tokens = re.sub(r"(?<=\w)\.(?=\w)", ". ", text).translate(_BLANK).split()
    end = len(tokens)
    while end > 0 and _is_of_house(tokens[end - 1]):
        end -= 1
    street, house = tokens[:end], tokens[end:]
    if not any(_HOUSE_NUMBER.fullmatch(token) for token in house) and _HOUSE_NUMBER.fullmatch(tokens[0] if tokens else ""):
        street, house = tokens[1:], tokens[:1]
    return Address(" ".join(street), _street_words(" ".join(street)), _house(" ".join(house)),
                   "-".join(token.strip(".:") for token in house if _alike(token).strip(".:") not in _HOUSE))  # fmt: skip


def _is_of_house(token: str) -> bool:
    bare = _alike(token).strip(".:")
    return bool(_HOUSE_NUMBER.fullmatch(token)) or len(bare) < 2 or bare in _HOUSE


def _street_words(street: str) -> tuple[str, ...]:
    """Initials and the ending of *1-я* say no more than the words beside them."""
    words = tuple(_WORD.findall(_alike(street)))
    return tuple(word for word in words if word not in _STREET and (len(word) > 1 or word.isdecimal())) or words


def _house(house: str) -> tuple[str, ...]:
    signs = _NUMBER_OR_LETTERS.findall(_alike(house))
    return tuple(sign.lstrip("0") if sign.isdecimal() else sign for sign in signs if sign not in _HOUSE)
