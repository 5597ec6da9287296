from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.errors import BadReceipt, SealedDamaged
from tips.model import Reply, SealedReply
from tips.receipts import (
    ALPHABET,
    Receipt,
    find_receipt,
    likely_receipt,
    looks_like_receipt,
    tag_hash_of,
    tip_id_of,
    without_receipts,
)
from tips.sealing import seal_reply

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
receipts = st.text(ALPHABET, min_size=16, max_size=16).map(Receipt)


@given(receipts)
def test_a_receipt_is_shown_in_groups_and_read_back(receipt: Receipt) -> None:
    assert [len(group) for group in receipt.text.split("-")] == [4, 4, 4, 5]
    assert receipt.text.endswith("-" + receipt.last_group)
    assert Receipt.parse(receipt.text) == receipt
    assert looks_like_receipt(receipt.text)


@given(receipts, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(receipt: Receipt, place: int, wrong: str) -> None:
    symbols = receipt.text.replace("-", "")
    slip = symbols[:place] + wrong + symbols[place + 1 :]
    if slip == symbols:
        return
    with pytest.raises(BadReceipt):
        Receipt.parse(slip)


def test_every_single_wrong_character_of_one_receipt_is_noticed() -> None:
    symbols = Receipt.new().text.replace("-", "")
    slips = [
        symbols[:place] + wrong + symbols[place + 1 :]
        for place in range(17)
        for wrong in ALPHABET
        if wrong != symbols[place]
    ]
    assert len(slips) == 17 * 31
    for slip in slips:
        with pytest.raises(BadReceipt):
            Receipt.parse(slip)


@pytest.mark.parametrize(
    "typed",
    [
        "7f3k-2m9q-wxyv-thjn8",
        " 7F3K 2M9Q WXYV THJN8\n",
        "7F3K2M9QWXYVTHJN8",
        "7F3K–2M9Q—WXYV−THJN8",
        "７Ｆ３Ｋ－２Ｍ９Ｑ－ＷＸＹＶ－ＴＨＪＮ８",
        "7F3K-2M9Q-\u200bWXYV-\u00a0THJN8",
        "7F3K.2M9Q_WXYV THJN8",
    ],
)
def test_case_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert Receipt.parse(typed).text == "7F3K-2M9Q-WXYV-THJN8"
    assert looks_like_receipt(typed)


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    plain = Receipt("0101010101010101")
    assert Receipt.parse(plain.text.replace("0", "O").replace("1", "I")) == plain
    assert Receipt.parse(plain.text.replace("0", "o").replace("1", "l")) == plain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "7F3K",
        "7F3K-2M9Q-WXYV-THJN",
        "7F3K-2M9Q-WXYV-THJN88",
        "UF3K-2M9Q-WXYV-THJN8",
        "7F3K-2M9Q-WXYV-THJN*",
        "ſ" * 17,
        "7" * 100_000,
        "🎲" * 17,
        "'; drop table tips;--",
    ],
)
def test_nothing_else_is_a_receipt(typed: str) -> None:
    with pytest.raises(BadReceipt):
        Receipt.parse(typed)
    assert not looks_like_receipt(typed)


def test_a_wrong_receipt_is_noticed_without_the_slow_derivation() -> None:
    started = time.perf_counter()
    for _ in range(300):
        with pytest.raises(BadReceipt):
            Receipt.parse("7F3K-2M9Q-WXYV-THJN9")
    assert time.perf_counter() - started < 1.5  # one derivation takes 30 ms, 300 would take nine seconds


def test_new_receipts_use_every_character_in_every_place() -> None:
    drawn = [Receipt.new().canonical for _ in range(2_000)]
    assert len(set(drawn)) == 2_000
    assert all({receipt[place] for receipt in drawn} == set(ALPHABET) for place in range(16))


def test_a_receipt_is_confirmed_by_its_last_group_only() -> None:
    receipt = Receipt("7F3K2M9QWXYVTHJN")
    assert receipt.is_confirmed_by(" thjn8 ")
    assert receipt.is_confirmed_by(receipt.text)
    assert not any(receipt.is_confirmed_by(typed) for typed in ("", "THJN", "7F3K", "THJN9", "WXYVTHJN8"))


def test_a_receipt_and_its_keys_do_not_show_when_printed() -> None:
    receipt = Receipt.new()
    keys = receipt.keys()
    shown = f"{receipt!r} {receipt} {keys!r}"
    secrets = (receipt.canonical, receipt.last_group, repr(keys.tag), repr(keys.reply_private))
    assert not any(secret in shown for secret in secrets)


@pytest.mark.parametrize("vector", VECTORS["receipts"], ids=lambda vector: vector["text"])
def test_receipts_give_what_the_vectors_say(vector: dict[str, str]) -> None:
    receipt = Receipt.parse(vector["text"])
    keys = receipt.keys()
    assert (receipt.canonical, receipt.last_group) == (vector["canonical"], vector["last_group"])
    told = {
        "tag": keys.tag.hex(),
        "tag_hash": keys.tag_hash.hex(),
        "tip_id": keys.tip_id,
        "reply_private": keys.reply_private.hex(),
        "reply_public": keys.reply_public.hex(),
    }
    assert told == {name: vector[name] for name in told}
    assert (tag_hash_of(keys.tag), tip_id_of(keys.tag)) == (keys.tag_hash, keys.tip_id)


def test_the_same_receipt_gives_the_same_keys_and_another_gives_others() -> None:
    one, same, other = Receipt("7F3K2M9QWXYVTHJN"), Receipt.parse("7f3k 2m9q wxyv thjn8"), Receipt.new()
    assert one.keys() == same.keys()
    mine, theirs = one.keys(), other.keys()
    assert mine.tag != theirs.tag
    assert mine.tip_id != theirs.tip_id
    assert mine.reply_public != theirs.reply_public


@pytest.mark.parametrize(
    "text",
    [
        "mã tin của tôi là {}, xin trả lời",
        "ma tin {}.",
        "({})",
        "{}",
        "số 12 ngõ 7, ngày 3/11, mã {} nhé",
    ],
)
@pytest.mark.parametrize(
    "spelled",
    ["7F3K-2M9Q-WXYV-THJN8", "7f3k 2m9q wxyv thjn8", "7F3K2M9QWXYVTHJN8", "7F3K – 2M9Q – WXYV – THJN8"],
)
def test_a_receipt_inside_a_text_is_found(text: str, spelled: str) -> None:
    assert find_receipt(text.format(spelled)) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "co nguoi danh nhau o cho ban ma tuy moi dem",
        "nghe thay roin hieen",  # grouped as a receipt is, by chance
        "RLHPC54049Y123456",  # a vehicle's number is as long as a receipt
        "gọi 0912 345 678 gặp anh Ba, tài khoản 1234 5678 9012 3456",
        "biển số 51F-123.45, số khung RLHPC54049Y123456",
        "mã 7F3K-2M9Q-WXYV-THJN9",
        "x7F3K2M9QWXYVTHJN8x",
        "",
        "a" * 50_000,
        "7F3K-" * 10_000,
    ],
)
def test_a_text_without_a_receipt_has_none(text: str) -> None:
    assert find_receipt(text) == ""
    assert not looks_like_receipt(text)


def test_a_receipt_with_a_slip_is_still_read_as_a_receipt() -> None:
    assert looks_like_receipt("7F3K-2M9Q-WXYV-THJN9")
    assert looks_like_receipt(" 7f3k 2m9q wxyv thjn9")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mã 7F3K-2M9Q-WXYV-THJN8 nhé", "7F3K-2M9Q-WXYV-THJN8"),
        ("mã 7F3K-2M9Q-WXYV-THJN9 nhé", "7F3K-2M9Q-WXYV-THJN9"),  # with a slip
        (" 7f3k 2m9qwxyv thjn 8 ", "7f3k 2m9qwxyv thjn 8"),
        ("mã 7f3k 2m9q wxyv thjn9 sao rồi", "7f3k 2m9q wxyv thjn9"),  # with a slip and spaces
        ("ma cua toi 7F3K  2M9Q  WXYV  THJN9.", "7F3K  2M9Q  WXYV  THJN9"),
        ("chua thay tien 50000 dau", ""),
        ("chuyen vao tai khoan 1903 6789 1234 56789", ""),
        ("tu 2015 den nay toi chua lam cccd", ""),
        ("xe 29H1 1234 mat ngay 11/10", ""),
        ("the 4111 1111 1111 11111 bi tru tien", ""),
        ("ra tu 2019 gio lam cccd nhanh khong", ""),
        ("tài khoản 1234-5678-9012-3456", ""),
        ("hòa giải là gì", ""),
    ],
)
def test_what_may_be_a_receipt_is_found_in_words(typed: str, found: str) -> None:
    assert likely_receipt(typed) == found


def test_every_receipt_is_taken_out_of_words() -> None:
    words = "cháy nhà {} và {}, mã cũ {}, lại {} nữa"
    spelled = ("7F3K-2M9Q-WXYV-THJN8", "7f3k 2m9q wxyv thjn9", "7F3K-2M9Q-WXYV-THJN9", "7F3K2M9QWXYVTHJN8")
    assert without_receipts(words.format(*spelled), "…") == words.format(*"…………")
    assert without_receipts(spelled[0], "…") == "…"
    assert without_receipts("hòa giải là gì", "…") == "hòa giải là gì"


@pytest.mark.parametrize("instead", ["…", ""])
@given(first=receipts, second=receipts, joint=st.sampled_from([" ", ", ", " và ", "-", "\n"]))
def test_nothing_that_may_be_a_receipt_is_left(
    instead: str, first: Receipt, second: Receipt, joint: str
) -> None:
    left = without_receipts(f"mã {first.text}{joint}{second.text} nhé", instead)
    assert likely_receipt(left) == ""


def test_what_we_write_and_what_people_ask_holds_no_receipt() -> None:
    files = [*ROOT.glob("guides/**/*.md"), *ROOT.glob("prompts/*/*.toml"), *ROOT.glob("tests/golden/*.jsonl")]
    assert len(files) > 80
    held = {likely_receipt(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    assert held == {""}


@given(receipts)
def test_a_receipt_with_dashes_is_always_found_and_one_with_a_slip_never(receipt: Receipt) -> None:
    for spelled in (receipt.text, receipt.text.lower(), "7" + receipt.text[1:]):
        try:
            Receipt.parse(spelled)
        except BadReceipt:
            assert find_receipt(f"mã {spelled}.") == ""
        else:
            assert find_receipt(f"mã {spelled}.") == spelled


def test_a_reply_opens_with_its_receipt_and_no_other() -> None:
    mine, other = Receipt.new().keys(), Receipt.new().keys()
    reply = Reply(seq=1, type="message", text="Cảm ơn anh chị.")
    sealed = seal_reply(reply, tip_id=mine.tip_id, reply_public=mine.reply_public)
    assert mine.open_reply(sealed) == reply
    with pytest.raises(SealedDamaged):
        other.open_reply(sealed)


def test_a_reply_cannot_be_cut_renumbered_or_given_to_another_tip() -> None:
    mine, other = Receipt.new().keys(), Receipt.new().keys()
    reply = Reply(seq=1, type="question", text="Mấy giờ?")
    sealed = seal_reply(reply, tip_id=mine.tip_id, reply_public=mine.reply_public)
    elsewhere = seal_reply(reply, tip_id=other.tip_id, reply_public=mine.reply_public)
    wrong = [
        SealedReply(tip_id=mine.tip_id, seq=2, sealed=sealed.sealed),
        SealedReply(tip_id=mine.tip_id, seq=-1, sealed=sealed.sealed),
        SealedReply(tip_id=mine.tip_id, seq=1, sealed=sealed.sealed[:-1]),
        SealedReply(tip_id=mine.tip_id, seq=1, sealed=b""),
        SealedReply(tip_id=mine.tip_id, seq=1, sealed=elsewhere.sealed),
    ]
    for damaged in wrong:
        with pytest.raises(SealedDamaged):
            mine.open_reply(damaged)
