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
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import (
    BadEntry,
    BrokenFile,
    EncryptedFile,
    IngestError,
    NoRoom,
    TooLarge,
    UnreadableFile,
    shown,
)
from ingest.names import best_reading
from ingest.sidecars import canonical, is_sidecar, pairs
from ingest.sniff import UNPACKED_LIMIT, check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART_LENGTH = 150  # characters of one folder's or file's name
_PART_BYTES = 240  # of the 255 that file systems take
_BLOCK = 1 << 20  # bytes
_UTF8_NAMES = 0x800  # the flag of an entry whose name says so
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_DRIVE = re.compile(r"[A-Za-z]:")
_NESTED = (".zip", ".jar")
_LEFT_OUT = ("__macosx", "thumbs.db", "desktop.ini")
_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """Documents by the name the entry has, their sidecars beside them, and what was refused, by name."""

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
            for entry, parts in _placed(archive, unpacked):
                target = into / Path(*parts)
                room -= _write(archive, entry, target, room)
                if not is_sidecar(target.name):
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
    """*name* as the names of folders and a file, safe to write but for their length."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadEntry("link", name=name)
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in plain.split("/"):
        raise BadEntry("outside", name=name)
    if plain.lower().endswith(_NESTED):
        raise BadEntry("nested", name=name)
    parts = [_UNSAFE.sub("_", part).strip(" ") for part in plain.split("/")]
    kept = [part for part in parts if part not in {"", "."}]
    if not kept:
        raise BadEntry("outside", name=name)
    return kept


def _placed(archive: zipfile.ZipFile, unpacked: Unpacked) -> Iterator[tuple[zipfile.ZipInfo, list[str]]]:
    """
    The entries of *archive*, each with its place: a document under its name cut short, its sidecar beside it.

    What is not taken goes to `unpacked.refused`.
    """
    taken: list[tuple[zipfile.ZipInfo, list[str]]] = []
    folders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry in archive.infolist():
        if entry.is_dir() or _is_left_out(entry.filename):
            continue
        name = entry_name(entry)
        try:
            parts = _safe(name, entry)
        except BadEntry as error:
            unpacked.refused[shown(name, _PART_LENGTH)] = error
            continue
        taken.append((entry, parts))
        folders[tuple(parts[:-1])].append(parts[-1])
    paired = {folder: pairs(names) for folder, names in folders.items()}
    owners = {folder: {own: name for name, own in one.own.items()} for folder, one in paired.items()}
    for entry, (*folder, name) in taken:
        owner = owners[tuple(folder)].get(name)
        last = canonical(_shortened(owner), name) if owner is not None else _shortened(name)
        place = [*map(_shortened, folder), last]
        if unclear := paired[tuple(folder)].error_of(name):
            unpacked.refused["/".join(place)] = unclear
        else:
            yield entry, place


def _shortened(part: str) -> str:
    """*part* so short that a file system takes it, with the ending of a sidecar too."""
    if len(part) <= _PART_LENGTH and len(part.encode(errors="replace")) <= _PART_BYTES:
        return part
    ending = Path(part).suffix[:10]
    stem = part[: _PART_LENGTH - len(ending)]
    room = _PART_BYTES - len(ending.encode(errors="replace"))
    return stem.encode(errors="replace")[:room].decode(errors="ignore") + ending


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
