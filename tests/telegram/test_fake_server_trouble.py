"""The fake Telegram carries files both ways, breaks on demand, and holds to Telegram's limits."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from telegram import InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, NetworkError, RetryAfter

from tests.telegram.conftest import library_bot

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.people import Person
    from tests.telegram.conftest import RealBot

JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
def an(fake: FakeTelegram) -> Person:
    person = fake.person("An")
    person.start()
    return person


# files


@pytest.mark.parametrize(
    "kind", ["photo", "video", "video_note", "voice", "audio", "animation", "document", "sticker"]
)
def test_files_of_people_are_fetched(real: RealBot, an: Person, kind: str) -> None:
    an.send_file(kind, b"bytes of " + kind.encode())
    message = real.updates()[-1].message
    got = getattr(message, kind)
    got = got[-1] if kind == "photo" else got
    file = real.do(got.get_file())
    assert bytes(real.do(file.download_as_bytearray())) == b"bytes of " + kind.encode()
    assert message.effective_attachment


def test_albums_come_as_messages_of_one_group(real: RealBot, an: Person) -> None:
    an.album([JPEG, ("video", b"film")], "hai thứ", topic=0)
    *_, first, second = [update.message for update in real.updates()]
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("hai thứ", None)
    assert (bool(first.photo), bool(second.video)) == (True, True)


def test_other_things_people_send(real: RealBot, an: Person) -> None:
    an.location(10.5, 106.5)
    an.contact("+84912345678")
    an.poll("Được không?")
    an.write(fields={"dice": {"emoji": "🎲", "value": 3}})
    *_, pin, card, poll, dice = [update.message for update in real.updates()]
    assert (pin.location.latitude, card.contact.phone_number) == (10.5, "+84912345678")
    assert (poll.poll.question, dice.dice.value) == ("Được không?", 3)


def test_files_over_20_mb_cannot_be_fetched(real: RealBot, an: Person) -> None:
    an.video(b"small", size=25_000_000)
    video = real.updates()[-1].message.video
    assert video.file_size == 25_000_000
    assert "file is too big" in real.refused(video.get_file())
    assert "wrong file_id" in real.refused(real.bot.get_file("nonsense"))


def test_what_the_bot_uploads_is_kept(real: RealBot, an: Person) -> None:
    bot, to = real.bot, an.id
    real.do(bot.send_photo(to, JPEG, "<b>ảnh</b>", parse_mode="HTML", filename="a.jpg", protect_content=True))
    kept = an.private.last
    assert (kept.file.content, kept.file.name, kept.file.content_type) == (JPEG, "a.jpg", "image/jpeg")
    assert (kept.caption, kept.is_protected, kept.entities[0]["type"]) == ("ảnh", True, "bold")
    for kind in ("video", "video_note", "voice", "audio", "animation", "document", "sticker"):
        sent = real.do(getattr(bot, f"send_{kind}")(to, kind.encode()))
        assert an.private.last.file.kind == kind
        assert an.private.last.file.content == kind.encode()
        assert sent.effective_attachment
    real.do(bot.send_location(to, 21.0, 105.8))
    assert an.private.last.fields["location"]["latitude"] == 21.0
    assert real.do(bot.send_document(to, b"%PDF", filename="đơn.pdf")).document.file_name == "đơn.pdf"


def test_media_groups_hold_two_to_ten_that_fit(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    two = [InputMediaPhoto(JPEG), InputMediaPhoto(JPEG)]
    sent = real.do(real.bot.send_media_group(an.id, two, caption="hai"))
    assert [m.caption for m in sent] == ["hai", None]
    assert len({m.album for m in an.private.from_bot}) == 1
    mixed = [InputMediaPhoto(JPEG), InputMediaDocument(b"a")]
    assert "media_invalid" in real.refused(real.bot.send_media_group(an.id, mixed))
    assert "from 2 to 10" in real.refused(real.bot.send_media_group(an.id, two[:1]))
    fake.allow("sendMediaGroup")


def test_uploads_are_refused_where_telegram_refuses(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    bot = real.bot
    assert "too big for a photo" in real.refused(bot.send_photo(an.id, JPEG + bytes(11_000_000)))
    assert "process_failed" in real.refused(bot.send_photo(an.id, b"no picture"))
    assert "caption is too long" in real.refused(bot.send_document(an.id, b"a", caption="a" * 1025))
    assert "non-empty" in real.refused(bot.send_document(an.id, b""))
    assert "wrong file identifier" in real.refused(bot.send_document(an.id, "nonsense"))
    big = real.bot.send_document(an.id, bytes(53_000_000), write_timeout=60)
    assert real.refused(big) == "networkerror: request entity too large"
    assert an.private.from_bot == []
    assert len(fake.faults) == 6
    fake.allow("send")


def test_sending_again_by_file_id_is_a_fault_for_peoples_files(
    fake: FakeTelegram, real: RealBot, an: Person
) -> None:
    an.photo(JPEG)
    theirs = real.updates()[-1].message.photo[-1].file_id
    ours = real.do(real.bot.send_photo(an.id, JPEG)).photo[-1].file_id
    real.do(real.bot.send_photo(an.id, ours))
    assert fake.faults == []
    assert an.private.last.is_resent
    assert "can't use file of type" in real.refused(real.bot.send_document(an.id, ours))
    real.do(real.bot.send_photo(an.id, theirs))
    assert "sendPhoto: a person's file was sent again by its file_id" in fake.faults
    fake.allow("file")


# whom the bot reaches


def test_strangers_and_blockers_are_not_reached(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    stranger, neighbour, gone = fake.person(), fake.person(), fake.person()
    fake.group(members=[neighbour])
    gone.start()
    gone.deactivate()
    an.block()
    assert real.updates()[-1].my_chat_member.new_chat_member.status == "kicked"
    for chat, words in (
        (stranger.id, "badrequest: chat not found"),
        (123, "badrequest: chat not found"),
        (neighbour.id, "forbidden: forbidden: bot can't initiate conversation with a user"),
        (gone.id, "forbidden: forbidden: user is deactivated"),
        (an.id, "forbidden: forbidden: bot was blocked by the user"),
    ):
        assert real.refused(real.bot.send_message(chat, "a")) == words
    with pytest.raises(RuntimeError, match="unblock"):
        an.say("a")
    an.unblock()
    assert real.updates()[-1].my_chat_member.new_chat_member.status == "member"
    real.do(real.bot.send_message(an.id, "lại đây"))


# what breaks


def test_the_next_calls_fail_as_told(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    binh = fake.person()
    binh.start()
    fake.fail_next("sendMessage", 2, 500)
    fake.fail_next("sendMessage", code=403, description="Forbidden: nonsense", chat=binh.private)
    assert real.refused(real.bot.send_message(an.id, "a")) == "networkerror: internal server error"
    real.do(real.bot.get_me())
    assert "internal" in real.refused(real.bot.send_message(an.id, "a"))
    real.do(real.bot.send_message(an.id, "a"))
    assert "nonsense" in real.refused(real.bot.send_message(binh.id, "a"))
    fake.fail_next("*", code=502)
    assert real.do(real.bot.get_updates())
    assert real.refused(real.bot.get_me()).startswith("networkerror")
    assert [call.status for call in fake.calls_of("sendMessage")] == [500, 500, 200, 403]


def test_too_fast_says_how_long_to_wait(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    fake.fail_next("sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as raised:
        real.do(real.bot.send_message(an.id, "a"))
    assert raised.value.retry_after.total_seconds() == 7


def test_answers_are_late_or_lost_but_the_work_is_done(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    fake.delay_next("sendMessage", 0.3)
    start = time.monotonic()
    real.do(real.bot.send_message(an.id, "chậm"))
    assert time.monotonic() - start > 0.25
    fake.lose_next_answer("sendMessage")
    assert real.refused(real.bot.send_message(an.id, "mất")).startswith("networkerror: httpx.")
    fake.lose_next_answer("getUpdates")
    assert real.refused(real.bot.get_updates()).startswith("networkerror: httpx.")
    assert [m.text for m in an.private.from_bot] == ["chậm", "mất"]
    assert real.updates()[0].message.text == "/start"


def test_downloads_break_too(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    an.photo(JPEG)
    file = real.do(real.updates()[-1].message.photo[-1].get_file())
    fake.fail_next("download")
    fake.lose_next_answer("download")
    for _ in range(2):
        with pytest.raises(NetworkError):
            real.do(file.download_as_bytearray())
    assert bytes(real.do(file.download_as_bytearray())) == JPEG


@pytest.mark.parametrize("is_bad_gateway", [True, False])
def test_outage_ends_polls_and_is_survived(
    fake: FakeTelegram, real: RealBot, an: Person, *, is_bad_gateway: bool
) -> None:
    real.updates()
    fake.down(is_bad_gateway=is_bad_gateway)
    an.say("lúc mất mạng")
    words = real.refused(real.bot.send_message(an.id, "a"))
    assert ("bad gateway" if is_bad_gateway else "connecterror") in words
    fake.up()
    assert [u.message.text for u in real.updates()] == ["lúc mất mạng"]
    real.do(real.bot.send_message(an.id, "b"))


def test_outage_drops_whoever_polls(fake: FakeTelegram, real: RealBot) -> None:
    async def poll() -> Any:
        task = asyncio.create_task(real.bot.get_updates(timeout=30))
        await asyncio.to_thread(fake.wait_until, lambda: bool(fake.calls_of("getUpdates")))
        await asyncio.to_thread(fake.down)
        return (await asyncio.gather(task, return_exceptions=True))[0]

    assert isinstance(real.do(poll()), NetworkError)
    fake.up()
    assert real.do(real.bot.get_updates()) == ()


# limits


def test_limits_hold_when_on(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    fake.limits.is_on = True
    for _ in range(3):
        real.do(real.bot.send_message(an.id, "a"))
    with pytest.raises(RetryAfter):
        real.do(real.bot.send_message(an.id, "a"))
    people = [fake.person() for _ in range(60)]
    for person in people:
        person.start()

    async def flood() -> list[Any]:
        async with library_bot(fake) as bot:
            return await asyncio.gather(
                *(bot.send_message(person.id, "a") for person in people), return_exceptions=True
            )

    start = time.monotonic()
    refused = [result for result in real.do(flood()) if isinstance(result, RetryAfter)]
    if time.monotonic() - start < 1:
        assert refused
    assert fake.limits.refused == 1 + len(refused)


def test_groups_take_twenty_a_minute(fake: FakeTelegram, real: RealBot, monkeypatch) -> None:
    now = time.monotonic()
    group = fake.group()
    fake.limits.is_on = True
    for second in range(20):
        monkeypatch.setattr("tests.fakes.telegram.troubles.time.monotonic", lambda at=second: now + at)
        real.do(real.bot.send_message(group.id, "a"))
    monkeypatch.setattr("tests.fakes.telegram.troubles.time.monotonic", lambda: now + 25)
    with pytest.raises(RetryAfter, match="35"):
        real.do(real.bot.send_message(group.id, "a"))


def test_calls_are_kept_with_their_parameters(fake: FakeTelegram, real: RealBot, an: Person) -> None:
    real.do(real.bot.send_message(an.id, "123", protect_content=True))
    real.do(real.bot.send_document(an.id, b"x", filename="a.txt"))
    text, file = fake.calls[-2:]
    assert text.method == "sendMessage"
    assert (text.params["chat_id"], text.params["text"], text.params["protect_content"]) == (
        an.id,
        "123",
        True,
    )
    assert file.uploads == {"document": "a.txt"}
    with pytest.raises(BadRequest):
        real.do(real.bot.send_message(1, "a"))
    assert fake.calls[-1].status == 400
