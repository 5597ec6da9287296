"""What may have to be repaired in a file before it can be read: codes that go with the document."""

from __future__ import annotations

from enum import StrEnum


class Repair(StrEnum):
    """
    One thing that was mended, left out or guessed. The text `ingest.repair_<code>` tells an editor.

    What an editor need not look at (line ends, a BOM, double blanks) is no repair.
    """

    OLD_LETTERS = "old_letters"  # TCVN3, VNI, VISCII
    OLD_BYTES = "old_bytes"  # Windows-1258 and its like
    MISREAD_BYTES = "misread_bytes"  # UTF-8 read as Latin: mojibake
    SPLIT_MARKS = "split_marks"  # NFD: marks apart from their letters
    HIDDEN_CHARACTERS = "hidden_characters"  # zero-width, soft hyphens
    WRONG_GLYPHS = "wrong_glyphs"  # look-alikes: ƣ for ư, Ð for Đ, ligatures
    HARD_WRAPS = "hard_wraps"
    WORD_A_LINE = "word_a_line"
    SCAN_READ = "scan_read"  # OCR of pages that are pictures
    BROKEN_FONT = "broken_font"  # OCR of pages whose letters cannot be told
    PAGES_LEFT_OUT = "pages_left_out"  # some pages could not be read at all
    PICTURES_LEFT_OUT = "pictures_left_out"  # pictures inside a text, which are not read
    MACROS_LEFT_OUT = "macros_left_out"
    HIDDEN_PARTS = "hidden_parts"  # hidden sheets, rows, slides
    ATTACHMENTS_LEFT_OUT = "attachments_left_out"  # of a letter
    OTHER_KIND = "other_kind"  # content and name differ, as old Word saves RTF as .doc
    FRAME = "frame"  # menus, counters and forms around an article
    ROWS_LEFT_OUT = "rows_left_out"  # a sheet beyond the limit


def in_order(noted: set[Repair]) -> tuple[str, ...]:
    """*noted* as plain codes, in the order they stand above."""
    return tuple(repair.value for repair in Repair if repair in noted)
