"""
Parsers of complicated formats, in a process of their own with limits on time, memory and files.

A broken or hostile file can end that process, not ours. Where bubblewrap works it also finds no network, no
environment and none of our files: only Python, our code that reads documents, and the file itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ingest import errors, walls
from ingest.blocks import Extracted
from ingest.errors import BrokenFile, IngestError, TookTooLong, UnreadableFile
from ingest.standby import Standby, standing_by

SECONDS = 300
OCR_SECONDS = 3_600  # a page takes some seconds, and more on a busy machine
MEMORY_LIMIT = 2_000_000_000  # bytes of address space
_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent
_PICTURED = frozenset(("pdf", "image"))
_KNOWN = {
    kind.__name__: kind
    for kind in (
        *(
            errors.BrokenFile,
            errors.EmptyFile,
            errors.EncryptedFile,
            errors.EntitiesInside,
            errors.GarbledText,
        ),
        errors.NoContent,
        *(errors.NoText, errors.ToolMissing, errors.TooLarge, errors.UnreadableScan),
    )
}
# Nothing of our environment goes along: it may hold tokens.
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",  # of Tesseract: more threads take longer on two cores
}


def extract(kind: str, path: Path, *, seconds: float | None = None) -> Extracted:
    """
    What the loader for *kind* (a `ingest.sniff.Kind`) reads in the file at *path*.

    Args:
        kind: As sniffed.
        path: The file.
        seconds: On the clock; 300 unless given, 3,600 where pages may have to be read by OCR.

    Raises:
        TookTooLong: After *seconds*.
        BrokenFile: The worker died, or its parser could not go on.
        EmptyFile, EncryptedFile, GarbledText, NoContent, NoText, ToolMissing, TooLarge: As the loader says.
        UnreadableScan: Likewise.
        UnreadableFile: The file went away.
    """
    given = seconds or (OCR_SECONDS if kind in _PICTURED else SECONDS)
    standby = standing_by()
    done = None
    if standby is not None:
        try:
            done = standby.read(kind, path, given)
        except OSError as error:
            raise UnreadableFile(reason=type(error).__name__) from None
    if done is None:
        done = _alone(kind, path, given)
    if done.late:
        raise TookTooLong(seconds=f"{given:g}")
    try:
        answer: dict[str, Any] = json.loads(done.answer)
        if "error" in answer:
            raise _told(answer, kind)
        return Extracted.from_json(answer)
    except (ValueError, KeyError, TypeError):
        # Nothing, or nonsense of a worker that a file has taken over.
        raise BrokenFile(kind=kind) from None


def _alone(kind: str, path: Path, seconds: float) -> walls.Done:
    """In a process begun for this file, that sees the file itself."""
    file = str(path.resolve())
    room = walls.Room(reads={**_code(), file: f"/in/file{path.suffix.lower()}"})
    return walls.run(
        [sys.executable, "-B", "-s", "-m", "ingest.worker", kind, file],
        room=room,
        limits=_limits(seconds),
        environment=_ENVIRONMENT,
    )


def new_standby() -> Standby:
    """A worker that stays for many files, behind the same walls, and with no place to leave anything."""
    return Standby(
        [sys.executable, "-B", "-s", "-P", "-m", "ingest.standby_worker"],
        room=walls.Room(reads=_code(), is_bare=True),
        limits=_limits(OCR_SECONDS),
        environment=_ENVIRONMENT,
    )


def _limits(seconds: float) -> walls.Limits:
    return walls.Limits(seconds=seconds, memory=MEMORY_LIMIT, file_bytes=0)


def _told(answer: dict[str, Any], kind: str) -> IngestError:
    known = _KNOWN.get(answer["error"])
    if known is None:
        return BrokenFile(kind=kind)
    return known(**{name: str(value) for name, value in answer["fields"].items()})


def _code() -> dict[str, str]:
    """Python, its packages and our code that reads documents; not the project: data/ may lie there."""
    folders = {sys.base_prefix, sys.prefix, str(Path(sys.executable).resolve().parent.parent)}
    named = sorted(folder for folder in folders if folder not in {"/", "/usr"})
    ours = [str(_ROOT / name) for name in ("ingest", "knowledge", "prompts")]
    return {path: path for path in (*named, *ours) if Path(path).exists()}


def tesseract_is_there() -> bool:
    """Whether Tesseract and its Vietnamese model are installed."""
    from ingest.loaders.tesseract import languages

    return "vie" in languages()
