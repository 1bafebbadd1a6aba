"""The check that every page in the tests goes through finds what it is for."""

from __future__ import annotations

import pytest

from tests.house.pages_check import page_problems

GOOD = """<!doctype html><html lang="en"><head><title>Board</title><script src="/static/desk.js"></script></head>
<body><h1>Board</h1>
<label for="name">Name</label><input id="name" name="name"><label>Day <input name="day"></label>
<input type="hidden" name="csrf"><img src="/logo.svg" alt=""></body></html>"""


def test_a_good_page_has_no_problems() -> None:
    assert page_problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('lang="en"', "", "no language on <html>"),
        ("<title>Board", "<title> ", "no title"),
        ("<h1>Board</h1>", "", "0 h1 instead of one"),
        ("<h1>Board</h1>", "<h1>Board</h1><h1>Board</h1>", "2 h1 instead of one"),
        ('for="name"', "", "input name has no label"),
        ('alt=""', "", "an image without alt: /logo.svg"),
        ("</body>", "<script>go()</script></body>", "inline script"),
        ("<body>", '<body onload="go()">', "inline onload on <body>"),
        ("<body>", '<body style="color:red">', "inline style on <body>"),
        ('src="/static', 'src="https://elsewhere.example', "script from another machine"),
        ("<body>", '<body id="name">', "id name used twice"),
    ],
)
def test_a_problem_is_named(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert problem in page_problems(GOOD.replace(old, new))
