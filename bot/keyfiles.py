"""Random keys in files of our own, made once: of several processes that make one, one wins."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


def key_in(file: Path) -> bytes:
    """
    The key in *file*, mode 0600, made if there is none. The folder has to be there.

    Raises:
        OSError: It cannot be read or made.
        ValueError: The file holds no key. It is never made anew over another.
    """
    if not file.exists():
        _make(file)
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError("no key of ours")
    return key


def destroy(file: Path) -> None:
    """Write over *file*, then take it away; nothing happens where there is none. Raises OSError."""
    with suppress(FileNotFoundError):
        with file.open("r+b") as opened:
            opened.write(bytes(KEY_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()


def _make(file: Path) -> None:
    whole = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(secrets.token_bytes(KEY_BYTES))
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):  # another process was faster, and its key is whole
            os.link(whole, file)
    finally:
        whole.unlink()
