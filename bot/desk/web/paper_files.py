"""
Originals as they are sent: a PDF or a plain picture may show, everything else is a download.

Whatever a file turns out to be, it gets no script, no network and no page of ours around it. Chromium
shows a PDF in that sandbox too, at the page the address names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import FileResponse

from bot.desk.web.guard import FILE_POLICY
from ingest.opening import shown_inline

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

    from knowledge.model import Original

_ANY: Final = "application/octet-stream"


def send_original(original: Original | None, name: str, file: Path, *, is_download: bool) -> Response:
    """The file at *file*, called *name*."""
    is_shown = original is not None and shown_inline(original) and not is_download
    return FileResponse(
        file,
        media_type=original.media_type if is_shown and original is not None else _ANY,
        headers={
            "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; {_named(name)}",
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _named(name: str) -> str:
    """The name in both spellings of the header: plain letters for the old, UTF-8 for the others."""
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_."))
    return f"filename=\"{plain or 'tai-lieu'}\"; filename*=UTF-8''{quote(name, safe='')}"
