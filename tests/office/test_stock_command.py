"""`relief stock`: what lies where, and what came or was counted, from the command line."""

from __future__ import annotations

import json

import pytest

from relief.kernel.errors import BadInput
from relief.office.stock.cli import stock
from tests.ledger.field import Field
from tests.office.desk import ledger_problems


@pytest.fixture
def run(app, clock):
    """Run `relief stock` in a field; return what it answered."""
    field = Field(app, clock)

    def run_command(command, *arguments, words=False):
        done = app.test_cli_runner().invoke(stock, [command, "spring-floods", *arguments, *(() if words else ("--json",))])
        if done.exception:
            raise done.exception
        field.seal()
        return done.output if words else json.loads(done.output)

    yield run_command
    assert ledger_problems(field) == []


def test_what_comes_and_is_counted_is_written_down_and_shown(run):
    parcels = ("--item", "Food parcel")
    came = ("--way", "received", "--source", "dref", "--waybill", "WB 17")
    run("write-down", *parcels, *came, "--site", "School 1", "--quantity", "10")
    run("write-down", *parcels, "--way", "transferred", "--site", "School 2", "--from", "School 1", "--quantity", "4")
    run("write-down", *parcels, "--way", "counted", "--site", "School 2", "--quantity", "3")
    rows = {row["site_name"]: row for row in run("show")["rows"]}
    assert (rows["School 1"]["on_hand"], rows["School 1"]["transferred_out"]) == (6, 4)
    assert (rows["School 2"]["on_hand"], rows["School 2"]["count_difference"]) == (3, -1)
    assert "Food parcel, School 1: 6 there, 10 received, 0 given, 0 lost" in run("show", words=True)


def test_what_makes_no_sense_is_not_written_down(run):
    for wrong in (("--item", "Gold"), ("--site", "School 9"), ("--way", "transferred"), ("--quantity", "0"), ("--item", "Talk")):
        with pytest.raises(BadInput):
            run("write-down", "--way", "received", "--item", "Food parcel", "--site", "School 1", "--quantity", "1", *wrong)
    assert run("show")["rows"] == []
