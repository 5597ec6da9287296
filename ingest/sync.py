"""
Keeps a library like a folder: what is new, changed and gone, by content hash. The plan is pure.

A file that cannot be read is reported by name with its reason, and the others go in. A document whose new
version cannot be read keeps its old one: nothing is unpublished because of a broken save.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from ingest.archives import unpack
from ingest.document import Defaults, file_hash, read_document
from ingest.errors import IngestError, NoRoom, SameName, UnexpectedError, UnreadableFile
from ingest.folder_files import files_below, passed_by
from ingest.names import readable
from ingest.narrowing import audience_beside
from ingest.reading_ahead import ReadingAhead
from ingest.sandbox import new_standby
from ingest.sidecars import canonical, is_skipped, pairs_in, sidecar_of
from ingest.trust.flags import HeldForPerson, Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ingest.reading_ahead import Read
    from ingest.seen import Seen
    from ingest.sidecars import Pairs
    from ingest.trust.flags import Flag
    from knowledge.model import Audience, DocumentDraft

_ZIP = ".zip"


class Library(Protocol):
    """Where documents are published: the knowledge side, or a fake of it."""

    def hashes(self, prefix: str) -> Mapping[str, str]:
        """Key and content hash of every document whose key begins with *prefix*."""

    def publish(self, draft: DocumentDraft) -> Noted | None:
        """
        Store *draft* as its key's current version, atomically; tell what was noted of it, if anybody looked.

        Raises:
            HeldForPerson: It waits for a person; the version before it stays.
        """

    def narrow(self, key: str, audience: Audience) -> bool:
        """Let what answers under *key* answer for *audience* alone, if more see it now; whether they did."""

    def remove(self, key: str) -> None:
        """Take the document of *key* out."""


class Action(StrEnum):
    """What became of one document."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    HELD = "held"
    WITHDRAWN = "withdrawn"  # a person took it back: the new edition is kept, and answers nothing


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
    """
    The files of a folder: hashes and paths by key, and what could not even be hashed.

    Zip folders are unpacked into folders of their own, gone after `close`: use it in a `with`.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    failed: dict[str, IngestError] = field(default_factory=dict)
    unpacked: list[Path] = field(default_factory=list)

    def __enter__(self) -> Self:
        """For `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was unpacked."""
        for folder in self.unpacked:
            shutil.rmtree(folder, ignore_errors=True)

    def comparable(self, known: Mapping[str, str]) -> dict[str, str]:
        """*known* without what could not be looked at, in a bad zip or folder too: that keeps its version."""
        inside = tuple(f"{key}/" for key in self.failed)
        return {
            key: value
            for key, value in known.items()
            if key not in self.failed and not (inside and key.startswith(inside))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    One row of the summary. `error` is the code of a text in `prompts/`, `fields` fill it.

    `flags` are what was found in the document, `duplicate_of` the key of the one that answers for it.
    `narrowed_to` is the audience that alone sees the version before from now on: the new one is for fewer.
    """

    key: str
    action: Action
    passages: int = 0
    repairs: tuple[str, ...] = ()  # what was mended to read it: `ingest.repair_<code>`
    error: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    duplicate_of: str = ""
    narrowed_to: str = ""


def plan(found: Mapping[str, str], known: Mapping[str, str]) -> SyncPlan:
    """What makes *known* (key → hash) like *found*."""
    return SyncPlan(
        add=tuple(sorted(found.keys() - known.keys())),
        update=tuple(sorted(key for key in found.keys() & known.keys() if found[key] != known[key])),
        remove=tuple(sorted(known.keys() - found.keys())),
        unchanged=tuple(sorted(key for key in found.keys() & known.keys() if found[key] == known[key])),
    )


def document_key(collection: str, relative: str) -> str:
    """`collection/relative/path.txt`, readable: typed on a Mac, on Windows, on old Windows, it is one key."""
    return readable(f"{collection}/{relative}")


def scan(
    folder: Path, *, collection: str, defaults: Defaults | None = None, seen: Seen | None = None
) -> Scan:
    """
    Every file below *folder* with its hash; a folder in it that cannot be listed is `failed` by its own key.

    So is what is no file: pipes, sockets, devices, and links that lead out of the folder, to a folder or
    nowhere, and sidecars of no document. Left out: hidden and temporary files, and the other sidecars.

    Args:
        folder: The folder.
        collection: The first part of every key.
        defaults: What holds for every document that does not say otherwise.
        seen: The hashes of files that were hashed before; without it every file is read.

    Raises:
        UnreadableFile: *folder* is no folder.
    """
    if not folder.is_dir():
        raise UnreadableFile(reason="NotADirectoryError")
    found = Scan()
    root = folder.resolve()
    closed: dict[Path, str] = {}
    for path, beside in files_below(root, closed):
        key = document_key(collection, path.relative_to(root).as_posix())
        add_file(found, path, key, defaults, seen, beside)
    if seen is not None:
        seen.keep()
    if root in closed:
        raise UnreadableFile(reason=closed[root])
    for path, reason in closed.items():
        key = document_key(collection, path.relative_to(root).as_posix())
        found.failed[key] = passed_by(reason)
    return found


def add_file(  # noqa: PLR0913, PLR0917 - one file and what is known of it
    found: Scan,
    path: Path,
    key: str,
    defaults: Defaults | None = None,
    seen: Seen | None = None,
    folder: Pairs | None = None,
) -> None:
    """
    Put the file at *path* into *found* under *key*, or the entries of a zip folder below it.

    A second file of one key (names that differ only in how they were typed) is named and left out.
    """
    if key in found.paths:
        others = sum(other.startswith(f"{key} (") for other in found.failed)
        found.failed[f"{key} ({others + 2})"] = SameName()
        return
    if path.suffix.lower() == _ZIP:
        _add_zip(found, path, key, defaults, folder)
        return
    found.paths[key] = path
    try:
        found.hashes[key] = (
            seen.hash_of(path, defaults, folder) if seen else file_hash(path, defaults, folder)
        )
    except IngestError as error:
        found.failed[key] = error


def _add_zip(found: Scan, path: Path, key: str, defaults: Defaults | None, beside_it: Pairs | None) -> None:
    try:
        folder = Path(tempfile.mkdtemp(prefix="binhan-zip-"))
    except OSError:
        found.failed[key] = NoRoom()
        return
    found.unpacked.append(folder)
    try:
        content = unpack(path, folder)
        beside = sidecar_of(path, beside_it)
        paired = _paired(content.files.values())
        if beside is not None:
            # What is said of the zip (its audience above all) holds for every entry that says nothing itself.
            for file in content.files.values():
                if sidecar_of(file, paired[file.parent]) is None:
                    shutil.copyfile(beside, file.with_name(canonical(file.name, beside.name)))
            paired = _paired(content.files.values())
    except IngestError as error:
        found.failed[key] = error
        return
    except OSError as error:
        found.failed[key] = UnreadableFile(reason=type(error).__name__)
        return
    found.failed.update({document_key(key, name): error for name, error in content.refused.items()})
    for name, file in sorted(content.files.items()):
        if not is_skipped(file.name):
            add_file(found, file, document_key(key, name), defaults, folder=paired[file.parent])


def _paired(files: Iterable[Path]) -> dict[Path, Pairs]:
    return {folder: pairs_in(folder) for folder in {file.parent for file in files}}


def apply(  # noqa: PLR0913 - all named
    todo: SyncPlan,
    *,
    paths: Mapping[str, Path],
    library: Library,
    report: Callable[[Outcome], None],
    defaults: Defaults | None = None,
    read: Callable[..., DocumentDraft] = read_document,
    prepare: Callable[[DocumentDraft], None] | None = None,
) -> list[Outcome]:
    """
    Carry *todo* out, calling *report* after each document. Errors of the library itself are not caught.

    Documents are read a few ahead of their publication, in threads; they go in in the order of *todo*.

    Args:
        todo: What is to be done.
        paths: The file of each key.
        library: Where to.
        report: Called with each outcome, in the caller's thread.
        defaults: What holds for every document that does not say otherwise.
        read: Reads one file.
        prepare: Makes a draft ready to be published, in a thread of its own, such as `Library.prepare`.

    Returns:
        One outcome for each document that was to be added, updated or removed, in that order.
    """
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        report(outcome)

    jobs = [*((Action.ADDED, key) for key in todo.add), *((Action.UPDATED, key) for key in todo.update)]
    reading = [partial(read, paths[key], key=key, defaults=defaults) for _, key in jobs]
    with ReadingAhead(reading, prepare=prepare, standby=new_standby) as ahead:
        for (action, key), came in zip(jobs, ahead, strict=True):
            done(_publish(key, came, action, library=library, path=paths[key]))
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
    collection = readable(collection)
    with scan(folder, collection=collection, defaults=defaults) as found:
        todo = plan(found.hashes, found.comparable(library.hashes(f"{collection}/")))
        failed = failures(found, library)
        for outcome in failed:
            report(outcome)
        return [
            *failed,
            *apply(todo, paths=found.paths, library=library, report=report, defaults=defaults),
            *(Outcome(key=key, action=Action.UNCHANGED) for key in todo.unchanged),
        ]


def failures(found: Scan, library: Library) -> list[Outcome]:
    """The rows of what could not be looked at, by key; see `failure`."""
    return [failure(key, error, found.paths.get(key), library) for key, error in sorted(found.failed.items())]


def failure(
    key: str, error: IngestError, path: Path | None = None, library: Library | None = None
) -> Outcome:
    """
    The row of a document that did not go in.

    Where its sidecar at *path* says that it is for fewer people, what *library* answers is for them only.
    """
    row = Outcome(key=key, action=Action.FAILED, error=error.code, fields=error.fields)
    audience = audience_beside(path) if path and library else None
    if library is None or audience is None or not library.narrow(key, audience):
        return row
    return replace(row, narrowed_to=audience.value)


def _publish(key: str, came: Read, action: Action, *, library: Library, path: Path) -> Outcome:
    if came.draft is not None:
        return publish_one(came.draft, action, library=library)
    error = came.error
    if not isinstance(error, IngestError):
        # One bad file must not stop the others; the message may quote it.
        error = UnexpectedError(reason=type(error).__name__)
    return failure(key, error, path, library)


def publish_one(draft: DocumentDraft, action: Action, *, library: Library) -> Outcome:
    """Publish *draft* and tell what became of it: *action*, or held for a person."""
    key = draft.meta.key
    try:
        noted = library.publish(draft) or Noted()
    except HeldForPerson as held:
        return Outcome(
            key=key, action=Action.HELD, error=held.code, flags=held.flags, narrowed_to=held.narrowed_to
        )
    except IngestError as error:  # its original cannot be kept
        return failure(key, error)
    return Outcome(
        key=key,
        action=Action.WITHDRAWN if noted.is_withdrawn else action,
        passages=0 if noted.duplicate_of else len(draft.passages),
        repairs=draft.repairs,
        flags=noted.flags,
        duplicate_of=noted.duplicate_of,
    )
