"""The tip pages by keyboard, on a small phone, in large letters; and pictures of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.tip.steps import STORY, photo_with_place, press, reply, send, step, to_receipt, vi
from tests.fakes.tip_office import LOW
from tips.kinds import kind_of

pytestmark = pytest.mark.browser

FINGER = 44  # CSS pixels a finger needs


def test_keyboard_alone_can_send_a_tip(wizard, office):
    for name in ("danger", "kind", "place", "when"):
        expect(step(wizard, name).locator("legend")).to_be_visible()
        wizard.locator("#next").focus()
        wizard.keyboard.press("Enter")
    expect(step(wizard, "story").locator("legend")).to_be_focused()
    wizard.keyboard.press("Tab")
    wizard.keyboard.type("ngắn gọn")
    for name in ("details", "concerns", "files", "summary", "receipt"):
        wizard.locator("#next").focus()
        wizard.keyboard.press("Enter")
        expect(step(wizard, name).locator("legend")).to_be_focused()
    receipt = wizard.locator("#receipt").inner_text()
    wizard.locator("#check").focus()
    wizard.keyboard.type(receipt[-5:])
    wizard.keyboard.press("Enter")
    expect(wizard.locator("#received")).to_be_focused()
    assert len(office.store.for_units([LOW], office.clock())) == 1


@pytest.mark.parametrize("zoomed", [False, True], ids=["as-is", "text-200-percent"])
def test_small_phone_shows_every_step_within_its_width(wizard, zoomed):
    wizard.set_viewport_size({"width": 320, "height": 640})
    if zoomed:
        wizard.evaluate("document.documentElement.style.fontSize = '200%'")
    wizard.locator("#story").evaluate("field => { field.value = 'kể'; }")
    for _ in range(10):
        assert wizard.evaluate("document.documentElement.scrollWidth") <= 320
        if wizard.locator("#next").is_visible():
            wizard.locator("#next").click()


def test_whatever_can_be_tapped_is_large_enough_for_a_finger(wizard):
    def small() -> list[str]:
        return wizard.evaluate(
            """size => Array.from(document.querySelectorAll("button, summary, textarea, a, input, label"))
                .filter(each => {
                    const box = each.getBoundingClientRect();
                    const whole = each.closest(".tick, .chip, .skip, .field");
                    return !whole && each.getClientRects().length && (box.height < size || box.width < size);
                }).map(each => each.outerHTML)""",
            FINGER,
        )

    wizard.locator("#story").evaluate("field => { field.value = 'kể'; }")
    for _ in range(10):
        assert small() == []
        if wizard.locator("#next").is_visible():
            wizard.locator("#next").click()


@pytest.fixture
def take(wizard, tmp_path):
    """Takes a picture for a person to look at; `BINHAN_PICTURES` names a folder to keep them in."""
    folder = Path(os.environ.get("BINHAN_PICTURES", tmp_path))

    def taking(name: str) -> None:
        wizard.mouse.move(0, 0)
        assert wizard.screenshot(path=folder / f"tip-{name}.png").startswith(b"\x89PNG")

    return taking


def test_pictures_of_the_questions_are_taken(wizard, take):
    take("01-danger")
    step(wizard, "danger").get_by_label(vi("danger_yes"), exact=True).check()
    take("02-calls")
    press(wizard, "next")
    step(wizard, "kind").get_by_label(kind_of("drugs").name("vi"), exact=True).check()
    take("03-kind")
    press(wizard, "next")
    wizard.locator("#place").press_sequentially("phuong ben thanh")
    take("04-place")
    press(wizard, "next")
    take("05-when")
    press(wizard, "next")
    wizard.locator("#story").fill(f"Tôi tên là Nguyễn Văn Nam. {STORY}")
    take("06-story")
    press(wizard, "next")
    take("07-details")
    press(wizard, "next")
    take("08-concerns")
    press(wizard, "next")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    film = {"name": "ghi-am-cua-toi.mp3", "mimeType": "audio/mpeg", "buffer": b"x" * 400_000}
    wizard.locator("#files").set_input_files([photo, film])
    expect(wizard.locator("#chosen li")).to_have_count(2)
    take("09-files")
    press(wizard, "next")
    take("10-summary")


def test_pictures_of_sending_and_following_are_taken(wizard, office, address, take, console_errors):
    receipt = to_receipt(wizard)
    take("11-receipt")
    wizard.context.set_offline(True)
    send(wizard, receipt)
    expect(wizard.locator("#failed")).to_be_visible()
    take("12-failed")
    wizard.context.set_offline(False)
    wizard.emulate_media(color_scheme="dark")
    take("13-failed-dark")
    wizard.locator("#send").click()
    expect(wizard.locator("#received")).to_be_visible()
    take("14-sent-dark")
    wizard.emulate_media(color_scheme="light")
    take("15-sent")
    reply(office, receipt, 1, "Xe biển số gì ạ? Anh chị có thấy người lái không?")
    wizard.goto(f"{address}/theo-doi?lang=vi")
    expect(wizard.locator("#mode")).to_have_text(vi("js_follow_page"))
    take("16-look")
    wizard.locator("#typed").fill(receipt)
    press(wizard, "look")
    expect(wizard.locator("#replies")).to_contain_text("Xe biển")
    take("17-found")
    wizard.goto(f"{address}/?lang=vi")
    take("18-front")
    console_errors.clear()  # from being offline
