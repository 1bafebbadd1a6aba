"""The catalogue of what is said: one for server and phone, one PO file a language.

`make words` brings it up to date with the sources. The phone's words are in every file. The server's are in the files of the
languages that its pages speak (`relief/web/words.py`); add a language there, and the next `make words` lists what is to be said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from relief.web.words import LANGUAGES
from tests.house.source import PACKAGE, ROOT

TRANSLATIONS = PACKAGE / "translations"
PHONE = ROOT / "frontend" / "phone" / "src"
PHONE_LANGUAGES = ("ar", "be", "es", "fr", "ru")
SERVER_SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
TEXT = r'("(?:[^"\\\n]|\\.)*")'
CALL = re.compile(r"(?<![\w.])(_|ngettext)\(\s*" + rf"(?:{TEXT}(?:,\s*{TEXT})?)?")
DEFINITION = re.compile(r"function\s+$")


@dataclass(frozen=True, slots=True)
class Said:
    """One call of gettext: where, and its text (none where it is no plain string); two texts where it counts something."""

    place: str
    texts: tuple[str, ...]


def said_by_phone() -> Iterator[Said]:
    """Yield every call of gettext in the phone's TypeScript."""
    for path in sorted([*PHONE.rglob("*.ts"), *PHONE.rglob("*.tsx")]):
        source = path.read_text(encoding="utf-8")
        for call in CALL.finditer(source):
            if DEFINITION.search(source, max(0, call.start() - 20), call.start()):
                continue
            wanted = 2 if call[1] == "ngettext" else 1
            texts = tuple(ast.literal_eval(text) for text in call.groups()[1 : 1 + wanted] if text)
            yield Said(path.relative_to(ROOT).as_posix(), texts if len(texts) == wanted else ())


def said_by_server() -> Iterator[Said]:
    """Yield every call of gettext in the server's Python and templates."""
    for name, _line, texts, _comments, _context in extract_from_dir(PACKAGE, SERVER_SOURCES, keywords=KEYWORDS):
        yield Said(f"relief/{name}", (texts,) if isinstance(texts, str) else tuple(texts))


def template(language: str) -> Catalog:
    """Return what is to be said in a language, without translations."""
    catalogue = Catalog(project="relief")
    for said in [*said_by_phone(), *(said_by_server() if language in LANGUAGES else ())]:
        if said.texts:
            catalogue.add(said.texts[0] if len(said.texts) == 1 else said.texts, locations=[(said.place, 0)])
    return catalogue


def path_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept; an empty one where there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, project="relief")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(language: str) -> bytes:
    """Return the PO file of a language, brought up to date with the sources; what is said no more is forgotten."""
    catalogue = read(language)
    catalogue.update(template(language), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = f"# What relief says in {catalogue.locale.english_name}."
    buffer = BytesIO()
    write_po(buffer, catalogue, width=130, omit_header=False, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return re.sub(rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To'
                  rb'|Project-Id-Version|Generated-By):.*\n', b"", buffer.getvalue(), flags=re.M)  # fmt: skip


if __name__ == "__main__":
    for each in PHONE_LANGUAGES:
        path_of(each).parent.mkdir(parents=True, exist_ok=True)
        path_of(each).write_bytes(written(each))
