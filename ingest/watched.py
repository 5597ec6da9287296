"""What is watched, what is said of it, and when so much is missing that a person should say yes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, Protocol

from ingest.document import Defaults
from ingest.sync import Library

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ingest.sync import Outcome, SyncPlan

FEW: Final = 10  # documents: fewer go out without asking, unless all are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFolder:
    """A folder and what its collection says of documents that do not say it themselves."""

    root: Path  # resolved
    collection: str
    defaults: Defaults = field(default_factory=Defaults)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTold:
    """
    What there is to say of a folder, said once.

    `kind`: outcome (of one document), away (the folder is not there), back, loss (`count` of `known`
    documents would go out and wait for a person), found (no longer), trouble (the library: `code`).
    """

    kind: Literal["outcome", "away", "back", "loss", "found", "trouble"]
    folder: WatchedFolder
    outcome: Outcome | None = None
    count: int = 0
    known: int = 0
    code: str = ""


class Gate(Library, Protocol):
    """The gate before the library, as a turn needs it."""

    def forget_missing(self, prefix: str, found: Collection[str]) -> None:
        """Let go of held documents below *prefix* whose files are no longer among *found*."""


class Door(Protocol):
    """Opens the gate for one turn; the files of the documents by key are given along."""

    def __call__(self, paths: Mapping[str, Path]) -> AbstractContextManager[Gate]:
        """The gate, to be closed at the end of the turn."""


def lost(todo: SyncPlan, found: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    """
    The documents that *todo* takes out for good, if they are so many that a person should say yes.

    What was only renamed or moved is not lost: its content comes in under another key.
    """
    coming = {found[key] for key in todo.add}
    gone = tuple(key for key in todo.remove if known[key] not in coming)
    many = len(known) >= FEW and 2 * len(gone) > len(known)
    return gone if gone and (many or not found) else ()


def without(todo: SyncPlan, missing: Collection[str]) -> SyncPlan:
    """*todo* without taking *missing* out."""
    return replace(todo, remove=tuple(key for key in todo.remove if key not in missing))
