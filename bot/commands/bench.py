"""`binhan bench retrieval`: a public benchmark through the product's own search."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.app import embedder_of
from bot.commands.common import open_desk
from ingest.packing import PASSAGE_LIMIT, pack_text
from knowledge.beir import load, sample
from knowledge.embedding.cached import CachedEmbedder
from knowledge.folder import DataFolder
from knowledge.library import Library
from knowledge.record.store import Record
from knowledge.rerank import make_reranker
from knowledge.search import Searcher
from knowledge.trial import SIDES, SPELLINGS, RehearsedEmbedder, Trial, run

if TYPE_CHECKING:
    from bot.commands.common import Desk
    from knowledge.beir import Benchmark
    from knowledge.embedding.base import TextEmbedder

bench = typer.Typer(no_args_is_help=True, help="Measure on public benchmarks.")


@bench.callback()
def group() -> None:
    """Measure on public benchmarks."""


@bench.command()
def retrieval(
    directory: Annotated[Path, typer.Argument(help="folder in BEIR layout")],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    sample_size: Annotated[
        int | None, typer.Option("--sample", min=1, help="all gold articles and others up to this many")
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="file that keeps vectors between runs")] = None,
) -> None:
    """Search quality and time on a benchmark, in a library of its own; your data is not touched."""
    desk = open_desk()
    benchmark = load(directory)
    if sample_size is not None:
        benchmark = sample(benchmark, sample_size)
    report = measure(benchmark, embedder_of(desk.settings), desk, cache)
    if json_output:
        desk.print_json(report)
    else:
        show(report, desk)


def measure(benchmark: Benchmark, embedder: TextEmbedder, desk: Desk, cache: Path | None) -> dict[str, Any]:
    """The report of one benchmark, in a temporary folder that is gone afterwards."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="binhan-bench-")))
        behind = embedder
        if cache is not None:
            behind = CachedEmbedder(embedder, cache)
            stack.callback(behind.close)
        record = Record.open_file(DataFolder(root).record)
        stack.callback(record.close)
        library = stack.enter_context(Library(record, DataFolder(root), RehearsedEmbedder(behind)))
        cut = partial(pack_text, limit=PASSAGE_LIMIT)
        with desk.progress(desk.say("bench.indexing")) as move:
            searcher = Searcher(library, reranker=make_reranker(desk.settings.reranker))
            trial = Trial.prepare(benchmark, library, searcher, cut, move)
        with desk.progress(desk.say("bench.asking")) as move:
            return run(benchmark, trial, embedder, move)


def show(report: dict[str, Any], desk: Desk) -> None:
    """The report as tables."""
    desk.out.print(
        desk.say(
            "bench.what",
            name=report["benchmark"],
            articles=report["articles"],
            passages=report["passages"],
            questions=report["questions"],
        ),
        markup=False,
    )
    names = list(report["figures"][SIDES[0]][next(iter(SPELLINGS))])
    quality = Table(desk.say("bench.side"), desk.say("bench.spelling"))
    for name in names:
        quality.add_column(name, justify="right")
    for side in SIDES:
        for spelling in SPELLINGS:
            row = report["figures"][side][spelling]
            figures = (f"{row[name]:.3f}" for name in names)
            quality.add_row(desk.say(f"bench.{side}"), desk.say(f"bench.{spelling}"), *figures)
    desk.out.print(quality)
    times = Table(desk.say("bench.times"), "p50", "p95")
    for name, row in report["times_ms"].items():
        times.add_row(desk.say(f"bench.{name}"), f"{row['p50']:.1f}", f"{row['p95']:.1f}")
    desk.out.print(times)
    desk.out.print(desk.say("bench.indexed_in", seconds=f"{report['indexing_s']:.0f}"), markup=False)
