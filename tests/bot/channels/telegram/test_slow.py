"""Slow answers are announced, fast ones just come; and what Telegram fails to do keeps nothing back."""

from __future__ import annotations

from prompts.catalog import text
from tests.bot.channels.telegram.sending import STORY, sent_tip
from tests.bot.channels.telegram.waiting import until


def test_a_fast_answer_is_not_announced(fake, post):
    an = fake.person("An")
    an.ask("hòa giải")
    assert an.private.actions == []


def test_a_slow_answer_is_announced_and_then_previewed(fake, post):
    post.asking.seconds = 2.6
    an = fake.person("An")
    an.ask("hòa giải")
    assert an.private.actions == [("typing", 0)]
    assert an.private.drafts == [text("web.writing")]


def test_where_all_are_slow_answers_are_not_kept_back_by_announcements(fake, post):
    post.asking.seconds = 0.6
    fake.delay_next("sendChatAction", 5.0, times=2)
    people = [fake.person(str(number)) for number in range(12)]
    for person in people:
        person.say("hòa giải")
    for person in people:
        fake.wait_for("Tìm hòa giải viên", person.private)
    assert len(fake.calls_of("sendChatAction")) == 2


def test_a_press_has_its_effect_though_telegram_fails_to_answer_it(fake, post):
    an = fake.person("An")
    welcome = an.ask("/start")
    fake.fail_next("answerCallbackQuery", times=1)
    mark = fake.mark()
    an.press(welcome, text("telegram.menu_report"))
    fake.wait_for(text("tip.ask_danger"), an.private, since=mark)
    fake.wait_handled()
    assert [press.is_answered for press in fake.world.presses.values()] == [False]
    fake.world.presses.clear()


def test_a_conversation_is_deleted_though_telegram_was_away_for_a_moment(fake, post):
    an = fake.person("An")
    received = sent_tip(fake, an)
    fake.fail_next("deleteMessage", times=2)
    an.press(received, text("tip.sent_delete"))
    until(lambda: not any(STORY in message.words for message in an.private.visible))
    fake.wait_for(text("telegram.wiped", deleted=1, left=0).split("1")[0], an.private)
