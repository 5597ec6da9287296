"""The fake Telegram's groups: who sees what, who may what, topics, anonymity, and moving house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import ReplyParameters
from telegram.error import ChatMigrated

from tests.fakes.telegram.text import found_entities

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.groups import Group
    from tests.fakes.telegram.people import Person
    from tests.telegram.conftest import RealBot

ALL_KINDS = ["message", "my_chat_member", "chat_member", "callback_query", "channel_post"]


@pytest.fixture
def an(fake: FakeTelegram) -> Person:
    return fake.person("An")


@pytest.fixture
def forum(fake: FakeTelegram, an: Person) -> Group:
    """A forum where the bot may do everything."""
    return fake.group("Phường", is_forum=True, members={an: "administrator"}, bot_status="administrator")


# what the bot sees


def test_privacy_mode_hides_what_is_not_meant_for_the_bot(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    group = fake.group(members=[an])
    there = an.in_(group)
    there.say("chuyện riêng")
    there.say("/hoi")
    there.say("/hoi@binhan_bot")
    there.say("/hoi@another_bot")
    there.say("@binhan_bot ơi")
    ours = real.do(real.bot.send_message(group.id, "nghe đây"))
    there.say("trả lời bot", reply_to=group.by_id[ours.message_id])
    there.say("trả lời nhau", reply_to=group.messages[0])
    assert [u.message.text for u in real.updates()] == [
        "/hoi",
        "/hoi@binhan_bot",
        "@binhan_bot ơi",
        "trả lời bot",
    ]
    fake.world.has_privacy = False
    there.say("giờ thì nghe")
    assert [u.message.text for u in real.updates()] == ["giờ thì nghe"]


def test_administrators_see_everything(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    group = fake.group(members=[an], bot_status="administrator")
    an.in_(group).say("chuyện riêng")
    assert [u.message.text for u in real.updates()] == ["chuyện riêng"]
    group.demote_bot()
    an.in_(group).say("lại riêng")
    (change,) = real.updates()
    assert change.my_chat_member.new_chat_member.status == "member"


def test_bots_outside_see_nothing(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    group = fake.group(members=[an], bot_status="left")
    an.in_(group).say("/hoi")
    assert real.updates() == []
    words = "forbidden: forbidden: bot is not a member of the supergroup chat"
    assert real.refused(real.bot.send_message(group.id, "a")) == words
    group.add_bot()
    change, joined = real.updates()
    assert change.my_chat_member.new_chat_member.status == "member"
    assert joined.message.new_chat_members[0].id == fake.bot.id
    group.kick_bot()
    (change,) = real.updates()
    assert change.my_chat_member.new_chat_member.status == "kicked"
    words = "forbidden: forbidden: bot was kicked from the supergroup chat"
    assert real.refused(real.bot.send_message(group.id, "a")) == words
    with pytest.raises(RuntimeError, match="not in"):
        fake.person("Lạ").in_(group).say("a")


def test_memberships_are_told_to_administrators_who_ask(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    real.updates(allowed_updates=ALL_KINDS)
    group = fake.group(bot_status="administrator")
    group.set_member(an, "member")
    group.set_member(an, "administrator", ["delete_messages"])
    group.set_member(an, "left")
    told = real.updates()
    changes = [u.chat_member for u in told if u.chat_member]
    statuses = [(c.old_chat_member.status, c.new_chat_member.status) for c in changes]
    assert statuses == [("left", "member"), ("member", "administrator"), ("administrator", "left")]
    assert changes[1].new_chat_member.can_delete_messages
    assert changes[1].from_user.id == group.owner.id
    assert changes[2].from_user.id == an.id
    assert [bool(u.message.new_chat_members) for u in told if u.message] == [True, False]
    group.demote_bot()
    real.updates()
    group.set_member(an, "member")
    assert [bool(u.message) for u in real.updates()] == [True]  # the service message alone


def test_members_are_looked_up(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    stranger = fake.person("Lạ")
    group = fake.group(members={an: "administrator"}, bot_status="member")
    assert real.do(real.bot.get_chat_member(group.id, an.id)).status == "administrator"
    assert real.do(real.bot.get_chat_member(group.id, stranger.id)).status == "left"
    assert "participant_id_invalid" in real.refused(real.bot.get_chat_member(group.id, 42))
    admins = real.do(real.bot.get_chat_administrators(group.id))
    assert {admin.user.id for admin in admins} == {group.owner.id, an.id}
    assert real.do(real.bot.get_chat(group.id)).title == "Tổ dân phố"
    assert real.do(real.bot.get_chat_member_count(group.id)) == 3
    group.hides_members = True
    assert "member list is inaccessible" in real.refused(real.bot.get_chat_member(group.id, an.id))
    real.do(real.bot.leave_chat(group.id))
    assert group.bot.status == "left"
    assert real.updates()[-1].my_chat_member.new_chat_member.status == "left"


def test_restricted_bots_do_not_write(fake: FakeTelegram, real: RealBot) -> None:
    group = fake.group(bot_status="restricted")
    assert "not enough rights to send text messages" in real.refused(real.bot.send_message(group.id, "a"))


def test_anonymous_administrators_and_channels_hide_who_speaks(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    group = fake.group(members={an: "administrator"}, bot_status="administrator")
    channel = fake.channel("Kênh phường")
    an.in_(group, is_anonymous=True).say("ẩn danh")
    an.in_(group, channel=channel).say("thay kênh")
    hidden, spoken = [u.message for u in real.updates()]
    assert (hidden.from_user.id, hidden.sender_chat.id) == (1_087_968_824, group.id)
    assert (spoken.from_user.id, spoken.sender_chat.id) == (136_817_688, channel.id)
    channel.post("tin kênh")
    (post,) = [u.channel_post for u in real.updates()]
    assert (post.text, post.from_user, post.sender_chat.id) == ("tin kênh", None, channel.id)


def test_message_ids_are_shared_by_private_chats_only(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    an.start()
    basic, great = fake.group(is_supergroup=False), fake.group()
    ids = [real.do(real.bot.send_message(chat, "a")).message_id for chat in (an.id, basic.id, great.id)]
    assert ids[1] == ids[0] + 1
    assert ids[2] > ids[1] + 1
    assert (basic.kind, great.kind) == ("group", "supergroup")


# topics


def test_every_message_of_a_topic_replies_to_its_beginning(real: RealBot, an: Person, forum: Group) -> None:
    made = real.do(real.bot.create_forum_topic(forum.id, "Vụ 12"))
    number = made.message_thread_id
    assert forum.topic_named("12").id == number
    there = an.in_(forum)
    first = there.say("tôi nhận", topic=number)
    there.say("cảm ơn", reply_to=first)
    there.say("chung")
    plain, answer, general = [u.message for u in real.updates()]
    assert plain.is_topic_message
    assert plain.message_thread_id == number
    assert plain.reply_to_message.message_id == number
    assert plain.reply_to_message.forum_topic_created.name == "Vụ 12"
    assert answer.reply_to_message.text == "tôi nhận"
    assert answer.message_thread_id == number
    assert (general.message_thread_id, general.reply_to_message) == (None, None)
    sent = real.do(real.bot.send_message(forum.id, "a", reply_parameters=ReplyParameters(first.id)))
    assert sent.message_thread_id == number
    assert [m.words for m in forum.in_topic(number)][1:] == ["tôi nhận", "cảm ơn", "a"]


def test_topics_are_made_renamed_closed_and_deleted(real: RealBot, an: Person, forum: Group) -> None:
    bot, chat = real.bot, forum.id
    number = real.do(bot.create_forum_topic(chat, "Một")).message_thread_id
    real.do(bot.edit_forum_topic(chat, number, name="Hai"))
    assert "topic_not_modified" in real.refused(bot.edit_forum_topic(chat, number, name="Hai"))
    real.do(bot.close_forum_topic(chat, number))
    assert "topic_not_modified" in real.refused(bot.close_forum_topic(chat, number))
    real.do(bot.send_message(chat, "vẫn viết được", message_thread_id=number))
    real.do(bot.reopen_forum_topic(chat, number))
    assert "topic_not_modified" in real.refused(bot.reopen_forum_topic(chat, number))
    assert forum.topics[number].name == "Hai"
    real.do(bot.delete_forum_topic(chat, number))
    assert "message thread not found" in real.refused(bot.send_message(chat, "a", message_thread_id=number))
    assert "topic_id_invalid" in real.refused(bot.close_forum_topic(chat, number))
    assert forum.in_topic(number) == []
    with pytest.raises(LookupError):
        an.in_(forum).say("a", topic=number)


def test_topics_need_a_forum_rights_and_a_name(fake: FakeTelegram, real: RealBot, forum: Group) -> None:
    plain = fake.group(bot_status="administrator")
    assert "the chat is not a forum" in real.refused(real.bot.create_forum_topic(plain.id, "a"))
    long = real.bot.create_forum_topic(forum.id, "a" * 129)
    assert "topic_title_invalid" in real.refused(long)
    fake.allow("TOPIC_TITLE_INVALID")
    real.do(real.bot.create_forum_topic(forum.id, "a" * 128))
    forum.demote_bot(["can_delete_messages"])
    refused = real.refused(real.bot.create_forum_topic(forum.id, "a"))
    assert "not enough rights to create a topic" in refused
    theirs = forum.make_topic("Của họ")
    assert "not enough rights" in real.refused(real.bot.close_forum_topic(forum.id, theirs.id))
    forum.close_topic(theirs)
    closed = real.bot.send_message(forum.id, "a", message_thread_id=theirs.id)
    assert "topic_closed" in real.refused(closed)


def test_what_people_do_to_topics_is_told_except_their_end(real: RealBot, an: Person, forum: Group) -> None:
    topic = forum.make_topic("Mới", by=an)
    forum.rename_topic(topic, "Cũ")
    forum.close_topic(topic)
    forum.close_topic(topic, is_open=True)
    forum.delete_topic(topic)
    made, renamed, closed, opened = [u.message for u in real.updates()]
    assert made.forum_topic_created.name == "Mới"
    assert made.from_user.id == an.id
    assert renamed.forum_topic_edited.name == "Cũ"
    assert (bool(closed.forum_topic_closed), bool(opened.forum_topic_reopened)) == (True, True)
    assert "thread not found" in real.refused(
        real.bot.send_message(forum.id, "a", message_thread_id=topic.id)
    )


def test_replies_in_plain_supergroups_carry_a_thread_that_takes_no_messages(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    group = fake.group(members=[an], bot_status="administrator")
    first = an.in_(group).say("một")
    an.in_(group).say("hai", reply_to=first)
    reply = real.updates()[-1].message
    assert (reply.message_thread_id, reply.is_topic_message) == (first.id, None)
    into = real.bot.send_message(group.id, "a", message_thread_id=first.id)
    assert "message thread not found" in real.refused(into)


# rights and moves


def test_others_messages_are_deleted_with_the_right_only(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    group = fake.group(members=[an], bot_status="administrator", bot_rights=["can_delete_messages"])
    ours = real.do(real.bot.send_message(group.id, "của bot"))
    theirs, others = an.in_(group).say("của An"), an.in_(group).say("cũng của An")
    real.do(real.bot.delete_message(group.id, theirs.id))
    group.demote_bot()
    assert "can't be deleted" in real.refused(real.bot.delete_message(group.id, others.id))
    real.do(real.bot.delete_message(group.id, ours.message_id))
    assert [m.text for m in group.visible if not m.is_service] == ["cũng của An"]


def test_group_that_moves_says_where(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    old = fake.group("Tổ 5", is_supergroup=False, members=[an])
    new = old.migrate()
    gone, come = [u.message for u in real.updates()]
    assert (gone.chat.id, gone.migrate_to_chat_id) == (old.id, new.id)
    assert (come.chat.id, come.migrate_from_chat_id) == (new.id, old.id)
    with pytest.raises(ChatMigrated) as raised:
        real.do(real.bot.send_message(old.id, "a"))
    assert raised.value.new_chat_id == new.id
    real.do(real.bot.send_message(new.id, "a"))
    an.in_(new).say("/start@binhan_bot")
    assert real.updates()[-1].message.chat.id == new.id
    with pytest.raises(RuntimeError, match="upgraded"):
        an.in_(old).say("a")


def test_titles_and_other_services_are_told(fake: FakeTelegram, real: RealBot) -> None:
    group = fake.group("Cũ")
    group.rename("Mới")
    group.service(pinned_message={"message_id": 1, "date": 0, "chat": group.api()})
    renamed, pinned = [u.message for u in real.updates()]
    assert (renamed.new_chat_title, renamed.chat.title) == ("Mới", "Mới")
    assert pinned.pinned_message is not None


def test_presses_in_groups_name_the_message_and_the_person(real: RealBot, an: Person, forum: Group) -> None:
    number = real.do(real.bot.create_forum_topic(forum.id, "Vụ")).message_thread_id
    markup = {"inline_keyboard": [[{"text": "Nhận", "callback_data": "t:1"}]]}
    sent = real.do(real.bot.send_message(forum.id, "thẻ", message_thread_id=number, reply_markup=markup))
    press = an.in_(forum).press(None, "Nhận")
    query = real.updates()[-1].callback_query
    assert (query.from_user.id, query.data) == (an.id, "t:1")
    assert (query.message.message_id, query.message.message_thread_id) == (sent.message_id, number)
    real.do(query.answer())
    assert press.is_answered


def test_found_entities_never_overlap() -> None:
    found = found_entities("a@b.vn /x@yzz https://x.vn/@abc #a @abc_d www.x.vn/b")
    ends = [entity["offset"] + entity["length"] for entity in found]
    assert all(end <= after["offset"] for end, after in zip(ends, found[1:], strict=False))
    assert [e["type"] for e in found] == ["email", "bot_command", "url", "hashtag", "mention", "url"]
