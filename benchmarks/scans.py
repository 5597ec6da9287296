"""
Scans made by drawing: a text set on a page, then what scanners and phones do to it.

Everything comes from a seed, so a figure can be measured again.
"""

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = ("DejaVuSerif.ttf", "DejaVuSans.ttf", "NotoSerif-Regular.ttf", "NotoSans-Regular.ttf")
_A4 = (8.27, 11.69)  # inches
_MARGIN = 0.9  # inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """`noise` is the standard deviation in grey levels, `tilt` degrees, `shadow` the share of light lost."""

    dpi: int = 150
    noise: float = 12.0
    tilt: float = 1.2
    shadow: float = 0.45
    specks: float = 0.0005  # of all pixels


def wrapped(text: str, *, columns: int = 74) -> list[str]:
    """*text* as lines of a page, paragraphs by line breaks."""
    return [line for paragraph in text.split("\n") for line in (textwrap.wrap(paragraph, columns) or [""])]


def draw(lines: list[str], *, font: str = FONTS[0], points: float = 12, dpi: int = 150) -> Image.Image:
    """A clean A4 page with *lines*, grey."""
    page = Image.new("L", (round(_A4[0] * dpi), round(_A4[1] * dpi)), 255)
    pen = ImageDraw.Draw(page)
    size = points * dpi / 72
    letters = ImageFont.truetype(font, size)
    for number, line in enumerate(lines):
        pen.text((_MARGIN * dpi, _MARGIN * dpi + number * size * 1.45), line, font=letters, fill=20)
    return page


def spoil(page: Image.Image, faults: Faults, *, seed: int) -> Image.Image:
    """*page* as a scanner or a phone would give it back."""
    chance = np.random.default_rng(seed)
    tilted = page.rotate(faults.tilt, resample=Image.Resampling.BICUBIC, fillcolor=250)
    grey = np.asarray(tilted.filter(ImageFilter.GaussianBlur(0.4)), dtype=np.float32)
    height, width = grey.shape
    across = np.linspace(0, 1, width)[None, :] * 0.6 + np.linspace(0, 1, height)[:, None] * 0.4
    shaded = grey * (1 - faults.shadow * across) + chance.normal(0, faults.noise, grey.shape)
    specks = chance.random(grey.shape)
    shaded[specks < faults.specks] = 0
    shaded[specks > 1 - faults.specks] = 255
    return Image.fromarray(np.clip(shaded, 0, 255).astype(np.uint8))


def character_error_rate(truth: str, read: str) -> float:
    """Edits that make *read* into *truth*, per character of *truth*; any white space is one blank."""
    wanted, found = " ".join(truth.split()), " ".join(read.split())
    row = np.arange(len(found) + 1)
    letters = np.array([ord(char) for char in found])
    for number, char in enumerate(wanted, start=1):
        replaced = row[:-1] + (letters != ord(char))
        deleted = row[1:] + 1
        best = np.concatenate(([number], np.minimum(replaced, deleted)))
        # Insertions run along the row: the smallest of best[j] + (k - j) over j <= k.
        row = np.minimum.accumulate(best - np.arange(len(best))) + np.arange(len(best))
    return float(row[-1]) / max(1, len(wanted))


def choose_font(number: int) -> str:
    """A font of FONTS that is installed, in turn."""
    chosen = random.Random(number).sample(FONTS, len(FONTS))  # noqa: S311 - no secret
    for font in chosen:
        try:
            ImageFont.truetype(font, 10)
        except OSError:
            continue
        return font
    raise FileNotFoundError("none of " + ", ".join(FONTS))
