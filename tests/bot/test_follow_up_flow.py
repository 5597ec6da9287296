"""Following a tip by its receipt: what is shown, what can be added, and what nobody learns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.conversation import Incoming
from tests.bot.talking import PHOTO, STORY, Talker
from tips.errors import FileRefused, TipStoreUnavailable
from tips.model import FILE_BYTES_LIMIT, RawFile, Reply
from tips.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION = Reply(seq=1, type="question", text="Xe màu gì? {0} %s <b>", day=date(2026, 11, 20))
STATE = Reply(seq=2, type="state", state="needs_information", day=date(2026, 11, 20))


@pytest.fixture
def talker() -> Iterator[Talker]:
    talker = Talker()
    talker.begin(first=Incoming(text=STORY))
    talker.press("summary.go_on", "coaching.enough")
    talker.confirm()
    talker.press("ready.send")
    yield talker
    talker.close()


def opened(talker: Talker, *replies: Reply) -> str:
    receipt = talker.receipts[0].text
    talker.office.replies[receipt] = replies
    talker.begin("follow_up")
    talker.say(receipt)
    return receipt


def test_a_receipt_shows_state_and_questions_in_public_words(talker: Talker):
    opened(talker, QUESTION, STATE)
    assert talker.keys[:3] == ("follow.state", "follow.reply_question", "follow.reply_state")
    assert "cán bộ cần hỏi thêm anh chị" in talker.words
    assert QUESTION.text in talker.words
    assert "20/11/2026" in talker.words
    assert "open.answer-1" in talker.offered
    assert talker.last.messages[1].is_protected


def test_an_answer_goes_to_its_question_with_its_files(talker: Talker):
    receipt = opened(talker, QUESTION)
    assert talker.press("open.answer-1") == ("follow.ask_answer",)
    talker.send(PHOTO, text="Xe màu đỏ, không biển số")
    assert talker.keys[-1] == "follow.ask_review"
    keys = talker.press("review.send")
    assert keys[0] == "follow.more_received"
    assert keys[-1] == "follow.ask_what_next"
    assert talker.office.further == [(receipt, "Xe màu đỏ, không biển số", (PHOTO,), 1)]


@pytest.mark.parametrize(
    "typed",
    ["ABCD-EFGH-JKMN-PQRSX", "khong phai ma", "x" * 100_000, "😀", "'; DROP TABLE", "{0}", "\u202e\x00"],
)
def test_wrong_and_unknown_receipts_get_the_same_words_after_the_same_work(talker: Talker, typed):
    talker.begin("follow_up")
    looked_up = talker.office.looked_up
    unknown = talker.say(Receipt.new().text)
    assert talker.office.looked_up == looked_up + 1
    words = talker.words
    assert talker.say(typed) == unknown == ("follow.nothing", "follow.ask_receipt")
    assert talker.words == words
    assert talker.office.looked_up == looked_up + 2, "a misspelt one is looked for too"


def test_guessing_ends_after_a_few_tries(talker: Talker):
    talker.begin("follow_up")
    for _ in range(4):
        assert talker.say(Receipt.new().text)[0] == "follow.nothing"
    assert talker.say("sai")[-1] == "follow.too_many"
    assert talker.last.is_over


def test_a_receipt_is_read_as_people_type_it(talker: Talker):
    talker.begin("follow_up")
    talker.say(talker.receipts[0].text.lower().replace("-", " "))
    assert talker.keys[0] == "follow.state"


def test_what_is_added_is_kept_until_it_was_received(talker: Talker):
    receipt = opened(talker)
    talker.press("open.more")
    talker.say("Họ vừa quay lại.")
    for failing in (TipStoreUnavailable(), FileRefused(reason="broken"), RuntimeError("x")):
        talker.office.failing = failing
        keys = talker.press("review.send")
        assert keys[0] == "follow.not_done"
        assert "Họ vừa quay lại." in talker.words
    talker.office.failing = None
    assert talker.press("review.send")[0] == "follow.more_received"
    assert talker.office.further == [(receipt, "Họ vừa quay lại.", (), 0)]
    assert "tip.stale_choice" in talker.press("review.send"), "pressed twice, sent once"
    assert len(talker.office.further) == 1


def test_withdrawing_is_asked_twice_and_ends_it(talker: Talker):
    receipt = opened(talker)
    talker.press("open.withdraw", "withdraw.no")
    assert not talker.office.withdrawn
    talker.press("open.withdraw")
    assert talker.press("withdraw.yes") == ("follow.withdrawn",)
    assert talker.last.is_over
    assert talker.office.withdrawn == {receipt}
    talker.begin("follow_up")
    talker.say(receipt)
    assert talker.keys == ("follow.is_withdrawn", "follow.ask_what_next")
    assert talker.offered == {"cancel"}
    assert talker.say("còn nữa")[0] == "tip.choose_please"


def test_a_failed_withdrawal_is_not_called_done(talker: Talker):
    opened(talker)
    talker.press("open.withdraw")
    talker.office.failing = TipStoreUnavailable()
    assert talker.press("withdraw.yes")[0] == "follow.not_done"
    assert not talker.office.withdrawn


def test_a_store_out_of_reach_is_not_an_unknown_receipt(talker: Talker):
    talker.begin("follow_up")
    talker.office.failing = TipStoreUnavailable()
    assert talker.say(talker.receipts[0].text)[0] == "follow.not_read"


def test_a_receipt_a_name_and_danger_in_an_answer_are_noticed(talker: Talker):
    other = Receipt.new().text
    opened(talker)
    talker.press("open.more")
    assert "tip.receipt_dropped" in talker.say(f"mã của tôi là {other} nhé")
    assert other not in talker.words
    assert "follow.names_sender" in talker.say("tôi tên là Nguyễn Thị Lan")
    assert talker.say("cứu với, nó đang cầm dao chém người")[0].startswith("danger.")
    assert talker.press("review.again")[0] == "follow.write_again"


def test_files_alone_can_be_added_and_too_large_ones_are_refused(talker: Talker):
    receipt = opened(talker)
    assert "tip.files_refused" in talker.send(RawFile(content=bytes(FILE_BYTES_LIMIT + 1)))
    assert "tip.files_refused" in talker.hear(Incoming(too_large=1))
    assert talker.send(*(PHOTO,) * 21)[:2] == ("tip.files_taken", "tip.files_refused")
    talker.press("review.send")
    assert talker.office.further == [(receipt, "", (PHOTO,) * 20, 0)]


def test_back_drops_what_was_not_sent_and_says_so(talker: Talker):
    opened(talker)
    talker.press("open.more")
    talker.say("một câu thôi")
    talker.press("back")
    assert "follow.dropped" in talker.press("back")
    assert talker.press("back")[-1] == "follow.ask_what_next"
    assert not talker.office.further


@pytest.mark.parametrize("text", ["", "😀", "\u202e\x00"])
def test_an_empty_message_adds_nothing(talker: Talker, text):
    opened(talker)
    talker.press("open.more")
    assert talker.say(text)[0] == "tip.nothing_heard"


@pytest.mark.parametrize(
    "stale", ["open.answer-7", "open.answer-", "review.send", "withdraw.yes", "nonsense", "."]
)
def test_a_choice_not_offered_does_nothing(talker: Talker, stale):
    opened(talker, QUESTION)
    assert talker.press(stale)[0] == "tip.stale_choice"
    assert not talker.office.further
    assert not talker.office.withdrawn


BESIDE = "Tối qua chúng nó lại bán ở nhà số 5 hẻm 12, có năm người"


def test_words_beside_the_receipt_are_the_first_thing_to_add(talker: Talker):
    receipt = talker.receipts[0].text
    talker.office.replies[receipt] = (QUESTION,)
    talker.begin("follow_up")
    keys = talker.say(f"Mã tin {receipt}. {BESIDE}")
    assert keys[:2] == ("follow.state", "follow.reply_question")
    assert keys[-2:] == ("follow.beside_added", "follow.ask_review")
    assert not talker.office.further, "nothing is sent without a press"
    talker.press("review.send")
    ((sent_with, words, _, _),) = talker.office.further
    assert sent_with == receipt
    assert BESIDE in words
    assert receipt not in words


@pytest.mark.parametrize("asked", ["mã tin {} sao rồi?", "cho hỏi {} có trả lời chưa ạ", "my receipt is {}"])
def test_words_that_only_ask_after_the_tip_are_nothing_to_add(talker: Talker, asked):
    talker.begin("follow_up")
    assert talker.say(asked.format(talker.receipts[0].text))[-1] == "follow.ask_what_next"


def test_words_beside_a_receipt_with_a_slip_wait_for_the_right_one(talker: Talker):
    receipt = talker.receipts[0].text
    talker.begin("follow_up")
    assert talker.say(f"7F3K-2M9Q-WXYV-THJN9 {BESIDE}") == (
        "follow.nothing",
        "follow.beside_waits",
        "follow.ask_receipt",
    )
    assert talker.say(receipt)[-1] == "follow.ask_review"
    assert BESIDE in talker.words


def test_words_beside_a_receipt_that_opens_nothing_are_not_lost_in_silence(talker: Talker):
    talker.begin("follow_up")
    for _ in range(5):
        keys = talker.say(f"{Receipt.new().text} {BESIDE}")
    assert keys == ("follow.nothing", "follow.too_many", "follow.beside_lost")
    receipt = opened(talker)
    talker.press("open.withdraw", "withdraw.yes")
    talker.begin("follow_up")
    keys = talker.say(f"{receipt} {BESIDE}")
    assert "follow.beside_lost" in keys or "follow.beside_waits" in keys
    assert "follow.ask_review" not in keys


def test_words_beside_a_receipt_wait_also_where_the_office_is_away(talker: Talker):
    receipt = talker.receipts[0].text
    talker.begin("follow_up")
    talker.office.failing = TipStoreUnavailable()
    assert "follow.beside_waits" in talker.say(f"{receipt} {BESIDE}")
