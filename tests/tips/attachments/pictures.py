"""Pictures with something planted wherever a camera, a phone or a program may write."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from tests.tips.attachments.judge import CANARY

_XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{CANARY}-XMP</dc:creator></x:xmpmeta>'.encode()
UPRIGHT = (48, 64)  # of every picture, once turned


def drawing(size: tuple[int, int] = UPRIGHT) -> Image.Image:
    """Red above, blue below: whether it was turned can be seen."""
    picture = Image.new("RGB", size, "red")
    ImageDraw.Draw(picture).rectangle((0, size[1] // 2, *size), fill="blue")
    return picture


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = f"{CANARY}-MAKE"
    tags[0x0110] = f"{CANARY}-MODEL"
    tags[0x013B] = f"{CANARY}-ARTIST"
    tags[0x9C9D] = f"{CANARY}-XPAUTHOR".encode("utf-16-le")
    tags.get_ifd(0x8769).update({0xA431: f"{CANARY}-SERIAL", 0x9003: "2026:11:22 10:00:00"})
    tags.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 12.0), 3: "E", 4: (106.0, 41.0, 30.0)})
    return tags


def jpeg(orientation: int = 1) -> bytes:
    """EXIF with GPS and serial, IPTC, XMP, comment, profile, and bytes behind the end."""
    picture = drawing()
    if orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    picture.save(
        out, "JPEG", exif=exif(orientation), comment=f"{CANARY}-COM".encode(), icc_profile=profile, xmp=_XMP
    )
    author = f"{CANARY}-IPTC".encode()
    record = b"\x1c\x02\x50" + struct.pack(">H", len(author)) + author
    resource = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    segment = b"\xff\xed" + struct.pack(">H", len(resource) + 2) + resource
    content = out.getvalue()
    return content[:2] + segment + content[2:] + f"{CANARY}-TAIL".encode()


def png() -> bytes:
    """tEXt, zTXt, iTXt, eXIf, XMP, time, a private chunk, and bytes behind the end."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", f"{CANARY}-TEXT")
    notes.add_text("Comment", f"{CANARY}-ZTXT", zip=True)
    notes.add_itxt("Title", f"{CANARY}-ITXT", "vi", "Tên", zip=True)
    notes.add(b"tIME", struct.pack(">HBBBBB", 2026, 11, 22, 10, 0, 0))
    notes.add(b"prVt", f"{CANARY}-PRIVATE".encode())
    out = io.BytesIO()
    drawing().save(out, "PNG", pnginfo=notes, exif=exif())
    return out.getvalue() + f"{CANARY}-TAIL".encode()


def webp() -> bytes:
    out = io.BytesIO()
    drawing().save(out, "WEBP", exif=exif(), xmp=_XMP)
    return out.getvalue()


def gif(frames: int = 1) -> bytes:
    """A comment, and a script behind the end: also a program to some readers."""
    pictures = [drawing().rotate(180 * number) for number in range(frames)]
    out = io.BytesIO()
    pictures[0].save(
        out,
        "GIF",
        comment=f"{CANARY}-GIF".encode(),
        save_all=frames > 1,
        append_images=pictures[1:],
        duration=200,
    )
    return out.getvalue() + f"*/=1;alert('{CANARY}-JS')//".encode()


def seen_through() -> bytes:
    """A picture whose see-through half still holds the colours of what was erased."""
    picture = drawing().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size).point(lambda value: 255 * (value > 127)))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def bomb(side: int = 10_000) -> bytes:
    """A PNG of *side* x *side* white pixels in a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * ((side + 7) // 8)) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
