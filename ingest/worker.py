"""
The process that parses: `python -m ingest.worker KIND PATH`, limits on, one JSON object on stdout.

Started by `ingest.sandbox` behind `ingest.walls`. It lowers its own limits too before any parser is imported,
for a system without `prlimit`; it writes no file and opens no connection.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.blocks import Extracted

MEMORY_LIMIT = 2_000_000_000  # bytes of address space
TEXT_LIMIT = 20_000_000  # characters


def main(kind: str, path: str) -> int:
    """Parse *path* and print `{"blocks": …}` or `{"error": code, …}`."""
    lower_limits()
    sys.stdout.write(json.dumps(answer_of(kind, Path(path))))
    return 0


def answer_of(kind: str, path: Path) -> dict[str, Any]:
    """What the loader of *kind* reads at *path*, or its error, ready for JSON; the limits are on already."""
    from ingest.errors import IngestError

    try:
        extracted = _load(kind, path)
        _check_length(extracted)
        return extracted.to_json()
    except IngestError as error:
        return {"error": type(error).__name__, "fields": error.fields}
    except (MemoryError, RecursionError):
        return {
            "error": "TooLarge",
            "fields": {"what": "memory", "limit": f"{MEMORY_LIMIT // 1_000_000} MB"},
        }
    except Exception as error:  # noqa: BLE001 - a parser may raise anything; its message may quote the document
        return {"error": "BrokenFile", "fields": {"kind": kind}, "type": type(error).__name__}


def _load(kind: str, path: Path) -> Extracted:  # noqa: PLR0911 - one way out a kind
    """By the one module that knows *kind*; vendors are imported only there."""
    if kind == "pdf":
        from ingest.loaders.pdf import load_pdf

        return load_pdf(path)
    if kind == "docx":
        from ingest.loaders.docx import load_docx

        return load_docx(path)
    if kind == "xlsx":
        from ingest.loaders.xlsx import load_xlsx

        return load_xlsx(path)
    if kind == "pptx":
        from ingest.loaders.pptx import load_pptx

        return load_pptx(path)
    if kind in {"odt", "ods", "odp"}:
        from ingest.loaders.odf import load_odf

        return load_odf(path, kind)
    if kind == "image":
        from ingest.loaders.scan import load_image

        return load_image(path)
    return _load_written(kind, path)


def _load_written(kind: str, path: Path) -> Extracted:
    if kind == "html":
        from ingest.loaders.html import load_html

        return load_html(path.read_bytes())
    if kind == "csv":
        from ingest.loaders.csv import load_csv

        return load_csv(path)
    from ingest.loaders.mail import load_eml, load_mhtml

    return {"eml": load_eml, "mhtml": load_mhtml}[kind](path)


def _check_length(extracted: Extracted) -> None:
    from ingest.errors import TooLarge

    if sum(len(block.text) for block in extracted.blocks) > TEXT_LIMIT:
        raise TooLarge(what="text", limit=f"{TEXT_LIMIT // 1_000_000} MB")


def lower_limits() -> None:
    """Of this process, for ever: memory, files and what a crash leaves behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
