"""What residents read on Zalo: a real client and channel against a fake Zalo over HTTP."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

import pytest

from bot.channels.zalo.channel import AT_ONCE, IDLE_S
from bot.pace import RATES, Pace
from bot.redaction import silence
from bot.zalo import running
from bot.zalo.model import Arrived, read
from knowledge.answer import Answer, Status
from prompts.catalog import text
from tests.fakes.asking import MEDIATION, REPORT, FakeAsking
from tests.fakes.zalo import TOKEN, FakeZalo, fake_zalo
from tests.fakes.zalo_post import FOLLOW_PAGE, TIP_PAGE, ZaloPost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.messages import Question

QUESTION = "hang xom danh nhau thi nho ai hoa giai"
OTHER = "f00dcafe189df1c3a88c"


@pytest.fixture
def fake() -> Iterator[FakeZalo]:
    with fake_zalo() as zalo:
        yield zalo


@pytest.fixture
def post(fake: FakeZalo) -> Iterator[ZaloPost]:
    with ZaloPost(fake) as running_bot:
        yield running_bot


class Fixed(FakeAsking):
    """Answers everything with the same answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    async def ask(self, question: Question) -> Answer:
        """The answer."""
        self.questions.append(question)
        return self.answer


def ask_until_asked_to_wait(fake: FakeZalo) -> None:
    """As often as anybody may at once, and once more."""
    for number in range(RATES["question"][0]):
        fake.ask(f"hòa giải {number}")
    assert fake.ask("hòa giải nữa") == text("zalo.slow_down")


def test_an_answer_has_its_source_and_a_number_asks_what_stands_beside_it(fake: FakeZalo, post: ZaloPost):
    told = fake.ask(QUESTION)
    assert "Chỉ cần một bên yêu cầu" in told
    assert "**" not in told
    assert "<" not in told
    assert "Nguồn: Luật Hòa giải ở cơ sở · 35/2013/QH13" in told
    assert f"{text('zalo.next')}\n1. {MEDIATION.suggestions[0]}\n2. {MEDIATION.suggestions[1]}" in told
    fake.ask(" 2. ")
    assert post.asking.questions[-1].text == MEDIATION.suggestions[1]
    assert post.asking.questions[-1].previous == (QUESTION,)


def test_what_zalo_sees_is_said_once_before_anybody_tells_anything(fake: FakeZalo, post: ZaloPost):
    del post
    first = text("zalo.first", "vi", name="Bình An")
    assert first in fake.ask(QUESTION)
    assert first not in fake.ask(QUESTION)
    assert first in fake.ask(QUESTION, chat=OTHER)


def test_a_number_that_stands_nowhere_is_no_question(fake: FakeZalo, post: ZaloPost):
    assert fake.ask("3") == text("zalo.no_numbers")
    fake.ask(QUESTION)
    assert fake.ask("số 9") == text("zalo.no_such_number")
    assert [item.text for item in post.asking.questions] == [QUESTION]


def test_a_refusals_choices_have_no_second_heading(fake: FakeZalo):
    near = ("Nhờ hòa giải thì gặp ai?", "Hòa giải có mất tiền không?")
    refused = Answer(status=Status.REFUSED, text=text("ask.refusal_near"), suggestions=near)
    with ZaloPost(fake, asking=Fixed(refused)):
        told = fake.ask("hoa giai")
    assert f"{text('ask.refusal_near')}\n\n1. {near[0]}\n2. {near[1]}\n{text('zalo.pick')}" in told
    assert text("zalo.next") not in told


def test_danger_gets_numbers_first_and_nothing_to_read_before_them(fake: FakeZalo, post: ZaloPost):
    told = fake.ask("cứu với")
    assert told.startswith(f"{text('web.danger')}\n113 ")
    assert TIP_PAGE in told
    assert text("zalo.first", "vi", name="Bình An") not in told
    fake.ask(QUESTION)
    assert post.asking.questions[-1].previous == ()  # a cry for help is leant on by no later question


def test_a_cry_for_help_is_no_wish_for_a_list(fake: FakeZalo, post: ZaloPost):
    """`FakeAsking` knows danger in its own words; here it is what the bot asks first that counts."""
    fake.ask("Help!")
    assert [item.text for item in post.asking.questions] == ["Help!"]
    assert "113" in fake.ask("trợ giúp")


def test_danger_is_heard_though_somebody_writes_too_fast(fake: FakeZalo):
    asking = FakeAsking()
    with ZaloPost(fake, asking=asking, pace=Pace(seconds=lambda: 0.0)):
        ask_until_asked_to_wait(fake)
        assert fake.ask("cứu tôi với, nó đang đánh tôi").startswith(f"{text('web.danger')}\n113 ")


def test_chats_that_are_not_reached_keep_nobody_waiting(
    fake: FakeZalo, post: ZaloPost, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.channels.zalo.channel.AGAIN_S", (600.0,))
    monkeypatch.setattr("bot.zalo.running.DRAIN_S", 0.1)
    stuck = [f"{number:020x}" for number in range(AT_ONCE + 4)]
    fake.fail("sendMessage", *[(500, b"")] * len(stuck))
    for chat in stuck:
        fake.write(QUESTION, chat=chat)
    fake.wait(lambda zalo: zalo.called("sendMessage") == len(stuck))
    assert "Chỉ cần một bên" in fake.ask(QUESTION, chat=OTHER)
    assert not post.bot.is_idle


def test_what_was_asked_half_an_hour_ago_is_forgotten(fake: FakeZalo):
    clock = [0.0]
    with ZaloPost(fake, seconds=lambda: clock[0]) as post:
        fake.ask(QUESTION)
        clock[0] += IDLE_S - 1
        fake.ask(QUESTION)
        assert post.asking.questions[-1].previous == (QUESTION,)
        clock[0] += IDLE_S + 1
        assert fake.ask("1") == text("zalo.no_numbers")
        assert fake.ask("nguồn") == text("zalo.no_sources")
        fake.ask(QUESTION)
        assert post.asking.questions[-1].previous == ()


def test_a_report_is_sent_to_the_page_and_leant_on_by_nothing(fake: FakeZalo):
    asking = Fixed(REPORT)
    with ZaloPost(fake, asking=asking):
        told = fake.ask("nha ben canh ban ma tuy moi toi")
        assert TIP_PAGE in told
        assert "Zalo gắn với số điện thoại" in told
        assert fake.ask("nguồn") == text("zalo.no_sources")
        asking.answer = MEDIATION
        fake.ask(QUESTION)
        assert asking.questions[-1].previous == ()


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("trợ giúp", "zalo.help"),
        ("/trogiup", "zalo.help"),
        ("Riêng tư", "zalo.privacy"),
        ("rieng tu", "zalo.privacy"),
    ],
)
def test_words_that_ask_for_something_fixed(fake: FakeZalo, post: ZaloPost, words: str, key: str):
    told = fake.ask(words).replace("• ", "- ")
    assert told == text(key, "vi", name="Bình An")
    assert post.asking.questions == []


def test_ways_to_the_tip_pages(fake: FakeZalo, post: ZaloPost):
    assert TIP_PAGE in fake.ask("báo tin")
    assert FOLLOW_PAGE in fake.ask("theo dõi")
    assert "113" in fake.ask("khẩn cấp")
    assert post.asking.questions == []


def test_without_a_page_nobody_is_sent_to_one(fake: FakeZalo):
    with ZaloPost(fake, tip_page="", follow_page=""):
        assert fake.ask("báo tin") == text("zalo.report_nowhere", "vi", name="Bình An")
        assert fake.ask("theo dõi") == text("zalo.follow_nowhere", "vi", name="Bình An")
        assert "http" not in fake.ask("cứu với")


def test_a_greeting_offers_questions_by_number(fake: FakeZalo, post: ZaloPost):
    told = fake.ask("bắt đầu")
    assert told.startswith("Chào anh chị, đây là Bình An")
    starters = told.partition(text("zalo.starters"))[2].strip().splitlines()
    assert starters[0] == "1. Hàng xóm đánh nhau thì nhờ ai hòa giải?"
    fake.ask("1")
    assert post.asking.questions[-1].text == "Hàng xóm đánh nhau thì nhờ ai hòa giải?"


def test_sources_are_shown_at_length_when_asked_for(fake: FakeZalo, post: ZaloPost):
    del post
    assert fake.ask("nguồn") == text("zalo.no_sources")
    fake.ask(QUESTION)
    told = fake.ask("xem nguồn")
    assert MEDIATION.citations[1].quote in told
    assert MEDIATION.citations[1].url in told


def test_english_when_asked_for(fake: FakeZalo, post: ZaloPost):
    assert fake.ask("English") == text("zalo.language_set", "en", name="Bình An")
    fake.ask(QUESTION)
    assert post.asking.questions[-1].language == "en"
    fake.ask("tiếng việt")
    fake.ask(QUESTION)
    assert post.asking.questions[-1].language == "vi"


def test_a_picture_is_not_fetched_and_its_sender_is_told_where_to(fake: FakeZalo, post: ZaloPost):
    told = fake.ask(None)
    assert text("zalo.nothing_read", "vi", name="Bình An") in told
    assert TIP_PAGE in told
    assert post.asking.questions == []


def test_a_long_answer_comes_in_pieces_and_whole(fake: FakeZalo):
    sentences = [f"Câu số {number} nói về việc hòa giải ở thôn 🙂." for number in range(300)]
    long = Answer(status=Status.ANSWERED, kind="talk", text="\n\n".join(sentences))
    with ZaloPost(fake, asking=Fixed(long)):
        fake.write(QUESTION)
        fake.wait(lambda zalo: any(sentences[-1] in told for _, told in zalo.said))
    joined = "\n".join(told for _, told in fake.said)
    assert all(sentence in joined for sentence in sentences)
    assert len(fake.said) > 1


def test_markup_is_shown_as_it_was_written(fake: FakeZalo, post: ZaloPost):
    del post
    told = fake.ask("<hostile>")
    assert "<script>alert(1)</script>" in told  # plain text: nothing there reads it
    assert "javascript:" not in told.replace("[x](javascript:alert(3))", "")


def test_groups_bots_and_nonsense_are_not_answered(fake: FakeZalo, post: ZaloPost):
    fake.write(QUESTION, **{"chat": OTHER, "from": {"id": OTHER, "is_bot": True}})
    group = fake.update(QUESTION)
    group["message"]["chat"] = {"id": "9", "chat_type": "GROUP"}
    for raw in (group, {}, {"message": []}, {"message": {"chat": {"id": 5}}}, {"event_name": "x"}, [], None):
        fake.again(raw)  # type: ignore[arg-type]
    assert fake.ask(QUESTION)
    assert len(post.asking.questions) == 1


def test_the_same_message_twice_is_answered_once(fake: FakeZalo, post: ZaloPost):
    update = fake.update(QUESTION)
    fake.again(update)
    fake.again(update)
    fake.wait(lambda zalo: len(zalo.said) == 1)
    fake.ask("câu khác")
    assert [item.text for item in post.asking.questions] == [QUESTION, "câu khác"]


def test_one_chat_in_order_and_others_not_kept_waiting(fake: FakeZalo):
    asking = FakeAsking()
    asking.seconds = 0.3
    with ZaloPost(fake, asking=asking):
        for number in range(4):
            fake.write(f"hòa giải lần {number}")
            fake.write(f"hòa giải lần {number}", chat=OTHER)
        fake.wait(lambda zalo: len(zalo.said) == 8)
    texts = [item.text for item in asking.questions]
    assert sorted(texts) == sorted([f"hòa giải lần {number}" for number in range(4)] * 2)
    assert texts == sorted(texts)  # each lane in its order, side by side
    assert asking.most_at_once == 2


def test_who_floods_fills_no_memory(fake: FakeZalo):
    asking = FakeAsking()
    asking.seconds = 4.0
    with ZaloPost(fake, asking=asking):
        for number in range(running.QUEUE_LIMIT * 3):
            fake.write(f"hòa giải {number}")
        fake.wait(lambda zalo: zalo.called("getUpdates") > running.QUEUE_LIMIT * 3)
        asking.seconds = 0.0
        fake.wait(lambda zalo: len(zalo.said) > running.QUEUE_LIMIT)
        time.sleep(0.3)
        assert len(asking.questions) <= running.QUEUE_LIMIT + 4


def test_who_asks_too_fast_is_asked_to_wait(fake: FakeZalo):
    asking = FakeAsking()
    with ZaloPost(fake, asking=asking, pace=Pace(seconds=lambda: 0.0)):
        ask_until_asked_to_wait(fake)
        assert "Chỉ cần một bên" in fake.ask(QUESTION, chat=OTHER)
    assert "hòa giải nữa" not in {item.text for item in asking.questions}


def test_a_fault_of_ours_is_told_kindly_and_logged_without_words(
    fake: FakeZalo, caplog: pytest.LogCaptureFixture
):
    silence((TOKEN,))  # as `bot.zalo_room` does
    asking = FakeAsking()
    asking.failure = RuntimeError("canary-cay-khe")
    with caplog.at_level(logging.DEBUG), ZaloPost(fake, asking=asking):
        told = fake.ask("hòa giải canary-cay-khe")
    assert text("zalo.trouble", "vi", name="Bình An") in told
    assert "RuntimeError" in caplog.text
    assert "canary-cay-khe" not in caplog.text
    assert TOKEN not in caplog.text
    assert "e4ea2cd5189df1c3a88c" not in caplog.text


def test_an_answer_goes_out_though_zalo_stumbles(fake: FakeZalo, post: ZaloPost, monkeypatch):
    del post
    monkeypatch.setattr("bot.channels.zalo.channel.AGAIN_S", (0.01, 0.01, 0.01))
    fake.fail(
        "sendMessage",
        (429, {"ok": False, "error_code": 429}),
        (502, b"<html>bad gateway</html>"),
        (200, {"ok": False, "error_code": 500}),
    )
    assert "Chỉ cần một bên" in fake.ask(QUESTION)


def test_who_cannot_be_reached_keeps_nobody_else_waiting(fake: FakeZalo, post: ZaloPost):
    del post
    fake.fail("sendMessage", (403, {"ok": False, "error_code": 403}))
    fake.write(QUESTION)
    fake.wait(lambda zalo: zalo.called("sendMessage") == 1)
    assert "Chỉ cần một bên" in fake.ask(QUESTION, chat=OTHER)


def test_polling_survives_silence_and_trouble(fake: FakeZalo, post: ZaloPost):
    idle = {"ok": False, "error_code": 408}
    fake.fail("getUpdates", (408, b""), (500, b""), (200, b"no json"), (408, idle), (200, idle))
    assert "Chỉ cần một bên" in fake.ask(QUESTION)
    assert post.told == ["bot.BinhAn"]


def test_a_webhook_left_over_is_dropped_before_polling(fake: FakeZalo):
    fake.webhook = {"url": "https://old.example/", "secret_token": "12345678"}
    with ZaloPost(fake):
        assert "Chỉ cần một bên" in fake.ask(QUESTION)
    assert fake.webhook == {}


def test_a_webhook_that_is_not_there_needs_no_dropping(fake: FakeZalo):
    fake.fail("deleteWebhook", (404, {"ok": False, "error_code": 404}))
    with ZaloPost(fake) as post:
        assert "Chỉ cần một bên" in fake.ask(QUESTION)
        assert post.told == ["bot.BinhAn"]


def test_a_refused_webhook_is_told_for_what_it_is(fake: FakeZalo):
    fake.fail("setWebhook", (400, {"ok": False, "error_code": 400}))
    with ZaloPost(fake, webhook="https://hoi.example.vn") as post:
        assert post.wait_told() == "webhook_refused"
        time.sleep(0.2)
    assert fake.called("setWebhook") == 1


def test_an_empty_answer_that_comes_at_once_is_not_asked_again_at_once(fake: FakeZalo, post: ZaloPost):
    fake.fail("getUpdates", *[(408, b"")] * 200)
    post.wait_told()
    before = fake.called("getUpdates")
    time.sleep(1.2)
    assert fake.called("getUpdates") - before <= 3


def test_a_wrong_token_is_told_and_tried_no_further(fake: FakeZalo):
    with ZaloPost(fake, token="1:wrong") as post:  # noqa: S106 - of nobody
        assert post.wait_told() == "bad_token"
        time.sleep(0.2)
    assert fake.calls == []


def test_a_zalo_out_of_reach_is_told_once_and_asked_again(fake: FakeZalo):
    fake.fail("getMe", (503, b""))
    with ZaloPost(fake) as post:
        assert post.wait_told() == "away"
        assert "Chỉ cần một bên" in fake.ask(QUESTION)
        assert post.told == ["away", "bot.BinhAn"]


def test_what_comes_to_the_webhook_needs_its_secret(fake: FakeZalo):
    with ZaloPost(fake, webhook="https://hoi.example.vn/") as post:
        post.wait_told()
        assert fake.webhook["url"] == f"https://hoi.example.vn{post.bot.path}"
        assert TOKEN not in fake.webhook["url"]
        secret = fake.webhook["secret_token"]
        body = json.dumps({"ok": True, "result": fake.update(QUESTION)}).encode()
        assert post.receive("", body) == "refused"
        assert post.receive(f"{secret}x", body) == "refused"
        assert post.receive("\ud800", body) == "refused"
        assert post.receive(secret, b"{") == "broken"
        assert post.receive(secret, b"[" * 100_000) == "broken"
        assert post.receive(secret, body) == post.receive(secret, body) == "taken"
        fake.wait(lambda zalo: len(zalo.said) == 1)
        assert fake.called("getUpdates") == 0
    assert len(post.asking.questions) == 1


def test_what_was_written_and_by_whom_shows_in_no_representation(fake: FakeZalo):
    arrived = read(fake.update("bí mật"))
    assert isinstance(arrived, Arrived)
    assert "bí mật" not in repr(arrived)
    assert arrived.chat not in repr(arrived)
    assert "Zuươm" not in str([getattr(arrived, name) for name in arrived.__slots__])
