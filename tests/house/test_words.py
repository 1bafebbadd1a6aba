"""What people read goes through gettext: in templates, and in errors raised by the rooms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jinja2
import pytest

from relief.kernel import errors
from tests.house.source import PACKAGE, modules

TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
NAMES = {"relief", "DEMO", "CHF", "CSV", "JSON", "HTML", "XLSX", "IFRC", "DREF", "GLIDE", "QR"}  # not words of a language
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description")
RAISED = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.ReliefError)}


def bare_words(source: str) -> list[str]:
    """Return the words of a template's own text and spoken attributes that are outside {% trans %} and {{ _() }}."""
    text, in_trans, in_code = "", False, False
    for _line, kind, value in jinja2.Environment().lex(source):
        if kind == "block_begin":
            in_code, words = True, []
        elif kind == "block_end":
            in_code = False
            in_trans = words[:1] == ["trans"] or (in_trans and words[:1] != ["endtrans"])
        elif in_code and kind == "name":
            words.append(value)
        elif kind == "data" and not in_trans:
            text += value
        elif kind == "variable_begin":
            text += "\x00"
    text = re.sub(r"<!--.*?-->|<(script|style|code|pre)\b.*?</\1>", " ", text, flags=re.S)
    spoken = [value for name in SPOKEN for value in re.findall(rf'\s{name}="([^"]*)"', text)]
    seen = re.sub(r'\s[a-z-]+="[^"]*"', " ", re.sub(r"<[^>]*>", " ", text))
    return [word for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", " ".join([seen, *spoken]))) if word not in NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE / "templates").as_posix())
def test_a_template_says_nothing_past_gettext(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_bare_words_are_found() -> None:
    template = '<p>{{ _("Fine") }} {% trans %}fine{% endtrans %} <b class="x">Bare</b><img alt="Words"></p>'
    assert bare_words(template) == ["Bare", "Words"]


def test_rooms_raise_errors_in_translated_words() -> None:
    found = []
    for name, tree in modules().items():
        if name.startswith(("kernel/", "db.py", "settings.py")):
            continue  # below gettext
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
                said = node.exc.args[:1]
                if node.exc.func.id in RAISED and said and isinstance(said[0], ast.Constant | ast.JoinedStr):
                    found.append(f"{name}:{node.lineno}")
    assert found == []
