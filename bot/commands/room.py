"""A full disk, told by name: stores report it in many ways, and none of them says so to an editor."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.commands.common import Desk

_LEAST = 4_000_000  # bytes: below, a store may find no room for its next pages
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@contextmanager
def told_when_full(desk: Desk) -> Iterator[None]:
    """Any error inside, while the disk of the data is full, ends the command with that reason and code 1."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        if _says_full(error) or _is_full(desk.settings.data):
            desk.fail("ingest.no_room_data")
        raise


def _says_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_full(folder: Path) -> bool:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free < _LEAST
    except OSError:
        return False
