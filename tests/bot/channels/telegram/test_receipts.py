"""A receipt in a message: the message goes, and what stands beside the receipt does not go in silence."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import offering
from tips.receipts import Receipt

BESIDE = "tối qua chúng nó lại bán ở nhà số 5 hẻm 14, có năm người"


def test_words_beside_a_receipt_are_kept_until_it_opens(fake, post):
    an = fake.person("An")
    typed = an.say(f"Mã tin {Receipt.new().text}. Báo thêm: {BESIDE}")
    fake.wait_for(text("follow.beside_waits"), an.private)
    fake.wait_for(text("telegram.receipt_deleted"), an.private)
    assert typed.is_deleted
    sent_tip(fake, fake.person("Bình"))
    mark = fake.mark()
    an.say(next(iter(post.office.tips)))
    fake.wait_for(lambda message: BESIDE in message.text, an.private, since=mark)
    assert post.asking.questions == []


@pytest.mark.parametrize("words", ["mã {}, " + BESIDE, "/theodoi {} " + BESIDE])
def test_words_beside_a_receipt_that_is_not_followed_now_are_not_lost_in_silence(fake, post, words):
    an = fake.person("An")
    an.say(f"/baotin {STORY}")
    fake.wait_for(offering(text("tip.summary_go_on")), an.private)
    an.say(f"/hoi {words}".replace("/hoi /", "/").format(Receipt.new().text))
    fake.wait_for(text("telegram.receipt_deleted"), an.private)
    fake.wait_for(text("telegram.beside_not_noted").split("**")[0], an.private)


def test_a_receipt_with_a_slip_is_deleted_too(fake, post):
    an = fake.person("An")
    typed = an.say("mã 7F3K-2M9Q-WXYV-THJN9 sao rồi")
    fake.wait_for(text("follow.nothing"), an.private)
    fake.wait_for(text("telegram.receipt_deleted"), an.private)
    assert typed.is_deleted
