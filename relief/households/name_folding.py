"""Names made alike however they are written: Cyrillic or Latin, Russian or Belarusian spelling, any order of words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# One sound, one letter; the romanisations of passports, of Belarusian and of everyday writing meet in it.
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e", "ж": "zh", "з": "z", "и": "i",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ў": "v", "ŭ": "v", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "i", "ь": "",
    "э": "e", "ю": "iu", "я": "ia",
})  # fmt: skip
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in (
    (r"(?<=[aeo])u(?=na$|$|s|k)", "v"), (r"shch|sch|szcz", "s"), (r"sh|sz", "s"), (r"tch|ch|cz", "c"), (r"zh", "z"), (r"dz", "z"),
    (r"kh|h", "g"), (r"ts|tz", "c"), (r"x", "ks"), (r"ck|q", "k"), (r"w", "v"), (r"ph", "f"), (r"[yj]", "i"),
    (r"ii+", "i"), (r"i?e", "e"), (r"io", "e"), (r"iu", "u"), (r"ia", "a"), (r"ou", "u"), (r"o", "a"), (r"(.)\1+", r"\1"),
))  # fmt: skip
_PATRONYMIC = re.compile(r".{2,}(?:avic|evic|ic|avna|evna|icna|inicna)$")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class FoldedName:
    """A name in folded words, as written; where there is a patronymic, the word before it is the given name."""

    words: tuple[str, ...]
    given: str = ""
    patronymic: str = ""
    surname: str = ""
    is_cyrillic: bool = False


@lru_cache(maxsize=1 << 15)
def fold_word(word: str) -> str:
    """Return a word as it sounds: one script, no case, no doubled letters, unstressed o as a."""
    marked = word.casefold().replace("č", "ch").replace("š", "sh").replace("ž", "zh")
    folded = unicodedata.normalize("NFKD", marked.translate(_CYRILLIC))
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    for pattern, sound in _SOUNDS:
        folded = pattern.sub(sound, folded)
    return folded


def fold_name(name: str) -> FoldedName:
    """Return a name folded and, if its words allow, taken apart."""
    composed = unicodedata.normalize("NFC", re.sub("['’ʼ`]", "", name))
    words = tuple(word for word in map(fold_word, _LETTERS.findall(composed)) if word)
    cyrillic = any("\u0400" <= sign <= "\u04ff" for sign in composed)
    # Never the first word; of two the first: some surnames end like a patronymic, and then it stands before them.
    place = next((place for place in range(1, len(words)) if len(words) > 2 and _PATRONYMIC.match(words[place])), 0)
    if not place:
        return FoldedName(words, is_cyrillic=cyrillic)
    rest = [word for at, word in enumerate(words) if at not in (place, place - 1)]
    return FoldedName(words, words[place - 1], words[place], rest[0] if rest else "", cyrillic)


def skeleton(word: str) -> str:
    """Return the first letter and the consonants after it, at most four signs: what misspelling seldom touches."""
    return (word[:1] + re.sub("[aeiu]", "", word[1:]))[:4]
