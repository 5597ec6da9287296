"""What comes beside the words of a tip: a notice asked for, a message edited, a draft that is gone."""

from __future__ import annotations

import pytest

from bot.flows.tip_draft import Draft
from tests.bot.talking import PHOTO, STORY, Talker, at_summary, ready, to_receipt

EARLIER = "Chúng để ma túy trong thùng xe màu xanh."
LATER = "Chúng để ma túy trong thùng xe màu vàng."


def held(talker: Talker) -> Draft:
    draft = talker.drafts.get("a")
    assert isinstance(draft, Draft)
    return draft


def test_a_notice_is_offered_only_where_the_channel_can_and_said_honestly(talker: Talker):
    ready(talker)
    assert talker.press("ready.send") == ("tip.received", "tip.ask_delete")
    assert "sent.notify" not in talker.offered
    assert held(talker).sent_tip == ""
    ready(talker, can_notify=True)
    assert talker.press("ready.send") == ("tip.received", "tip.ask_notify_or_delete")
    assert talker.offered == {"sent.notify", "sent.delete", "sent.keep"}
    assert "7 ngày" in talker.words
    assert talker.last.notice_for == "", "off unless it is asked for"


def test_a_notice_is_asked_for_once_and_nothing_of_it_stays(talker: Talker):
    ready(talker, can_notify=True)
    talker.press("ready.send")
    tip_id = talker.last.received
    assert len(tip_id) == 32
    assert talker.press("sent.notify") == ("tip.notify_taken", "tip.ask_delete")
    assert talker.last.notice_for == tip_id
    assert held(talker) == Draft(step="sent")
    assert talker.press("sent.notify") == ("tip.already_sent", "tip.ask_delete")
    assert talker.last.notice_for == ""
    assert talker.press("sent.delete") == ("tip.deleted",)
    assert talker.last.deletes_conversation


def test_after_sending_only_the_id_is_held_until_the_answer(talker: Talker):
    ready(talker, can_notify=True)
    talker.press("ready.send")
    assert held(talker) == Draft(step="sent", sent_tip=talker.last.received)
    talker.press("sent.keep")
    assert talker.last.is_over
    assert not talker.talk.is_talking("a")


def test_which_tip_was_received_is_told_to_the_channel_but_never_printed(talker: Talker):
    ready(talker, can_notify=True)
    talker.office.failing = OSError()
    talker.press("ready.send")
    assert talker.last.received == ""
    talker.office.failing = None
    talker.press("ready.send")
    assert talker.last.received
    assert talker.last.received not in repr(talker.last) + repr(held(talker))


def test_an_edited_paragraph_of_the_story_is_replaced(talker: Talker):
    at_summary(talker)
    talker.say(EARLIER)
    assert held(talker).story == f"{STORY}\n\n{EARLIER}"
    assert talker.edit(EARLIER, LATER)[0] == "tip.edited_taken"
    assert held(talker).story == f"{STORY}\n\n{LATER}"
    assert held(talker).step == "summary"
    assert talker.edit(STORY, "Ngắn hơn.")[0] == "tip.edited_taken"
    assert held(talker).story == f"Ngắn hơn.\n\n{LATER}"


def test_an_edit_of_anything_else_is_told_not_to_be_taken(talker: Talker):
    at_summary(talker)
    talker.press("summary.when")
    talker.say("tối qua lúc mười giờ")
    for earlier, text in (
        ("tối qua lúc mười giờ", LATER),
        ("chưa từng nói", LATER),
        (STORY, "…"),
        (STORY, ""),
    ):
        assert talker.edit(earlier, text)[0] == "tip.edited_not_taken"
    assert held(talker).story == STORY
    assert held(talker).when == "tối qua lúc mười giờ"


def test_an_edit_is_looked_at_like_any_words(talker: Talker):
    at_summary(talker)
    keys = talker.edit(STORY, f"{STORY} Tôi là Nguyễn Văn Tám, số điện thoại của tôi 0912345678.")
    assert keys == ("tip.edited_taken", "tip.ask_naming")
    at_summary(talker)
    to_receipt(talker)
    assert talker.edit(STORY, f"{STORY} Mã {talker.receipts[-1].text} đây.")[-1] == "tip.ask_receipt_inside"
    at_summary(talker)
    assert talker.edit(STORY, "Cứu tôi với, nó đang cầm dao đuổi tôi!")[0].startswith("danger.")


def test_a_mistyped_last_group_can_be_edited_into_the_right_one(talker: Talker):
    at_summary(talker)
    to_receipt(talker)
    talker.say("AAAA0")
    assert "tip.receipt_matches" in talker.edit("AAAA0", talker.receipts[-1].last_group)


def test_an_edit_after_sending_or_without_a_draft_changes_and_begins_nothing(talker: Talker):
    ready(talker)
    talker.press("ready.send")
    assert talker.edit(STORY, LATER)[0] == "tip.already_sent"
    talker.press("sent.keep")
    assert talker.edit(STORY, LATER) == ("tip.edited_too_late",)
    assert not talker.talk.is_talking("a")
    assert [content.story for content, _ in talker.office.tips.values()] == [STORY]


def test_what_is_being_added_to_a_tip_can_be_edited_too(talker: Talker):
    ready(talker)
    talker.press("ready.send")
    talker.begin("follow_up")
    talker.say("khong phai ma")
    assert "follow.ask_what_next" in talker.edit("khong phai ma", talker.receipts[0].text)
    talker.press("open.more")
    talker.say(EARLIER)
    assert talker.edit("chưa từng nói", LATER)[0] == "follow.edited_not_taken"
    assert talker.edit(EARLIER, LATER)[0] == "tip.edited_taken"
    talker.press("review.send")
    assert [text for _, text, _, _ in talker.office.further] == [LATER]


@pytest.mark.parametrize("choice", ["ready.send", "ready.without_files"])
def test_send_pressed_on_a_draft_that_is_gone_is_answered_with_what_may_be(talker: Talker, choice: str):
    """The tip may have arrived just before the restart: to begin anew at once would make it two."""
    ready(talker)
    talker.drafts.drop("a")
    assert talker.press(choice) == ("tip.draft_gone_sending",)
    assert talker.last.is_over
    assert not talker.talk.is_talking("a")
    assert "Theo dõi tin" in talker.words


def test_the_question_after_sending_is_answered_also_when_it_lay_idle(talker: Talker):
    """What is deleted is the chat; of the tip nothing was held but the question."""
    for choice, key in (("sent.delete", "tip.deleted"), ("sent.keep", "tip.goodbye")):
        ready(talker, can_notify=True)
        talker.press("ready.send")
        talker.seconds.now += 21 * 60
        assert not talker.talk.is_talking("a")
        assert talker.press(choice) == (key,)
        assert talker.last.is_over
        assert talker.last.deletes_conversation == (choice == "sent.delete")
        assert not talker.talk.is_talking("a")


def test_a_notice_cannot_be_asked_for_when_nobody_knows_the_tip_any_more(talker: Talker):
    ready(talker, can_notify=True)
    talker.press("ready.send")
    talker.seconds.now += 21 * 60
    assert talker.press("sent.notify") == ("tip.notify_too_late", "tip.ask_delete")
    assert talker.offered == {"sent.delete", "sent.keep"}
    assert not talker.last.notice_for
    assert not talker.last.is_over, "the channel still has to know what to delete"


def test_after_sending_nothing_is_missed(talker: Talker):
    ready(talker)
    talker.press("ready.send")
    talker.seconds.now += 21 * 60
    assert talker.say("Hôm nay họ lại đến")[0] == "tip.welcome"


def test_an_edited_caption_leaves_its_file_alone(talker: Talker):
    talker.send(PHOTO, text=EARLIER)
    assert talker.edit(EARLIER, LATER)[0] == "tip.edited_taken"
    assert (held(talker).story, held(talker).files) == (LATER, (PHOTO,))
