"""Opens the real library in a folder, and looks whether it is whole."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.folder import DataFolder
from knowledge.lexical import terms_of
from knowledge.library import SHELVES, Library, shelf_of
from knowledge.model import Audience, indexed_text
from knowledge.record.store import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.dense import Layer
    from knowledge.embedding.base import TextEmbedder
    from knowledge.library import Shelf
    from knowledge.model import Passage


@contextmanager
def open_library(root: Path, embedder: TextEmbedder, *, check: bool = True) -> Iterator[Library]:
    """
    The library under *root*, on SQLite, Chroma and tantivy.

    Chroma remembers a folder for as long as the process lives: another process's writes need a new one.
    """
    folder = DataFolder(root)
    record = Record.open_file(folder.record)
    try:
        with Library(record, folder, embedder) as library:
            if check:
                library.check()
            yield library
    finally:
        record.close()


def found_dense(library: Library, passage: Passage, shelf: Shelf) -> bool:
    """Whether the vector of *passage* is found by its own text, in its audience and nowhere else."""
    vector = library.embedder.embed_documents([indexed_text(passage)])[0]
    holders = {
        audience
        for audience in Audience
        if passage.id in {number for number, _ in library.dense.search(audience, shelf, vector, limit=10)}
    }
    return holders == {passage.meta.audience}


def found_lexical(library: Library, passage: Passage, shelf: Shelf) -> bool:
    """Whether *passage* is found by its own words, in its audience and nowhere else."""
    terms = terms_of(passage.text)
    holders = {
        audience
        for audience in Audience
        if passage.id in {number for number, _ in library.lexical[audience, shelf].search(terms, limit=10)}
    }
    return holders == {passage.meta.audience}


def faults(library: Library) -> list[str]:
    """What is not whole: published passages that are not found, and entries of passages not published."""
    told: list[str] = []
    for audience in Audience:
        published = {passage.id: passage for passage in library.record.all_passages(audience)}
        guides = {number for number, passage in published.items() if passage.questions}
        wanted: dict[Layer, set[int]] = {
            "documents": set(published) - guides,
            "guides": guides,
            "questions": guides,
        }
        for layer, numbers in wanted.items():
            known = {number for number in library.dense.known(audience, layer) if number >= 0}
            told += [f"{audience}-{layer} vectors: {known ^ numbers}"] if known != numbers else []
        counts = tuple(library.dense.count(audience, shelf) for shelf in SHELVES)
        told += [f"{audience} counts {counts}"] if counts != library.record.passage_counts(audience) else []
        for passage in published.values():
            shelf = shelf_of(passage)
            told += [] if found_dense(library, passage, shelf) else [f"{passage.name} not found by vector"]
            told += [] if found_lexical(library, passage, shelf) else [f"{passage.name} not found by words"]
    return told
