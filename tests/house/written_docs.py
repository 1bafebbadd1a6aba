"""The pages of docs/ that are written from the program itself: `make docs` writes them, a test compares."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from relief import cli, create_app
from relief.settings import Settings
from tests.house.source import ROOT

NOTE = "<!-- Written from the program by `make docs`: change the program, not this page. -->\n"
COMMANDS = """`relief COMMAND --help` says the same. `RELIEF_INSTANCE` names the folder that a command works on.

Beyond the exit codes named below: 8 no backup was made, or one cannot be opened or trusted.
"""
API = """The full description, for programs, is at `/api/v1/openapi.json`; the wire form of records is in
[protocol.md](protocol.md). Every error has one shape, `{"error": {"code": "not_found", "message": "..."}}`: the code is
stable and for programs, the message is a sentence for people.
"""


def pages() -> dict[str, str]:
    """Return the text that each written page ought to have, by its name in docs/. Ask a process of its own: a command of
    click remembers the help option of whoever asked first."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), database_url=f"sqlite:///{folder}/relief.db"))
        description = app.test_client().get("/api/v1/openapi.json").get_json()
    return {"commands.md": commands_page(), "api.md": api_page(description)}


def commands_page() -> str:
    lines = [NOTE, "# Commands\n", COMMANDS]
    house = cli.relief.context_settings  # as below the program's own group
    for path, command in visible(cli.relief, "relief"):
        context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100, **house)
        lines += [f"## `{path}`\n", "```", context.get_help(), "```\n"]
    return "\n".join(lines)


def visible(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    """Return a command and, below it, those in it that are not hidden."""
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            if not command.commands[name].hidden:
                found += visible(command.commands[name], f"{path} {name}")
    return found


def api_page(description: dict[str, Any]) -> str:
    lines = [NOTE, "# The API\n", API]
    for path, methods in sorted(description["paths"].items()):
        for method, told in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                parameters = [*methods.get("parameters", []), *told.get("parameters", [])]
                lines += endpoint(f"{method.upper()} {path}", told, parameters)
    return "\n".join(lines)


def endpoint(title: str, told: dict[str, Any], parameters: list[dict[str, Any]]) -> list[str]:
    lines = [f"## `{title}`\n", *[f"{told[part].strip()}\n" for part in ("summary", "description") if told.get(part)]]
    named = [given for given in parameters if "name" in given]
    lines += [f"- `{given['name']}` in {given['in']}, {schema_name(given.get('schema', {}))}" for given in named]
    for media, body in told.get("requestBody", {}).get("content", {}).items():
        lines.append(f"- sends {schema_name(body.get('schema', {}))} as `{media}`")
    for status, answer in sorted(told.get("responses", {}).items()):
        shapes = [schema_name(body["schema"]) for body in answer.get("content", {}).values() if body.get("schema")]
        lines.append(f"- answers {status}{': ' + ', '.join(shapes) if shapes else ''}")
    return [*lines, ""]


def schema_name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{re.sub(r'.*/', '', schema['$ref'])}`"
    return schema.get("type", "any")


def write(folder: Path) -> None:
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs")
