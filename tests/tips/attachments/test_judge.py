"""The judge itself can fail: what is planted must be found."""

from __future__ import annotations

import base64
import zlib

import pytest

from tests.tips.attachments import documents, pictures, recordings
from tests.tips.attachments.judge import CANARY, metadata_left, words_left


@pytest.mark.parametrize(
    "leak",
    [
        CANARY.encode(),
        CANARY.encode("utf-16-le"),
        CANARY.encode("utf-16-be"),
        CANARY.encode().hex().encode(),
        *(base64.b64encode(b"." * shift + b"abc" + CANARY.encode() + b"xyz") for shift in range(3)),
        zlib.compress(CANARY.encode()),
        documents.with_entry("x.txt", zlib.compress(CANARY.encode())),
    ],
)
def test_a_planted_word_is_found_in_every_form(leak):
    assert words_left(b"binh an" + leak)


@pytest.mark.parametrize(
    ("planted", "tag"),
    [
        (pictures.jpeg, "GPS:GPSLatitude"),
        (pictures.png, "PNG:Author"),
        (pictures.webp, "IFD0:Artist"),
        (pictures.gif, "File:Comment"),
        (recordings.mp4, "UserData:GPSCoordinates"),
        (recordings.mp3, "ID3v2_4:Artist"),
        (recordings.wav, "RIFF:Title"),
        (recordings.RECORDINGS["mkv"], "Matroska:Artist"),
        (recordings.RECORDINGS["opus"], "Vorbis:Artist"),
        (documents.pdf, "PDF:Author"),
        (documents.docx, "XMP-dc:Creator"),
    ],
)
def test_exiftool_sees_what_was_planted(planted, tag):
    assert tag in metadata_left(planted())
