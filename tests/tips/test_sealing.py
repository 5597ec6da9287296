from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tips.vector_maker import content, files, fixed, key
from tips.errors import BadSetup, SealedDamaged, UnitWithoutKey, WrongKey
from tips.layout import HPKE, wrap_info
from tips.model import Reply, SealedParcel, TipCard, TipContent, TipFile, WrappedKey
from tips.opening.opener import PrivateKey, UnitKeys
from tips.padding import BUCKETS
from tips.receipts import Receipt
from tips.sealing import (
    BROWSER_SUITE,
    SERVER_SUITE,
    card_of,
    check_parcel,
    check_reply_public,
    content_of,
    digest_of,
    parcel_from_json,
    parcel_to_json,
    seal_parcel,
    seal_reply,
    words_of,
    wrap_key,
)

TIP_ID = "00112233445566778899aabbccddeeff"
KEY = key()
KEYS = UnitKeys(KEY.unit, [KEY])
OTHER_KEY = PrivateKey(
    unit="cap-tren",
    made=date(2026, 1, 2),
    mlkem768=fixed("other mlkem", 64),
    x25519=fixed("other hybrid"),
    browser_x25519=fixed("other browser"),
)
OTHER_KEYS = UnitKeys(OTHER_KEY.unit, [OTHER_KEY])
BOTH = pytest.mark.parametrize("suite", [SERVER_SUITE, BROWSER_SUITE], ids=["server", "browser"])


def sealed(suite: int = SERVER_SUITE, told: TipContent | None = None, **changed: Any) -> SealedParcel:
    """A first parcel sealed to both units."""
    told = told or content()
    named: dict[str, Any] = {"tip_id": TIP_ID, "seq": 1, "to": [KEY.public(), OTHER_KEY.public()]} | changed
    return seal_parcel("tip", words_of(told), files(), card=card_of(told, 2), suite=suite, **named)


@BOTH
def test_every_unit_it_is_sealed_to_reads_a_tip_whole(suite: int) -> None:
    parcel = sealed(suite)
    check_parcel(parcel)
    for keys in (KEYS, OTHER_KEYS):
        opened = keys.open_parcel(parcel)
        assert opened.type == "tip"
        assert content_of(opened.words) == content()
        assert opened.files == files()
        assert keys.open_card(parcel) == card_of(content(), 2)


@BOTH
def test_a_sealed_tip_hides_its_words_files_kind_and_area(suite: int) -> None:
    parcel = sealed(suite)
    raw = parcel.card + parcel.body + b"".join(wrap.wrapped for wrap in parcel.keys)
    for secret in (b"drugs", b"26734", "ma tuý".encode(), b"anh-1.jpg", files()[0].content[:8]):
        assert secret not in raw


def test_the_same_tip_sealed_twice_has_nothing_in_common() -> None:
    one, two = sealed(), sealed()
    assert one.body[:12] != two.body[:12]
    assert one.body[12:44] != two.body[12:44]
    assert one.keys[0].wrapped != two.keys[0].wrapped


@BOTH
def test_a_unit_it_is_not_sealed_to_is_told_so(suite: int) -> None:
    parcel = sealed(suite, to=[KEY.public()])
    with pytest.raises(WrongKey):
        OTHER_KEYS.open_parcel(parcel)
    with pytest.raises(WrongKey):
        OTHER_KEYS.open_card(parcel)
    with pytest.raises(WrongKey):
        OTHER_KEYS.wrap_for(parcel, OTHER_KEY.public())


def test_nothing_is_sealed_to_nobody() -> None:
    with pytest.raises(UnitWithoutKey):
        sealed(to=[])


@BOTH
def test_a_flipped_bit_in_any_byte_is_noticed(suite: int) -> None:
    parcel = sealed(suite)
    for place in range(len(parcel.body)):
        with pytest.raises(SealedDamaged):
            KEYS.open_parcel(replace(parcel, body=flipped(parcel.body, place)))
    for place in range(len(parcel.card)):
        with pytest.raises(SealedDamaged):
            KEYS.open_card(replace(parcel, card=flipped(parcel.card, place)))
    wrap = parcel.keys[0]
    for place in range(len(wrap.wrapped)):
        changed = replace(wrap, wrapped=flipped(wrap.wrapped, place))
        with pytest.raises(SealedDamaged):
            KEYS.open_card(replace(parcel, keys=(changed, parcel.keys[1])))


def flipped(raw: bytes, place: int, mask: int = 1) -> bytes:
    """*raw* with one byte changed."""
    return raw[:place] + bytes((raw[place] ^ mask,)) + raw[place + 1 :]


PARCELS = {suite: sealed(suite) for suite in (SERVER_SUITE, BROWSER_SUITE)}


@BOTH
@settings(max_examples=150)
@given(data=st.data())
def test_whatever_is_changed_cut_or_added_is_noticed(suite: int, data: st.DataObject) -> None:
    parcel = PARCELS[suite]
    part = data.draw(st.sampled_from(("card", "body", "wrap")))
    raw = parcel.keys[0].wrapped if part == "wrap" else getattr(parcel, part)
    place = data.draw(st.integers(0, len(raw) - 1))
    mask, tail = data.draw(st.integers(1, 255)), data.draw(st.binary(min_size=1, max_size=40))
    changed = data.draw(
        st.sampled_from((flipped(raw, place, mask), raw[:place], raw[place + 1 :], raw + tail))
    )
    if part == "wrap":
        damaged = replace(parcel, keys=(replace(parcel.keys[0], wrapped=changed),))
    else:
        damaged = replace(parcel, **{part: changed})
    with pytest.raises(SealedDamaged):
        KEYS.open_card(damaged) if part == "card" else KEYS.open_parcel(damaged)


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"tip_id": "ff112233445566778899aabbccddeeff"},
        {"seq": 2},
        {"seq": 2**40},
        {"seq": -1},
        {"tip_id": "zz"},
        {"suite": 3},
    ],
    ids=str,
)
def test_a_parcel_moved_or_put_in_again_elsewhere_does_not_open(suite: int, change: dict[str, Any]) -> None:
    moved = replace(sealed(suite), **change)
    with pytest.raises(SealedDamaged):
        KEYS.open_parcel(moved)
    with pytest.raises(SealedDamaged):
        KEYS.open_card(moved)


@BOTH
def test_a_body_moved_under_a_right_key_does_not_open(suite: int) -> None:
    """The wrap alone notices a moved parcel; here the wrap is of the new place, and only the body is not."""
    parcel = sealed(suite)
    private = KEY.hybrid() if suite == SERVER_SUITE else KEY.browser()
    info = wrap_info(suite, TIP_ID, 1, KEY.unit)
    content_key = HPKE[suite].decrypt(parcel.keys[0].wrapped, private, info=info)
    for seq, damaged in ((1, False), (2, True)):
        wrap = wrap_key(content_key, to=KEY.public(), tip_id=TIP_ID, seq=seq)
        moved = replace(parcel, seq=seq, keys=(wrap,))
        if damaged:
            with pytest.raises(SealedDamaged):
                KEYS.open_parcel(moved)
        else:
            assert KEYS.open_parcel(moved).files == files()


@BOTH
def test_card_and_body_cannot_change_places(suite: int) -> None:
    parcel = sealed(suite)
    with pytest.raises(SealedDamaged):
        KEYS.open_card(replace(parcel, card=parcel.body))
    with pytest.raises(SealedDamaged):
        KEYS.open_parcel(replace(parcel, body=parcel.card))


@BOTH
def test_a_wrapped_key_given_to_another_unit_or_suite_does_not_open(suite: int) -> None:
    parcel = sealed(suite)
    mine, theirs = parcel.keys
    given = replace(theirs, unit=mine.unit, key_id=mine.key_id)
    with pytest.raises(SealedDamaged):
        KEYS.open_parcel(replace(parcel, keys=(given,)))
    other_suite = SERVER_SUITE + BROWSER_SUITE - suite
    with pytest.raises(SealedDamaged):
        KEYS.open_parcel(replace(parcel, keys=(replace(mine, suite=other_suite),)))
    with pytest.raises(SealedDamaged):
        KEYS.open_parcel(replace(parcel, suite=other_suite))


@BOTH
def test_a_wrap_is_of_its_unit_even_under_the_same_raw_keys(suite: int) -> None:
    parcel = sealed(suite)
    twin = UnitKeys("cung-khoa", [replace(KEY, unit="cung-khoa")])
    with pytest.raises(WrongKey):
        twin.open_parcel(parcel)
    with pytest.raises(SealedDamaged):
        twin.open_parcel(replace(parcel, keys=(replace(parcel.keys[0], unit="cung-khoa"),)))


def test_a_follow_up_without_a_card_has_none_to_open() -> None:
    parcel = seal_parcel(
        "more", {"text": "thêm", "in_reply_to": 0}, (), tip_id=TIP_ID, seq=2, to=[KEY.public()]
    )
    check_parcel(parcel)
    assert KEYS.open_parcel(parcel).words == {"text": "thêm", "in_reply_to": 0}
    with pytest.raises(SealedDamaged):
        KEYS.open_card(parcel)


# --- what lengths tell


@BOTH
@given(story=st.text(max_size=900), file_bytes=st.integers(0, 100))
def test_contents_of_one_bucket_cannot_be_told_apart_by_length(
    suite: int, story: str, file_bytes: int
) -> None:
    one = file_tip(suite, "", b"")
    two = file_tip(suite, story, bytes(file_bytes))
    lengths = [
        (len(item.body), len(item.card), [len(wrap.wrapped) for wrap in item.keys]) for item in (one, two)
    ]
    if len(two.body) == len(one.body):
        assert lengths[0] == lengths[1]
    assert len(two.body) - 28 in BUCKETS
    assert len(one.body) - 28 == BUCKETS[0]


def file_tip(suite: int, story: str, photo: bytes) -> SealedParcel:
    """A tip with one file."""
    told = TipContent(story=story)
    one = TipFile(name="anh-1.jpg", media_type="image/jpeg", content=photo)
    return seal_parcel(
        "tip",
        words_of(told),
        [one],
        tip_id=TIP_ID,
        seq=1,
        to=[KEY.public()],
        card=card_of(told, 1),
        suite=suite,
    )


def test_a_short_and_a_long_story_of_one_bucket_are_equally_long() -> None:
    short = sealed(told=TipContent(story="a"))
    long = sealed(told=TipContent(story="ă" * 1_500, kind="drugs", details={"vehicle": "xe"}))
    assert len(parcel_json(short)) == len(parcel_json(long))


def parcel_json(parcel: SealedParcel) -> str:
    """As it goes over the wire."""
    return json.dumps(parcel_to_json(parcel))


@given(
    kind=st.text(max_size=30),
    area=st.text("0123456789", max_size=5),
    urgent=st.booleans(),
    count=st.integers(0, 20),
    digest=st.sampled_from(("", "0" * 16)),
)
def test_cards_are_equally_long_whatever_is_on_them(
    kind: str, area: str, urgent: bool, count: int, digest: str
) -> None:
    card = TipCard(kind=kind, urgent=urgent, area=area, files=count, language="vi", digest=digest)
    parcel = seal_parcel("tip", {}, (), tip_id=TIP_ID, seq=1, to=[KEY.public()], card=card)
    assert len(parcel.card) == 512 + 28
    assert KEYS.open_card(parcel) == card


def test_a_card_that_would_be_longer_is_refused_not_cut() -> None:
    with pytest.raises(BadSetup):
        sealed(told=TipContent(story="x", kind="k" * 600))


def test_replies_are_as_long_whatever_they_say() -> None:
    public = Receipt("7F3K2M9QWXYVTHJN").keys().reply_public
    texts = ("", "Mấy giờ, ở đâu ạ?" * 50)
    replies = [
        seal_reply(Reply(seq=1, type="question", text=text), tip_id=TIP_ID, reply_public=public)
        for text in texts
    ]
    assert len(replies[0].sealed) == len(replies[1].sealed) == 4096 + 48


def test_a_sending_that_is_too_large_is_refused() -> None:
    huge = TipFile(name="tep-1.pdf", media_type="application/pdf", content=bytes(BUCKETS[-1]))
    with pytest.raises(BadSetup):
        seal_parcel("more", {}, [huge], tip_id=TIP_ID, seq=2, to=[KEY.public()])


# --- what is inside


json_texts = st.text(max_size=60)


@given(
    st.builds(
        TipContent,
        story=json_texts,
        kind=json_texts,
        urgent=st.booleans(),
        area=json_texts,
        place=json_texts,
        when=json_texts,
        details=st.dictionaries(json_texts, json_texts, max_size=4),
        concerns=st.lists(json_texts, max_size=3).map(tuple),
        concerns_whom=json_texts,
        language=st.sampled_from(("vi", "en")),
    )
)
def test_any_words_come_out_as_they_went_in(told: TipContent) -> None:
    parcel = seal_parcel("tip", words_of(told), (), tip_id=TIP_ID, seq=1, to=[KEY.public()])
    assert content_of(KEYS.open_parcel(parcel).words) == told


def test_half_an_emoji_is_mended_and_the_rest_arrives() -> None:
    told = TipContent(story="cứu \ud83d", details={"who": "\udc00x"})
    opened = content_of(KEYS.open_parcel(sealed(told=told)).words)
    assert (opened.story, opened.details) == ("cứu \ufffd", {"who": "\ufffdx"})


@pytest.mark.parametrize(
    "words",
    [
        {"story": 1},
        {"story": None},
        {"details": []},
        {"details": {"a": 1}},
        {"concerns": "all"},
        {"concerns": [1]},
        {"kind": {}},
    ],
    ids=str,
)
def test_words_no_page_of_ours_wrote_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(SealedDamaged):
        content_of(words)


def test_names_and_types_of_files_that_are_not_ours_are_not_shown() -> None:
    sent = [
        TipFile(name="../../etc/passwd", media_type="text/html;x", content=b"1"),
        TipFile(name="Nguyễn Văn A.jpg", media_type="image/jpeg", content=b"22"),
    ]
    parcel = seal_parcel("more", {}, sent, tip_id=TIP_ID, seq=2, to=[KEY.public()])
    opened = KEYS.open_parcel(parcel).files
    assert [(item.name, item.media_type, item.content) for item in opened] == [
        ("tep-1.bin", "application/octet-stream", b"1"),
        ("tep-2.bin", "image/jpeg", b"22"),
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Có người BÁN ma tuý!", "co nguoi ban ma tuy"),
        ("Đánh bạc", "danh  bac…"),
    ],
)
def test_the_same_story_typed_otherwise_has_the_same_digest(one: str, two: str) -> None:
    assert digest_of(one) == digest_of(two) != digest_of(one + " nữa")


def test_a_story_without_letters_has_no_digest() -> None:
    assert digest_of("🎲🎲 …") == digest_of("") == ""


# --- what a page sends


@BOTH
def test_a_parcel_goes_through_json_and_back(suite: int) -> None:
    parcel = sealed(suite)
    assert parcel_from_json(json.loads(parcel_json(parcel))) == parcel


WRAP = WrappedKey(unit="thu-nghiem", key_id="0" * 16, suite=BROWSER_SUITE, wrapped=bytes(80))
SOUND = SealedParcel(
    tip_id=TIP_ID, seq=1, suite=BROWSER_SUITE, card=bytes(540), body=bytes(4096 + 28), keys=(WRAP,)
)


@pytest.mark.parametrize(
    "change",
    [
        {"tip_id": TIP_ID.upper()},
        {"tip_id": TIP_ID + "\n"},
        {"seq": 0},
        {"seq": 10**9},
        {"seq": 2},  # with a card
        {"suite": 9},
        {"card": b""},
        {"card": bytes(541)},
        {"body": bytes(4096)},
        {"body": b""},
        {"keys": ()},
        {"keys": (WRAP, WRAP)},
        {"keys": tuple(replace(WRAP, unit=f"u-{number}") for number in range(9))},
        {"keys": (replace(WRAP, unit="../x"),)},
        {"keys": (replace(WRAP, key_id="x"),)},
        {"keys": (replace(WRAP, suite=SERVER_SUITE),)},
        {"keys": (replace(WRAP, wrapped=bytes(81)),)},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_parcel_that_cannot_be_ours_is_not_stored(change: dict[str, Any]) -> None:
    check_parcel(SOUND)
    with pytest.raises(BadSetup):
        check_parcel(replace(SOUND, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"seq": "1"},
        {"seq": True},
        {"seq": 1.0},
        {"tip_id": None},
        {"card": "%%%"},
        {"body": "A"},
        {"body": "é"},
        {"keys": {}},
        {"keys": [1]},
        {"keys": [{"unit": "u"}]},
    ],
    ids=str,
)
def test_a_page_that_sends_something_else_is_told_so(change: dict[str, object]) -> None:
    with pytest.raises(BadSetup):
        parcel_from_json(parcel_to_json(SOUND) | change)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_any_json_that_is_no_parcel_is_refused(value: object) -> None:
    with pytest.raises(BadSetup):
        parcel_from_json(value)


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(32), b"\1" + bytes(31), bytes(33)], ids=len)
def test_a_reply_key_that_nothing_can_be_sealed_to_is_refused(raw: bytes) -> None:
    with pytest.raises(BadSetup):
        check_reply_public(raw)
    with pytest.raises(BadSetup):
        seal_reply(Reply(seq=1, type="message"), tip_id=TIP_ID, reply_public=raw)
    check_reply_public(Receipt.new().keys().reply_public)
