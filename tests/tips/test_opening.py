from __future__ import annotations

import json
import stat
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.tips.vector_maker import content, files, fixed, key
from tips.errors import SealedDamaged, UnitWithoutKey, WrongPassphrase
from tips.keys import PublicKeys
from tips.model import SealedParcel
from tips.opening.keyfile import make_key, unlock_unit
from tips.opening.opener import PrivateKey, UnitKeys
from tips.sealing import BROWSER_SUITE, SERVER_SUITE, card_of, seal_parcel, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from tips.keys import PublicKey

UNIT, PASSPHRASE, TODAY = "thu-nghiem", "đò đưa khách sang sông", date(2026, 11, 22)
TIP_ID = "00112233445566778899aabbccddeeff"


def make(folder: Path, passphrase: str = PASSPHRASE, today: date = TODAY, unit: str = UNIT) -> PublicKey:
    """Make a key below *folder*."""
    return make_key(
        unit, passphrase, private_folder=folder / "private", public_folder=folder / "public", today=today
    )


def sealed(to: PublicKey, suite: int = SERVER_SUITE) -> SealedParcel:
    """A tip sealed to one key."""
    card = card_of(content(), 2)
    return seal_parcel(
        "tip", words_of(content()), files(), tip_id=TIP_ID, seq=1, to=[to], card=card, suite=suite
    )


def test_a_key_made_and_unlocked_opens_what_is_sealed_to_its_public_side(tmp_path: Path) -> None:
    make(tmp_path)
    keys = unlock_unit(UNIT, PASSPHRASE, tmp_path / "private")
    for suite in (SERVER_SUITE, BROWSER_SUITE):
        parcel = sealed(PublicKeys(tmp_path / "public").current(UNIT), suite)
        assert keys.open_parcel(parcel).files == files()
        assert keys.open_card(parcel).kind == "drugs"


def test_the_private_file_is_its_owners_alone_and_shows_no_key(tmp_path: Path) -> None:
    made = make(tmp_path)
    file = tmp_path / "private" / UNIT / f"{made.key_id}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert stored.keys() == {"v", "unit", "key_id", "made", "kdf", "nonce", "sealed"}
    assert stored["kdf"] | {"salt": ""} == {"name": "argon2id", "memory_kib": 65_536, "rounds": 3, "salt": ""}
    assert [entry.name for entry in (tmp_path / "public" / UNIT).iterdir()] == [file.name]


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(WrongPassphrase):
            unlock_unit(UNIT, wrong, tmp_path / "private")


def test_a_passphrase_typed_on_another_keyboard_is_the_same(tmp_path: Path) -> None:
    make(tmp_path, unicodedata.normalize("NFC", PASSPHRASE))
    assert unlock_unit(UNIT, unicodedata.normalize("NFD", PASSPHRASE), tmp_path / "private").key_ids


def test_after_a_rotation_old_parcels_open_and_new_ones_go_to_the_new_key(tmp_path: Path) -> None:
    first = make(tmp_path)
    old = sealed(first)
    second = make(tmp_path, today=TODAY + timedelta(days=30))
    assert PublicKeys(tmp_path / "public").current(UNIT) == second
    keys = unlock_unit(UNIT, PASSPHRASE, tmp_path / "private")
    assert keys.key_ids == (first.key_id, second.key_id)
    assert keys.open_parcel(old).files == keys.open_parcel(sealed(second)).files == files()


def test_a_rotation_counts_on_the_same_day_and_with_a_clock_set_back(tmp_path: Path) -> None:
    made = [make(tmp_path), make(tmp_path), make(tmp_path, today=TODAY - timedelta(days=400))]
    assert PublicKeys(tmp_path / "public").current(UNIT) == made[2]
    assert unlock_unit(UNIT, PASSPHRASE, tmp_path / "private").key_ids == tuple(key.key_id for key in made)


def test_a_rotation_under_another_passphrase_is_refused_and_makes_nothing(tmp_path: Path) -> None:
    first = make(tmp_path)
    with pytest.raises(WrongPassphrase):
        make(tmp_path, "một câu khác hẳn")
    assert PublicKeys(tmp_path / "public").all(UNIT) == [first]


def test_a_private_key_that_cannot_be_written_makes_no_public_one(tmp_path: Path) -> None:
    (tmp_path / "private").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(NotADirectoryError):
        make(tmp_path)
    assert not (tmp_path / "public").exists()


def test_the_secret_of_a_unit_outlives_rotations_and_is_its_own(tmp_path: Path) -> None:
    make(tmp_path)
    before = unlock_unit(UNIT, PASSPHRASE, tmp_path / "private")
    make(tmp_path)
    after = unlock_unit(UNIT, PASSPHRASE, tmp_path / "private")
    make(tmp_path, unit="cap-tren")
    other = unlock_unit("cap-tren", PASSPHRASE, tmp_path / "private")
    assert before.secret(b"index") == after.secret(b"index")
    assert len({before.secret(b"index"), before.secret(b"other"), other.secret(b"index")}) == 3
    assert len(before.secret(b"index")) == 32


def test_a_unit_without_a_key_file_or_with_no_possible_name_is_told_so(tmp_path: Path) -> None:
    for unit in (UNIT, "../private", ""):
        with pytest.raises(UnitWithoutKey):
            unlock_unit(unit, PASSPHRASE, tmp_path)
    with pytest.raises(UnitWithoutKey):
        make(tmp_path, unit="../x")


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"unit": "cap-tren"},
        {"key_id": "0" * 16},
        {"made": "hôm qua"},
        {"kdf": {}},
        {"kdf": {"name": "argon2id", "memory_kib": 8, "rounds": 1, "salt": "AAAAAAAAAAAAAAAAAAAAAA=="}},
        {"kdf": {"name": "argon2id", "memory_kib": 2**40, "rounds": 3, "salt": "AAAAAAAAAAAAAAAAAAAAAA=="}},
        {"nonce": "AAAA"},
        {"sealed": 7},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_key_file_that_is_none_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    made = make(tmp_path)
    file = tmp_path / "private" / UNIT / f"{made.key_id}.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(SealedDamaged) as error:
        unlock_unit(UNIT, PASSPHRASE, tmp_path / "private")
    assert error.value.fields == {"unit": UNIT, "key_id": made.key_id}


def test_a_key_file_cannot_be_passed_off_as_another_units(tmp_path: Path) -> None:
    made = make(tmp_path)
    file = tmp_path / "private" / UNIT / f"{made.key_id}.json"
    moved = tmp_path / "private" / "cap-tren" / file.name
    moved.parent.mkdir()
    moved.write_text(file.read_text(encoding="utf-8").replace(UNIT, "cap-tren"), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        unlock_unit("cap-tren", PASSPHRASE, tmp_path / "private")


def test_a_parcel_handed_on_opens_for_the_next_unit() -> None:
    above = PrivateKey(
        unit="cap-tren",
        made=TODAY,
        mlkem768=fixed("above", 64),
        x25519=fixed("above x"),
        browser_x25519=fixed("above b"),
    )
    mine = UnitKeys(UNIT, [key()])
    for suite in (SERVER_SUITE, BROWSER_SUITE):
        parcel = sealed(key().public(), suite)
        handed = SealedParcel(
            tip_id=parcel.tip_id,
            seq=parcel.seq,
            suite=parcel.suite,
            card=parcel.card,
            body=parcel.body,
            keys=(*parcel.keys, mine.wrap_for(parcel, above.public())),
        )
        theirs = UnitKeys("cap-tren", [above])
        assert handed.keys[-1].suite == SERVER_SUITE
        assert theirs.open_parcel(handed).files == files()
        assert theirs.open_card(handed) == mine.open_card(parcel)


def test_private_keys_do_not_show_when_printed() -> None:
    private = key()
    assert repr(private.x25519) not in repr(private)
    assert repr(private.mlkem768) not in repr(private)
    assert "<" in repr(UnitKeys(UNIT, [private]))
