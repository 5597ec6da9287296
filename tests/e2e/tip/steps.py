"""What somebody does on the tip pages, step by step."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect

from prompts.catalog import text
from tips.model import Reply
from tips.receipts import Receipt
from tips.sealing import seal_reply

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.fakes.tip_office import TipOffice

STORY = "Tối nào cũng có người giao hàng lạ ở kho số 7 cuối hẻm 12, xe tải biển 59C-111.11, tôi thấy tận mắt."


def vi(key: str, **fields: object) -> str:
    """A text of the tip pages."""
    return text(f"tipweb.{key}", "vi", name="Bình An", **fields)


def step(page: Page, name: str) -> Locator:
    """The step *name*, which must be the only one shown."""
    shown = page.locator(".step:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-step", name)
    return shown


def press(page: Page, key: str) -> None:
    """Press the button with that text."""
    page.get_by_role("button", name=vi(key), exact=True).click()


def to_story(page: Page) -> None:
    """Skip everything before the story."""
    for name in ("danger", "kind", "place", "when"):
        step(page, name)
        press(page, "skip_step")
    step(page, "story")


def to_receipt(page: Page, story: str = STORY) -> str:
    """Tell only the story and go to the end; gives the receipt that is shown."""
    to_story(page)
    page.locator("#story").fill(story)
    press(page, "to_summary")
    step(page, "summary")
    press(page, "js_agree")
    return step(page, "receipt").locator("#receipt").inner_text()


def send(page: Page, receipt: str) -> None:
    """Confirm the receipt and press Send."""
    page.locator("#check").fill(receipt[-5:].lower())
    page.locator("#send").click()


def photo_with_place() -> bytes:
    """A JPEG whose EXIF holds a place, a device and an owner."""
    picture = Image.new("RGB", (3000, 1200), (200, 30, 60))
    exif = Image.Exif()
    exif[0x0110] = "CANARY-DEVICE"
    exif[0x013B] = "CANARY-OWNER"
    exif[0x8825] = {1: "N", 2: (10.0, 46.0, 30.0), 3: "E", 4: (106.0, 41.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"CANARY-COMMENT")
    return out.getvalue()


def reply(office: TipOffice, receipt: str, seq: int, words: str) -> None:
    """An officer asks."""
    keys = Receipt.parse(receipt).keys()
    office.store.add_reply(
        seal_reply(
            Reply(seq=seq, type="question", text=words, state="needs_information"),
            tip_id=keys.tip_id,
            reply_public=keys.reply_public,
        )
    )
