"""From a file to its blocks, whatever its kind: which way it goes, and that it stayed the same meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.errors import FileChanged, UnreadableFile
from ingest.libreoffice import BECOMES, converted
from ingest.repairs import Repair
from ingest.sandbox import extract
from ingest.sniff import EXTENSIONS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.blocks import Extracted

# Read in this process by our own code alone, line by line: no parser of somebody else's looks at them.
READ_HERE = frozenset((Kind.TEXT, Kind.MARKDOWN))


def read_apart(path: Path, kind: Kind) -> Extracted:
    """
    What the file of *kind* at *path* holds, read in a process of its own; old formats by LibreOffice first.

    Raises:
        IngestError: As `ingest.sandbox.extract` and `ingest.libreoffice.converted` say.
    """
    if kind.value in BECOMES:
        with converted(path, kind.value) as modern:
            read = extract(BECOMES[kind.value], modern)
    else:
        read = extract(kind.value, path)
    if EXTENSIONS.get(path.suffix.lower(), kind) is not kind:
        return read.with_repairs(Repair.OTHER_KIND.value)
    return read


@contextmanager
def standing_still(path: Path) -> Iterator[None]:
    """
    Watches *path* while it is read.

    Raises:
        FileChanged: Somebody wrote to it, or put another file in its place.
        UnreadableFile: It went away.
    """
    before = _state(path)
    yield
    if _state(path) != before:
        raise FileChanged


def _state(path: Path) -> tuple[int, int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
