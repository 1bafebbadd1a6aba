"""What must be true of every answer, whoever asks for whatever."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.fuzz.town import OTHERS, PRIVATE, SENSITIVE_ITEM, Town, Visitor
from tests.fuzz.witness import MEANT_TO_RECORD, Witness

TRACES = re.compile(
    r"Traceback|File \"|sqlalchemy|psycopg|sqlite3\.|\bSELECT \w+[.,]|\bINSERT INTO|site-packages|/relief/\w+\.py"
)
IN_THE_KNOW = {"manager", "finance", "protection", "auditor", "administrator", "sensitive_phone"}
MAY_READ_PRIVATE = {"manager", "site_lead", "administrator"}  # what is held, to decide about it; the audit notes who looked
OF_THE_OTHER = {"administrator", "elsewhere", "phone_elsewhere"}
MARKUP = "<script>alert(1)</script>"


def problems(answer: TestResponse, visitor: Visitor, town: Town, typed: str = "") -> list[str]:
    """Return what is wrong with an answer: a failure, a trace, a secret, somebody's name, another operation's words.

    What was `typed` may come back.
    """
    text = answer.get_data().decode(errors="replace")
    wrong = [f"request {answer.headers.get('X-Request-Id')} failed"] if answer.status_code >= 500 else []
    wrong += [f"a trace: {found[0]}"] if (found := TRACES.search(text)) else []
    wrong += [f"a secret: {each[:12]}" for each in town.secrets() if each in text]
    wrong += ["markup that came in"] if answer.mimetype == "text/html" and MARKUP in text else []
    wrong += [f"private: {each}" for each in PRIVATE if each in text and visitor.name not in MAY_READ_PRIVATE]
    wrong += ["a sensitive item"] if SENSITIVE_ITEM in text and visitor.name not in IN_THE_KNOW else []
    wrong += [
        f"another operation: {each}"
        for each in (*OTHERS, town.other_id)
        if each in text and visitor.name not in OF_THE_OTHER and each not in typed + answer.request.url
    ]
    return wrong + header_problems(answer) + (error_problems(answer) if answer.status_code >= 400 else [])


def header_problems(answer: TestResponse) -> list[str]:
    """Return what is wrong with the headers that keep a browser's guard up."""
    headers = answer.headers
    wrong = [
        f"no {name}"
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "X-Request-Id")
        if name not in headers
    ]
    path, policy = answer.request.path, headers.get("Content-Security-Policy", "")
    if "unsafe" in (policy.replace("'wasm-unsafe-eval'", "") if path.startswith("/phone/") else policy):
        wrong.append("a policy with unsafe in it")
    if path.startswith("/static/") or (path.startswith("/phone/") and answer.status_code < 400):
        return wrong  # files, the same for everybody
    kept = headers.get("Cache-Control", "")
    wrong += [] if "no-store" in kept or kept == "private, no-cache" else [f"Cache-Control: {kept!r}"]
    for cookie in headers.getlist("Set-Cookie"):
        wrong += [f"a cookie without {flag}" for flag in ("HttpOnly", "SameSite=Lax", "Path=/") if flag not in cookie]
    return wrong


def error_problems(answer: TestResponse) -> list[str]:
    """Return what is wrong with an error: the one shape for programs, a whole page for people."""
    if answer.request.method == "HEAD":
        return []
    if answer.mimetype == "text/html":
        return [] if answer.get_data().decode(errors="replace").count("<h1") == 1 else ["an error page without its heading"]
    told = answer.get_json(silent=True)
    if not isinstance(told, dict) or set(told) != {"error"}:
        return [f"not the one shape: {str(told)[:80]}"]
    error = told["error"]
    fine = re.fullmatch(r"[a-z][a-z_]*", str(error.get("code"))) and str(error.get("message", "")).strip()
    return [] if fine else [f"not the one shape: {error}"]


def state_problems(answer: TestResponse, witness: Witness) -> list[str]:
    """Return which tables a refused call changed."""
    changed = witness.changed()
    refused = answer.status_code >= 400
    return [f"refused, and changed {name}" for name in changed if refused and name not in MEANT_TO_RECORD]
