"""
Parsers of complicated formats, in a process of their own with limits on time, memory and files.

A broken or hostile file can end that process, not ours. Bubblewrap around it is later work.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingest import errors
from ingest.blocks import Extracted
from ingest.errors import BrokenFile, TookTooLong

SECONDS = 300
_ROOT = str(Path(__file__).resolve().parents[1])
_KNOWN = {
    kind.__name__: kind
    for kind in (errors.BrokenFile, errors.EncryptedFile, errors.NoText, errors.TooLarge, errors.GarbledText)
}


def extract(kind: str, path: Path, *, seconds: float = SECONDS) -> Extracted:
    """
    What the loader for *kind* (`pdf`, `docx`) reads in the file at *path*.

    Raises:
        TookTooLong: After *seconds*.
        BrokenFile: The worker died, or its parser could not go on.
        EncryptedFile, NoText, TooLarge, GarbledText: As the loader says.
    """
    command = [sys.executable, "-B", "-m", "ingest.worker", kind, str(path.resolve())]
    # Nothing of our environment goes along: it may hold tokens.
    environment = {"PYTHONPATH": _ROOT, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=environment,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise TookTooLong(seconds=f"{seconds:g}") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise BrokenFile(kind=kind) from None
    if "error" in answer:
        raise _KNOWN.get(answer["error"], BrokenFile)(**answer["fields"])
    return Extracted.from_json(answer)
