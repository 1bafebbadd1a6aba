"""What the phone believes is left on a card."""

from __future__ import annotations

from relief.fleet.card_view import CardView

CARD, ITEM, ROUND = "c" * 32, "item", "round"


def view_with(left: int | None, *, complete: bool = True) -> CardView:
    view = CardView()
    due = {"item": ITEM, "round": ROUND} | ({} if left is None else {"left": left})
    view.take({"cursor": 1, "complete": complete, "cards": [{"card": CARD, "state": "linked", "due": [due]}]})
    return view


def handover(record_id: str, quantity: int = 1) -> dict:
    return {"id": record_id, "kind": "handover", "card": CARD, "item": ITEM, "round": ROUND, "quantity": quantity}


def test_own_handovers_that_the_row_does_not_know_are_taken_off():
    view = view_with(3)
    view.note(handover("a", 2))
    assert view.left(CARD, ITEM, ROUND) == 1


def test_nothing_is_taken_off_twice_once_the_register_contains_it():
    view = view_with(3)
    view.note(handover("a", 2))
    view.take({"cursor": 2, "complete": False, "contained": ["a"], "cards": [
        {"card": CARD, "state": "linked", "due": [{"item": ITEM, "round": ROUND, "left": 1}]}]})  # fmt: skip
    assert view.left(CARD, ITEM, ROUND) == 1


def test_an_own_void_gives_back():
    view = view_with(1)
    view.note(handover("a"))
    view.note_void({"id": "v"}, handover("a"))
    assert view.left(CARD, ITEM, ROUND) == 1


def test_a_void_of_what_the_register_contains_gives_back_too():
    view = view_with(0)
    view.note_void({"id": "v"}, handover("a"))
    assert view.left(CARD, ITEM, ROUND) == 1


def test_left_is_never_below_zero():
    view = view_with(1)
    view.note(handover("a", 5))
    assert view.left(CARD, ITEM, ROUND) == 0


def test_unlimited_and_unknown_have_no_number():
    assert view_with(None).left(CARD, ITEM, ROUND) is None
    assert view_with(1).left("d" * 32, ITEM, ROUND) is None
    assert view_with(1).state("d" * 32) == "unknown"


def test_a_complete_register_replaces_all_rows_and_changes_only_their_own():
    view = view_with(1)
    view.take({"cursor": 2, "complete": False, "cards": [{"card": "d" * 32, "state": "blank"}]})
    assert view.state(CARD) == "linked" and view.state("d" * 32) == "blank"
    view.take({"cursor": 3, "complete": True, "cards": [{"card": "d" * 32, "state": "blank"}]})
    assert view.state(CARD) == "unknown"
