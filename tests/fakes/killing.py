"""Work for processes that are killed in the middle of it, and the means to start and kill them."""

from __future__ import annotations

import multiprocessing
import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.embedding.cached import CachedEmbedder
from knowledge.errors import DocumentNotFound, IndexLocked
from knowledge.model import Audience, DocumentKind
from tests.fakes.drafts import document, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import faults, open_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from knowledge.library import Library
    from knowledge.model import DocumentDraft

DOCUMENTS = 9
PASSAGES = 5
CACHED_TEXTS = 400
MOVES = 40
SHARE_PUBLISHED = 0.35

# A server that has imported this module forks the children: a start costs milliseconds.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.fakes.killing"])


@contextmanager
def started(work: Callable[..., None], *given: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process doing *work* with a pipe to tell on; killed in the end, whatever it is doing."""
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=work, args=(there, *given), daemon=True)
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()


def made_document(number: int, edition: int) -> DocumentDraft:
    """Document *number* as of *edition*: a guide or not, now of this audience and now of that."""
    is_guide = number % 3 == 0
    mark = f"zq{number}e{edition}"
    passages = [
        section(f"p{at}", f"Hỏi {mark}x{at} thế nào?", f"Đoạn {mark}x{at} của {mark}.", f"hoi {mark}x{at}")
        if is_guide
        else f"Đoạn {mark}x{at} của {mark}."
        for at in range(PASSAGES)
    ]
    kind = DocumentKind.GUIDE if is_guide else DocumentKind.DOCUMENT
    audience = tuple(Audience)[(number + edition) % 3]
    return document(f"a/{number:02}", *passages, title=f"edition {edition}", kind=kind, audience=audience)


def publish_editions(told: Connection, root: Path, edition: int) -> None:
    """
    Open the library, tell its faults, then publish every document as of *edition*, telling each.

    In uneven editions the last document is removed at the end, so that a kill may meet a removal too.
    """
    with open_library(root, HashingEmbedder()) as library:
        told.send(faults(library))
        for number in range(DOCUMENTS):
            draft = made_document(number, edition)
            library.publish(draft)
            told.send(draft.meta.key)
        if edition % 2:
            library.remove(draft.meta.key)
        library.finish()
        told.send("done")


def move_versions(told: Connection, root: Path, seed: int) -> None:
    """
    Open the library, tell its faults, then publish, withdraw, restore, roll back and remove by chance.

    Before each move it is told, and after it what stands of the document: so that a kill in between is known.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    with open_library(root, HashingEmbedder()) as library:
        told.send(faults(library))
        for step in range(MOVES):
            key = f"a/{chance.randrange(3):02}"
            told.send(("begun", key))
            _move_one(library, key, chance, step + seed * MOVES)
            told.send(("done", key, standing_of(library, key)))
        library.finish()
        told.send("done")


def _move_one(library: Library, key: str, chance: random.Random, edition: int) -> None:
    known = library.record.versions.standing(key)
    if known is None or chance.random() < SHARE_PUBLISHED:
        library.publish(made_document(int(key.removeprefix("a/")), edition))
        return
    kept = [item.edition for item in library.record.versions.history(key).versions]
    move = chance.choice(("withdraw", "restore", "roll_back", "roll_back", "remove"))
    if move == "roll_back":
        library.roll_back(key, chance.choice(kept), "Lan")
    else:
        getattr(library, move)(key, "Lan")


def standing_of(library: Library, key: str) -> tuple[int | None, tuple[int, ...]]:
    """Which edition of *key* answers, and which are kept; nothing where there is no such document."""
    try:
        history = library.record.versions.history(key)
    except DocumentNotFound:
        return None, ()
    return history.current, tuple(item.edition for item in history.versions)


def try_to_open(told: Connection, root: Path) -> None:
    """Tell what came of opening the library under *root*."""
    try:
        with open_library(root, HashingEmbedder(), check=False):
            told.send("opened")
    except IndexLocked as locked:
        told.send((type(locked).__name__, locked.fields))


def tell_counts(told: Connection, root: Path) -> None:
    """Open the library under *root*; tell the public passages in the record, the vectors and the words."""
    with open_library(root, HashingEmbedder()) as library:
        audience = Audience.PUBLIC
        vectors, words = (
            library.dense.count(audience, "documents"),
            len(library.lexical[audience, "documents"]),
        )
        told.send((library.record.passage_counts(audience)[0], vectors, words))


class SlowEmbedder(HashingEmbedder):
    """Takes its time, as real ones do."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts*, a millisecond each."""
        time.sleep(len(texts) / 1_000)
        return super().embed_documents(texts)


def fill_cache(told: Connection, file: Path) -> None:
    """Embed many texts through a cache at *file*."""
    cached = CachedEmbedder(SlowEmbedder(), file)
    told.send("begun")
    cached.embed_documents([f"đoạn {number}" for number in range(CACHED_TEXTS)])
    told.send("done")
