"""What people send that no form expects: each is answered, and nothing told before is lost."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation import Incoming
from tests.bot.talking import PHOTO, STORY, Talker, at_summary, ready, to_receipt
from tips.model import FILE_BYTES_LIMIT, STORY_LIMIT, RawFile


@pytest.mark.parametrize("text", ["", "   \n", "😀😀😀", "\u202e\u202b", "\x00\x07", "\ud800"])
@pytest.mark.parametrize("begun", [True, False])
def test_a_message_without_words_changes_nothing_and_says_so(talker: Talker, text, begun):
    talker.begin()
    if begun:
        talker.press("danger.no", "skip", "skip", "skip")
    keys = talker.say(text)
    assert keys[0] in {"tip.nothing_heard", "tip.no_words", "tip.choose_please"}
    assert not talker.drafts.get("a").story


def test_a_megabyte_is_cut_and_that_is_said(talker: Talker):
    talker.begin()
    talker.press("danger.no", "skip", "skip", "skip")
    assert "tip.story_cut" in talker.say("ma túy ở hẻm " * 80_000)
    assert len(talker.drafts.get("a").story) == STORY_LIMIT


@pytest.mark.parametrize("text", [STORY, STORY + "\n\nCòn một xe nữa."])
def test_the_same_text_a_hundred_times_is_kept_once(talker: Talker, text):
    talker.begin(first=Incoming(text=text))
    for _ in range(100):
        assert "tip.already_noted" in talker.say(text)
    assert talker.drafts.get("a").story == text


@pytest.mark.parametrize("step", ["place", "when", "details", "concerns"])
def test_an_answer_longer_than_an_answer_is_kept_whole_in_the_story(talker: Talker, step):
    at_summary(talker)
    talker.press("summary.kind", "kind.crime", "kind_in.fraud", f"summary.{step}")
    if step == "concerns":
        talker.press("concerns.yes", "concerns_unit.unknown")
    long = "rất dài " * 300 + "đến tận cùng"
    talker.say(long)
    assert long in talker.drafts.get("a").story


def test_a_pin_does_not_forget_the_commune_that_was_named(talker: Talker):
    at_summary(talker)
    talker.press("summary.place")
    talker.say("phường Bến Thành")
    talker.hear(Incoming(pin=(10.77, 106.69)))
    draft = talker.drafts.get("a")
    assert (draft.area, draft.place) == ("26743", "10.770000,106.690000")


@pytest.mark.parametrize(
    "text",
    [
        "{0} {story} %s %(name)s {} tại đầu hẻm số 5 có người bán ma túy cho học sinh",
        "<script>alert(1)</script> <b>đánh bạc</b> ở quán nước đầu hẻm mỗi tối cả nhóm",
        "'; DROP TABLE tips; -- có nhóm người đánh bạc ở quán nước đầu hẻm mỗi tối",
    ],
)
def test_strange_text_is_only_text(talker: Talker, text):
    talker.begin(first=Incoming(text=text))
    assert text in talker.words
    to_receipt(talker)
    talker.confirm()
    talker.press("ready.send")
    assert talker.office.tips[talker.receipts[0].text][0].story == text


def test_direction_marks_are_taken_out(talker: Talker):
    talker.begin(first=Incoming(text="\u202e" + STORY + "\u2066\u200f"))
    assert talker.drafts.get("a").story == STORY


def test_of_too_many_and_too_large_files_what_fits_is_taken(talker: Talker):
    at_summary(talker)
    for _ in range(20):
        talker.send(PHOTO)
    assert len(talker.drafts.get("a").files) == 20
    assert talker.send(PHOTO)[0] == "tip.files_refused"
    talker.press("summary.files", "files.clear")
    album = (PHOTO,) * 22
    assert talker.send(*album)[:2] == ("tip.files_taken", "tip.files_refused")
    assert len(talker.drafts.get("a").files) == 20


def test_a_file_too_large_is_refused_unread_or_read(talker: Talker):
    at_summary(talker)
    assert talker.hear(Incoming(too_large=1))[0] == "tip.files_refused"
    assert talker.send(RawFile(content=bytes(FILE_BYTES_LIMIT + 1)))[0] == "tip.files_refused"
    assert talker.send(RawFile(content=b""))[0] == "tip.files_refused"
    assert talker.drafts.get("a").files == ()


def test_the_original_goes_along_only_if_asked(talker: Talker):
    at_summary(talker)
    talker.press("summary.files")
    talker.send(PHOTO)
    assert not talker.drafts.get("a").files[0].keep_original
    talker.press("files.original")
    assert talker.drafts.get("a").files[0].keep_original
    talker.press("files.redrawn")
    assert not talker.drafts.get("a").files[0].keep_original


@pytest.mark.parametrize(
    "stale", ["kind.crime", "nonsense", "concerns_unit:thu-nghiem", "ready.send", "", ".", "a:b"]
)
def test_a_choice_of_another_step_does_nothing(talker: Talker, stale):
    at_summary(talker)
    before = talker.drafts.get("a")
    keys = talker.press(stale)
    assert keys[0] in {"tip.stale_choice", "tip.nothing_heard"}
    assert talker.drafts.get("a") == before


def test_two_conversations_do_not_mix(talker: Talker):
    talker.begin(handle="a", first=Incoming(text=STORY))
    talker.begin(handle="b", first=Incoming(text=STORY.replace("ma túy", "pháo nổ")))
    talker.press("summary.when", handle="a")
    assert talker.press("summary.go_on", handle="b") == ("tip.ask_coaching",)
    assert "pháo" not in talker.drafts.get("a").story
    assert talker.drafts.get("a").step == "when"


def test_an_idle_draft_is_gone_and_that_is_said(talker: Talker):
    at_summary(talker)
    talker.seconds.now += 19 * 60
    talker.say("còn một điều: họ đi xe đỏ")
    talker.seconds.now += 19 * 60
    assert talker.talk.is_talking("a")
    talker.seconds.now += 61
    keys = talker.say("họ còn hẹn nhau lúc tám giờ")
    assert keys[0] == "tip.draft_gone"
    assert STORY not in talker.drafts.get("a").story


@pytest.mark.parametrize("choice", ["summary.go_on", "cancel", "back", "danger.no"])
@pytest.mark.parametrize("minutes", [0, 21])
def test_an_old_button_begins_nothing_and_does_not_say_what_was_sent(talker: Talker, choice, minutes):
    """After a restart, after a tip was sent, after idle minutes."""
    if minutes:
        at_summary(talker)
        talker.seconds.now += minutes * 60
    assert talker.press(choice) == ("tip.talk_over",)
    assert talker.last.is_over
    assert not talker.talk.is_talking("a")
    assert talker.say("Sáng nay họ lại đến")[0] == "tip.welcome", "the loss was told already"


def test_a_clock_that_jumps_back_loses_no_draft(talker: Talker):
    at_summary(talker)
    talker.seconds.now -= 100_000
    talker.talk.sweep()
    talker.seconds.now += 60
    assert STORY in talker.drafts.get("a").story


def test_where_there_is_no_room_nothing_is_lost_silently():
    talker = Talker(most=1, most_bytes=1_000)
    at_summary(talker)
    assert talker.begin(handle="b") == ("tip.no_room",)
    assert talker.send(RawFile(content=bytes(2_000))) == ("tip.no_room",)
    assert talker.drafts.get("a").files == ()
    assert STORY in talker.drafts.get("a").story
    talker.close()


def test_a_cancelled_wait_leaves_the_draft_to_send_again(talker: Talker):
    """The channel went away while sending: what was written is still there, and one tip comes of it."""
    ready(talker)

    talker.office.may_answer.clear()

    async def interrupted() -> None:
        task = asyncio.ensure_future(talker.talk.hear("a", Incoming(choice="ready.send")))
        await asyncio.to_thread(talker.office.entered.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    talker.office.may_answer.set()
    assert talker.press("ready.send")[0] == "tip.received"
    assert len(talker.office.tips) == 1


def test_while_one_tip_is_sent_others_are_heard(talker: Talker):
    ready(talker)
    talker.office.may_answer.clear()

    async def both() -> tuple[str, str]:
        sending = asyncio.ensure_future(talker.talk.hear("a", Incoming(choice="ready.send")))
        await asyncio.to_thread(talker.office.entered.wait)
        other = await talker.talk.begin("b", "tip", "vi")
        assert not sending.done()
        talker.office.may_answer.set()
        return other.messages[-1].key, (await sending).messages[0].key

    assert asyncio.run(both()) == ("tip.ask_danger", "tip.received")
