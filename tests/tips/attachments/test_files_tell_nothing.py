"""A corpus with something planted everywhere, cleaned by the real thing and judged by exiftool and by us."""

from __future__ import annotations

import pytest

from tests.tips.attachments import pictures
from tests.tips.attachments.documents import DOCUMENTS
from tests.tips.attachments.judge import metadata_left, words_left
from tests.tips.attachments.recordings import RECORDINGS
from tips.model import RawFile

_PICTURES = {
    "jpeg": pictures.jpeg,
    "jpeg-turned": lambda: pictures.jpeg(6),
    "png": pictures.png,
    "webp": pictures.webp,
    "gif": pictures.gif,
    "gif-moving": lambda: pictures.gif(3),
}
_CORPUS = {**_PICTURES, **RECORDINGS, **DOCUMENTS}
_NAMES = {
    **dict.fromkeys(_PICTURES, "anh-3.jpg"),
    **dict.fromkeys(("png", "gif"), "anh-3.png"),
    "gif-moving": "anh-3.webp",
    **dict.fromkeys(RECORDINGS, "video-3.mp4"),
    **dict.fromkeys(("mp3", "aac", "opus", "amr"), "am-thanh-3.ogg"),
    **{kind: f"am-thanh-3.{kind}" for kind in ("m4a", "wav", "flac")},
    **dict.fromkeys(("webm", "vorbis"), "video-3.webm"),
    **{kind: f"tep-3.{kind}" for kind in DOCUMENTS},
    "docm": "tep-3.docx",
}


@pytest.mark.parametrize("kind", _CORPUS)
def test_nothing_planted_is_left(kind, cleaner):
    planted = _CORPUS[kind]()
    assert words_left(planted), "the corpus must hold what the test looks for"

    cleaned = cleaner.clean(RawFile(content=planted), 3)

    assert words_left(cleaned.content) == []
    assert metadata_left(cleaned.content) == {}
    assert cleaned.name == _NAMES[kind]


@pytest.mark.parametrize("kind", ["jpeg", "png", "mp4", "hevc", "opus", "flac", "pdf", "docx"])
def test_the_same_file_gives_the_same_bytes_so_no_time_and_no_machine_is_in_them(kind, cleaner):
    planted = RawFile(content=_CORPUS[kind]())

    assert cleaner.clean(planted, 1) == cleaner.clean(planted, 1)


@pytest.mark.parametrize("kind", ["jpeg", "gif", "mp4", "flac", "pdf"])
def test_what_hides_behind_the_end_is_gone(kind, cleaner):
    hidden = b"PK\x03\x04<script>alert(document.cookie)</script>MZ"

    cleaned = cleaner.clean(RawFile(content=_CORPUS[kind]() + hidden), 1)

    assert b"<script>" not in cleaned.content
    assert b"PK\x03\x04" not in cleaned.content


def test_a_picture_that_is_also_an_archive_is_only_a_picture_afterwards(cleaner):
    both = pictures.jpeg() + DOCUMENTS["docx"]()

    cleaned = cleaner.clean(RawFile(content=both), 1)

    assert cleaned.media_type == "image/jpeg"
    assert b"PK\x05\x06" not in cleaned.content


def test_a_document_that_is_also_a_page_is_only_a_document_afterwards(cleaner):
    both = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n" + DOCUMENTS["pdf"]()

    assert b"<script>" not in cleaner.clean(RawFile(content=both), 1).content
