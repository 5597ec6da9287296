"""
Pages of a PDF as pictures: for letters that are pictures, or whose font does not tell what they are.

Opened only when the first such page comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.encodings import undo_mojibake, undo_old
from ingest.errors import BrokenFile, TooLarge
from ingest.loaders.scan import SCANS_LIMIT
from ingest.loaders.tesseract import LANGUAGE, PIXELS_LIMIT, languages, read_picture, require_tesseract
from ingest.repair import is_garbled
from ingest.syllables import syllable_share, word_count

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ingest.loaders.tesseract import ReadLine

_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
_WORDS_ENOUGH = 20  # fewer tell nothing about a font
_SUSPECT = 0.4  # share of syllables below which a page of Vietnamese cannot be read
_GAIN = 0.25  # by which OCR must do better
_SYMBOLS_ALLOWED = 0.3  # of all characters that are no blanks: more is no text at all


class PagePictures:
    """Draws and reads single pages of the PDF at *path*; remembers when a suspicion was wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: Any = None
        self._read = 0
        self._trusts_low_shares = False

    def __enter__(self) -> PagePictures:  # noqa: PYI034 - nobody inherits
        """Nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""
        if self._document is not None:
            self._document.close()

    def count(self) -> int:
        """How many pages there are, without building them; 0 where this reader cannot say."""
        import pypdfium2

        try:
            with self._path.open("rb") as file, pypdfium2.PdfDocument(file) as document:
                return len(document)
        except (pypdfium2.PdfiumError, ValueError, OSError):
            return 0

    @property
    def can_read(self) -> bool:
        """Whether Tesseract is installed."""
        return LANGUAGE in languages()

    def is_lost(self, text: str) -> bool:
        """Whether the letters of *text* have certainly no meaning."""
        return is_garbled(text) or _mostly_symbols(text)

    def is_suspect(self, text: str) -> bool:
        """Whether a page with *text* is worth a look at its picture."""
        if self.is_lost(text):
            return True
        if self._trusts_low_shares or word_count(text) < _WORDS_ENOUGH:
            return False
        return syllable_share(undo_old(undo_mojibake(text))) < _SUSPECT

    def is_better(self, read: str, text: str) -> bool:
        """Whether *read*, from the picture, is better; if not, low shares are believed from now on."""
        if self.is_lost(text):
            return bool(read)
        better = syllable_share(read) > syllable_share(undo_old(undo_mojibake(text))) + _GAIN
        self._trusts_low_shares = self._trusts_low_shares or not better
        return better

    def read(self, number: int) -> list[ReadLine]:
        """
        The lines of page *number*, from 0; empty where it holds no words.

        Raises:
            ToolMissing: Tesseract is not installed.
            TooLarge: More pages than SCANS_LIMIT.
            BrokenFile: The page cannot be drawn.
        """
        import pypdfium2

        require_tesseract("pdf")
        self._read += 1
        if self._read > SCANS_LIMIT:
            raise TooLarge(what="scans", limit=str(SCANS_LIMIT))
        try:
            if self._document is None:
                # Opened by us: what it is given as a path it resolves, and ours may have no name.
                self._document = pypdfium2.PdfDocument(self._path.open("rb"), autoclose=True)
            page = self._document[number]
            scale = _DOTS_PER_INCH / _POINTS_PER_INCH
            pixels = page.get_width() * page.get_height() * scale * scale
            if pixels > PIXELS_LIMIT / 2:
                scale *= (PIXELS_LIMIT / 2 / pixels) ** 0.5
            picture = page.render(scale=scale, grayscale=True).to_pil()
            page.close()
        except (pypdfium2.PdfiumError, ValueError, OSError, ZeroDivisionError):
            raise BrokenFile(kind="pdf") from None
        return read_picture(picture)


def _mostly_symbols(text: str) -> bool:
    if word_count(text) + len(text.split()) < _WORDS_ENOUGH:
        return False
    filled = [char for char in text if not char.isspace() and char not in ".…_-|"]
    symbols = sum(1 for char in filled if not char.isalnum() and char not in ",;:!?()/%\"“”'‘’–+*•")
    return symbols > _SYMBOLS_ALLOWED * max(1, len(filled))
