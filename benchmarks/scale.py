"""
Search time with many passages: p95 beyond the embedding, at the sizes named.

Twice: as somebody asks, less what embedding the question takes by itself (what needs no vector is done
meanwhile); and with the question embedded before, so that nothing is hidden.

    .venv/bin/python -m benchmarks.scale FOLDER --passages 10000 100000 [--corpus DIR] [--keep ROOT]

FOLDER is a data folder that holds the guides. Record, Chroma, tantivy, restorer and searcher are the real
ones; the passages are made up, because embedding 100,000 takes hours: their texts are sentences of real
ones (of the guides, or of a BEIR corpus) put together anew, their vectors those of real passages moved at
random (cosine about 0.93). Ranking means nothing here, time does. `--keep ROOT` leaves the data folders
in ROOT, to be searched again or for `benchmarks.latency memory ROOT/10000`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.latency import spend
from benchmarks.parts import golden_rows, library_in, p50_p95, print_table, temporary_folder
from ingest.packing import sentences
from knowledge.answering import Answerer
from knowledge.beir import load
from knowledge.embedding.base import TextEmbedder
from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.cached import CachedEmbedder
from knowledge.folder import DataFolder
from knowledge.gate import shipped_gate
from knowledge.model import Audience, DocumentDraft, DocumentMeta, PassageDraft, indexed_text
from knowledge.query import read_query
from knowledge.search import Searcher
from knowledge.trial import RehearsedEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.latency import Spent
    from knowledge.embedding.base import Embedder
    from knowledge.library import Library

NOISE = 0.4  # length of the random step: cosine to the real vector 1/√(1 + 0.16)
SENTENCES = 5  # in a made-up passage, of which a real one has about as many
DOCUMENT = 500  # passages in one made-up document


class MovedVectors(TextEmbedder):
    """Real vectors, moved at random, for any text; claims the built-in's name so that it may be searched."""

    def __init__(self, base: Sequence[list[float]], inner: TextEmbedder) -> None:
        self.name = inner.name
        self.dimension = inner.dimension
        self._inner = inner
        self._base = np.array(base, dtype=np.float32)
        self._random = np.random.default_rng(0)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A moved vector for each text, whatever it says."""
        chosen = self._base[self._random.integers(len(self._base), size=len(texts))]
        step = self._random.normal(size=chosen.shape) * NOISE / np.sqrt(self.dimension)
        moved = chosen + step.astype(np.float32)
        rows: list[list[float]] = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).tolist()
        return rows

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """The real vectors of questions."""
        return self._inner.embed_queries(texts)


def made_up(texts: Sequence[str], count: int) -> list[PassageDraft]:
    """*count* passages of sentences drawn from *texts* with seed 0."""
    draw = random.Random(0)  # noqa: S311 - reproducible, no secret
    pool = [sentence for text in texts for sentence in sentences(text)]
    return [
        PassageDraft(
            anchor=str(at), heading=draw.choice(pool)[:80], text=" ".join(draw.choices(pool, k=SENTENCES))
        )
        for at in range(count)
    ]


def real_passages(folder: Path) -> list[str]:
    """The public passages of a data folder, as they are embedded."""
    with library_in(folder, BuiltinEmbedder()) as library:
        return [indexed_text(item) for item in library.record.all_passages(Audience.PUBLIC)]


def build(library: Library, texts: Sequence[str], size: int) -> None:
    """Publish *size* made-up passages."""
    passages = made_up(texts, size)
    for start in range(0, size, DOCUMENT):
        part = tuple(passages[start : start + DOCUMENT])
        meta = DocumentMeta(key=f"made-up/{start}", title=f"Made up {start}")
        library.publish(DocumentDraft(meta=meta, passages=part, content_hash=str(start)))
    library.finish()


def measure(
    folder: Path, root: Path, texts: Sequence[str], base: Sequence[list[float]], size: int
) -> list[str]:
    """
    A row of the table: a copy of *folder* in *root* with *size* made-up passages more, searched.

    A *root* that is there already is searched as it is.
    """
    is_new = not root.exists()
    if is_new:
        shutil.copytree(folder, root)
    embedder = MovedVectors(base, BuiltinEmbedder())
    begun = time.perf_counter()
    with library_in(root, embedder) as library:
        if is_new:
            build(library, texts, size)
        built = f"{time.perf_counter() - begun:.0f}" if is_new else "before"
        asked = [whole.wall - alone.wall for alone, whole in searched(library, embedder)]
    with library_in(root, rehearsed := RehearsedEmbedder(embedder)) as library:
        ahead = [whole for _, whole in searched(library, rehearsed)]
    walls, processors = [item.wall for item in ahead], [item.processor for item in ahead]
    return [f"{size:,}", p50_p95(asked), p50_p95(walls), p50_p95(processors), str(len(ahead)), built]


def searched(library: Library, embedder: Embedder) -> Iterator[tuple[Spent, Spent]]:
    """Every golden question: embedded by itself, then searched."""
    searcher = Searcher(library)
    Answerer(library, searcher, shipped_gate()).warm_up()  # as `binhan serve` does
    for row in golden_rows():
        dense = read_query(row.question, library.restorer).dense
        alone = spend(partial(embedder.embed_query, dense))
        yield alone, spend(partial(searcher.search, row.question, Audience.PUBLIC))


def main() -> None:
    """Measure at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000])
    parser.add_argument("--corpus", type=Path, help="BEIR folder whose texts lend the sentences")
    parser.add_argument("--keep", type=Path, help="leave the data folders here")
    options = parser.parse_args()
    real = real_passages(options.folder)
    cached = CachedEmbedder(BuiltinEmbedder(), DataFolder(options.folder).vector_cache)
    base = cached.embed_documents(real)
    cached.close()
    texts = [item.text for item in load(options.corpus).articles] if options.corpus else real
    with ExitStack() as stack:
        root = options.keep or stack.enter_context(temporary_folder())
        rows = [measure(options.folder, root / str(size), texts, base, size) for size in options.passages]
    head = (
        "passages beside the guides",
        "search beyond embedding, ms, p50 / p95 (bar: 20)",
        "embedded before",
        "processor time",
        "questions",
        "built in, s",
    )
    print_table(head, rows)


if __name__ == "__main__":
    main()
