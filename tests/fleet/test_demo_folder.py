"""The demonstration's folder: never anybody else's."""

from __future__ import annotations

import json

import pytest

from relief.fleet import demo_folder
from relief.kernel.errors import Conflict


def test_an_empty_folder_and_a_missing_one_are_free(tmp_path):
    assert demo_folder.find_complete(tmp_path) is None
    assert demo_folder.find_complete(tmp_path / "new") is None


def test_a_folder_with_anything_else_is_refused_and_not_touched(tmp_path):
    (tmp_path / "relief.db").write_bytes(b"somebody's work")
    with pytest.raises(Conflict) as refused:
        demo_folder.find_complete(tmp_path)
    assert refused.value.code == "not_a_demo"
    assert [path.name for path in tmp_path.iterdir()] == ["relief.db"]
    assert (tmp_path / "relief.db").read_bytes() == b"somebody's work"


def test_a_marker_that_cannot_be_read_is_no_marker(tmp_path):
    (tmp_path / demo_folder.MARKER).write_text("{", encoding="utf-8")
    with pytest.raises(Conflict):
        demo_folder.find_complete(tmp_path)


def test_a_complete_demonstration_is_found(tmp_path):
    demo_folder.write_marker(tmp_path, demo_folder.COMPLETE, figures={"parcels": 1938})
    assert demo_folder.find_complete(tmp_path)["figures"] == {"parcels": 1938}


def test_an_interrupted_one_starts_over_and_keeps_what_is_not_its_own(tmp_path):
    demo_folder.write_marker(tmp_path, demo_folder.LOADING)
    for name in ("relief.db", "secrets.json", "notes.txt"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    assert demo_folder.find_complete(tmp_path) is None
    demo_folder.prepare(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"demo.json", "settings.toml", "notes.txt"}


def test_one_that_another_process_is_loading_is_left_alone(tmp_path):
    demo_folder.write_marker(tmp_path, demo_folder.LOADING, process=1)
    with pytest.raises(Conflict) as refused:
        demo_folder.find_complete(tmp_path)
    assert refused.value.code == "demo_loading"


def test_the_settings_say_demo_and_name_the_clock(tmp_path):
    clock = demo_folder.prepare(tmp_path)
    clock.set(0)
    text = (tmp_path / "settings.toml").read_text(encoding="utf-8")
    assert "demo = true" in text and json.dumps(str(tmp_path / "clock")) in text
    assert clock.now() in (0, 1)


@pytest.mark.parametrize("name", ["RELIEF_DATABASE_URL", "RELIEF_CLOCK_FILE"])
def test_settings_that_lead_out_of_the_folder_are_refused(name):
    with pytest.raises(Conflict) as refused:
        demo_folder.check_environment({name: "somewhere"})
    assert refused.value.where == name
