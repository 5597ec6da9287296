"""Taking in: what was said to be received is there and opens; whatever else happens, nothing is."""

from __future__ import annotations

import logging
import sqlite3
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes.tip_office import HIGH, LOW, TipOffice, private_key
from tips.errors import (
    BadSetup,
    FileRefused,
    NoReceivingUnit,
    TipNotReceived,
    TipStoreUnavailable,
    UnitWithoutKey,
)
from tips.intake import ANSWER_LIMIT, reference_of
from tips.model import FILES_LIMIT, STORY_LIMIT, RawFile, Recipients, Reply, TipContent, TipFile
from tips.opening.opener import UnitKeys
from tips.receipts import ALPHABET, Receipt
from tips.sealing import BROWSER_SUITE, card_of, seal_parcel, seal_reply, words_of
from tips.store.store import TipStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tips.model import ParcelType, SealedParcel
    from tips.receipts import ReceiptKeys

STORY = "Đêm qua có người chở pháo lậu về kho số 7 cuối hẻm."
CONTENT = TipContent(story=STORY, kind="firecrackers", area="26734", details={"vehicle": "xe tải"})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[TipOffice]:
    made = TipOffice(tmp_path / "tips", busy_timeout_ms=200)
    yield made
    made.store.close()


@pytest.fixture
def receipt() -> Receipt:
    return Receipt.new()


def stored(office: TipOffice) -> int:
    return len(office.store.for_units([LOW, HIGH], office.clock()))


def from_page(
    office: TipOffice,
    keys: ReceiptKeys,
    seq: int = 1,
    type_: ParcelType = "tip",
    units: tuple[str, ...] = (LOW, HIGH),
) -> SealedParcel:
    """A parcel as a page seals it, with the browser's suite."""
    words = words_of(CONTENT) if seq == 1 else {"text": "Thêm một điều.", "in_reply_to": 0}
    return seal_parcel(
        type_,
        words,
        (),
        tip_id=keys.tip_id,
        seq=seq,
        to=[office.public_keys.current(unit) for unit in units],
        card=card_of(CONTENT, 0) if seq == 1 else None,
        suite=BROWSER_SUITE,
    )


BOTH = Recipients(holder=LOW, above=HIGH)


def test_a_tip_reaches_both_units_whole(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT, [RawFile(content=b"photo secret")])
    assert (told.is_new, told.files, told.refused, told.is_cut) == (True, 1, (), False)
    for unit in (LOW, HIGH):
        (parcel,) = office.opened(told.tip_id, unit)
        assert parcel.type == "tip"
        assert parcel.words == words_of(CONTENT)
        assert parcel.files == (TipFile(name="anh-1.jpg", media_type="image/jpeg", content=b"clean photo "),)
        card = office.keys[unit].open_card(office.store.parcels(told.tip_id, unit)[0])
        assert card == card_of(CONTENT, 1)


def test_pressing_send_twice_stores_once(office: TipOffice, receipt: Receipt) -> None:
    first = office.intake.submit(receipt, CONTENT)
    again = office.intake.submit(receipt, replace(CONTENT, story="Khác"))
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.tip_id, first.reference) == (again.tip_id, again.reference)
    assert [parcel.words["story"] for parcel in office.opened(first.tip_id)] == [STORY]


def test_the_unit_concerned_gets_nothing(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, replace(CONTENT, concerns=(LOW,)))
    assert office.store.for_units([LOW], office.clock.move(days=30)) == []
    assert office.store.parcels(told.tip_id, LOW) == []
    assert len(office.opened(told.tip_id, HIGH)) == 1


def test_a_tip_that_concerns_everybody_is_not_received(office: TipOffice, receipt: Receipt) -> None:
    with pytest.raises(NoReceivingUnit):
        office.intake.submit(receipt, replace(CONTENT, concerns=(HIGH,)))
    with pytest.raises(BadSetup):
        office.intake.submit(receipt, replace(CONTENT, concerns=("khong-co",)))
    assert stored(office) == 0


def test_a_long_story_is_cut_and_its_sender_told(office: TipOffice, receipt: Receipt) -> None:
    long = replace(CONTENT, story="ổ" * 1_000_000, details={"vehicle": "x" * 5_000})
    told = office.intake.submit(receipt, long)
    words = office.opened(told.tip_id)[0].words
    assert told.is_cut
    assert words["story"] == "ổ" * STORY_LIMIT
    assert words["details"] == {"vehicle": "x" * ANSWER_LIMIT}


@pytest.mark.parametrize(
    "content",
    [
        TipContent(story=""),
        TipContent(story=" \n\t\u3000", place="đâu đó", when="hôm qua", kind="theft"),
        TipContent(story="", details={"vehicle": ""}),
    ],
)
def test_a_tip_that_tells_nothing_is_not_received(
    office: TipOffice, receipt: Receipt, content: TipContent
) -> None:
    with pytest.raises(BadSetup) as told:
        office.intake.submit(receipt, content)
    assert told.value.fields == {"part": "empty"}
    assert stored(office) == 0


@pytest.mark.parametrize(
    "story",
    [
        "🔥🔥",
        "<script>alert(1)</script>",
        "'; DROP TABLE tips; --",
        "{0} %s {story}",
        "\u202eđảo",
        "half \ud83d",
    ],
)
def test_any_text_is_taken_as_it_is(office: TipOffice, receipt: Receipt, story: str) -> None:
    told = office.intake.submit(receipt, TipContent(story=story))
    words = office.opened(told.tip_id)[0].words
    assert words["story"] == story.encode(
        "utf-8", "replace" if "\ud83d" in story else "strict"
    ).decode().replace("half ?", "half \ufffd")


def test_a_file_alone_is_a_tip(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, TipContent(story=""), [RawFile(content=b"photo")])
    assert told.files == 1


def test_a_refused_file_does_not_hold_up_the_rest(office: TipOffice, receipt: Receipt) -> None:
    files = [RawFile(content=b"one"), RawFile(content=b"bad"), RawFile(content=b"two")]
    told = office.intake.submit(receipt, CONTENT, files)
    assert (told.files, told.refused) == (2, ("broken",))
    assert [file.name for file in office.opened(told.tip_id)[0].files] == ["anh-1.jpg", "anh-2.jpg"]


def test_only_refused_files_are_not_a_tip(office: TipOffice, receipt: Receipt) -> None:
    with pytest.raises(FileRefused) as told:
        office.intake.submit(receipt, TipContent(story=""), [RawFile(content=b"bad")])
    assert told.value.fields == {"reason": "broken"}
    assert stored(office) == 0


def test_an_album_over_the_limit_leaves_the_rest_out(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT, [RawFile(content=b"p")] * (FILES_LIMIT + 3))
    assert (told.files, told.refused) == (FILES_LIMIT, ("too_many",) * 3)


def test_files_too_large_together_are_told_apart(office: TipOffice, receipt: Receipt) -> None:
    large = RawFile(content=bytes(19_000_000))
    told = office.intake.submit(receipt, CONTENT, [large, large, large, large, RawFile(content=b"small")])
    assert (told.files, told.refused) == (4, ("too_large_together",))


def test_an_original_is_kept_only_where_it_was_asked_for(office: TipOffice, receipt: Receipt) -> None:
    files = [
        RawFile(content=b"one secret"),
        RawFile(content=b"two secret", keep_original=True),
        RawFile(content=b"bad three", keep_original=True),
    ]
    told = office.intake.submit(receipt, CONTENT, files)
    tip, original = office.opened(told.tip_id)
    assert [file.content for file in tip.files] == [b"clean one ", b"clean two "]
    assert original.type == "original"
    assert original.words == {"of": "anh-2.jpg"}
    assert [file.content for file in original.files] == [b"two secret"]


def test_what_a_page_sealed_is_stored_and_opens(office: TipOffice, receipt: Receipt) -> None:
    keys = receipt.keys()
    parcel = from_page(office, keys)
    files = [RawFile(content=b"video", keep_original=True), RawFile(content=b"bad")]
    told = office.intake.submit_sealed(keys.tag, keys.reply_public, BOTH, parcel, files)
    assert (told.is_new, told.files, told.refused) == (True, 1, ("broken",))
    tip, more, original = office.opened(told.tip_id)
    assert (tip.type, tip.words) == ("tip", words_of(CONTENT))
    assert (more.type, more.words) == ("more", {"text": "", "in_reply_to": 0})
    assert [file.content for file in (*more.files, *original.files)] == [b"clean video", b"video"]
    again = office.intake.submit_sealed(keys.tag, keys.reply_public, BOTH, from_page(office, keys), files)
    assert again.is_new is False
    assert len(office.opened(told.tip_id)) == 3


def test_a_page_that_does_not_fit_is_not_received(office: TipOffice, receipt: Receipt) -> None:
    """Another tip's id, another place, units that do not exist, keys for more or fewer units than named."""
    keys, other = receipt.keys(), Receipt.new().keys()
    good = from_page(office, keys)
    public = keys.reply_public
    stranger = replace(good.keys[0], unit="la")
    cases = [
        (other.tag, public, BOTH, good, "tip_id"),
        (keys.tag[:31], public, BOTH, good, "tip_id"),
        (keys.tag, public, BOTH, from_page(office, keys, seq=2, type_="more"), "seq"),
        (keys.tag, b"short", BOTH, good, "reply_public"),
        (keys.tag, bytes(32), BOTH, good, "reply_public"),
        (keys.tag, public, Recipients(holder="la"), good, "recipients"),
        (keys.tag, public, Recipients(holder=""), good, "recipients"),
        (keys.tag, public, Recipients(holder=HIGH, above=LOW), good, "recipients"),
        (keys.tag, public, Recipients(holder=LOW, above=LOW), good, "recipients"),
        (keys.tag, public, Recipients(holder=LOW), good, "keys"),
        (keys.tag, public, BOTH, from_page(office, keys, units=(LOW,)), "keys"),
        (keys.tag, public, BOTH, replace(good, keys=(*good.keys, stranger)), "keys"),
        (keys.tag, public, BOTH, replace(good, body=good.body[:-1]), "body"),
        (keys.tag, public, BOTH, replace(good, card=b""), "card"),
        (keys.tag, public, BOTH, replace(good, tip_id="../../etc"), "tip_id"),
    ]
    for tag, reply_public, to, parcel, part in cases:
        with pytest.raises(BadSetup) as told:
            office.intake.submit_sealed(tag, reply_public, to, parcel)
        assert told.value.fields == {"part": part}
    assert stored(office) == 0


def test_a_page_with_an_old_key_is_asked_to_seal_again(office: TipOffice, receipt: Receipt) -> None:
    keys = receipt.keys()
    parcel = from_page(office, keys)
    office.publish(LOW, day=2)
    with pytest.raises(BadSetup) as told:
        office.intake.submit_sealed(keys.tag, keys.reply_public, BOTH, parcel)
    assert told.value.fields == {"part": "keys"}
    assert office.intake.submit_sealed(keys.tag, keys.reply_public, BOTH, from_page(office, keys)).is_new
    rotated = UnitKeys(LOW, [private_key(LOW, 1), private_key(LOW, 2)])
    assert rotated.open_parcel(office.store.parcels(keys.tip_id, LOW)[0]).words == words_of(CONTENT)


def test_a_receipt_shows_state_and_replies(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT)
    before = office.intake.follow(receipt)
    assert before is not None
    assert (before.reference, before.state, before.replies, before.next_seq) == (
        told.reference,
        "received",
        (),
        2,
    )
    public = receipt.keys().reply_public
    replies = [
        Reply(seq=1, type="state", state="verifying"),
        Reply(seq=2, type="question", text="Xe màu gì?"),
        Reply(seq=3, type="state", state="closed", outcome="grounded"),
        Reply(seq=4, type="message", text="Cảm ơn anh chị."),
    ]
    for reply in replies:
        office.store.add_reply(seal_reply(reply, tip_id=told.tip_id, reply_public=public))
    after = office.intake.follow(receipt)
    assert after is not None
    assert after.replies == tuple(replies)
    assert after.state == "closed"


def test_one_damaged_reply_does_not_hide_the_others(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT)
    public = receipt.keys().reply_public
    good = seal_reply(Reply(seq=1, type="message", text="Chào"), tip_id=told.tip_id, reply_public=public)
    office.store.add_reply(replace(good, sealed=good.sealed[:-1] + b"?"))
    second = seal_reply(Reply(seq=2, type="message", text="Chào"), tip_id=told.tip_id, reply_public=public)
    office.store.add_reply(second)
    shown = office.intake.follow(receipt)
    assert shown is not None
    assert [reply.seq for reply in shown.replies] == [2]


def test_unknown_and_purged_receipts_are_told_the_same(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT)
    office.store.shred(told.tip_id)
    assert office.intake.follow(receipt) is None
    assert office.intake.follow(Receipt.new()) is None
    assert office.intake.follow_sealed(receipt.keys().tag) is None
    assert office.intake.follow_sealed(b"") is None


def test_unknown_and_purged_receipts_take_the_same_time(office: TipOffice, receipt: Receipt) -> None:
    """Both derive the keys and look once: processor time, medians within a fifth of each other."""
    told = office.intake.submit(receipt, CONTENT)
    office.store.shred(told.tip_id)
    unknown = Receipt.new()

    def took(asked: Receipt) -> float:
        begun = time.thread_time()  # not the clock: the machine may be busy with other things
        assert office.intake.follow(asked) is None
        return time.thread_time() - begun

    times = [(took(receipt), took(unknown)) for _ in range(25)]
    purged, never = (sorted(column)[len(times) // 2] for column in zip(*times, strict=True))
    assert 0.8 < purged / never < 1.25


def test_an_answer_is_added_with_its_files(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT)
    more = office.intake.more(
        receipt, "Xe màu đỏ.", [RawFile(content=b"p", keep_original=True)], in_reply_to=3
    )
    assert (more.tip_id, more.is_new, more.files) == (told.tip_id, True, 1)
    _, answer, original = office.opened(told.tip_id)
    assert answer.words == {"text": "Xe màu đỏ.", "in_reply_to": 3}
    assert [file.content for file in answer.files] == [b"clean p"]
    assert original.type == "original"
    office.intake.more(receipt, "", [RawFile(content=b"only a file")])
    assert len(office.opened(told.tip_id)) == 4


def test_an_answer_with_a_number_that_is_taken_is_not_added(office: TipOffice, receipt: Receipt) -> None:
    told = office.intake.submit(receipt, CONTENT)
    office.intake.more(receipt, "Xe màu đỏ.", seq=2)
    with pytest.raises(BadSetup) as refused:
        office.intake.more(receipt, "Xe màu đỏ.", seq=2)
    assert refused.value.fields == {"part": "seq"}
    assert len(office.opened(told.tip_id)) == 2


def test_an_answer_to_nothing_is_not_received(office: TipOffice, receipt: Receipt) -> None:
    with pytest.raises(TipNotReceived):
        office.intake.more(receipt, "Thêm")
    with pytest.raises(TipNotReceived):
        office.intake.withdraw(receipt)
    office.intake.submit(receipt, CONTENT)
    with pytest.raises(BadSetup):
        office.intake.more(receipt, "  ")
    with pytest.raises(FileRefused):
        office.intake.more(receipt, "", [RawFile(content=b"bad")])
    found = office.intake.follow_sealed(receipt.keys().tag)
    assert found is not None
    assert found.next_seq == 2


def test_a_page_adds_and_a_second_tab_is_told_to_seal_again(office: TipOffice, receipt: Receipt) -> None:
    keys = receipt.keys()
    office.intake.submit(receipt, CONTENT)
    parcel = from_page(office, keys, 2, "more")
    assert office.intake.more_sealed(keys.tag, parcel, [RawFile(content=b"f")]).is_new is True
    assert office.intake.more_sealed(keys.tag, parcel, [RawFile(content=b"f")]).is_new is False
    with pytest.raises(BadSetup) as told:
        office.intake.more_sealed(keys.tag, from_page(office, keys, 2, "more"))
    assert told.value.fields == {"part": "seq"}
    with pytest.raises(BadSetup) as told:
        office.intake.more_sealed(keys.tag, from_page(office, keys, 4, "more", units=(HIGH,)))
    assert told.value.fields == {"part": "units"}
    other = Receipt.new().keys()
    with pytest.raises(TipNotReceived):
        office.intake.more_sealed(other.tag, from_page(office, other, 2, "more"))
    assert [item.type for item in office.opened(keys.tip_id)] == ["tip", "more", "more"]


@pytest.mark.parametrize("way", ["server", "page"])
def test_a_withdrawn_tip_cannot_be_read_by_anybody(office: TipOffice, receipt: Receipt, way: str) -> None:
    keys = receipt.keys()
    office.intake.submit(receipt, CONTENT, [RawFile(content=b"photo", keep_original=True)])
    for _ in range(2):
        if way == "server":
            office.intake.withdraw(receipt)
        else:
            found = office.intake.follow_sealed(keys.tag)
            assert found is not None
            office.intake.withdraw_sealed(keys.tag, from_page(office, keys, found.next_seq, "withdraw"))
    assert [item.type for item in office.opened(keys.tip_id)] == ["withdraw"]
    shown = office.intake.follow(receipt)
    assert shown is not None
    assert shown.is_withdrawn
    with pytest.raises(TipNotReceived):
        office.intake.more(receipt, "Thêm")


def test_intake_does_not_start_while_a_unit_has_no_key(office: TipOffice) -> None:
    office.intake.check()
    for file in (office.public_folder / HIGH).iterdir():
        file.unlink()
    with pytest.raises(UnitWithoutKey) as told:
        office.intake.check()
    assert told.value.fields == {"unit": HIGH}


def test_a_key_that_vanishes_later_means_not_received(office: TipOffice, receipt: Receipt) -> None:
    for file in (office.public_folder / HIGH).iterdir():
        file.unlink()
    with pytest.raises(TipNotReceived):
        office.intake.submit(receipt, CONTENT)
    assert stored(office) == 0


def test_a_locked_database_means_not_received(office: TipOffice, receipt: Receipt) -> None:
    other = sqlite3.connect(office.folder / "tips.sqlite3", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TipStoreUnavailable):
            office.intake.submit(receipt, CONTENT)
        other.execute("ROLLBACK")
    finally:
        other.close()
    assert stored(office) == 0
    assert office.intake.submit(receipt, CONTENT).is_new is True


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://ali:sesame@127.0.0.1:1/sesame", "nonsense"],
)
def test_a_store_out_of_reach_says_so_and_nothing_else(url: str) -> None:
    with pytest.raises(TipStoreUnavailable) as told:
        TipStore.open(url)
    assert told.value.fields == {}
    assert told.value.__suppress_context__


def test_no_level_of_logging_tells_when_or_what(
    tmp_path: Path, receipt: Receipt, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even where an operator turns the database's own log up before the start."""
    for name in ("", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool"):
        caplog.set_level(logging.DEBUG, logger=name)
    office = TipOffice(tmp_path / "logged")
    caplog.clear()
    office.intake.submit(receipt, CONTENT)
    office.intake.follow(receipt)
    office.intake.withdraw(receipt)
    office.store.close()
    assert caplog.records == []


def test_a_reference_names_a_tip_and_leads_nowhere() -> None:
    names = {reference_of(f"{number:032x}") for number in range(500)}
    assert len(names) == 500
    assert all(set(name.removeprefix("BA-")) <= {*ALPHABET, "-"} for name in names)
    assert reference_of("00" * 16) == "BA-0MFC-KW21"
