r"""
The other side of `tips.attachments.sandbox`: a file comes by stdin, a line of JSON and what is kept go out.

    {"type": "image/jpeg", "refused": ""}\n<bytes>
    {"type": "", "refused": "broken"}\n
"""

from __future__ import annotations

import json
import os
import resource
import sys

from tips.attachments.limits import MEMORY_LIMIT, Reason
from tips.errors import FileRefused
from tips.model import FILE_BYTES_LIMIT

_OPEN_FILES = 32


def limit(seconds: int) -> None:
    """No big memory, no endless loop, no byte written to any file, no memory left on a disk after a crash."""
    resource.setrlimit(
        resource.RLIMIT_CPU, (seconds, seconds + 1)
    )  # asked to end first, so that it is told why
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def _clean(content: bytes) -> tuple[str, bytes]:
    """Sniff, then let the one module that knows the kind work; vendors are imported only there."""
    from tips.attachments.sniff import sniff

    kind = sniff(content)
    if kind.family == "image":
        from tips.attachments.images import clean_image

        return clean_image(content)
    if kind.family == "media":
        from tips.attachments.media import clean_media

        return clean_media(content, kind.format)
    if kind.family == "pdf":
        from tips.attachments.pdf import clean_pdf

        return "application/pdf", clean_pdf(content)
    if kind.family == "office":
        from tips.attachments.office import clean_office

        return clean_office(content)
    from tips.attachments.text import clean_text

    return "text/plain", clean_text(content)


def answer(content: bytes) -> tuple[str, str, bytes]:
    """Media type, reason of a refusal, cleaned file. Whatever goes wrong is the file's fault."""
    if not content:
        return "", Reason.EMPTY, b""
    try:
        media_type, cleaned = _clean(content)
    except FileRefused as refused:
        return "", refused.fields["reason"], b""
    except MemoryError:
        return "", Reason.UNPACKS_TOO_LARGE, b""
    except Exception:  # noqa: BLE001 - vendors raise what they like; their words quote the file
        return "", Reason.BROKEN, b""
    return media_type, "", cleaned


def main() -> None:
    """Clean what comes in."""
    limit(int(sys.argv[1]))
    out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)  # a library that prints does not print into the answer
    os.dup2(nothing, 2)
    media_type, refused, cleaned = answer(sys.stdin.buffer.read(FILE_BYTES_LIMIT + 1))
    out.write(json.dumps({"type": media_type, "refused": refused}).encode() + b"\n" + cleaned)
    out.flush()
    os._exit(0)  # nothing to tidy; teardown of the libraries costs a tenth of a second


if __name__ == "__main__":
    main()
