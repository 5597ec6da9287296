"""
Which file of a folder is the sidecar of which document; see `ingest.metadata` for what one says.

Names are compared as people read them: however they were composed, in capitals or not, also without the
document's own ending. What is not clear holds documents back: a sidecar may say `audience: member`.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from ingest.errors import StraySidecar, UnclearSidecar
from ingest.names import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

SIDECAR_ENDINGS: Final = (".meta.yaml", ".meta.yml", ".meta.json")
_ENDINGS: Final = (
    *SIDECAR_ENDINGS,
    *(f"{ending}.txt" for ending in SIDECAR_ENDINGS),
)  # as Notepad saves them
_SKIPPED_PREFIXES: Final = (".", "~$", "~")
_SKIPPED_SUFFIXES: Final = (".tmp", ".part", ".crdownload", ".swp", ".bak", "~")
_SKIPPED_NAMES: Final = frozenset(("thumbs.db", "desktop.ini"))
_NAMES_KEPT: Final = 50_000  # a folder is listed anew for each file of it that is read by itself


@dataclass(frozen=True, slots=True)
class Pairs:
    """
    The names of one folder: `own` sidecar of a document, and `stray` sidecars, of no one document.

    `unclear` are documents that a sidecar may mean, each with the sidecars in question.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    stray: frozenset[str] = frozenset()
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sidecar_of(self, name: str) -> str | None:
        """
        The sidecar of the document *name*.

        Raises:
            UnclearSidecar: Some may be its own.
        """
        if name in self.unclear:
            raise UnclearSidecar(name, self.unclear[name])
        return self.own.get(name)

    def error_of(self, name: str) -> StraySidecar | UnclearSidecar | None:
        """What keeps *name*, a document or a sidecar, from being taken."""
        if name in self.stray:
            return StraySidecar()
        return UnclearSidecar(name, self.unclear[name]) if name in self.unclear else None


def is_sidecar(name: str) -> bool:
    """Whether a file of that name says something of another."""
    return _ending(name) != "" and not is_skipped(name)


def is_skipped(name: str) -> bool:
    """Whether a file of that name is hidden, temporary, or the system's own."""
    lowered = name.lower()
    return (
        lowered.startswith(_SKIPPED_PREFIXES)
        or lowered.endswith(_SKIPPED_SUFFIXES)
        or lowered in _SKIPPED_NAMES
    )


def canonical(document: str, sidecar: str) -> str:
    """The name that *sidecar* has beside *document* when it is written as it should be."""
    return document + _ending(sidecar).removesuffix(".txt")


def pairs(names: Iterable[str]) -> Pairs:
    """Which of *names*, the files of one folder, belong together."""
    given = tuple(names)
    sidecars = [name for name in given if _ending(name)]
    documents = [name for name in given if not _ending(name)]
    if not sidecars:
        return Pairs()
    levels = [_by(documents, same) for same in (str, _readable, _folded)]
    levels.append(_by([name for name in documents if not is_skipped(name)], _stem))
    claims: dict[str, list[str]] = defaultdict(list)
    stray: dict[str, list[str]] = {}
    for sidecar in sidecars:
        base = _base(sidecar)
        asked = (base, _readable(base), _folded(base), _folded(base))
        meant = next(
            (found for level, key in zip(levels, asked, strict=True) if (found := level.get(key))), []
        )
        if len(meant) == 1:
            claims[meant[0]].append(sidecar)
        else:
            stray[sidecar] = meant or levels[-1].get(_stem(base), [])
    own = {name: found[0] for name, found in claims.items() if len(found) == 1}
    unclear = {name: found for name, found in claims.items() if len(found) > 1}
    for sidecar, near in stray.items():
        for name in near:
            unclear.setdefault(name, [*claims.get(name, ())]).append(sidecar)
    return Pairs(
        own=own,
        stray=frozenset(stray),
        unclear={name: tuple(sorted(found)) for name, found in unclear.items()},
    )


def sidecar_of(path: Path, folder: Pairs | None = None) -> Path | None:
    """
    The sidecar beside *path*, if there is one.

    Args:
        path: A document.
        folder: The `pairs` of its folder from a listing just made; without them the folder is listed.

    Raises:
        OSError: The folder cannot be listed: what stands in it may say `audience: member`.
        UnclearSidecar: There are some, and none is surely its own.
    """
    found = (folder or _pairs_around(path)).sidecar_of(path.name)
    if found is not None:
        return path.with_name(found)
    return _asked_for(path) if folder is None else None


def sidecars_near(path: Path) -> list[Path]:
    """
    The sidecar of the document at *path*, or those that may be its own.

    Raises:
        OSError: The folder cannot be listed.
    """
    found = _pairs_around(path)
    own = found.own.get(path.name)
    near = [path.with_name(name) for name in found.unclear.get(path.name, (own,) if own else ())]
    return near or [beside for beside in (_asked_for(path),) if beside]


def pairs_in(folder: Path) -> Pairs:
    """
    The `pairs` of the files in *folder* as it is listed now. Nothing is remembered: shares keep no times.

    Raises:
        OSError: It cannot be listed.
    """
    with os.scandir(folder) as entries:
        return pairs([entry.name for entry in entries if _may_be_file(entry)])


def pairs_of(folder: Path, names: Iterable[str]) -> Pairs:
    """The `pairs` of *names*, which a listing of *folder* gave and are no folders."""
    return pairs([name for name in names if not _ending(name) or _is_there(folder / name)])


def _pairs_around(path: Path) -> Pairs:
    """The `pairs` of those names alone that share their beginning with *path*: no others touch it."""
    begun = _beginning(path.name)
    with os.scandir(path.parent) as entries:
        near = [entry for entry in entries if _beginning(entry.name) == begun]
        return pairs([entry.name for entry in near if _may_be_file(entry)])


def _may_be_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file() if _ending(entry.name) else not entry.is_dir()
    except OSError:
        return True  # reading it will say what is wrong


def _is_there(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # reading it will say what is wrong


def _asked_for(path: Path) -> Path | None:
    """The sidecar of *path*'s own whole name: a share's listing may be behind."""
    named = (path.with_name(path.name + ending) for ending in _ENDINGS)
    return next((beside for beside in named if _answers(beside)), None)


def _answers(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False  # no file of that name can be there
        raise


def _by(names: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[key(name)].append(name)
    return dict(found)


def _readable(name: str) -> str:
    return _forms(name)[0]


def _folded(name: str) -> str:
    return _forms(name)[1]


def _stem(name: str) -> str:
    return _forms(name)[2]


def _beginning(name: str) -> str:
    return _forms(_base(name))[3]


@lru_cache(maxsize=_NAMES_KEPT)
def _forms(name: str) -> tuple[str, str, str, str]:
    """*name* as it is read, that in small letters, without the document's ending, and up to its first dot."""
    read = readable(name)
    folded = read.casefold()
    return read, folded, PurePath(folded).stem, folded.partition(".")[0]


def _base(name: str) -> str:
    """*name* without a sidecar's ending."""
    return name[: len(name) - len(_ending(name))]


def _ending(name: str) -> str:
    """The sidecar's ending of *name* as it is written there; empty for a document."""
    lowered = name.lower()
    if not lowered.endswith(_ENDINGS):
        return ""
    return next((name[-len(ending) :].lower() for ending in _ENDINGS if lowered.endswith(ending)), "")
