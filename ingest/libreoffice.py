"""
LibreOffice turns the formats before 2007, and RTF, into the ones we read ourselves.

It runs behind `ingest.walls` with a profile of its own that forbids macros, for two minutes at most, and is
ended with all it started.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import walls
from ingest.errors import BrokenFile, NoRoom, TookTooLong, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 120
BECOMES = {"doc": "docx", "rtf": "docx", "xls": "xlsx", "ppt": "pptx"}
_MEMORY_LIMIT = 4_000_000_000  # bytes of address space; it maps more than it uses
_OUTPUT_LIMIT = 100_000_000  # bytes
_ROOM_NEEDED = 20_000_000  # bytes on the disk for temporary files: less is none
_PARTS = {"doc": "swriter", "rtf": "swriter", "xls": "scalc", "ppt": "simpress"}
_LIBRARIES = {"swriter": "libswlo.so", "scalc": "libsclo.so", "simpress": "libsdlo.so"}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


@contextmanager
def converted(path: Path, kind: str) -> Iterator[Path]:
    """
    The file of *kind* (a key of BECOMES) at *path* as `BECOMES[kind]`, in a folder that is gone afterwards.

    Raises:
        ToolMissing: LibreOffice, or its part for this kind, is not installed.
        TookTooLong: After SECONDS.
        NoRoom: The disk for temporary files is full.
        BrokenFile: It made nothing of the file.
    """
    if not can_convert(kind):
        raise ToolMissing(tool="libreoffice", kind=kind)
    with tempfile.TemporaryDirectory(prefix="binhan-") as folder:
        _make_profile(Path(folder))
        target = Path(folder) / f"file.{BECOMES[kind]}"
        _convert(path, kind, folder)
        made = next((file for file in Path(folder).glob(f"*.{BECOMES[kind]}") if file.stat().st_size), None)
        if made is None:
            if shutil.disk_usage(folder).free < _ROOM_NEEDED:
                raise NoRoom
            raise BrokenFile(kind=kind)
        made.rename(target)
        yield target


def _make_profile(folder: Path) -> None:
    try:
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    except OSError:
        raise NoRoom from None


def _convert(path: Path, kind: str, folder: str) -> None:
    inside = "/out" if walls.walls_stand() else folder
    file = str(path.resolve())
    done = walls.run(
        [
            *("soffice", "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            f"-env:UserInstallation=file://{inside}/profile",
            *("--convert-to", BECOMES[kind], "--outdir", folder, file),
        ],
        room=walls.Room(reads={file: f"/in/file.{kind}"}, writes=folder),
        limits=walls.Limits(
            seconds=SECONDS, memory=_MEMORY_LIMIT, file_bytes=_OUTPUT_LIMIT, open_files=1_024
        ),
        environment={"PATH": walls.PROGRAMS, "HOME": inside, "LANG": "C.UTF-8"},
    )
    if done.late:
        raise TookTooLong(seconds=f"{SECONDS}")


@cache
def can_convert(kind: str) -> bool:
    """Whether LibreOffice is installed with its part for *kind*: Writer, Calc and Impress come apart."""
    program = shutil.which("soffice", path=walls.PROGRAMS)
    if program is None:
        return False
    library = Path(os.path.realpath(program)).parent / _LIBRARIES[_PARTS[kind]]
    return library.exists()
