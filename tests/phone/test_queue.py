"""A volunteer serves a queue: what a card is answered, what a tap keeps, and that the server says the same in the end."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from relief.cards.rules import practice_code
from relief.kernel.ids import to_bytes
from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.eyes import look_at, problems_at_both_sizes
from tests.phone.served import Served
from tests.phone.serving import begin, expect_unsent, give_a_parcel_anyway, records_of, send, standings, type_code
from tests.phone.storages import change, look

pytestmark = only_sqlite
KEYBOARD_SCANNER = """(code) => [...code, "Enter"].forEach((key) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""


def test_one_tap_gives_what_the_table_gives_and_the_server_has_it(volunteer: Phone, served: Served) -> None:
    card = served.town.cards[0]
    type_code(volunteer, card.code)
    volunteer.see("Give")
    expect(volunteer.page.get_by_text(card.number)).to_be_visible()
    volunteer.press("Give all")
    volunteer.see("Show a card")
    expect(volunteer.page.get_by_text("Saved:")).to_be_visible()
    expect_unsent(volunteer, 0)
    assert set(standings(served).values()) == {"entitled"}
    volunteer.page.evaluate(KEYBOARD_SCANNER, card.code)
    volunteer.see("Had all")
    expect(volunteer.page.get_by_text("1 × Food parcel: today · School 3")).to_be_visible()


def test_offline_it_is_kept_survives_the_page_and_goes_out_by_itself(volunteer: Phone, served: Served) -> None:
    served.stop()
    for card in served.town.cards[:3]:
        type_code(volunteer, card.code)
        volunteer.press("Give all")
    expect(volunteer.page.get_by_text("On this phone, not sent:")).not_to_contain_text("not sent: 0")
    volunteer.page.close()
    served.start()
    volunteer.page = volunteer.open()
    volunteer.page.goto("/phone/")
    volunteer.type_pin(PIN)
    volunteer.see("Show a card")
    expect_unsent(volunteer, 0)
    assert len(standings(served)) >= 3


def test_undo_takes_back_what_was_not_sent_yet_and_an_old_list_is_said_once(volunteer: Phone, served: Served) -> None:
    served.stop()
    type_code(volunteer, served.town.cards[0].code)
    volunteer.press("Give all")
    volunteer.press("Undo")
    expect(volunteer.page.get_by_text("Taken back")).to_be_visible()
    type_code(volunteer, served.town.cards[0].code)
    volunteer.see("Give")
    volunteer.press("Give nothing")
    volunteer.press("Not wanted")
    register = dict(look(volunteer.page)["settings"])["register"]
    change(volunteer.page, "settings", [["register", register | {"server_time": register["server_time"] - 2 * 86_400}]])
    volunteer.page.reload()
    expect(volunteer.page.get_by_text("it may not know what was given since")).to_be_visible()
    assert problems_at_both_sizes(volunteer.page) == []
    volunteer.press("Understood")
    expect(volunteer.page.get_by_text("it may not know what was given since")).to_have_count(0)
    volunteer.page.reload()
    expect(volunteer.page.get_by_text("List of ")).to_be_visible()
    expect(volunteer.page.get_by_text("it may not know what was given since")).to_have_count(0)
    served.start()
    volunteer.page.reload()
    expect_unsent(volunteer, 0)
    assert set(standings(served).values()) == {"voided"}


def test_of_two_phones_at_one_card_the_second_is_refused_before_the_goods_are_gone_and_a_lead_may_give_anyway(
    volunteer: Phone, served: Served, browser: Browser
) -> None:
    lead = Phone(browser, served.address)
    begin(lead, served, site_lead=True)
    card = served.town.cards[0]
    type_code(lead, card.code)
    lead.see("Give")
    type_code(volunteer, card.code)
    volunteer.press("Give all")
    volunteer.see("Show a card")
    lead.press("Give all")
    look_at(lead, "Do not give")
    expect(lead.page.get_by_text("Received already.").first).to_be_visible()
    assert "excess" not in standings(served).values()
    give_a_parcel_anyway(lead)
    send(lead)
    expect_unsent(volunteer, 0)
    assert sorted(standings(served).values()) == ["entitled", "entitled", "excess", "refused", "refused"]
    asked = next(record["id"] for record in records_of(lead) if record.get("item") == served.town.id("parcel"))
    assert records_of(lead)[-1]["ask"] == asked
    lead.close()


def test_what_is_no_card_is_named_and_nothing_is_opened(volunteer: Phone, served: Served) -> None:
    code = served.town.cards[0].code
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    for text, said in (("https://example.org/win", "a link"), (wrong, "one sign is wrong"), (code[:9], "9 signs of 16")):
        type_code(volunteer, text)
        expect(volunteer.page.get_by_text(said)).to_be_visible()
        volunteer.press("Camera")


def test_practice_leaves_no_trace(volunteer: Phone, served: Served) -> None:
    volunteer.press("Back")
    volunteer.press("Practice")
    volunteer.press("Serve")
    type_code(volunteer, served.town.cards[0].code)
    expect(volunteer.page.get_by_text("This is a real card")).to_be_visible()
    volunteer.press("Camera")
    type_code(volunteer, practice_code(to_bytes(served.town.id("school")), 1))
    volunteer.see("Give")
    volunteer.press("Give all")
    expect(volunteer.page.get_by_text("Practice: Saved")).to_be_visible()
    expect_unsent(volunteer, 0)
    volunteer.press("School 3")
    volunteer.page.get_by_role("group", name="Run out of").get_by_label("Blanket").check()
    volunteer.press("Ready")
    type_code(volunteer, practice_code(to_bytes(served.town.id("school")), 2))
    expect(volunteer.page.get_by_role("heading", name="Run out here")).to_be_visible()
    volunteer.press("Give all")
    expect(volunteer.page.get_by_role("button", name="The last twenty")).to_have_count(0)  # what stands there is real
    volunteer.press("Back")
    volunteer.press("End practice")
    assert [table["run_out"] for name, table in look(volunteer.page)["settings"] if name == "table"] == [[]]
    assert standings(served) == {}


def test_a_camera_that_starts_more_slowly_than_she_taps_looks_and_lets_go_in_the_end(volunteer: Phone) -> None:
    volunteer.page.evaluate(SLOW_CAMERA)
    for _ in range(4):
        volunteer.press("Type code")
        volunteer.press("Camera")
    volunteer.wait_for("async () => (await window.openCameras()) === 1")
    volunteer.wait_for("() => { const video = document.querySelector('video'); return !video.paused && video.srcObject?.active }")
    expect(volunteer.page.get_by_text("The camera does not start.")).to_have_count(0)
    volunteer.press("Back")
    volunteer.wait_for("async () => (await window.openCameras()) === 0")


# The first request is answered last, and a video that leaves the page before it plays fails, as Chromium has it on a slow phone.
SLOW_CAMERA = """() => {
    const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const asked = [];
    window.openCameras = async () => (await Promise.all(asked)).filter((stream) => stream.active).length;
    navigator.mediaDevices.getUserMedia = (wanted) => {
        asked.push(wait(asked.length ? 50 : 1500).then(() => open(wanted)));
        return asked.at(-1);
    };
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = async function () {
        await wait(300);
        if (!this.isConnected) throw new DOMException("The media was removed from the document.", "AbortError");
        return play.call(this);
    };
}"""
