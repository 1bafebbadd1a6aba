"""What the phone says is in the catalogue, in every language, and its blanks are filled with the same values."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from tests.house import catalogue
from tests.house.catalogue import PHONE_LANGUAGES

every_language = pytest.mark.parametrize("language", PHONE_LANGUAGES)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s", text))


def test_all_that_the_phone_says_is_plain_text_that_can_be_looked_up() -> None:
    assert [said.place for said in catalogue.said_by_phone() if not said.texts] == []


@every_language
def test_the_catalogue_is_up_to_date(language: str) -> None:
    assert catalogue.path_of(language).read_bytes() == catalogue.written(language), "run `make words`"


@every_language
def test_everything_is_said_in_this_language(language: str) -> None:
    missing = [message.id for message in catalogue.read(language) if message.id and (message.fuzzy or not all(forms(message)))]
    assert missing == []


@every_language
def test_a_translation_has_the_blanks_of_its_source(language: str) -> None:
    wrong = []
    for message in catalogue.read(language):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[-1]
        spare = ["%(num)s"]  # "one card" need not say 1
        for form in forms(message):
            if blanks(form) != blanks(source) and not (message.pluralizable and sorted(blanks(form) + spare) == blanks(source)):
                wrong.append(form)
    assert wrong == []


def test_calls_are_found_however_they_are_laid_out() -> None:
    source = 'x = _("one") + ngettext("%(num)s card",\n  "%(num)s cards", n); _(\n"say \\"two\\"", {}); a._("no"); _(name)'
    found = [tuple(text for text in call.groups()[1:] if text) for call in catalogue.CALL.finditer(source)]
    assert found == [('"one"',), ('"%(num)s card"', '"%(num)s cards"'), ('"say \\"two\\""',), ()]
