"""Cards into people's hands: by scan, by tick, taken back; and those that nobody has collected."""

from __future__ import annotations

from functools import partial

import pytest

from relief.cards.rules import practice_code
from relief.db import snapshot, write
from relief.kernel.ids import to_text
from relief.ledger.desk import tell
from relief.ledger.keys import current_keys
from relief.office.cards.queries import count_uncollected, list_uncollected, list_uncollected_numbers
from tests.office.card_town import FAMILIES, address, cards, codes
from tests.office.paper_town import build_town, now


def test_a_scanned_card_is_handed_out_once_and_can_be_taken_back(issued, base, setting, clock):
    first = cards(setting)[0]
    assert issued.post(f"{base}/hand-out", data={"code": codes(setting)[first.number]}).status_code == 200
    assert cards(setting)[0].handed_out_at == clock.now()
    clock.moment += 60
    again = issued.post(f"{base}/hand-out", data={"code": first.number})
    assert again.status_code == 200 and "before" in again.get_data(as_text=True)
    assert cards(setting)[0].handed_out_at == clock.now() - 60
    assert issued.post(address(base, first, "/not-handed-out")).status_code == 303
    assert cards(setting)[0].is_uncollected


def test_whoever_was_served_with_her_card_has_collected_it(app, setting):
    town = build_town(setting.operation_id, setting.manager_id)
    assert uncollected(setting) == [card.number for card in sorted(town.cards, key=lambda card: card.number)]
    (sheet,) = town.print("parcel")
    town.type(sheet, town.line(0))
    town.enter(sheet)
    assert town.cards[0].number not in uncollected(setting)
    assert len(uncollected(setting)) == len(town.cards) - 1


def test_the_card_of_a_family_that_was_withdrawn_is_not_waited_for(app, setting):
    town = build_town(setting.operation_id, setting.manager_id)
    first, second = town.cards[:2]
    for card, action in ((first, "withdrawn"), (second, "approved")):
        record = {"kind": "household", "action": action, "household": to_text(card.household_id)}
        write(partial(tell, operation_id=town.operation_id, enrolment_id=town.desk_id, records=[record], now=now(),
                      keys=current_keys()))  # fmt: skip
    assert first.number not in uncollected(setting) and second.number in uncollected(setting)


def uncollected(setting):
    with snapshot() as connection:
        numbers = list_uncollected_numbers(connection, setting.operation_id)
        assert count_uncollected(connection, setting.operation_id) == len(numbers)
        assert [card.number for card in list_uncollected(connection, setting.operation_id).rows] == numbers
    return numbers


def test_a_code_may_be_typed_as_it_is_read(issued, base, setting):
    number, code = next(iter(codes(setting).items()))
    typed = " - ".join(code[start : start + 4].lower() for start in range(0, 16, 4))
    issued.post(f"{base}/hand-out", data={"code": typed})
    assert cards(setting)[0].number == number and cards(setting)[0].handed_out_at


SAME_KEYS = str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")
SAME_LOOKS = str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ")


@pytest.mark.parametrize("keyboard", [lambda code: code.lower().translate(SAME_KEYS),
                                      lambda code: code.lower().translate(SAME_KEYS).upper(),
                                      lambda code: code.translate(SAME_LOOKS)])  # fmt: skip
def test_a_scanner_on_a_cyrillic_keyboard_is_understood_and_so_is_who_types_letters_that_look_the_same(
    issued, base, setting, keyboard
):
    for number, code in codes(setting).items():
        answer = issued.post(f"{base}/hand-out", data={"code": keyboard(code)})
        assert answer.status_code == 200 and number in answer.get_data(as_text=True)


@pytest.mark.parametrize("typed", ["1 1", "01-1", "010001", "٠١-٠٠٠١", "01\u20130001"])
def test_a_number_may_be_typed_in_short(issued, base, setting, typed):
    assert issued.post(f"{base}/hand-out", data={"code": typed}).status_code == 200
    assert cards(setting)[0].number == "01-0001" and cards(setting)[0].handed_out_at


def test_letters_of_another_script_are_said(issued, base):
    answer = issued.post(f"{base}/hand-out", data={"code": "شسيبل"})
    assert answer.status_code == 422 and "Latin letters" in answer.get_data(as_text=True)


@pytest.mark.parametrize("typed", ["", "nonsense", "01-9999", "0123456789ABCDEF", "9" * 500, practice_code(bytes(16), 3)])
def test_what_is_no_card_here_is_said_and_notes_nothing(issued, base, setting, typed):
    answer = issued.post(f"{base}/hand-out", data={"code": typed})
    assert answer.status_code == 422 and 'role="alert"' in answer.get_data(as_text=True)
    assert all(card.is_uncollected for card in cards(setting))


def test_a_blank_card_is_not_handed_out(manager, base, setting):
    manager.post(f"{base}/issue", data={"whom": "blank", "count": "1"})
    assert manager.post(f"{base}/hand-out", data={"code": "01-0001"}).status_code == 422
    assert cards(setting)[0].handed_out_at is None


def test_ticked_cards_are_handed_out_and_the_others_wait(issued, base, setting):
    first, second, third = cards(setting)
    ticked = [to_text(first.card_id), to_text(third.card_id)]
    assert issued.post(f"{base}/uncollected", data={"card": ticked}).status_code == 303
    assert [card.is_uncollected for card in cards(setting)] == [False, True, False]
    page = issued.get(f"{base}/uncollected").get_data(as_text=True)
    assert second.number in page and first.number not in page and third.number not in page


def test_the_uncollected_ones_can_be_seen_by_site_and_without_any_name(issued, base, setting):
    page = issued.get(f"{base}/uncollected?site={setting.id('club')}").get_data(as_text=True)
    assert page.count('name="card"') == 1
    assert not any(head in page for _id, head, *_rest in FAMILIES)
