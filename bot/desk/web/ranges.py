"""One range of a file: what phones ask for before they play a video."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(content: bytes, media_type: str, wanted: str, headers: Mapping[str, str]) -> Response:
    """
    *content*, or the one range of it that the Range header *wanted* names.

    A header that is none of ours to understand gets the whole, as RFC 9110 §14.2 allows; a range beyond
    the end gets 416.
    """
    span = span_of(wanted, len(content))
    told = {**headers, "Accept-Ranges": "bytes"}
    if span is None:
        return Response(content, media_type=media_type, headers=told)
    if not span:
        return Response(status_code=416, headers={**told, "Content-Range": f"bytes */{len(content)}"})
    told["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(content)}"
    return Response(content[span.start : span.stop], 206, media_type=media_type, headers=told)


def span_of(wanted: str, size: int) -> range | None:
    """The bytes that *wanted* names; empty if there are none such, None if it names no single range."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size) if last else None
    start = int(first)
    stop = min(size, int(last) + 1) if last else size
    if last and int(last) < start:
        return None
    return range(start, stop) if start < size else range(0)
