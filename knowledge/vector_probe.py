"""
Looks whether an index of vectors can be read, in a process of its own.

A kill in the middle of a write can, rarely, leave a collection whose log no longer fits its index, and what
reads a cut file may take the process with it. So a stranger reads it first: `python -m knowledge.vector_probe
FOLDER` ends with 0 if all of it can be read.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import chromadb
from chromadb.config import Settings

PATIENCE_S = 30.0  # an index of 100,000 vectors is read in two seconds; a cut one may never end


def is_sound(folder: Path) -> bool:
    """Whether every collection under *folder* can be read; also if there is none."""
    probe = [sys.executable, "-m", "knowledge.vector_probe", str(folder.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own module and a folder of our own
            probe, cwd=Path(__file__).parents[1], capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def read(folder: Path) -> None:
    """Read a little of every collection under *folder*. Whatever Chroma raises leaves here."""
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(path=str(folder), settings=settings)
    for name in client.list_collections():
        client.get_collection(name.name, embedding_function=None).get(limit=1, include=["embeddings"])


if __name__ == "__main__":
    read(Path(sys.argv[1]))
