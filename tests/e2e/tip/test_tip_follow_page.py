"""Following a tip in a real browser: the receipt stays in the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import photo_with_place, press, reply, send, to_receipt, vi
from tips.receipts import Receipt

pytestmark = pytest.mark.browser


def test_tipster_answers_an_officers_question_and_takes_the_tip_back(wizard, office, sent):
    receipt = to_receipt(wizard)
    send(wizard, receipt)
    expect(wizard.locator("#received")).to_be_visible()
    reply(office, receipt, 1, "Xe biển số gì ạ?")
    wizard.get_by_role("link", name=vi("follow_link")).click()
    expect(wizard.locator("#mode")).to_have_text(vi("js_follow_page"))
    wizard.locator("#typed").fill(receipt.lower().replace("-", " "))
    press(wizard, "look")
    expect(wizard.locator("#replies")).to_contain_text("Xe biển số gì ạ?")
    expect(wizard.locator("#state")).to_have_text(vi("js_state_needs_information"))
    wizard.locator("#text").fill("Biển 59C, số đuôi 42.")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    wizard.locator("#files").set_input_files([photo])
    expect(wizard.locator("#chosen li")).to_have_count(1)
    press(wizard, "more_send")
    expect(wizard.locator("#said")).to_have_text(vi("js_more_received"))
    answer = office.opened(Receipt.parse(receipt).keys().tip_id)[1]
    assert answer.words == {"text": "Biển 59C, số đuôi 42.", "in_reply_to": 1}
    assert [file.name for file in answer.files] == ["anh-1.jpg"]
    wizard.get_by_text(vi("withdraw_title"), exact=True).click()
    press(wizard, "withdraw")
    expect(wizard.locator("#said")).to_have_text(vi("js_withdraw_unsure"))
    wizard.locator("#sure").check()
    press(wizard, "withdraw")
    expect(wizard.locator("#said")).to_have_text(vi("js_withdrawn"))
    expect(wizard.locator("#more")).to_be_hidden()
    expect(wizard.locator("#state")).to_have_text(vi("js_state_withdrawn"))
    for request in sent:
        body = (request.post_data_buffer or b"").decode("utf-8", "replace") + request.url
        assert "số đuôi 42" not in body
        assert receipt[:9] not in body
        assert receipt.replace("-", "")[:9] not in body


def test_answer_sent_again_after_a_lost_answer_is_there_once(wizard, office, console_errors):
    receipt = to_receipt(wizard)
    send(wizard, receipt)
    wizard.get_by_role("link", name=vi("follow_link")).click()
    expect(wizard.locator("#mode")).to_have_text(vi("js_follow_page"))
    wizard.locator("#typed").fill(receipt)
    press(wizard, "look")
    wizard.locator("#text").fill("Thêm một điều.")
    wizard.route("**/api/tip/more?*", lambda route: (route.fetch(), route.abort()), times=1)
    press(wizard, "more_send")
    expect(wizard.locator("#failed")).to_be_visible()
    expect(wizard.locator("#failed")).to_contain_text(vi("not_received"))
    expect(wizard.locator("#text")).to_have_value("Thêm một điều.")
    press(wizard, "more_send")
    expect(wizard.locator("#said")).to_have_text(vi("js_more_received"))
    assert len(office.opened(Receipt.parse(receipt).keys().tip_id)) == 2
    console_errors.clear()


def test_wrong_and_unknown_receipts_look_alike(wizard, address):
    for typed in (Receipt.new().text, "ABCD", "0000-0000-0000-00001"):
        wizard.goto(f"{address}/theo-doi?lang=vi")
        expect(wizard.locator("#mode")).to_have_text(vi("js_follow_page"))
        wizard.locator("#typed").fill(typed)
        press(wizard, "look")
        expect(wizard.locator("#said")).to_have_text(vi("js_unknown"))
        expect(wizard.locator("#result")).to_be_hidden()
