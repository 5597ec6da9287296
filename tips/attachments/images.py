"""
Pictures: decoded and drawn on a fresh canvas, so that nothing but what is seen goes on.

Re-saving with Pillow keeps a JPEG's comment; a fresh canvas has none, nor EXIF, XMP, profile, preview or
anything behind the picture's end. Not removed: what the picture shows, and the fine noise of a sensor.
"""

from __future__ import annotations

import io
import warnings
from typing import Literal

from PIL import Image, WebPImagePlugin  # noqa: F401 - Pillow loads the other three by itself

from tips.attachments.limits import FRAMES_LIMIT, JPEG_QUALITY, LONGEST_SIDE, PIXELS_LIMIT, Reason
from tips.errors import FileRefused

_FEW_COLOURS = 4096  # a drawing or the picture of a screen: PNG keeps it sharp and small
_OPAQUE = 255
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")  # a JPEG with several pictures in it (MPO) is found by the first
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Form = Literal["JPEG", "PNG", "GIF", "WEBP"]


def clean_image(content: bytes) -> tuple[str, bytes]:
    """
    The picture in *content*, upright, at most LONGEST_SIDE pixels long: its media type and bytes.

    JPEG; PNG where it was drawn losslessly in few colours or can be seen through; WebP where it moves.

    Raises:
        FileRefused: Too many pixels, or not whole.
    """
    with _opened(content) as picture:
        if _moves(picture):
            return _TYPES["WEBP"], _moving(picture)
        is_drawn = picture.format in {"PNG", "GIF"}
        canvas = _fresh(picture)
        form: Form = "JPEG"
        if canvas.mode == "RGBA" or (is_drawn and canvas.getcolors(_FEW_COLOURS)):
            form = "PNG"
        return _TYPES[form], _saved(canvas, form, is_sharp=is_drawn)


def redraw(content: bytes) -> tuple[Form, bytes]:
    """
    The picture in *content* drawn anew in the format it has, for a document that expects that format.

    Raises:
        FileRefused: Too many pixels, or not whole.
    """
    with _opened(content) as picture:
        form: Form = "JPEG" if picture.format == "MPO" else picture.format  # type: ignore[assignment]
        return form, _saved(_fresh(picture), form, is_sharp=form != "JPEG")


def _opened(content: bytes) -> Image.Image:
    """The picture, its size checked before any pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = PIXELS_LIMIT
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(reason=Reason.TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError):
        raise FileRefused(reason=Reason.BROKEN) from None
    return picture


def _moves(picture: Image.Image) -> bool:
    frames = getattr(picture, "n_frames", 1)
    size = picture.width * picture.height * frames
    return picture.format in {"GIF", "PNG", "WEBP"} and 1 < frames <= FRAMES_LIMIT and size <= PIXELS_LIMIT


def _fresh(picture: Image.Image) -> Image.Image:
    """The frame *picture* stands at, scaled down in place, turned, on a canvas of its own: RGB or RGBA."""
    try:
        picture.draft(
            "RGB", (LONGEST_SIDE, LONGEST_SIDE)
        )  # a JPEG twice too large is decoded at half its size
        turn = _TURNS.get(_orientation(picture))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        upright: Image.Image = picture if turn is None else picture.transpose(turn)
        if upright.has_transparency_data:
            seen = upright.convert("RGBA")
            # What lies under full transparency is not seen, so it does not go on.
            canvas = Image.alpha_composite(Image.new("RGBA", seen.size), seen)
            if canvas.getchannel("A").getextrema() != (_OPAQUE, _OPAQUE):
                return canvas
            upright = canvas
        canvas = Image.new("RGB", upright.size)
        canvas.paste(_eight_bits(upright).convert("RGB"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(reason=Reason.TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise FileRefused(reason=Reason.BROKEN) from None
    return canvas


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, as EXIF says. A damaged EXIF does not cost the picture."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - Pillow raises many things here
        return 1


def _eight_bits(picture: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8 bits; Pillow alone would cut it white."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture


def _moving(picture: Image.Image) -> bytes:
    """A moving picture as animated WebP: every frame drawn anew, with its duration."""
    frames, durations = [], []
    for number in range(getattr(picture, "n_frames", 1)):
        try:
            picture.seek(number)
            frames.append(_fresh(picture.copy()).convert("RGBA"))
        except (OSError, ValueError, EOFError):
            raise FileRefused(reason=Reason.BROKEN) from None
        durations.append(int(picture.info.get("duration", 100)) or 100)
    out = io.BytesIO()
    frames[0].save(
        out, "WEBP", save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=80, method=2
    )
    return out.getvalue()


def _saved(canvas: Image.Image, form: Form, *, is_sharp: bool) -> bytes:
    out = io.BytesIO()
    if form == "JPEG":
        # Letters on a screen keep their colours only without chroma subsampling.
        canvas.convert("RGB").save(out, form, quality=JPEG_QUALITY, subsampling=0 if is_sharp else 2)
    elif form == "WEBP":
        canvas.save(out, form, quality=JPEG_QUALITY, method=4)
    else:
        canvas.save(out, form)
    return out.getvalue()
