"""Updates that Telegram never sends: an account that writes in somebody else's private chat."""

from __future__ import annotations

from tests.bot.channels.telegram.waiting import until


def test_nobody_speaks_for_another_private_chat(fake, post) -> None:
    """What a member may see would else go to whoever the chat is."""
    an, binh = fake.person("An"), fake.person("Bình")
    binh.say("/start")
    fake.wait_for("", binh.private)
    before = len(fake.calls_of("sendMessage"))
    told = {"message_id": 5, "date": 1_795_000_000, "chat": binh.private.api(), "from": an.account.api()}
    fake.push({"message": told | {"text": "hòa giải"}}, binh.id)
    an.say("hòa giải")
    fake.wait_for("Tìm hòa giải viên", an.private)
    until(lambda: not fake.pending)
    assert len(fake.calls_of("sendMessage")) == before + 1
    assert len(post.asking.questions) == 1
