"""The page on the operation file names every field and word of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from marshmallow import Schema, fields

from relief.budget.rules import ACCOUNT_GROUPS
from relief.office.operations.file_schemas import OperationFileSchema
from relief.operations.rules import SECTORS

PAGE = (Path(__file__).parents[2] / "docs" / "operation-file.md").read_text(encoding="utf-8")
ROWS = {line.split("|")[1].strip().strip("`").removesuffix("[]"): line for line in PAGE.splitlines() if line.startswith("| ")}


def parts() -> dict[str, Schema]:
    """Return the schemas of the file by the place they describe."""
    whole = OperationFileSchema()
    found: dict[str, Schema] = {"top": whole}
    for name, field in whole.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            found[name] = inner.schema
    return found


@pytest.mark.parametrize("place", parts())
def test_every_field_is_in_the_row_of_its_place(place: str) -> None:
    for name, field in parts()[place].fields.items():
        assert f"`{name}`{'*' if field.required else ''}" in ROWS[place]


@pytest.mark.parametrize("word", [*SECTORS, *ACCOUNT_GROUPS])
def test_every_sector_and_account_group_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE
