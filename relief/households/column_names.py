"""What people call the columns of a household list, in the languages they write them in; the guess is theirs to correct."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from relief.households.columns import KNOWN_COLUMNS, MEMBER_COLUMNS
from relief.households.name_columns import name_kind, without_head
from relief.operations.rules import AGE_BANDS

EXACT, SAID, MEANT = 3, 2, 1  # how sure a guess is
HEADS_OWN = "head's "
# English; Russian; French; Spanish; Arabic. Compared without case, accents, punctuation and group path.
_WORDS = {
    "external_id": "_uuid; uuid; household id; hh id; hhid; household number; household no; registration number; case id; "
                   "case number; "
                   "instanceid; beneficiary id; номер семьи; номер домохозяйства; код семьи; код домохозяйства; ид семьи; "
                   "номер дела; id ménage; numéro du ménage; n ménage; code ménage; numéro de famille; "
                   "numéro de la famille; n famille; id famille; code famille; número de familia; id familia; "
                   "id hogar; número de hogar; código del hogar; "
                   "رقم الأسرة; رقم العائلة; رمز الأسرة",
    "head_name": "head; head of household; head of family; household head; name of head; hoh name; hoh; name of head "
                 "of household; глава семьи; глава домохозяйства; фио главы; фио главы семьи; "
                 "chef de ménage; nom du chef de ménage; chef de famille; jefe de hogar; jefe de familia; "
                 "nombre del jefe de hogar; رب الأسرة; اسم رب الأسرة",
    "village": "village; settlement; town; locality; community; населенный пункт; нас пункт; деревня; село; поселок; город; "
               "localité; localidad; pueblo; comunidad; aldea; القرية; المدينة; البلدة",
    "address": "address; street; street address; home address; адрес; улица; место жительства; адрес проживания; adresse; rue; "
               "dirección; domicilio; calle; العنوان; الشارع",
    "phone": "phone; phone number; telephone; telephone number; mobile; mobile number; tel; contact number; телефон; "
             "номер телефона; тел; мобильный; моб телефон; контактный телефон; téléphone; numéro de téléphone; portable; "
             "teléfono; número de teléfono; celular; móvil; الهاتف; رقم الهاتف; رقم الجوال; الجوال",
    "document": "document; document number; id number; national id; passport; passport number; id card; identity document; "
                "документ; номер документа; паспорт; номер паспорта; серия и номер паспорта; личный номер; удостоверение; "
                "pièce d identité; numéro de pièce; passeport; carte d identité; documento; documento de identidad; dni; "
                "cédula; pasaporte; رقم الهوية; الهوية; رقم الجواز; جواز السفر; الرقم الوطني",
    "area": "area; district; region; p code; pcode; admin2; район; область; регион; région; municipio; departamento; "
            "distrito; región; المنطقة; المحافظة; القضاء",
    "home_site": "home site; site; distribution point; distribution site; пункт выдачи; пункт раздачи; место выдачи; "
                 "site de distribution; point de distribution; punto de distribución; sitio; نقطة التوزيع; موقع التوزيع",
    "members": "members; size; household size; hh size; family size; number of members; number of people; people in household; "
               "no of members; количество членов семьи; членов семьи; число членов семьи; состав семьи; кол во человек; "
               "количество человек; размер семьи; taille du ménage; taille; nombre de personnes; nombre de membres; "
               "tamaño del hogar; tamaño de la familia; número de personas; número de miembros; عدد الأفراد; "
               "عدد أفراد الأسرة; حجم الأسرة",
    "member_number": "member number; member no; individual number; номер члена семьи; numéro du membre; número de miembro; "
                     "رقم الفرد",
    "member_name": "member name; name of member; individual name; person name; фио члена семьи; имя члена семьи; член семьи; "
                   "nom du membre; nombre del miembro; اسم الفرد",
    "sex": "sex; gender; пол; sexe; genre; sexo; género; الجنس; النوع",
    "age_band": "age band; age group; возрастная группа; tranche d âge; groupe d âge; grupo de edad; grupo etario; الفئة العمرية",
    "age": "age; age years; age in years; возраст; лет; полных лет; âge; âge en années; edad; edad en años; العمر",
    "birth_date": "birth date; date of birth; dob; birthdate; birthday; дата рождения; д р; date de naissance; né le; "
                  "fecha de nacimiento; تاريخ الميلاد; تاريخ الولادة",
    "birth_year": "birth year; year of birth; yob; год рождения; г р; année de naissance; año de nacimiento; سنة الميلاد; "
                  "سنة الولادة",
    "disability": "disability; disabled; person with disability; pwd; инвалидность; инвалид; handicap; discapacidad; "
                  "إعاقة; الإعاقة",
}  # fmt: skip
# In the sheet of a repeat group a plain number is a member's.
_MEMBER_WORDS = {"member_number": "number; no; index; номер; numéro; número; الرقم"}
# Whole questions, as form tools put them into the header.
_QUESTIONS = (
    (r"name.*\bhead\b|\bhead\b.*name|(фио|имя).*глав|глав.*(фио|имя)|nom.*chef|nombre.*jefe|اسم.*رب", "head_name"),
    (r"how many (people|persons|members)|сколько (человек|людей)|combien de personnes|cuantas personas|كم عدد", "members"),
    (r"(phone|mobile|telephone) number|номер (вашего )?телефона|numero de telefono|numero de telephone", "phone"),
    (r"date of birth|дата рождения|date de naissance|fecha de nacimiento", "birth_date"),
    (r"^(номер( п п)?|п п|no|n|id|numero|num|key|الرقم)$", "external_id"),
    (r"year of birth|год рождения|annee de naissance|ano de nacimiento", "birth_year"),
)
_COUNTED = {"female": "female|females|women|woman|girl|girls|женщины|женщин|девочки|девочек|femmes|filles|mujeres|ninas|إناث",
            "male": "male|males|men|man|boy|boys|мужчины|мужчин|мальчики|мальчиков|hommes|garcons|hombres|"
                    "ninos|ذكور"}  # fmt: skip
_COUNT = {sex: re.compile(rf"(?:{words})\D{{0,12}}(\d+)(?:\D+(\d+)|\s*(?:plus|\+|и старше|et plus|y mas))")
          for sex, words in _COUNTED.items()}  # fmt: skip


def plain_words(text: str) -> str:
    """Return a header without case, accents, punctuation and what stands in brackets, words apart by one blank."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text.casefold().replace("№", "номер ")) or text.casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign) or sign == "\u0306")
    return " ".join(re.sub(r"[^\w+]+|_", " ", unicodedata.normalize("NFC", bare.replace("ё", "е"))).split())


def count_known(header: tuple[str, ...], members: bool = False) -> int:
    """Return how many cells of a row name a column we know: what makes it look like a header."""
    return sum(recognise(cell, members)[1] > 0 for cell in header if cell)


@lru_cache(maxsize=4096)
def recognise(cell: str, members: bool) -> tuple[str, int]:
    """Return our name for a header's cell, '' for none, and how sure it is; `members` in a repeat group of members.

    A name that does not say whose it is comes as one of the kinds of `name_columns`, the sex of the head as HEADS_OWN + `sex`.
    """
    exact = cell.casefold().rsplit("/", 1)[-1].strip().replace(" ", "_").replace("-", "_")
    if exact in KNOWN_COLUMNS:
        return exact, EXACT
    # Forms put their groups before a name: group/name in Kobo, group-name in ODK.
    if exact.startswith("set_of_"):  # ODK's pointer to a repeat group
        return "", 0
    whole, last = plain_words(cell), plain_words(cell.rstrip("/").rsplit("/", 1)[-1])
    inner = plain_words(cell.rsplit("-", 1)[-1]) if " " not in cell else ""
    for words in (whole, last, inner):
        if members and words in _BY_MEMBER_WORDS:
            return _BY_MEMBER_WORDS[words], SAID
        if words in _BY_WORDS and not (exact.startswith("_") and exact != "_uuid"):
            return _BY_WORDS[words], SAID
    kind = next((kind for words in (whole, last, inner) if (kind := name_kind(words, whole))), "")
    return (kind, SAID) if kind else _counted(last) or _of_head(last) or _asked(whole)


def _of_head(words: str) -> tuple[str, int] | None:
    name = _BY_WORDS.get(without_head(words), "")
    return (HEADS_OWN + name, SAID) if name in MEMBER_COLUMNS else None


def _counted(words: str) -> tuple[str, int] | None:
    for sex, pattern in _COUNT.items():
        match = pattern.fullmatch(words)
        if match:
            band = f"{match[1]}-{match[2]}" if match[2] else f"{match[1]}+"
            name = f"{sex}_{band.replace('-', '_').replace('+', '_plus')}"
            return (name, SAID) if band in AGE_BANDS else ("", 0)
    return None


def _asked(words: str) -> tuple[str, int]:
    return next(((name, MEANT) for pattern, name in _QUESTIONS if re.search(pattern, words)), ("", 0))


_BY_WORDS = {plain_words(phrase): name for name, phrases in _WORDS.items() for phrase in phrases.split(";")}
_BY_MEMBER_WORDS = {plain_words(phrase): name for name, phrases in _MEMBER_WORDS.items() for phrase in phrases.split(";")}
