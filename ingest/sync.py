"""
Keeps a library like a folder: what is new, changed and gone, by content hash. The plan is pure.

A file that cannot be read is reported by name with its reason, and the others go in. A document whose new
version cannot be read keeps its old one: nothing is unpublished because of a broken save.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ingest.document import Defaults, file_hash, read_document
from ingest.errors import IngestError, UnreadableFile
from ingest.metadata import SIDECAR_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from knowledge.model import DocumentDraft

_SKIPPED_PREFIXES = (".", "~$", "~")
_SKIPPED_SUFFIXES = (".tmp", ".part", ".crdownload", ".swp", ".bak", "~")
_SKIPPED_NAMES = frozenset(("thumbs.db", "desktop.ini"))


class Library(Protocol):
    """Where documents are published: the knowledge side, or a fake of it."""

    def hashes(self, prefix: str) -> Mapping[str, str]:
        """Key and content hash of every document whose key begins with *prefix*."""

    def publish(self, draft: DocumentDraft) -> None:
        """Store *draft* as its key's current version, atomically."""

    def remove(self, key: str) -> None:
        """Take the document of *key* out."""


class Action(StrEnum):
    """What became of one document."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """Keys by what is to be done with them, each sorted."""

    add: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def work(self) -> int:
        """How many steps `apply` will report."""
        return len(self.add) + len(self.update) + len(self.remove)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The files of a folder: hashes and paths by key, and what could not even be hashed."""

    hashes: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    failed: dict[str, IngestError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of the summary. `error` is the code of a text in `prompts/`, `fields` fill it."""

    key: str
    action: Action
    passages: int = 0
    error: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def plan(found: Mapping[str, str], known: Mapping[str, str]) -> SyncPlan:
    """What makes *known* (key → hash) like *found*."""
    return SyncPlan(
        add=tuple(sorted(found.keys() - known.keys())),
        update=tuple(sorted(key for key in found.keys() & known.keys() if found[key] != known[key])),
        remove=tuple(sorted(known.keys() - found.keys())),
        unchanged=tuple(sorted(key for key in found.keys() & known.keys() if found[key] == known[key])),
    )


def document_key(collection: str, relative: str) -> str:
    """`collection/relative/path.txt`, NFC: the same name typed on a Mac and on Windows is one key."""
    return unicodedata.normalize("NFC", f"{collection}/{relative}")


def scan(folder: Path, *, collection: str, defaults: Defaults | None = None) -> Scan:
    """
    Every file below *folder* with its hash.

    Left out: hidden and temporary files, sidecars, and links that lead out of the folder.

    Raises:
        UnreadableFile: *folder* is no folder.
    """
    if not folder.is_dir():
        raise UnreadableFile(reason="NotADirectoryError")
    found = Scan()
    root = folder.resolve()
    for path in _files(root):
        key = document_key(collection, path.relative_to(root).as_posix())
        found.paths[key] = path
        try:
            found.hashes[key] = file_hash(path, defaults)
        except IngestError as error:
            found.failed[key] = error
    return found


def apply(  # noqa: PLR0913 - all named
    todo: SyncPlan,
    *,
    paths: Mapping[str, Path],
    library: Library,
    report: Callable[[Outcome], None],
    defaults: Defaults | None = None,
    read: Callable[..., DocumentDraft] = read_document,
) -> list[Outcome]:
    """
    Carry *todo* out, calling *report* after each document. Errors of the library itself are not caught.

    Returns:
        One outcome for each document that was to be added, updated or removed, in that order.
    """
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        report(outcome)

    for action, keys in ((Action.ADDED, todo.add), (Action.UPDATED, todo.update)):
        for key in keys:
            done(_publish(key, paths[key], action, library=library, defaults=defaults, read=read))
    for key in todo.remove:
        library.remove(key)
        done(Outcome(key=key, action=Action.REMOVED))
    return outcomes


def sync(
    folder: Path,
    *,
    collection: str,
    library: Library,
    report: Callable[[Outcome], None],
    defaults: Defaults | None = None,
) -> list[Outcome]:
    """
    Scan, plan and apply in one go: the documents of *collection* become those of *folder*.

    Raises:
        UnreadableFile: *folder* is no folder; nothing was removed.
    """
    found = scan(folder, collection=collection, defaults=defaults)
    known = dict(library.hashes(f"{collection}/"))
    todo = plan(found.hashes, {key: value for key, value in known.items() if key not in found.failed})
    failed = [failure(key, error) for key, error in sorted(found.failed.items())]
    for outcome in failed:
        report(outcome)
    return [
        *failed,
        *apply(todo, paths=found.paths, library=library, report=report, defaults=defaults),
        *(Outcome(key=key, action=Action.UNCHANGED) for key in todo.unchanged),
    ]


def failure(key: str, error: IngestError) -> Outcome:
    """The row of a document that did not go in."""
    return Outcome(key=key, action=Action.FAILED, error=error.code, fields=error.fields)


def _publish(  # noqa: PLR0913 - all named
    key: str,
    path: Path,
    action: Action,
    *,
    library: Library,
    defaults: Defaults | None,
    read: Callable[..., DocumentDraft],
) -> Outcome:
    try:
        draft = read(path, key=key, defaults=defaults)
    except IngestError as error:
        return failure(key, error)
    except Exception as error:  # noqa: BLE001 - one bad file must not stop the others; the message may quote it
        return Outcome(
            key=key, action=Action.FAILED, error="unexpected_error", fields={"reason": type(error).__name__}
        )
    library.publish(draft)
    return Outcome(key=key, action=action, passages=len(draft.passages))


def _files(root: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = root.__class__(parent)
        for name in sorted(names):
            path = base / name
            if _is_skipped(name) or not path.is_file():
                continue
            if not path.is_symlink() or path.resolve().is_relative_to(root):
                yield path


def _is_skipped(name: str) -> bool:
    lowered = name.lower()
    return (
        lowered.startswith(_SKIPPED_PREFIXES)
        or lowered.endswith((*_SKIPPED_SUFFIXES, *SIDECAR_ENDINGS))
        or lowered in _SKIPPED_NAMES
    )
