"""
Tesseract: the words of one page's picture, by lines. Program and Vietnamese model come with the system.

Before it reads, the picture is divided by its own blurred background (shadows go) and a 3×3 median takes the
specks. What comes back is judged by its words, never by Tesseract's confidence, which is high on nonsense.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.errors import BrokenFile, TooLarge, ToolMissing
from ingest.syllables import is_syllable
from ingest.walls import PROGRAMS

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_LIMIT = 80_000_000  # of one picture
LANGUAGE = "vie"
_PAGE_SECONDS = 120
_WIDTH = 2_480  # pixels: A4 across at 300 dpi
_WIDEST = 3_600  # above this it is scaled down: no letter needs more
_LARGEST_SCALE = 3.0
_BACKGROUND_STEP = 8  # the background is looked at in this many times fewer pixels
_BACKGROUND_RADIUS = 10  # of those
_WHITE = 245
_DARK = 128  # grey levels below are ink
_INK = 0.0002  # of all pixels: less is a blank page
_TILT_WIDTH = 600  # pixels across are enough to see it
_LEVEL = 0.2  # degrees: less is level
_TURNS = (0, 180, 90, 270)  # degrees: pages are fed in the wrong way round
_WORDS_ENOUGH = 3  # of a sign
_TURNED_WORDS = 15  # noise, turned and turned, reads like a few syllables once
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLES_ENOUGH = 0.6  # of the words: below, letters were guessed


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: its text, where it ends as a share of the widest line, its letters' height, its paragraph."""

    text: str
    right: float
    height: float
    paragraph: tuple[int, int]


@cache
def languages() -> frozenset[str]:
    """The models Tesseract has; none where it is not installed."""
    program = shutil.which("tesseract", path=PROGRAMS)
    if program is None:
        return frozenset()
    try:
        told = subprocess.run(  # noqa: S603 - the system's own program
            [program, "--list-langs"],
            check=False,
            capture_output=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(told.stdout.decode("utf-8", "replace").split())


def require_tesseract(kind: str) -> None:
    """
    Nothing, where pictures can be read.

    Raises:
        ToolMissing: Tesseract or its Vietnamese model is not installed.
    """
    if LANGUAGE not in languages():
        raise ToolMissing(tool="tesseract", kind=kind)


def read_picture(picture: Image) -> list[ReadLine]:
    """
    The lines of *picture*, top to bottom; empty where it holds no words that can be Vietnamese.

    Raises:
        TooLarge: More pixels than PIXELS_LIMIT.
        BrokenFile: Tesseract could not read the picture, or took too long for it.
    """
    if picture.width * picture.height > PIXELS_LIMIT:
        raise TooLarge(what="pixels", limit=f"{PIXELS_LIMIT // 1_000_000} MP")
    flat = prepared(picture)
    if not _has_ink(flat):
        return []
    for turn in _TURNS:  # the others only where a page cannot be read as it lies
        lines = _lines(_tesseract(straightened(flat.rotate(turn, expand=True))))
        enough = _TURNED_WORDS if turn else _WORDS_ENOUGH
        if is_readable("\n".join(line.text for line in lines), words=enough):
            return lines
    return []


def _has_ink(page: Image) -> bool:
    """Whether anything dark stands on *page*: a blank one need not be turned and turned."""
    dark = sum(page.histogram()[:_DARK])
    return dark > _INK * page.width * page.height


def _tesseract(page: Image) -> str:
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=1)
    command = ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "4", "--dpi", "300", "tsv"]
    try:
        told = subprocess.run(  # noqa: S603 - the system's own program
            command, input=out.getvalue(), check=False, capture_output=True, timeout=_PAGE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        raise BrokenFile(kind="image") from None
    if told.returncode:
        raise BrokenFile(kind="image")
    return told.stdout.decode("utf-8", "replace")


def is_readable(text: str, *, words: int = _WORDS_ENOUGH) -> bool:
    """Whether *text*, from a picture, has *words* of three letters, and enough of it may be syllables."""
    # Specks are read as single letters and pairs of them.
    found = [word for word in _WORD.findall(text) if len(word) > 1]
    good = [word for word in found if is_syllable(word)]
    return sum(len(word) > 2 for word in good) >= words and len(good) >= _SYLLABLES_ENOUGH * len(found)  # noqa: PLR2004


def prepared(picture: Image) -> Image:
    """*picture* grey, near 300 dpi of an A4 page, without shadow and specks."""
    import numpy as np
    from PIL import Image as Pictures
    from PIL import ImageFilter

    grey = _flat(picture).convert("L")
    scale = _scale(grey.width)
    if scale != 1:
        size = (round(grey.width * scale), round(grey.height * scale))
        grey = grey.resize(size, Pictures.Resampling.LANCZOS)
    small = grey.reduce(_BACKGROUND_STEP) if min(grey.size) > _BACKGROUND_STEP else grey
    background = small.filter(ImageFilter.GaussianBlur(_BACKGROUND_RADIUS)).resize(grey.size)
    shades = (
        np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(background, dtype=np.float32), 1) * _WHITE
    )
    flat = Pictures.fromarray(np.clip(shades, 0, 255).astype(np.uint8))
    return flat.filter(ImageFilter.MedianFilter(3))


def straightened(page: Image) -> Image:
    """*page*, grey on white, turned by up to 3 degrees so that its lines lie level: tilted ones get torn."""
    from PIL import Image as Pictures

    small = page.reduce(max(1, page.width // _TILT_WIDTH)).point(lambda grey: 255 if grey < _DARK else 0)
    coarse = max(range(-6, 7), key=lambda half: _evenness(small, half / 2))
    tilt = max((coarse / 2 + step / 10 for step in range(-4, 5)), key=lambda angle: _evenness(small, angle))
    if abs(tilt) < _LEVEL:
        return page
    return page.rotate(tilt, resample=Pictures.Resampling.BICUBIC, fillcolor=255)


def _evenness(ink: Image, angle: float) -> float:
    """How sharply rows of ink and of paper change in *ink* turned by *angle*: most where lines lie level."""
    import numpy as np

    rows = np.asarray(ink.rotate(angle), dtype=np.float32).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _flat(picture: Image) -> Image:
    """*picture* on white where it can be seen through."""
    from PIL import Image as Pictures

    if not picture.has_transparency_data:
        return picture
    seen = picture.convert("RGBA")
    return Pictures.alpha_composite(Pictures.new("RGBA", seen.size, "white"), seen)


def _scale(width: int) -> float:
    if width > _WIDEST:
        return _WIDTH / width
    return min(_LARGEST_SCALE, max(1.0, _WIDTH / width))


def _lines(table: str) -> list[ReadLine]:
    """Its table as lines: level, page, block, paragraph, line, word, left, top, width, height, conf, text."""
    words: dict[tuple[int, int, int], list[tuple[int, int, str]]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():  # noqa: PLR2004 - the table's columns
            continue
        place = (int(cells[2]), int(cells[3]), int(cells[4]))
        words.setdefault(place, []).append((int(cells[6]) + int(cells[8]), int(cells[9]), cells[11].strip()))
    widest = max((line[-1][0] for line in words.values()), default=1)
    found = []
    for (block, paragraph, _), line in words.items():
        heights = sorted(height for _, height, _ in line)
        text = " ".join(word for _, _, word in line)
        found.append(ReadLine(text, line[-1][0] / widest, heights[len(heights) // 2], (block, paragraph)))
    return found
