"""A choice that is typed is a choice: it goes into no story, and nothing is sent by a word in passing."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.talking import PHOTO, STORY, Talker, at_summary, ready, to_receipt

VAGUE = "Có người bán hàng cấm ở trong xóm mình đó"


def story(talker: Talker) -> str:
    return talker.drafts.get("a").story


@pytest.mark.parametrize(
    "words", ["gui di", "Gửi", "ok", "OK!", "đồng ý", "tiếp tục", "xong", "Đi tiếp để gửi"]
)
def test_going_on_from_the_summary(talker: Talker, words: str):
    at_summary(talker)
    keys = talker.say(words)
    assert keys[-1] in {"tip.ask_coaching", "tip.ask_receipt"}
    assert story(talker) == STORY


@pytest.mark.parametrize(
    "words", ["khong", "không có", "xong", "ok", "bỏ qua", "Để vậy là đủ", "ko biết", "gửi"]
)
def test_nothing_to_add_when_more_is_asked_for(talker: Talker, words: str):
    talker.begin()
    talker.say(f"{VAGUE}, tối nào cũng thấy xe lạ ra vào.")
    talker.press("summary.go_on")
    assert talker.keys[-1] == "tip.ask_coaching"
    before = story(talker)
    assert talker.say(words)[-1] == "tip.ask_receipt"
    assert story(talker) == before


@pytest.mark.parametrize("words", ["không", "khong co", "xong", "Đủ rồi", "bo qua"])
def test_no_more_files(talker: Talker, words: str):
    at_summary(talker)
    talker.press("summary.files")
    talker.send(PHOTO)
    assert talker.say(words)[-1] == "tip.summary"
    assert story(talker) == STORY
    assert len(talker.drafts.get("a").files) == 1


@pytest.mark.parametrize("words", ["gui", "Gửi tin", "ok", "gửi đi!"])
def test_send_that_is_typed_waits_for_the_choice(talker: Talker, words: str):
    """A channel may look at who sends before; see `TipTalk.sends`."""
    ready(talker)
    assert talker.say(words) == ("tip.choose_to_send", "tip.ask_ready")
    assert talker.talk.sends("a", words) == "ready.send"
    assert story(talker) == STORY
    assert not talker.office.tips
    assert talker.press("ready.send")[0] == "tip.received"


def test_what_does_not_stand_for_sending(talker: Talker):
    assert talker.talk.sends("a", "gửi") == ""
    at_summary(talker)
    assert talker.talk.sends("a", "gửi") == ""
    to_receipt(talker)
    talker.confirm()
    for words in ("không", "gửi cho công an tỉnh", "xong", "có"):
        assert talker.talk.sends("a", words) == ""
    talker.begin("follow_up")
    assert talker.talk.sends("a", "gửi") == ""


@pytest.mark.parametrize("words", ["không", "xong", "có", "ừ", "được"])
def test_an_answer_that_fits_no_choice_goes_into_no_story(talker: Talker, words: str):
    ready(talker)
    assert talker.say(words) == ("tip.choose_please", "tip.ask_ready")
    assert story(talker) == STORY


def test_ways_can_be_typed_as_they_are_called(talker: Talker):
    ready(talker)
    assert talker.say("xem và sửa")[-1] == "tip.summary"
    assert talker.say("Thêm thời gian")[-1] == "tip.ask_when"
    ready(talker)
    assert talker.say("hủy")[-1] == "tip.ask_cancel"


@pytest.mark.parametrize("words", ["Hủy", "huỷ", "HỦY.", "hu\u0309y"])
def test_cancel_is_typed_with_its_mark(talker: Talker, words: str):
    at_summary(talker)
    assert talker.say(words)[-1] == "tip.ask_cancel"


@pytest.mark.parametrize("words", ["Huy", "huy", "Thằng Huy", "hùy"])
def test_a_name_is_no_cancel(talker: Talker, words: str):
    at_summary(talker)
    assert "tip.ask_cancel" not in talker.say(words)
    assert story(talker).endswith(words)


def test_files_are_let_go_by_their_marks_too(talker: Talker):
    at_summary(talker)
    talker.press("summary.files")
    talker.send(PHOTO)
    talker.say("bo het tep")
    assert talker.drafts.get("a").files
    talker.press("summary.files")
    talker.say("bỏ hết tệp")
    assert not talker.drafts.get("a").files


def test_cancel_in_english(talker: Talker):
    talker.language = "en"
    at_summary(talker)
    assert talker.say("cancel")[-1] == "tip.ask_cancel"


def test_names_of_choices_are_known_in_english(talker: Talker):
    talker.language = "en"
    ready(talker)
    assert talker.talk.sends("a", text("tip.ready_send", "en")) == "ready.send"
    talker.press("edit")
    assert talker.say("go on")[-1] in {"tip.ask_coaching", "tip.ask_ready"}


def test_words_that_tell_something_still_belong_to_the_story(talker: Talker):
    ready(talker)
    talker.say("gửi cho công an tỉnh giúp, họ có xe đỏ")
    assert story(talker).endswith("họ có xe đỏ")
