"""Groups: the public's answers, and only for whoever speaks to the bot."""

from __future__ import annotations

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.waiting import until
from tests.fakes.telegram.post import Post
from tips.receipts import Receipt

HELP = text("telegram.group_help", "vi", name="Bình An").splitlines()[0]


def test_only_who_names_replies_or_commands_is_answered(fake, post):
    an = fake.person("An")
    group = fake.group(members=[an], bot_status="administrator")  # sees everything that is said
    for words in ("hòa giải thế nào nhỉ", "/hoi@other_bot hòa giải", "@somebody hòa giải"):
        an.in_(group).say(words)
    an.in_(group).say("@binhan_bot hòa giải")
    answer = fake.wait_for("Tìm hòa giải viên", group)
    an.in_(group).say("thế còn ở xã?", reply_to=answer)
    an.in_(group).say("/hoi hòa giải")
    until(lambda: len(post.asking.questions) == 3)
    assert [question.text for question in post.asking.questions] == ["hòa giải", "thế còn ở xã?", "hòa giải"]
    assert {question.audience.value for question in post.asking.questions} == {"public"}
    assert all(question.previous == () for question in post.asking.questions)


def test_tips_are_led_to_the_private_chat(fake, post):
    an = fake.person("An")
    group = fake.group(members=[an])
    an.in_(group).say("/baotin nhà số 5 bán ma túy")
    said = fake.wait_for("Đừng viết tin báo trong nhóm", group)
    assert said.buttons[0]["url"] == "https://t.me/binhan_bot?start=baotin"
    assert not post.asking.questions


def test_channels_bots_and_hidden_administrators(fake, post):
    an = fake.person("An")
    robot = fake.person("Robot")
    robot.account.is_bot = True
    group = fake.group(members={an: "administrator", robot: "member"}, bot_status="administrator")
    robot.in_(group).say("/hoi hòa giải")
    an.in_(group).say("/hoi hòa giải", anonymous=True)
    fake.wait_for("Tìm hòa giải viên", group)
    assert len(post.asking.questions) == 1


def test_an_officers_group_is_not_answered(fake):
    an = fake.person("An")
    officers = fake.group(members=[an], bot_status="administrator")
    other = fake.group(members=[an])
    with Post(fake, admin_chats=(officers.id,)) as post:
        an.in_(officers).say("/hoi hòa giải")
        an.in_(other).say("/trogiup")
        fake.wait_for(HELP, other)
        assert not post.asking.questions
    assert not [message for message in officers.messages if message.sender.id == fake.bot.id]


@pytest.mark.parametrize(
    "words", ["/theodoi {}", "/hoi mã tin {} xử lý tới đâu rồi", "/hoi mã 7F3K-2M9Q-WXYV-THJN9 sao rồi"]
)
def test_a_receipt_in_a_group_is_told_to_be_deleted(fake, post, words):
    an = fake.person("An")
    group = fake.group(members=[an])
    an.in_(group).say(words.format(Receipt.new().text))
    fake.wait_for(text("telegram.group_receipt", "vi", name="Bình An")[:30], group)
    assert post.asking.questions == []


def test_start_in_a_group_is_answered(fake, post):
    an = fake.person("An")
    group = fake.group(members=[an])
    an.in_(group).say("/start")
    fake.wait_for(HELP, group)
