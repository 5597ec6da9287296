"""Leaving a tip in a real browser."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, photo_with_place, press, send, step, to_receipt, to_story, vi
from tests.fakes.tip_office import HIGH, LOW
from tips.kinds import kind_of
from tips.receipts import Receipt

pytestmark = pytest.mark.browser

PRIVATE = ("giao hàng lạ", "giao h\\u00e0ng l\\u1ea1", "kho số 7", "59C-111.11")


def test_tip_with_a_photo_is_sealed_in_the_page_and_opens_with_the_units_key(wizard, office, sent):
    """Words and photo arrive whole, the photo without its place; nothing of them, nor the receipt, left."""
    step(wizard, "danger").get_by_label(vi("danger_no"), exact=True).check()
    press(wizard, "next")
    step(wizard, "kind").get_by_label(kind_of("drugs").name("vi"), exact=True).check()
    press(wizard, "next")
    step(wizard, "place").locator("#place").press_sequentially("phuong ben thanh")
    wizard.locator("#areas").get_by_text("Phường Bến Thành", exact=False).first.click()
    press(wizard, "next")
    step(wizard, "when").get_by_text(vi("when_often")).click()
    press(wizard, "next")
    step(wizard, "story").locator("#story").fill(STORY)
    press(wizard, "next")
    step(wizard, "details").locator("#d-vehicle").fill("xe tải trắng")
    expect(wizard.locator("#d-weapon")).to_be_hidden()
    press(wizard, "next")
    step(wizard, "concerns")
    press(wizard, "next")
    files = [{"name": "CANARY-NAME.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}]
    step(wizard, "files").locator("#files").set_input_files(files)
    expect(wizard.locator("#chosen")).to_contain_text(vi("js_way_page"))
    press(wizard, "next")
    summary = step(wizard, "summary")
    expect(summary).to_contain_text(STORY)
    expect(summary).to_contain_text("Phường Bến Thành")
    press(wizard, "js_agree")
    receipt = step(wizard, "receipt").locator("#receipt").inner_text()
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_focused()
    expect(wizard.locator("#receipt-sent")).to_have_text(receipt)

    keys = Receipt.parse(receipt).keys()
    for unit in (LOW, HIGH):
        parcel, *others = office.opened(keys.tip_id, unit)
        assert others == []
        assert parcel.words["story"] == STORY
        assert parcel.words["area"] == "26743"
        assert parcel.words["details"] == {"vehicle": "xe tải trắng"}
        assert [file.name for file in parcel.files] == ["anh-1.jpg"]
        picture = Image.open(io.BytesIO(parcel.files[0].content))
        assert picture.size == (2560, 1024)
        assert not picture.getexif()
        assert b"CANARY" not in parcel.files[0].content
    card = office.keys[LOW].open_card(office.store.parcels(keys.tip_id, LOW)[0])
    assert (card.kind, card.area, card.files, card.urgent) == ("drugs", "26743", 1, False)
    for request in sent:
        body = (request.post_data_buffer or b"").decode("utf-8", "replace") + request.url
        assert not [words for words in (*PRIVATE, "CANARY", "ben thanh") if words in body]
        for shape in (receipt, receipt[:9], receipt.replace("-", "")[:9]):
            assert shape not in body


def test_back_skip_and_edit_lose_nothing(wizard, office):
    step(wizard, "danger").get_by_label(vi("danger_yes"), exact=True).check()
    expect(wizard.locator("#calls")).to_be_visible()
    press(wizard, "next")
    press(wizard, "skip_step")
    step(wizard, "place").locator("#place").fill("sau chợ")
    press(wizard, "back")
    step(wizard, "kind")
    press(wizard, "back")
    expect(step(wizard, "danger").get_by_label(vi("danger_yes"), exact=True)).to_be_checked()
    for name in ("next", "next", "next", "next"):
        press(wizard, name)
    step(wizard, "story")
    press(wizard, "next")
    expect(wizard.locator("#said")).to_have_text(vi("js_story_missing"))
    wizard.locator("#story").fill("ban đầu")
    press(wizard, "to_summary")
    expect(step(wizard, "summary")).to_contain_text("sau chợ")
    wizard.get_by_role("button", name=f"{vi('js_edit')}: {vi('label_story')}").click()
    step(wizard, "story").locator("#story").fill(STORY)
    press(wizard, "js_done")
    step(wizard, "summary")
    press(wizard, "js_agree")
    receipt = step(wizard, "receipt").locator("#receipt").inner_text()
    press(wizard, "back")
    press(wizard, "js_agree")
    expect(wizard.locator("#receipt")).to_have_text(receipt)
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    words = office.opened(Receipt.parse(receipt).keys().tip_id)[0].words
    assert (words["story"], words["place"], words["urgent"]) == (STORY, "sau chợ", True)


def test_cancel_deletes_the_draft_and_its_receipt(wizard, office):
    receipt = to_receipt(wizard)
    press(wizard, "cancel")
    expect(wizard.locator("#said")).to_have_text(vi("js_cancelled"))
    assert to_receipt(wizard) != receipt
    expect(wizard.locator("#story")).to_have_value(STORY)
    assert office.store.for_units([LOW, HIGH], office.clock()) == []


def test_wrong_last_group_sends_nothing(wizard, office):
    to_receipt(wizard)
    wizard.locator("#check").fill("00000")
    wizard.locator("#send").click()
    expect(wizard.locator("#check-said")).to_have_text(vi("js_check_wrong"))
    assert office.store.for_units([LOW, HIGH], office.clock()) == []


def test_failure_keeps_the_draft_and_trying_again_makes_one_tip(wizard, office, console_errors):
    """The network is gone, then the answer is lost after the tip was stored: still one tip, one receipt."""
    receipt = to_receipt(wizard)
    wizard.context.set_offline(True)
    send(wizard, receipt)
    expect(wizard.locator("#failed")).to_be_visible()
    expect(wizard.locator("#failed")).to_contain_text(vi("not_received"))
    expect(wizard.locator("#failed")).to_contain_text(vi("js_offline"))
    wizard.context.set_offline(False)

    def lose_the_answer(route) -> None:
        route.fetch()
        route.abort()

    wizard.route("**/api/tip?*", lose_the_answer, times=1)
    wizard.get_by_role("button", name=vi("js_again")).click()
    expect(wizard.locator("#failed")).to_contain_text(vi("js_unreachable"))
    expect(wizard.locator("#receipt")).to_have_text(receipt)
    wizard.locator("#send").dblclick()
    expect(wizard.locator("#received")).to_be_visible()
    expect(wizard.locator("#receipt-sent")).to_have_text(receipt)
    expect(wizard.locator("#notes")).to_be_empty()
    assert len(office.store.for_units([LOW], office.clock())) == 1
    assert len(office.opened(Receipt.parse(receipt).keys().tip_id)) == 1
    console_errors.clear()  # the browser notes the requests that failed


def test_what_was_changed_after_a_lost_answer_is_told_as_not_sent(wizard, office, console_errors):
    receipt = to_receipt(wizard)
    wizard.route("**/api/tip?*", lambda route: (route.fetch(), route.abort()), times=1)
    send(wizard, receipt)
    expect(wizard.locator("#failed")).to_be_visible()
    press(wizard, "back")
    wizard.get_by_role("button", name=f"{vi('js_edit')}: {vi('label_story')}").click()
    wizard.locator("#story").fill(f"{STORY} Thêm.")
    press(wizard, "js_done")
    press(wizard, "js_agree")
    send(wizard, receipt)
    expect(wizard.locator("#notes")).to_have_text(vi("js_sent_earlier"))
    assert office.opened(Receipt.parse(receipt).keys().tip_id)[0].words["story"] == STORY
    console_errors.clear()


def test_pressing_send_twice_sends_once(wizard, sent):
    receipt = to_receipt(wizard)
    wizard.locator("#check").fill(receipt)
    wizard.evaluate("() => { const send = document.getElementById('send'); send.click(); send.click(); }")
    expect(wizard.locator("#received")).to_be_visible()
    assert len([request for request in sent if "/api/tip?" in request.url]) == 1


def test_key_changed_while_writing_is_sealed_again(wizard, office, console_errors):
    receipt = to_receipt(wizard)
    for unit in (LOW, HIGH):
        office.publish(unit, day=2)
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    console_errors.clear()  # the refusal in between


def test_unit_concerned_gets_nothing(wizard, office):
    to_story(wizard)
    wizard.locator("#story").fill(STORY)
    for name in ("next", "skip_step"):
        press(wizard, name)
    step(wizard, "concerns").get_by_label("Phường", exact=True).check()
    press(wizard, "next")
    press(wizard, "skip_step")
    press(wizard, "js_agree")
    receipt = wizard.locator("#receipt").inner_text()
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    assert office.store.for_units([LOW], office.clock()) == []
    assert office.opened(Receipt.parse(receipt).keys().tip_id, HIGH)[0].words["concerns"] == [LOW]


def test_summary_warns_of_words_that_name_their_sender(wizard):
    to_story(wizard)
    wizard.locator("#story").fill(
        f"Tôi tên là Nguyễn Văn Nam, số của tôi 0912345678. {STORY} {Receipt.new().text}"
    )
    press(wizard, "to_summary")
    warnings = step(wizard, "summary").locator("#warnings")
    for code in ("name", "phone", "receipt"):
        expect(warnings).to_contain_text(vi(f"js_names_{code}"))


def test_leaving_quickly_shows_a_calendar_and_leaves_nothing_behind(wizard, address):
    to_story(wizard)
    wizard.locator("#story").fill(STORY)
    wizard.get_by_role("link", name=vi("leave")).click()
    expect(wizard).to_have_url(f"{address}/lich?lang=vi")
    expect(wizard.locator("table")).to_be_visible()
    assert "Bình An" not in wizard.content()
    wizard.go_back()
    assert wizard.url == "about:blank"


def test_nothing_is_stored_in_the_browser(wizard):
    receipt = to_receipt(wizard)
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    assert wizard.context.cookies() == []
    assert wizard.evaluate("localStorage.length + sessionStorage.length") == 0
    assert wizard.evaluate("indexedDB.databases().then(found => found.length)") == 0
    wizard.go_back()
    wizard.go_forward()
    expect(wizard.locator("#story")).to_have_value("")
