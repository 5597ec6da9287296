"""What "Delete the conversation" deletes: all that tells the story, whatever was done since."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip, to_ready
from tests.bot.channels.telegram.waiting import offering, until

TOLD = "tôi bị lừa 2 triệu, người lừa tên Tý nhà số 5 hẻm 12, chuyển khoản hôm thứ hai, giờ làm sao đây"
WIPED = text("telegram.wiped", deleted=1, left=0).split("1")[0]


def finish(fake, person, summary):
    """From the summary to "received"."""
    mark = fake.mark()
    person.press(to_ready(fake, person, summary), text("tip.ready_send"))
    return fake.wait_for("Đã nhận tin", person.private, since=mark)


def test_the_question_that_became_a_tip_is_deleted_with_it(fake, post):
    an = fake.person("An")
    typed = an.say(TOLD)
    answer = fake.wait_for("chưa đến công an", an.private)
    an.press(answer, text("telegram.report_these_words"))
    sent = finish(fake, an, fake.wait_for(offering(text("tip.summary_go_on")), an.private))
    assert TOLD in next(iter(post.office.tips.values()))[0].story
    an.press(sent, text("tip.sent_delete"))
    fake.wait_for(WIPED, an.private)
    assert typed.is_deleted
    assert not [message for message in an.private.visible if "nhà số 5" in message.text]


@pytest.mark.parametrize("command", ["/theodoi", "/baotin"])
def test_the_button_works_also_after_something_else_was_begun(fake, post, command):
    an = fake.person("An")
    sent = sent_tip(fake, an)
    begun = an.say(command)
    asked = text("follow.ask_receipt" if command == "/theodoi" else "tip.ask_danger")
    fake.wait_for(asked, an.private)
    an.press(sent, text("tip.sent_delete"))
    fake.wait_for(WIPED, an.private)
    until(lambda: not [message for message in an.private.visible if STORY in message.text])
    assert not begun.is_deleted, "what is being done now stays"
    assert [message for message in an.private.visible if asked in message.text]
    mark = fake.mark()
    an.say("/huy")
    over = text("follow.goodbye" if command == "/theodoi" else "tip.cancelled")
    fake.wait_for(over, an.private, since=mark)
    assert len(post.office.tips) == 1


def test_the_button_works_also_after_what_was_begun_has_ended(fake, post):
    an = fake.person("An")
    sent = sent_tip(fake, an)
    an.say("/theodoi")
    fake.wait_for(text("follow.ask_receipt"), an.private)
    an.say("/huy")
    fake.wait_for(text("follow.goodbye"), an.private)
    an.press(sent, text("tip.sent_delete"))
    fake.wait_for(WIPED, an.private)
    assert not [message for message in an.private.visible if STORY in message.text]
    assert not post.asking.questions


@pytest.mark.usefixtures("post")
def test_both_conversations_are_deleted_by_the_last_button(fake):
    an = fake.person("An")
    sent_tip(fake, an)
    sent = sent_tip(fake, an)
    an.press(sent, text("tip.sent_delete"))
    fake.wait_for(WIPED, an.private)
    assert not [message for message in an.private.visible if STORY in message.text]


@pytest.mark.usefixtures("post")
def test_leaving_it_ends_that_conversation_and_not_the_one_being_written(fake):
    an = fake.person("An")
    sent = sent_tip(fake, an)
    mark = fake.mark()
    an.say("/baotin")
    fake.wait_for(text("tip.ask_danger"), an.private, since=mark)
    an.press(sent, text("tip.sent_keep"))
    fake.wait_for(text("tip.goodbye"), an.private)
    fake.wait_for(text("telegram.draft_still_there"), an.private)
    an.say(STORY)
    fake.wait_for(offering(text("tip.summary_go_on")), an.private, since=mark)
