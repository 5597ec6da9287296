"""Pictures of pages: each read by Tesseract, its lines joined to paragraphs. Runs in the worker only."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, TooLarge, UnreadableScan
from ingest.loaders.tesseract import PIXELS_LIMIT, read_picture, require_tesseract
from ingest.mending import mend
from ingest.repairs import Repair, in_order
from ingest.wrapping import continues

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.loaders.tesseract import ReadLine

SCANS_LIMIT = 300  # pages read by OCR in one file
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "MPO")
_FULL = 0.85  # of the widest line: from there on a line reaches the margin


def load_image(path: Path) -> Extracted:
    """
    The text of the picture at *path*; every picture of a TIFF is a page.

    Raises:
        ToolMissing: Tesseract is not installed.
        UnreadableScan: No page holds words.
        BrokenFile, TooLarge: As said.
    """
    require_tesseract("image")
    noted: set[Repair] = set()
    blocks = mend(_joined(_opened(path), noted), noted)
    return Extracted(blocks=tuple(blocks), repairs=in_order(noted))


def read_pictures(pictures: list[bytes], kind: str, noted: set[Repair]) -> list[Block]:
    """
    The blocks of *pictures*, the pages of a file of *kind* that holds nothing else.

    Raises:
        ToolMissing, UnreadableScan, BrokenFile, TooLarge: As `load_image`.
    """
    require_tesseract(kind)
    if len(pictures) > SCANS_LIMIT:
        raise TooLarge(what="scans", limit=str(SCANS_LIMIT))
    return _joined([lines for data in pictures for lines in _opened(io.BytesIO(data))], noted)


def _joined(pages: list[list[ReadLine]], noted: set[Repair]) -> list[Block]:
    if not any(pages):
        raise UnreadableScan(pages=str(len(pages)))
    noted.add(Repair.SCAN_READ)
    if not all(pages):
        noted.add(Repair.PAGES_LEFT_OUT)
    return [
        block
        for number, lines in enumerate(pages, start=1)
        for block in scanned_blocks(lines, number if len(pages) > 1 else None)
    ]


def _opened(source: Path | io.BytesIO) -> list[list[ReadLine]]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS_LIMIT
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=_FORMATS) as picture:
            return _pages(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(what="pixels", limit=f"{PIXELS_LIMIT // 1_000_000} MP") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise BrokenFile(kind="image") from None


def _pages(picture: Any) -> list[list[ReadLine]]:
    from PIL import ImageOps

    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if count > SCANS_LIMIT:
        raise TooLarge(what="scans", limit=str(SCANS_LIMIT))
    pages = []
    for number in range(count):
        picture.seek(number)
        pages.append(read_picture(ImageOps.exif_transpose(picture)))
    return pages


def scanned_blocks(lines: list[ReadLine], page: int | None) -> list[Block]:
    """*lines* of one page as paragraphs, marked as read by OCR."""
    blocks: list[Block] = []
    before: ReadLine | None = None
    for line in lines:
        if before and continues(before.text, line.text, full=before.right >= _FULL):
            blocks[-1] = Block(text=f"{blocks[-1].text} {line.text}", page=page, scanned=True)
        else:
            blocks.append(Block(text=line.text, page=page, scanned=True))
        before = line
    return blocks
