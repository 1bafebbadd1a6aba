"""The phone's outbox: nothing leaves it but by the record's own id in an answer."""

from __future__ import annotations

from relief.fleet.outbox import Outbox, Verdict, read_verdicts


def outbox_with(*ids: str) -> Outbox:
    outbox = Outbox()
    for each in ids:
        outbox.put({"id": each, "kind": "handover"})
    return outbox


def test_a_record_stays_until_a_verdict_on_its_own_id_comes():
    outbox = outbox_with("a", "b")
    outbox.settle([Verdict("b", "accepted")])
    assert list(outbox.waiting) == ["a"]


def test_verdicts_on_strangers_settle_nothing():
    outbox = outbox_with("a")
    assert outbox.settle([Verdict("z", "accepted")]) == []
    assert list(outbox.waiting) == ["a"]


def test_accepted_already_there_flagged_and_refused_settle():
    outbox = outbox_with("a", "b", "c", "d")
    verdicts = zip("abcd", ("accepted", "already_there", "flagged", "refused"), strict=True)
    outbox.settle([Verdict(each, word) for each, word in verdicts])
    assert outbox.waiting == {} and len(outbox.settled) == 4


def test_held_records_move_to_their_own_shelf_and_are_never_deleted():
    outbox = outbox_with("a")
    outbox.settle([Verdict("a", "held", ("malformed",))])
    assert outbox.waiting == {}
    assert outbox.held["a"][0] == {"id": "a", "kind": "handover"}
    assert outbox.counts() == {"made": 1, "waiting": 0, "held": 1}


def test_an_unknown_verdict_settles_nothing():
    outbox = outbox_with("a")
    outbox.settle([Verdict("a", "perhaps")])
    assert list(outbox.waiting) == ["a"]


def test_a_batch_has_the_oldest_records_that_fit():
    outbox = outbox_with("a", "b", "c")
    assert [record["id"] for record in outbox.batch(2, 10_000)] == ["a", "b"]
    assert [record["id"] for record in outbox.batch(9, 1)] == ["a"]


def test_what_is_in_the_batch_is_not_told_as_waiting_beyond_it():
    outbox = outbox_with("a", "b", "c")
    assert outbox.counts(outbox.batch(2, 10_000))["waiting"] == 1


def test_a_granted_ask_waits_again_once_it_is_told():
    outbox = Outbox()
    outbox.put({"id": "a", "kind": "handover"}, mode="ask")
    outbox.settle([Verdict("a", "accepted", mode="granted")])
    outbox.put({"id": "a", "kind": "handover"})
    assert outbox.waiting["a"] == {"id": "a", "kind": "handover"}
    assert outbox.made == 1


def test_an_answer_that_is_not_ours_has_no_verdicts():
    assert read_verdicts({}) == []
    assert read_verdicts({"verdicts": "please sign in"}) == []
    assert read_verdicts({"verdicts": [{"id": 1, "verdict": "accepted"}, None, {"id": "a"}]}) == []
