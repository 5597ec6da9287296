from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.tips.vector_maker import fixed, key
from tips.errors import UnitWithoutKey
from tips.keys import PublicKey, PublicKeys
from tips.opening.opener import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

UNIT = "thu-nghiem"


def public(label: str, made: date = date(2026, 11, 22)) -> PublicKey:
    """Another public key of the unit."""
    parts = {"mlkem768": fixed(label, 64), "x25519": fixed(label), "browser_x25519": fixed(label + "b")}
    return PrivateKey(unit=UNIT, made=made, **parts).public()


def put(folder: Path, one: PublicKey, *, unit: str = UNIT, name: str = "") -> Path:
    """Write a key file."""
    file = folder / unit / f"{name or one.key_id}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(one.to_json()), encoding="utf-8")
    return file


def test_a_key_goes_through_its_file_and_back(tmp_path: Path) -> None:
    one = key().public()
    put(tmp_path, one)
    assert PublicKeys(tmp_path).current(UNIT) == one
    assert PublicKeys(tmp_path).units() == [UNIT]


def test_the_newest_key_is_current_and_the_key_id_decides_within_a_day(tmp_path: Path) -> None:
    old, new, newer = public("a", date(2025, 5, 1)), public("b"), public("c")
    for one in (newer, old, new):
        put(tmp_path, one)
    assert [one.made for one in PublicKeys(tmp_path).all(UNIT)] == [old.made, new.made, newer.made]
    assert PublicKeys(tmp_path).current(UNIT) == max((new, newer), key=lambda one: one.key_id)


def test_a_new_key_is_seen_without_a_restart(tmp_path: Path) -> None:
    keys = PublicKeys(tmp_path)
    put(tmp_path, public("a", date(2025, 5, 1)))
    keys.current(UNIT)
    put(tmp_path, public("b"))
    assert keys.current(UNIT) == public("b")


@pytest.mark.parametrize("unit", [UNIT, "", "..", "../" + UNIT, "/etc", "Ủy ban", "a" * 300])
def test_a_unit_without_a_key_is_named(tmp_path: Path, unit: str) -> None:
    put(tmp_path / "inside", public("a"))
    with pytest.raises(UnitWithoutKey) as error:
        PublicKeys(tmp_path / "inside" / "missing").current(unit)
    assert error.value.fields == {"unit": unit}


def test_a_unit_never_names_a_folder_outside(tmp_path: Path) -> None:
    put(tmp_path, public("a"))
    (tmp_path / "inside").mkdir()
    assert PublicKeys(tmp_path / "inside").all("../" + UNIT) == []


def test_a_key_in_another_units_folder_is_not_sealed_to(tmp_path: Path) -> None:
    put(tmp_path, public("a"), unit="don-vi-khac")
    with pytest.raises(UnitWithoutKey):
        PublicKeys(tmp_path).current("don-vi-khac")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b'{"v":1}', b"\xff\xfe", b"[" * 100_000],
    ids=lambda raw: str(raw[:9]),
)
def test_a_damaged_key_file_counts_as_absent(tmp_path: Path, content: bytes) -> None:
    good = public("a")
    put(tmp_path, good)
    (tmp_path / UNIT / ("f" * 16 + ".json")).write_bytes(content)
    assert PublicKeys(tmp_path).all(UNIT) == [good]


def test_a_key_whose_bytes_were_exchanged_is_not_sealed_to(tmp_path: Path) -> None:
    good, other = public("a"), public("b")
    put(tmp_path, replace(good, browser_x25519=other.browser_x25519))
    put(tmp_path, other, name="f" * 16)
    assert PublicKeys(tmp_path).all(UNIT) == []


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"unit": "../x"},
        {"made": "yesterday"},
        {"x25519": "AAAA"},
        {"mlkem768": "%"},
        {"key_id": "0"},
    ],
    ids=str,
)
def test_a_wrong_key_object_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader maps every kind of it
        PublicKey.from_json(public("a").to_json() | change)
