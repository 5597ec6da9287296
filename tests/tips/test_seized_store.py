"""Whoever seizes the public machine holds everything under its folder, and reads no tip in it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tests.fakes.canaries import sightings, spellings
from tests.fakes.clocks import NOON
from tests.fakes.tip_office import HIGH, LOW, TipOffice, private_key
from tips.errors import WrongKey
from tips.model import RawFile, Recipients, Reply, TipContent
from tips.opening.opener import PrivateKey, UnitKeys
from tips.receipts import Receipt
from tips.sealing import BROWSER_SUITE, card_of, seal_parcel, seal_reply, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tips.model import SealedParcel

STORY = "Canary chuyện kể: ông Hoẵng giấu ma túy sau chùa, tối nào cũng có xe máy 59X3-12345."
ANSWER = "Canary trả lời: chiếc xe ấy màu đỏ, hay đậu trước tiệm Kim Oanh."
PHOTO = b"canary photo bytes that a camera made 8472910-ABCDEF"
QUESTION = "Canary câu hỏi của cán bộ: anh chị thấy mấy người?"
CONTENT = TipContent(story=STORY, kind="drugs", place="Canary sau chùa Hoẵng Nguyên", area="canary-26734")
SAID: dict[str, str | bytes] = {
    "story": STORY,
    "a word of it": "59X3-12345",
    "answer": ANSWER,
    "photo": PHOTO,
    "question": QUESTION,
    "place": CONTENT.place,
    "area": CONTENT.area,
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[TipOffice]:
    made = TipOffice(tmp_path / "tips")
    yield made
    made.store.close()


def send(office: TipOffice, receipt: Receipt, way: str) -> None:
    """A tip with a photo and its original, through the server or from a page."""
    files = [RawFile(content=PHOTO, keep_original=True)]
    if way == "server":
        office.intake.submit(receipt, CONTENT, files)
        return
    keys = receipt.keys()
    parcel = seal_parcel(
        "tip",
        words_of(CONTENT),
        (),
        tip_id=keys.tip_id,
        seq=1,
        to=[office.public_keys.current(unit) for unit in (LOW, HIGH)],
        card=card_of(CONTENT, 0),
        suite=BROWSER_SUITE,
    )
    office.intake.submit_sealed(
        keys.tag, keys.reply_public, Recipients(holder=LOW, above=HIGH), parcel, files
    )


def talk(office: TipOffice, receipt: Receipt) -> None:
    """A question of the desk, looked at and answered."""
    keys = receipt.keys()
    question = Reply(seq=1, type="question", text=QUESTION, day=NOON.date())
    office.store.add_reply(seal_reply(question, tip_id=keys.tip_id, reply_public=keys.reply_public))
    assert office.intake.follow(receipt) is not None
    office.intake.more(receipt, ANSWER, [RawFile(content=PHOTO)], in_reply_to=1)


def secrets_of(receipt: Receipt) -> dict[str, str | bytes]:
    """What would lead from the machine to a receipt, or open something."""
    keys = receipt.keys()
    found: dict[str, str | bytes] = {
        "receipt": receipt.text,
        "receipt without dashes": receipt.canonical,
        "tag": keys.tag,
        "reply key": keys.reply_private,
    }
    for unit in (LOW, HIGH):
        private = private_key(unit, 1)
        found |= {
            f"{unit} {name}": getattr(private, name) for name in ("mlkem768", "x25519", "browser_x25519")
        }
    return found


@pytest.mark.parametrize("way", ["server", "page"])
def test_everything_seized_holds_no_word_and_no_key(office: TipOffice, way: str) -> None:
    """At any moment: with the log still full, and after the process has ended."""
    receipt = Receipt.new()
    send(office, receipt, way)
    talk(office, receipt)
    assert len(office.opened(receipt.keys().tip_id)) >= 3  # it is all there, for who has the key
    canaries = SAID | secrets_of(receipt)
    assert sightings(office.folder, canaries) == []
    office.store.close()
    assert sightings(office.folder, canaries) == []


def test_a_planted_leak_is_found(office: TipOffice) -> None:
    """The search itself would see a word in any of its spellings, wherever it stands."""
    for name, canary in SAID.items():
        for way, raw in spellings(canary).items():
            leak = office.folder / "leak.bin"
            leak.write_bytes(b"x" + raw + b"y")
            assert any(way in sight for sight in sightings(office.folder, {name: canary})), (name, way)
            leak.unlink()
    assert sightings(office.folder, SAID) == []


def test_no_other_key_opens_a_tip(office: TipOffice) -> None:
    """With the right unit's name and key id pretended, still nothing opens."""
    receipt = Receipt.new()
    send(office, receipt, "server")
    sealed = office.store.parcels(receipt.keys().tip_id, LOW)
    other = private_key(HIGH, 1)
    thief = PrivateKey(
        unit=LOW,
        made=other.made,
        mlkem768=other.mlkem768,
        x25519=other.x25519,
        browser_x25519=other.browser_x25519,
    )
    assert len(sealed) == 2
    for parcel in sealed:
        with pytest.raises(WrongKey):
            UnitKeys(LOW, [thief]).open_parcel(parcel)
        with pytest.raises(WrongKey):
            office.keys[HIGH].open_parcel(parcel)


def sealed_bytes(parcels: list[SealedParcel]) -> dict[str, str | bytes]:
    found: dict[str, str | bytes] = {}
    for parcel in parcels:
        found |= {
            f"body {parcel.seq}": parcel.body[1_000:1_048],
            f"end of body {parcel.seq}": parcel.body[-48:],
        }
        found |= {f"card {parcel.seq}": parcel.card[:48]} if parcel.card else {}
        found |= {f"key {parcel.seq} {key.unit}": key.wrapped[-48:] for key in parcel.keys}
    return found


@pytest.mark.parametrize("how", ["withdraw", "shred"])
def test_what_was_shredded_is_not_in_any_file_not_even_sealed(office: TipOffice, how: str) -> None:
    """A key that leaks years later opens nothing that was shredded: its bytes are gone."""
    receipt, kept = Receipt.new(), Receipt.new()
    send(office, receipt, "page")
    send(office, kept, "server")
    tip_id = receipt.keys().tip_id
    before = sealed_bytes([*office.store.parcels(tip_id, LOW), *office.store.parcels(tip_id, HIGH)])
    assert len(sightings(office.folder, before)) >= len(before)
    if how == "withdraw":
        office.intake.withdraw(receipt)
    else:
        office.store.shred(tip_id)
        before |= {"tip id": tip_id, "tag hash": receipt.keys().tag_hash}
    assert sightings(office.folder, before) == []
    assert len(office.opened(kept.keys().tip_id)) == 2


def test_only_our_own_user_may_look(office: TipOffice) -> None:
    send(office, Receipt.new(), "server")
    files = list(office.folder.glob("tips.sqlite3*"))
    assert len(files) >= 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(office.folder.stat().st_mode) == 0o700


def test_no_file_tells_the_minute(office: TipOffice) -> None:
    receipt = Receipt.new()
    send(office, receipt, "server")
    talk(office, receipt)
    content = b"".join(file.read_bytes() for file in office.folder.glob("tips.sqlite3*"))
    assert NOON.strftime("%Y-%m-%d %H:00").encode() in content
    assert NOON.strftime("%H:%M").encode() not in content
    assert str(int(NOON.timestamp())).encode() not in content
