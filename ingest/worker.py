"""
The process that parses: `python -m ingest.worker KIND PATH`, limits on, one JSON object on stdout.

Started by `ingest.sandbox`. It lowers its own limits before any parser is imported; it writes no file
and opens no connection.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.blocks import Extracted

MEMORY_LIMIT = 2_000_000_000  # bytes of address space
CPU_LIMIT = 300  # seconds
TEXT_LIMIT = 20_000_000  # characters


def main(kind: str, path: str) -> int:
    """Parse *path* and print `{"blocks": …}` or `{"error": code, …}`."""
    _limit()
    from ingest.errors import IngestError

    try:
        extracted = _load(kind, Path(path))
        _check_length(extracted)
        answer = extracted.to_json()
    except IngestError as error:
        answer = {"error": type(error).__name__, "fields": error.fields}
    except (MemoryError, RecursionError):
        answer = {
            "error": "TooLarge",
            "fields": {"what": "memory", "limit": f"{MEMORY_LIMIT // 1_000_000} MB"},
        }
    except Exception as error:  # noqa: BLE001 - a parser may raise anything; its message may quote the document
        answer = {"error": "BrokenFile", "fields": {"kind": kind}, "type": type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    return 0


def _load(kind: str, path: Path) -> Extracted:
    if kind == "pdf":
        from ingest.loaders.pdf import load_pdf

        return load_pdf(path)
    if kind == "docx":
        from ingest.loaders.docx import load_docx

        return load_docx(path)
    raise ValueError(kind)


def _check_length(extracted: Extracted) -> None:
    from ingest.errors import TooLarge

    if sum(len(block.text) for block in extracted.blocks) > TEXT_LIMIT:
        raise TooLarge(what="text", limit=f"{TEXT_LIMIT // 1_000_000} MB")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
