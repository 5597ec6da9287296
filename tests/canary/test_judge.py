"""The judge can fail: whatever is planted, in whichever spelling, it is seen; without it nothing is."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import sqlite3
import unicodedata
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from tests.canary.judge import Judge
from tests.canary.spelling import forms, needles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORD = "Đường Hoẵng 59X3-77120"
RAW = bytes(range(101, 133))
JUDGE = Judge({"word": WORD, "raw": RAW})
NOISE = random.Random(7).randbytes(5_000)  # noqa: S311 - noise, no secret

CODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda word: word.encode("utf-16-le"),
    "utf-16-be": lambda word: word.encode("utf-16-be"),
    "hex": lambda word: word.encode().hex().encode(),
    "capital hex": lambda word: word.encode().hex().upper().encode(),
    "percent": lambda word: quote(word).encode(),
    "form": lambda word: quote_plus(word).encode(),
    "json": lambda word: json.dumps(word).encode(),
    "json of json": lambda word: json.dumps({"a": json.dumps(word, ensure_ascii=False)}).encode(),
    "log of bytes": lambda word: repr(word.encode()).encode(),
    "zlib": lambda word: zlib.compress(b"before " + word.encode() * 3),
    "gzip": lambda word: gzip.compress(word.encode()),
    "zip": lambda word: zipped(word.encode()),
    "zip in zip": lambda word: zipped(zipped(word.encode())),
    "utf-16 hex": lambda word: word.encode("utf-16-le").hex().encode(),
}


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.xml", content)
    return out.getvalue()


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("form", sorted(forms(WORD)), ids=ascii)
def test_a_word_is_seen_in_every_coding_and_form(coding: str, form: str) -> None:
    assert [item.canary for item in JUDGE.seen_in(NOISE + CODINGS[coding](form) + NOISE, "here")]


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("coded", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("content", [WORD.encode(), WORD.upper().encode("utf-16-be"), RAW])
def test_base64_is_seen_whatever_stands_before(before: int, coded: Callable[[bytes], bytes], content: bytes):
    assert JUDGE.seen_in(NOISE + coded(b"x" * before + content + b"tail") + NOISE, "here")


@pytest.mark.parametrize("raw", sorted(raw for raw, _ in {**needles(WORD), **needles(RAW)}))
def test_every_single_spelling_is_seen_at_any_place(raw: bytes) -> None:
    for before in range(8):
        assert JUDGE.seen_in(NOISE[:before] + raw, "here"), raw


def test_noise_and_likeness_are_no_sighting() -> None:
    almost = unicodedata.normalize("NFC", WORD)[:-1] + "1"
    for innocent in (NOISE, almost.encode(), almost.encode("utf-16-le"), RAW[:-1], zipped(almost.encode())):
        assert JUDGE.seen_in(innocent, "here") == []


def test_names_of_files_and_folders_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "inside" / WORD).mkdir(parents=True)
    assert [item.where for item in JUDGE.seen_below(tmp_path)] == [f"the name inside/{WORD}"]


def test_what_a_database_cuts_into_pages_is_read_whole(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as connection:
        connection.execute("CREATE TABLE a (b BLOB)")
        # Somewhere in this row a page ends in the middle of the word.
        row = b"".join(NOISE[:shift] + WORD.encode() for shift in range(3_000, 3_040))
        connection.execute("INSERT INTO a VALUES (?)", (row,))
        connection.commit()
    assert {item.where for item in JUDGE.seen_below(tmp_path)} == {
        "a.sqlite3",
        "a.sqlite3, read as a database",
    }


def test_a_canary_too_short_to_be_told_from_noise_is_refused() -> None:
    with pytest.raises(AssertionError):
        Judge({"short": "abc"})
