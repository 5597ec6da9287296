"""Whatever comes: a cleaned file or a reason, never a trace and never a hang."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tips.attachments import pictures
from tests.tips.attachments.documents import DOCUMENTS
from tests.tips.attachments.recordings import RECORDINGS
from tips.attachments.limits import Reason
from tips.attachments.worker import answer
from tips.errors import FileRefused
from tips.model import RawFile

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SAMPLES = {
    "jpeg": pictures.jpeg(),
    "png": pictures.png(),
    "gif": pictures.gif(2),
    "webp": pictures.webp(),
    **{kind: RECORDINGS[kind]() for kind in ("mp4", "webm", "opus", "mp3", "flac", "wav")},
    **{kind: DOCUMENTS[kind]() for kind in ("pdf", "docx", "xlsx")},
}


def _zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("anh.jpg", pictures.jpeg())
    return out.getvalue()


def _tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\0", "unknown_kind"),
        (b"<html><script>alert(1)</script></html>", "web_page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "web_page"),
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + b"\0" * 64, "heic"),
        (_OLE + b"\0" * 4096, "old_office"),
        (_OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096, "encrypted"),
        (b"{\\rtf1\\ansi{\\info{\\author CANARY}}x}", "old_office"),
        (_zip(), "archive"),
        (_tar(), "archive"),
        (gzip.compress(b"x", mtime=0), "archive"),
        (b"Rar!\x1a\x07\x01\0" + b"\0" * 64, "archive"),
        (b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0L\x01" + b"\0" * 200, "program"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x02\0\x3e\0" + b"\0" * 100, "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (pictures.bomb(), "too_many_pixels"),
        (b"\xff\xfe" + b"\x00\xd8", "unknown_kind"),
    ],
)
def test_what_is_not_taken_gets_its_reason(content, reason):
    assert answer(content) == ("", reason, b"")


def test_every_reason_of_the_worker_is_one_with_a_text(cleaner):
    with pytest.raises(FileRefused) as refused:
        cleaner.clean(RawFile(content=b"<html></html>"), 1)
    assert refused.value.fields["reason"] in set(Reason)


@pytest.mark.parametrize("kind", _SAMPLES)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_a_cut_file_is_refused_or_what_is_left_is_cleaned(kind, share):
    content = _SAMPLES[kind]
    media_type, reason, cleaned = answer(content[: max(1, int(len(content) * share))])

    assert bool(reason) != bool(media_type)
    assert bool(cleaned) == bool(media_type)
    assert not reason or reason in set(Reason)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "docx", "xlsx", "mp4"])
def test_half_of_a_file_that_needs_its_end_is_broken(kind):
    content = _SAMPLES[kind]

    assert answer(content[: len(content) // 2])[1] == "broken"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content):
    media_type, reason, cleaned = answer(content)

    assert bool(reason) != bool(cleaned)
    assert bool(reason) != bool(media_type)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(_SAMPLES)), st.integers(0, 10**6), st.binary(min_size=1, max_size=12))
def test_damaged_files_get_an_answer(kind, place, damage):
    content = _SAMPLES[kind]
    at = place % len(content)
    media_type, reason, cleaned = answer(content[:at] + damage + content[at + len(damage) :])

    assert bool(reason) != bool(cleaned)
    assert bool(reason) != bool(media_type)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nhà số 5".encode("utf-8-sig"), "Nhà số 5"),
        ("Nhà số 5".encode("utf-16"), "Nhà số 5"),
        ("Nha\u0300 so\u0302\u0301 5\r\nhai\rba".encode(), "Nhà số 5\nhai\nba"),
        ("lo\u200b\u200d\u202e\u2066\ufeff\x07de".encode(), "lo\u200dde"),
    ],
)
def test_text_is_written_in_one_way_and_without_what_cannot_be_seen(typed, kept):
    assert answer(typed) == ("text/plain", "", kept.encode())
