"""Who seals what: the page, the server, or both; and that the page says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, photo_with_place, press, reply, send, step, to_receipt, to_story, vi
from tips.kinds import kind_of
from tips.receipts import Receipt

pytestmark = pytest.mark.browser


def test_file_that_is_no_photo_is_sealed_by_the_server_and_the_page_says_so(wizard, office, sent):
    to_story(wizard)
    wizard.locator("#story").fill(STORY)
    press(wizard, "next")
    press(wizard, "skip_step")
    press(wizard, "skip_step")
    files = [
        {"name": "CANARY-ghi-am.mp3", "mimeType": "audio/mpeg", "buffer": b"sound of a film"},
        {"name": "CANARY-xau.mp3", "mimeType": "audio/mpeg", "buffer": b"bad"},
        {"name": "CANARY.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()},
    ]
    step(wizard, "files").locator("#files").set_input_files(files)
    expect(wizard.locator("#chosen li")).to_have_count(3)
    expect(wizard.locator("#chosen")).to_contain_text(vi("js_way_server"))
    press(wizard, "next")
    press(wizard, "js_agree")
    expect(wizard.locator("#way")).to_have_text(vi("js_way_both"))
    receipt = wizard.locator("#receipt").inner_text()
    send(wizard, receipt)
    expect(wizard.locator("#notes p")).to_have_count(1)
    first, second = office.opened(Receipt.parse(receipt).keys().tip_id)
    assert [file.name for file in first.files] == ["anh-1.jpg"]
    assert [file.content for file in second.files] == [b"clean sound of a film"]
    assert not [request for request in sent if b"CANARY" in (request.post_data_buffer or b"")]


def test_without_javascript_the_same_form_does_all_of_it(browser, address, office):
    context = browser.new_context(
        java_script_enabled=False, locale="vi-VN", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{address}/bao-tin")
    expect(page.locator("#mode")).to_have_text(vi("mode_plain"))
    page.get_by_label(kind_of("drugs").name("vi"), exact=True).check()
    page.locator("#story").fill(STORY)
    page.locator("#files").set_input_files([{"name": "a.bin", "mimeType": "x/y", "buffer": b"a film"}])
    receipt = page.locator("#receipt").inner_text()
    page.locator("#check").fill("00000")
    page.get_by_role("button", name=vi("send")).click()
    expect(page.locator("#problem")).to_contain_text(vi("js_check_wrong"))
    expect(page.locator("#story")).to_have_value(STORY)
    expect(page.locator("#receipt")).to_have_text(receipt)
    page.locator("#files").set_input_files([{"name": "a.bin", "mimeType": "x/y", "buffer": b"a film"}])
    page.locator("#check").fill(receipt[-5:])
    page.get_by_role("button", name=vi("send")).click()
    expect(page.locator("#received")).to_have_text(vi("received"))
    parcel = office.opened(Receipt.parse(receipt).keys().tip_id)[0]
    assert parcel.words["story"] == STORY
    assert [file.content for file in parcel.files] == [b"clean a film"]
    reply(office, receipt, 1, "Mấy giờ ạ?")
    page.get_by_role("link", name=vi("follow_link")).click()
    page.locator("#typed").fill(receipt)
    page.get_by_role("button", name=vi("look")).click()
    expect(page.locator("#replies")).to_contain_text("Mấy giờ ạ?")
    page.locator("#text").fill("Khoảng 22 giờ.")
    page.get_by_role("button", name=vi("more_send"), exact=True).click()
    expect(page.locator("#said")).to_have_text(vi("js_more_received"))
    assert office.opened(Receipt.parse(receipt).keys().tip_id)[1].words["in_reply_to"] == 1
    page.get_by_text(vi("withdraw_title"), exact=True).click()
    page.locator("#sure").check()
    page.locator("#withdraw").click()
    expect(page.locator("#said")).to_have_text(vi("js_withdrawn"))
    context.close()


def test_browser_that_cannot_seal_says_so_and_lets_the_server_do_it(browser_page, address, office):
    browser_page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    browser_page.goto(f"{address}/bao-tin?lang=vi")
    expect(browser_page.locator("#mode")).to_have_text(vi("js_mode_server"))
    receipt = to_receipt(browser_page)
    expect(browser_page.locator("#way")).to_have_text(vi("js_way_all_server"))
    send(browser_page, receipt)
    expect(browser_page.locator("#received")).to_be_visible()
    assert office.opened(Receipt.parse(receipt).keys().tip_id)[0].words["story"] == STORY
