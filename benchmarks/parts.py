"""What the benchmarks share: libraries in folders that go away, golden questions, tables, times."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.packing import PASSAGE_LIMIT, pack_text
from knowledge.beir import percentile
from knowledge.evaluation import read_rows
from knowledge.folder import DataFolder
from knowledge.library import Library
from knowledge.model import Audience
from knowledge.record.store import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.embedding.base import TextEmbedder
    from knowledge.evaluation import Row

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "guides"
GOLDEN = ROOT / "tests" / "golden" / "golden.jsonl"

cut: Callable[[str], list[str]] = partial(pack_text, limit=PASSAGE_LIMIT)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="binhan-bench-") as name:
        yield Path(name)


@contextmanager
def library_in(root: Path, embedder: TextEmbedder) -> Iterator[Library]:
    """The library of a data folder, whole; given back at the end."""
    record = Record.open_file(DataFolder(root).record)
    try:
        with Library(record, DataFolder(root), embedder) as library:
            library.check()
            yield library
    finally:
        record.close()


def golden_rows(file: Path = GOLDEN) -> list[Row]:
    """The golden questions of the public that are not about danger: those that reach the search."""
    rows = read_rows(file.read_text("utf-8").splitlines())
    return [row for row in rows if row.audience is Audience.PUBLIC and row.expect != "danger"]


def ms(work: Callable[[], object]) -> float:
    """Milliseconds that *work* takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def p50_p95(values: Sequence[float]) -> str:
    """Both percentiles of milliseconds, to be printed."""
    return f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f}"


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table, ready for RESULTS.md."""
    print(f"| {' | '.join(head)} |")
    print(f"|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)
