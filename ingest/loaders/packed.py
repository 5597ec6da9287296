"""Files that are zips of XML (Office, OpenDocument): their parts, read safely. Runs in the worker only."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import lxml.etree

from ingest.errors import BrokenFile, EntitiesInside, TooLarge
from ingest.sniff import UNPACKED_LIMIT, check_zip

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_PART_LIMIT = 60_000_000  # bytes of one XML part
_MACROS = ("vbaproject.bin", "basic/", "scripts/")
_PICTURE = re.compile(r"/media/image(\d+)\.(?:png|jpe?g|tiff?|webp)$")
_FAILURES = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)


class Parts:
    """
    The parts of the file of *kind* at *path*, within limits.

    Raises:
        BrokenFile, TooLarge, EncryptedFile: As `check_zip`.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self._kind = kind
        self.names = frozenset(check_zip(path))
        try:
            self._archive = zipfile.ZipFile(path)
        except _FAILURES:
            raise BrokenFile(kind=kind) from None

    def __enter__(self) -> Parts:  # noqa: PYI034 - nobody inherits
        """Open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._archive.close()

    @property
    def has_macros(self) -> bool:
        """Whether the file brings programs along; they are never run."""
        lowered = [name.lower() for name in self.names]
        return any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in lowered)

    @property
    def has_pictures(self) -> bool:
        """Whether the file brings pictures along, whose words are not read."""
        return any("/media/" in name or name.startswith("Pictures/") for name in self.names)

    def pictures(self) -> list[bytes]:
        """
        The pictures in the order of their numbers, as a word processor names them; not those of other kinds.

        Raises:
            BrokenFile, TooLarge: As `xml`.
        """
        named = [(int(match[1]), name) for name in self.names if (match := _PICTURE.search(name.lower()))]
        return [self._data(name) for _, name in sorted(named)]

    def xml(self, name: str) -> Any:
        """
        The root of the part *name*, None where there is none. No entity is resolved, nothing is fetched.

        Raises:
            BrokenFile: It is no XML, or the zip is damaged there.
            EntitiesInside: It defines entities. No office program does; unresolved, they would tear holes.
            TooLarge: Longer than its directory entry and our limit say.
        """
        if name not in self.names:
            return None
        data = self._data(name)
        parser = lxml.etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = lxml.etree.fromstring(data, parser=parser)
        except lxml.etree.XMLSyntaxError:
            raise BrokenFile(kind=self._kind) from None
        definitions = root.getroottree().docinfo.internalDTD
        if definitions is not None and any(True for _ in definitions.iterentities()):
            raise EntitiesInside
        return root

    def _data(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as file:
                data = file.read(_PART_LIMIT + 1)  # the directory may lie about sizes
        except _FAILURES:
            raise BrokenFile(kind=self._kind) from None
        if len(data) > _PART_LIMIT:
            raise TooLarge(what="unpacked", limit=f"{UNPACKED_LIMIT // 1_000_000} MB")
        return data
