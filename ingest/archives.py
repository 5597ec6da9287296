"""
Zip folders: unpacked entry by entry into a folder of ours; every entry is then a document by its own rules.

Names are made safe and readable (Windows writes Vietnamese names in its own old encoding); links, paths that
lead out and zips in zips are refused by name. Sizes are counted while unpacking, for a directory may lie.
"""

from __future__ import annotations

import errno
import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import BadEntry, BrokenFile, EncryptedFile, IngestError, NoRoom, TooLarge, UnreadableFile
from ingest.names import best_reading
from ingest.sniff import UNPACKED_LIMIT, check_zip

_PART_LENGTH = 150  # characters of one folder's or file's name
_BLOCK = 1 << 20  # bytes
_UTF8_NAMES = 0x800  # the flag of an entry whose name says so
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_DRIVE = re.compile(r"[A-Za-z]:")
_NESTED = (".zip", ".jar")
_LEFT_OUT = ("__macosx", "thumbs.db", "desktop.ini")
_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """Files by the name the entry has, and what was refused, by name."""

    files: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, IngestError] = field(default_factory=dict)


def unpack(path: Path, into: Path) -> Unpacked:
    """
    The entries of the zip folder at *path* as files below *into*, an empty folder.

    Raises:
        BrokenFile, EncryptedFile, TooLarge: The zip as a whole is not taken.
        NoRoom: The disk is full; nothing of it is used.
    """
    check_zip(path)
    unpacked = Unpacked()
    room = UNPACKED_LIMIT
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or _is_left_out(entry.filename):
                    continue
                name = entry_name(entry)
                try:
                    target = into / Path(*_safe(name, entry))
                    room -= _write(archive, entry, target, room)
                except BadEntry as error:
                    unpacked.refused[_shown(name)] = error
                    continue
                unpacked.files[target.relative_to(into).as_posix()] = target
    except RuntimeError:  # a password on single entries
        raise EncryptedFile(kind="zip") from None
    except _BROKEN:
        raise BrokenFile(kind="zip") from None
    except OSError as error:
        raise _no_room(error) from None
    return unpacked


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of *entry* as meant: UTF-8 where it says so, else UTF-8, Windows-1258 or DOS, as fits."""
    if entry.flag_bits & _UTF8_NAMES:
        return unicodedata.normalize("NFC", entry.filename)
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", entry.filename)
    return best_reading(raw, otherwise=entry.filename)


def _safe(name: str, entry: zipfile.ZipInfo) -> list[str]:
    """*name* as the names of folders and a file, safe to write."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadEntry("link", name=name)
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in plain.split("/"):
        raise BadEntry("outside", name=name)
    if plain.lower().endswith(_NESTED):
        raise BadEntry("nested", name=name)
    parts = [_UNSAFE.sub("_", part).strip(" ") for part in plain.split("/")]
    kept = [_shortened(part) for part in parts if part not in {"", "."}]
    if not kept:
        raise BadEntry("outside", name=name)
    return kept


def _shortened(part: str) -> str:
    if len(part) <= _PART_LENGTH:
        return part
    ending = Path(part).suffix[:10]
    return part[: _PART_LENGTH - len(ending)] + ending


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:_PART_LENGTH]


def _is_left_out(name: str) -> bool:
    parts = name.lower().replace("\\", "/").split("/")
    return parts[-1] in _LEFT_OUT or parts[0] == _LEFT_OUT[0] or parts[-1].startswith((".", "~$"))


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: int) -> int:
    """How many bytes went to *target*."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as packed, target.open("xb") as file:
        while block := packed.read(_BLOCK):
            written += len(block)
            if written > room:
                raise TooLarge(what="unpacked", limit=f"{UNPACKED_LIMIT // 1_000_000} MB")
            file.write(block)
    return written


def _no_room(error: OSError) -> IngestError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return NoRoom()
    if isinstance(error, FileExistsError):
        return BrokenFile(kind="zip")  # two entries of one name
    return UnreadableFile(reason=type(error).__name__)
