"""What somebody wants is read before anything is searched: danger, a report, a question, a chat."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.router import SPELLINGS, danger_recall, false_alarms, read, right
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.gaps.keeping import kept_of
from knowledge.intent import Intent, hear, looks_like_tip, read_intent
from knowledge.model import Audience
from knowledge.text.folding import fold

GOLDEN = Path(__file__).parents[1] / "golden"

REPORTS = [
    "tối nào quán nước đầu hẻm cũng ghi đề",
    "nhà ông Bảy cuối ấp mở sòng xóc đĩa",
    "thằng Long bán ma túy cho học sinh",
    "cán bộ địa chính đòi 5 triệu mới ký giấy",
    "đm thằng chó đó bán hàng trắng ngay cổng trường",
    "địt mẹ bọn cờ bạc, nhà nó chứa cả xóm đánh bài ăn tiền",
    "thằng già dê đó bóp vú con bé hàng xóm hôm kia",
    "mẹ kiếp thằng cán bộ ăn phong bì của dân",
    "con mụ đó chứa gái mại dâm ở quán cà phê võng",
    "thằng khốn đó hiếp con bé xóm trên năm ngoái",
    "tôi bị lừa chuyển 20 triệu",
    "nhà cháu bị trộm hôm qua",
    "tôi muốn tố giác một vụ trộm",
]
QUESTIONS = [
    "đánh bạc phạt bao nhiêu tiền",
    "bán dâm có bị đi tù không",
    "bị lừa chuyển khoản thì trình báo ở đâu",
    "thấy người ta bán ma túy thì báo ai",
    "tố giác xong bao lâu có kết quả",
    "hòa giải tranh chấp đất ở đâu",
    "ra tù có được vay vốn không",
    "chồng đánh vợ phạt bao nhiêu",
    "trẻ em bị xâm hại thì gọi số nào",
]
ASKED_AND_TOLD = [
    "phòng trọ kế bên đêm nào cũng có người tới mua bán hàng trắng, gọi số nào báo",
    "tiệm bên cạnh chứa mấy chục bình ga sát bếp, nói với ai để người ta xuống kiểm tra",
]
TALK = [
    "xin chào",
    "cảm ơn nhé",
    "ok cảm ơn bạn",
    "bạn là ai",
    "tạm biệt",
    "haha",
    "🙏",
    "❤️❤️",
    ":)",
    "dạ vâng ạ",
]
ABUSE = ["đồ ngu", "bot ngu vcl", "địt mẹ mày", "cút đi", "con bot óc chó", "fuck you"]


@pytest.mark.parametrize("text", REPORTS)
@pytest.mark.parametrize("spell", [str, fold])
def test_who_tells_of_a_deed_reports_in_whatever_words(text, spell):
    """In plain words or coarse ones, with marks or without: never bad language, and never a question."""
    assert read_intent(spell(text)) is Intent.REPORT
    assert looks_like_tip(spell(text))


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("spell", [str, fold])
def test_who_asks_is_answered_whatever_the_question_is_about(text, spell):
    assert read_intent(spell(text)) is Intent.QUESTION
    assert not looks_like_tip(spell(text))


@pytest.mark.parametrize("text", ASKED_AND_TOLD)
def test_who_tells_and_asks_is_answered_and_still_kept_out_of_the_gaps(text):
    assert read_intent(text) is Intent.QUESTION
    assert looks_like_tip(text)


@pytest.mark.parametrize("text", TALK)
def test_greetings_thanks_and_signs_are_small_talk(text):
    assert read_intent(text) is Intent.SMALL_TALK


@pytest.mark.parametrize("text", ABUSE)
def test_dirt_with_nothing_to_report_is_abuse(text):
    assert read_intent(text) is Intent.ABUSE


@pytest.mark.parametrize("text", ["tôi bị chồng đánh", "cuu toi voi", "nhà đang cháy, còn người kẹt"])
def test_danger_comes_before_everything_and_is_told_with_its_numbers(text):
    heard = hear(text)
    assert heard.intent is Intent.DANGER
    assert heard.danger is not None
    assert heard.danger.numbers


@pytest.mark.parametrize("previous", [(), ("tôi muốn chết",), ("nhà đang cháy", "cứu tôi với")])
@pytest.mark.parametrize("text", ["cảm ơn nhé", "ok bạn", "dạ em hiểu rồi"])
def test_earlier_danger_does_not_leak_into_small_talk(text, previous):
    assert read_intent(text, previous) is Intent.SMALL_TALK


@pytest.mark.parametrize("text", ["thế còn ở xã?", "bao lâu vậy", "phải mang theo gì"])
def test_a_follow_up_needs_something_to_follow(text):
    assert read_intent(text, ("Nộp đơn hòa giải ở đâu?",)) is Intent.FOLLOW_UP
    assert read_intent(text) is not Intent.FOLLOW_UP


FOREIGN = [
    "隔壁有人贩毒",
    "救命！我丈夫拿着刀",
    "Помогите, меня заперли",
    "ជួយខ្ញុំផង",
    "ຊ່ວຍແດ່",
    "도와주세요 여기 불났어요",
    "ช่วยด้วย ok",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_what_no_reader_here_can_read_is_kept_nowhere_and_sent_nowhere(text):
    """It may be a tip or a cry for help: it reaches no search, no gap, no model."""
    assert read_intent(text) is Intent.UNREAD
    assert looks_like_tip(text)
    assert kept_of(text) is None
    for asks in Asks:
        assert Leaving(asks=asks, shows=Audience.OFFICER).words(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "hòa giải 调解 ở đâu",
        "𝐡𝐨̀𝐚 𝐠𝐢𝐚̉𝐢 ở đâu",
        "ｈòa giải ở đâu",
        "Ở ĐÂU NHẬN TIN BÁO",
        "h hoà giải Đ ở đâu ạ",
        "🙏",
        "113?",
    ],
)
def test_vietnamese_with_other_signs_in_it_is_read(text):
    assert read_intent(text) is not Intent.UNREAD


def test_danger_in_vietnamese_is_heard_beside_another_script():
    assert read_intent("cứu tôi với 我丈夫拿着刀要杀我在家里") is Intent.DANGER


@pytest.mark.parametrize("text", ["", " ", "?!…", "\x00", "\ud83d", ",,,"])
def test_what_says_nothing_is_left_to_be_refused(text):
    assert read_intent(text) is Intent.QUESTION


@given(st.text(st.characters(codec=None)), st.lists(st.text(max_size=30), max_size=2).map(tuple))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_it_stumble(text, previous):
    heard = hear(text, previous)
    assert heard.intent in Intent
    assert (heard.intent is Intent.DANGER) == (heard.danger is not None)


def rows(name):
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tuned():
    return read(rows("router-tune.jsonl"))


@pytest.fixture(scope="module")
def reported():
    return read(rows("router-report.jsonl"))


@pytest.fixture(scope="module")
def freshly_written():
    return read(rows("router-fresh.jsonl"))


def share(counted):
    hits, total = counted
    return hits / total


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_was_tuned_on_stays_heard(tuned, spelling):
    """A regression bar and no measure: the second voice has learnt from these rows."""
    readings = [item for item in tuned if item.spelling == spelling]
    assert share(danger_recall(readings)) >= 0.95
    assert share(false_alarms(readings)) <= 0.025


def test_of_twins_the_danger_is_heard_and_no_more_of_the_others_than_measured():
    """Its limit: of what only a careful reader tells from danger a third is taken for it."""
    readings = read(rows("router-hard.jsonl"))
    assert share(danger_recall(readings)) >= 0.97
    assert share(false_alarms(readings)) <= 0.39


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_another_hand_wrote_is_heard_as_well_as_measured(reported, spelling):
    """
    Held out: no row of it was read or learnt from.

    The goal of .99 is not reached (docs/decisions/0020); these bars stand just under what was.
    """
    readings = [item for item in reported if item.spelling == spelling]
    assert share(danger_recall(readings)) >= 0.93
    assert share(false_alarms(readings)) <= 0.03


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_a_third_hand_wrote_is_heard_as_well_as_measured(freshly_written, spelling):
    readings = [item for item in freshly_written if item.spelling == spelling]
    assert share(danger_recall(readings)) >= 0.95
    assert share(false_alarms(readings)) <= 0.06


@pytest.mark.parametrize(
    ("intent", "bar"),
    [
        (Intent.REPORT, 0.83), (Intent.QUESTION, 0.95), (Intent.FOLLOW_UP, 0.90), (Intent.SMALL_TALK, 0.58),
        (Intent.ABUSE, 0.74), (Intent.OUT_OF_SCOPE, 0.52),
    ],
)  # fmt: skip
def test_every_intent_that_another_hand_wrote_is_read_as_well_as_measured(reported, intent, bar):
    assert share(right(reported, intent)) >= bar


def test_no_report_is_taken_for_abuse_however_coarse(tuned):
    assert not [item for item in tuned if item.wanted is Intent.REPORT and item.heard is Intent.ABUSE]


@pytest.mark.parametrize("intent", [intent for intent in Intent if intent is not Intent.UNREAD])
def test_every_intent_that_was_tuned_on_stays_read(tuned, intent):
    assert share(right(tuned, intent)) >= 0.9


def test_it_costs_next_to_nothing(tuned):
    """A millisecond of processor at most for 19 of 20 messages; the bound is loose for a busy machine."""
    del tuned  # read once, so that every pattern is compiled
    took = sorted(item.ms for item in read(rows("router-tune.jsonl")))
    assert took[int(len(took) * 0.95)] < 4


def test_a_long_text_is_read_as_fast_as_it_is_cut():
    begun = time.process_time()
    hear("tôi muốn hỏi chuyện đất đai. " * 20_000)
    assert time.process_time() - begun < 0.5
