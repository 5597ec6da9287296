"""Cuts a long text where a sentence or a pause ends, so that half a phrase says nothing it did not mean."""

from __future__ import annotations

import re
from typing import Final

_LOOK_BACK: Final = 200  # characters in which an end of a sentence or a pause is looked for
_DROPPED: Final = 3  # words dropped where there is none: `đánh` may have been `đánh bạc`
_END: Final = re.compile(r"[.!?;,\n]|\s{2}")


def cut_whole(text: str, limit: int) -> str:
    """At most *limit* characters of *text*, up to the last pause; a text that is not too long as it is."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    ends = list(_END.finditer(head, max(0, limit - _LOOK_BACK)))
    if ends:
        return head[: ends[-1].end()]
    words = head.rsplit(maxsplit=_DROPPED)
    return words[0] if len(words) > _DROPPED else head


def end_whole(text: str, limit: int) -> str:
    """At most the last *limit* characters of *text*, from a pause on; a shorter text as it is."""
    if len(text) <= limit:
        return text
    tail = text[-limit:]
    first = _END.search(tail, 0, _LOOK_BACK)
    if first:
        return tail[first.end() :]
    words = tail.split(maxsplit=_DROPPED)
    return words[-1] if len(words) > _DROPPED else tail
