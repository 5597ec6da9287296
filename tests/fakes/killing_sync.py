"""A process that keeps a library like a folder and tells every step, to be killed at any of them."""

from __future__ import annotations

import random
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from ingest.seen import Seen
from ingest.sync import apply, plan, scan
from ingest.trust.book import TrustBook
from ingest.trust.gate import TrustGate
from ingest.trust.sources import read_sources
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import faults, open_library
from tests.ingest.builders import docx, paragraph

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from knowledge.library import Library

COLLECTION = "hop"
PARAGRAPHS = 3  # of a document
_SYLLABLES = tuple(f"{first}{last}" for first in "bcdghklmnrstvx" for last in "aeiou")


def write_documents(folder: Path, count: int) -> None:
    """*count* documents whose words are nobody else's; every tenth a Word file, read behind walls."""
    folder.mkdir()
    for number in range(count):
        draw = random.Random(number)  # noqa: S311 - repeatable, no secret
        texts = [
            f"Mục {number}.{at}: {' '.join(draw.choices(_SYLLABLES, k=120))}." for at in range(PARAGRAPHS)
        ]
        if number % 10:
            (folder / f"{number:03}.txt").write_text("\n\n".join(texts), encoding="utf-8")
        else:
            (folder / f"{number:03}.docx").write_bytes(docx(*map(paragraph, texts)))


class _Voice:
    """One pipe for several threads."""

    def __init__(self, told: Connection) -> None:
        self._told = told
        self._lock = Lock()

    def say(self, *words: object) -> None:
        with self._lock:
            self._told.send(words)


class _TellingEmbedder(HashingEmbedder):
    """Tells which passages it embeds, once it is asked to."""

    def __init__(self, voice: _Voice) -> None:
        super().__init__()
        self._voice = voice
        self.is_telling = True

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.is_telling:
            self._voice.say("embedded", *texts)
        return super().embed_documents(texts)


class _Shelf:
    """The real library as the gate needs it."""

    def __init__(self, library: Library) -> None:
        self.hashes = library.hashes
        self.documents = library.record.documents
        self.document_passages = library.record.document_passages
        self.publish = library.publish
        self.remove = library.remove
        self.withdrawals = library.record.versions.withdrawals
        self.withdraw = library.withdraw
        self.roll_back = library.roll_back
        self.history = library.record.versions.history


def keep_like(told: Connection, root: Path, folder: Path) -> None:
    """Make the library under *root* like *folder*, telling embeddings and outcomes, then its faults."""
    voice = _Voice(told)
    embedder = _TellingEmbedder(voice)
    with open_library(root, embedder) as library:
        book = TrustBook.open(root)
        gate = TrustGate(_Shelf(library), book=book, sources=read_sources(root), today=date(2026, 11, 28))
        with scan(folder, collection=COLLECTION, seen=Seen.in_data(root, folder)) as found:
            voice.say("scanned")
            todo = plan(found.hashes, found.comparable(gate.hashes(f"{COLLECTION}/")))
            apply(
                todo,
                paths=found.paths,
                library=gate,
                report=lambda outcome: voice.say(outcome.action.value, outcome.key, outcome.passages),
                prepare=library.prepare,
            )
        library.finish()
        book.close()
        embedder.is_telling = False
        counts = {item.meta.key: item.passages for item in library.record.documents(f"{COLLECTION}/")}
        voice.say("done", faults(library), counts)
