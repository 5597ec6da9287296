"""What a file may be, and why one is not taken. Each reason has a text `tips.refused_<reason>`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"  # no bytes at all
    TOO_LARGE = "too_large"  # over FILE_BYTES_LIMIT, before or after cleaning
    TOO_MANY_PIXELS = "too_many_pixels"  # a picture over PIXELS_LIMIT
    UNPACKS_TOO_LARGE = "unpacks_too_large"  # a zip bomb, or a document that behaves like one
    TOOK_TOO_LONG = "took_too_long"  # cleaning did not end in its time
    BROKEN = "broken"  # cut, damaged, hostile, or nothing playable in it
    ENCRYPTED = "encrypted"  # behind a password: cannot be cleaned
    HEIC = "heic"  # an iPhone's own picture format: send it as JPEG
    WEB_PAGE = "web_page"  # HTML, SVG, XML: take a picture of the screen
    OLD_OFFICE = "old_office"  # .doc, .xls, .ppt: save as .docx or PDF
    ARCHIVE = "archive"  # .zip, .rar, .7z …: send what is inside
    PROGRAM = "program"  # something a computer would run
    UNKNOWN_KIND = "unknown_kind"  # on no list of ours
    # What the intake says of several files together:
    TOO_MANY = "too_many"  # over FILES_LIMIT in one sending
    TOO_LARGE_TOGETHER = "too_large_together"  # cleaned files over PARCEL_BYTES_LIMIT


PIXELS_LIMIT = 50_000_000  # of one picture; a phone's 48-megapixel photo passes
LONGEST_SIDE = 3200  # pixels a cleaned picture keeps; larger is scaled down (docs/decisions/0012)
FRAMES_LIMIT = (
    200  # of a moving picture; a longer one, or one over PIXELS_LIMIT in all, keeps its first frame
)
JPEG_QUALITY = 88

UNPACKED_LIMIT = 200_000_000  # bytes of a zip's entries together
UNPACK_RATIO_LIMIT = 100  # of all entries together, and of each that unpacks to over a megabyte
ENTRIES_LIMIT = 2_000  # entries of a zip

CLEANED_LIMIT = 40_000_000  # bytes of one cleaned file
SECONDS_LIMIT = 120.0  # for cleaning one file, on the clock
MEMORY_LIMIT = 1_500_000_000  # bytes of address space of the worker
TEXT_LIMIT = 2_000_000  # bytes of a plain text
