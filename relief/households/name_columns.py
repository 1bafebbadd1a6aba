"""Columns that do not say whose they are, such as a bare *name*: whose it is, and which together make one name or address."""

from __future__ import annotations

import re
from collections.abc import Sequence

FULL, SHORT, PART, HEAD_PART, MEMBER_PART = "a_name", "a_short_name", "name_part", "head_name_part", "member_name_part"
HOUSE_PART = "house_part"
KINDS = frozenset({FULL, SHORT, PART, HEAD_PART, MEMBER_PART, HOUSE_PART})
# As `column_names.plain_words` writes them: without accents and punctuation, ё as е.
_PHRASES = {
    FULL: "full name|beneficiary|beneficiary name|name of beneficiary|recipient|фио|ф и о|фамилия имя отчество|фамилия имя|"
          "имя фамилия|фамилия и имя|имя и фамилия|фамилия и о|фамилия и инициалы|фио получателя|получатель|nom complet|"
          "nom et prenom|nom et prenoms|noms et prenoms|prenom et nom|beneficiaire|nombre completo|nombre y apellido|"
          "nombre y apellidos|nombres y apellidos|apellidos y nombres|beneficiario|الاسم الكامل|اسم المستفيد",
    SHORT: "name|names|имя|nom|noms|nombre|nombres|الاسم|اسم",
    PART: "surname|last name|family name|first name|given name|given names|middle name|patronymic|father name|father s name|"
          "фамилия|отчество|nom de famille|prenom|prenoms|apellido|apellidos|primer apellido|segundo apellido|primer nombre|"
          "segundo nombre|اسم العائلة|اللقب|الاسم الاول|اسم الاب",
    HOUSE_PART: "house|house number|house no|building|apartment|apartment number|flat|flat number|дом|номер дома|корпус|"
                "квартира|кв|номер квартиры|appartement|casa|apartamento|رقم المنزل|الشقة",
}  # fmt: skip
_KIND = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases.split("|")}
# Compiled when a list is first read: it takes a tenth of the start of every command.
_OF_HEAD = (r"\b(head of household|head of family|household head|head s|head|hoh|главы семьи|главы домохозяйства|главы|"
            r"du chef de menage|du chef|del jefe de hogar|del jefe|of the|of)\b")  # fmt: skip
_OF_MEMBER = (r"\b(household member s?|family member s?|member s|members|member|individual|person|члена семьи|члена|"
              r"du membre|del miembro|of the|of)\b")  # fmt: skip
_NOT_THEIRS = (r"interview|enumerat|survey|collector|registrar|volunteer|staff|officer|operator|enquet|encuest|agent|"
               r"волонт|регистратор|заполн|интервью|сотрудник|оператор|العداد|الباحث")  # fmt: skip


def name_kind(words: str, whole: str) -> str:
    """Return which kind of name a header's words stand for, '' for none; `whole` is the header with its groups before it."""
    if re.search(_NOT_THEIRS, whole):
        return ""
    if words in _KIND:
        return _KIND[words]
    if _KIND.get(without_head(words)) == PART:
        return HEAD_PART
    return MEMBER_PART if _KIND.get(" ".join(re.sub(_OF_MEMBER, " ", words).split())) == PART else ""


def without_head(words: str) -> str:
    """Return a header's words without *of the head*, '' where it does not say so: `sex of head` says sex."""
    bare = " ".join(re.sub(_OF_HEAD, " ", words).split())
    return bare if bare != words else ""


def settle_names(found: Sequence[str], whose: Sequence[str]) -> dict[int, str]:
    """Return, for the columns of names that do not say whose, what each is: several of one kind make one name.

    `found` has for each column its name or kind, `whose` the column that a bare name there would be. A column that says whose
    it is goes before any that does not; a whole name before its parts.
    """
    settled: dict[int, str] = {}
    for role, own_part in (("head_name", HEAD_PART), ("member_name", MEMBER_PART)):
        bare = [place for place, name in enumerate(whose) if name == role]
        settled |= dict.fromkeys(_of_role(found, bare, role, own_part), role)
    if "address" in found:
        parts = [place for place, kind in enumerate(found) if kind == HOUSE_PART]
        settled |= dict.fromkeys((found.index("address"), *parts), "address")
    return settled


def _of_role(found: Sequence[str], bare: list[int], role: str, own_part: str) -> list[int]:
    if own := [place for place, kind in enumerate(found) if kind == own_part]:
        return own
    if role in found:
        return []
    full, short, parts = ([place for place in bare if found[place] == kind] for kind in (FULL, SHORT, PART))
    return full[:1] or (sorted((*parts, *short[:1])) if parts else short[:1])
