"""The card pages: issuing, finding, and who may do what."""

from __future__ import annotations

import pytest

from relief.accounts.service import add_user, grant_role
from relief.db import unit_of_work
from relief.kernel.ids import to_text
from relief.office.cards.cli import issue_command
from tests.office.card_town import acts, address, cards, codes, enter


def test_cards_are_issued_to_all_of_a_site_to_one_and_to_nobody(manager, base, setting):
    for form, count in (({"whom": "one", "household": "H-2"}, 1), ({"whom": "site", "site": setting.id("club")}, 2),
                        ({"whom": "all"}, 3), ({"whom": "blank", "count": "4"}, 7)):  # fmt: skip
        as_a_browser = {"site": "", "household": "", "count": "", **form}
        assert manager.post(f"{base}/issue", data=as_a_browser).status_code == 303
        assert len(cards(setting)) == count
    assert [card.number for card in cards(setting)][:4] == ["01-0001", "02-0001", "03-0001", "04-0001"]


@pytest.mark.parametrize("form", [{"whom": "one", "household": "H-9"}, {"whom": "site"}, {"whom": "blank", "count": "0"},
                                  {"whom": "blank", "count": "10001"}, {"whom": "nobody"}])  # fmt: skip
def test_what_cannot_be_issued_is_said_and_issues_nothing(manager, base, setting, form):
    assert manager.post(f"{base}/issue", data=form).status_code == 422
    assert cards(setting) == []


def test_how_many_blank_cards_may_be_issued_at_once_is_one_rule_for_page_and_command(app, manager, base, setting):
    most = 10_000
    page = manager.post(f"{base}/issue", data={"whom": "blank", "count": f"{most + 1}"}).text
    assert f"Blank stock is 1 to {most} cards at a time." in page and f'max="{most}"' in page
    told = app.test_cli_runner().invoke(issue_command, ["--operation", "spring-floods", "--blank", f"{most + 1}"])
    assert told.exit_code == 2 and f"1<=x<={most}" in told.output
    assert "cards.issued" not in {action for action, *_rest in acts(setting)}


def test_every_page_of_cards_can_be_opened(issued, base, setting):
    card = cards(setting)[0]
    for path in (base, f"{base}/runs/1", f"{base}/design", f"{base}/hand-out", f"{base}/uncollected", address(base, card)):
        assert issued.get(path).status_code == 200
    assert issued.get(f"{base}/runs/9").status_code == 404


def test_a_card_is_found_without_its_code_in_an_address(issued, base, setting):
    card = cards(setting)[0]
    answer = issued.post(f"{base}/find", data={"code": codes(setting)[card.number]})
    assert answer.headers["Location"] == address(base, card)
    assert issued.get(answer.headers["Location"]).status_code == 200
    assert issued.post(f"{base}/find", data={"code": "nonsense"}).status_code == 422


@pytest.mark.parametrize(("role", "may"), [("site_lead", {"hand_out", "list"}), ("auditor", set()), ("volunteer", None)])
def test_who_may_do_what_with_cards(app, issued, base, setting, clock, role, may):
    with unit_of_work() as session:
        user_id = add_user(session, f"{role}@example.org", role, now=clock.now())
        grant_role(session, setting.operation_id, user_id, role)
    other = enter(app, issued, user_id, setting.operation_id, clock.now())
    answers = {"see": other.get(base), "print": other.get(f"{base}/runs/1/cards.pdf"),
               "list": other.get(f"{base}/runs/1/list.pdf"), "hand_out": other.get(f"{base}/hand-out"),
               "issue": other.post(f"{base}/issue", data={"whom": "all"}),
               "cancel": other.post(address(base, cards(setting)[0], "/cancel"), data={"reason": "x"})}  # fmt: skip
    allowed = {name for name, answer in answers.items() if answer.status_code < 400}
    assert allowed == (set() if may is None else {"see", *may})
    assert {answers[name].status_code for name in set(answers) - allowed} == {403}


def test_cards_of_another_operation_look_like_none(issued, setting):
    other = "00000000-0000-4000-8000-000000000001"
    card = cards(setting)[0]
    for path in ("", f"/{to_text(card.card_id)}", "/runs/1/cards.pdf", "/hand-out"):
        assert issued.get(f"/operations/{other}/cards{path}").status_code == 404
