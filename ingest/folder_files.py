"""Which files of a folder may be documents, and why the others are passed by."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ingest.errors import IngestError, NotAFile, StraySidecar, UnreadableFile
from ingest.sidecars import is_sidecar, is_skipped, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ingest.sidecars import Pairs

STRAY = StraySidecar.code
_LINK, _NO_FILE = "link_not_followed", "not_a_file"


def files_below(root: Path, closed: dict[Path, str]) -> Iterable[tuple[Path, Pairs]]:
    """
    Every file below the resolved *root* that may be a document, with the sidecars of its folder.

    Folders that cannot be listed go into *closed* with the name of the system's error: what lies in them is
    not gone, a share may only have hiccuped. So do what is no file, links that are not followed, and
    sidecars of no document.
    """

    def note(error: OSError) -> None:
        closed[root.__class__(error.filename)] = type(error).__name__

    for parent, folders, names in os.walk(root, onerror=note, followlinks=False):
        base = root.__class__(parent)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        closed.update({base / name: _LINK for name in folders if os.path.islink(base / name)})  # noqa: PTH114 - never raises
        paired = pairs_of(base, names)
        for name in sorted(name for name in names if not is_skipped(name)):
            if is_sidecar(name):
                closed.update({base / name: STRAY} if name in paired.stray else {})
                continue
            reason = _passed_by(base / name, root)
            if reason == "":
                yield base / name, paired
            elif reason is not None:
                closed[base / name] = reason


def passed_by(reason: str) -> IngestError:
    """The error of what `files_below` passed by for that *reason*."""
    if reason == STRAY:
        return StraySidecar()
    return NotAFile(reason) if reason in {_LINK, _NO_FILE} else UnreadableFile(reason=reason)


def _passed_by(path: Path, root: Path) -> str | None:
    """Why *path* is no document: a fault of NotAFile or the system's error; "" for a file, None if gone."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return "" if path.is_file() and path.resolve().is_relative_to(root) else _LINK
    except FileNotFoundError:
        return None
    except OSError as error:
        return type(error).__name__
    return "" if stat.S_ISREG(mode) else _NO_FILE
