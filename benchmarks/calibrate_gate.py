r"""
Fits the evidence gate and prints the tables of `gate.toml` that follow, with what they are worth.

    .venv/bin/python -m benchmarks.calibrate_gate tests/golden/dev-*.jsonl tests/golden/citizen-tune.jsonl \
        --laws FOLDER --bench SETS/alqac SETS/vlsp_phapdien --cache CACHE --keep SEEN.jsonl
    .venv/bin/python -m benchmarks.calibrate_gate --again SEEN.jsonl

FOLDER is a data folder into which the laws were ingested (no process may hold it), CACHE any file. Golden
questions are never given to it. A question counts as it is and with its diacritics taken off; both stand in
the same part. Many dev questions have become wordings of the guides since: each is asked of guides that lack
it. Every figure is of questions held out: fitted on four fifths, told of the other. Another embedder than
the built-in one is named as for the product, by BINHAN_EMBEDDER.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import gate_questions
from benchmarks.gate_choices import tell_close, tell_near, tell_reliability
from benchmarks.gate_fit import CASES, Case, Fitted, fit
from benchmarks.gate_groups import tell_groups
from benchmarks.parts import GUIDES, library_in, print_table, temporary_folder
from bot.app import embedder_of
from bot.settings import Settings
from ingest.guides import load_guides
from knowledge.embedding.cached import CachedEmbedder
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.trial import RehearsedEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.embedding.base import TextEmbedder

REFUSED = (0.90, 0.95, 0.96, 0.97, 0.98, 0.99)  # shares of the unanswerable that a threshold should refuse
PARTS = 3  # libraries of guides, each without a third of the questions
OUTSIDE = 150  # unanswerable questions taken of each public benchmark
# What ALQAC calls the laws that we have; VLSP calls all of them by their numbers.
ALQAC_NAMES = {"Luật_An_ninh_mạng": "24/2018/QH14"}


def collect(
    files: list[Path], laws: Path | None, benchmarks: list[Path], cache: Path
) -> list[gate_questions.Asked]:
    """Ask everything."""
    with ExitStack() as stack:
        embedder = CachedEmbedder(embedder_of(Settings()), cache)
        stack.callback(embedder.close)
        rehearsed = RehearsedEmbedder(embedder)
        documents, names = None, dict[str, str]()
        if laws is not None:
            library = stack.enter_context(library_in(laws, rehearsed))
            documents = Searcher(library)
            names = {number: number for item in library.record.documents() if (number := item.meta.number)}
            names |= {name: number for name, number in ALQAC_NAMES.items() if number in names}
        rows = gate_questions.rows_of(files)
        rows += gate_questions.as_public(rows, public_sections())
        for benchmark in benchmarks:
            rows += gate_questions.benchmark_rows(benchmark, names, OUTSIDE)
        guides = [stack.enter_context(guides_without(rows, part, rehearsed)) for part in range(PARTS)]
        return gate_questions.ask_all(rows, guides, documents)


def public_sections() -> frozenset[str]:
    """The names of the guides' sections that everybody may see."""
    return frozenset(
        f"{draft.meta.key}#{item.anchor}"
        for draft in load_guides(GUIDES)
        if draft.meta.audience is Audience.PUBLIC
        for item in draft.passages
    )


@contextmanager
def guides_without(
    rows: list[gate_questions.Labelled], part: int, embedder: TextEmbedder
) -> Iterator[Searcher]:
    """A searcher over the guides without the wordings that are among the questions of *part*."""
    asked = frozenset(
        gate_questions.plain(row.question)
        for _, row in rows
        if gate_questions.part_of(row.question, PARTS) == part
    )
    with temporary_folder() as folder, library_in(folder, embedder) as library:
        for draft in load_guides(GUIDES):
            library.publish(gate_questions.without(draft, asked))
        library.finish()
        yield Searcher(library)


def tell(case: Case, fitted: Fitted) -> None:
    """Print one table of `gate.toml`, what it was fitted on and what it is worth."""
    print(f"\n[{case.name}]")
    print(f"bias = {fitted.bias:.4f}")
    for name, value in fitted.weights.items():
        print(f"{name} = {value:.4f}")
    if fitted.usual:
        usual = ", ".join(f"{name} = {value:.4f}" for name, value in fitted.usual.items())
        print(f"usual = {{ {usual} }}")
    print(f"# {fitted.answerable} answerable, {fitted.refusable} not; right first {fitted.right_first:.3f}")
    print(f"# held out: AUC {fitted.auc:.3f}, Brier {fitted.brier:.3f}, ECE {fitted.ece:.3f}")
    print(f"# AURC {fitted.aurc:.3f}")
    rows = []
    for share in REFUSED:
        bar = fitted.threshold_refusing(share)
        answered, right = fitted.at(bar)
        rows.append(
            (
                f"{share:.2f}",
                f"{bar:.3f}",
                f"{answered:.3f}",
                f"{right:.3f}",
                f"{fitted.refused_by_source(bar)}",
            )
        )
    print_table(
        ("refused", "threshold", "answerable answered", "answered and right", "refused by source"), rows
    )


def main() -> None:
    """Ask or read, fit, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--laws", type=Path, help="data folder with the laws")
    parser.add_argument("--cache", type=Path, default=Path("gate-vectors.sqlite3"), help="file of vectors")
    parser.add_argument("--bench", type=Path, nargs="*", default=[], help="benchmarks in BEIR layout")
    parser.add_argument("--keep", type=Path, help="write what was seen here")
    parser.add_argument("--again", type=Path, help="read what was seen from here instead of asking")
    parser.add_argument("--threshold", type=float, default=shipped_gate().guide.threshold, help="for choices")
    options = parser.parse_args()
    asked = (
        gate_questions.read(options.again)
        if options.again
        else collect(options.files, options.laws, options.bench, options.cache)
    )
    if options.keep:
        gate_questions.write(asked, options.keep)
    for case in CASES:
        fitted = fit(case, asked)
        if fitted is None:
            continue
        tell(case, fitted)
        tell_reliability(fitted)
        if case.name == "guide":
            tell_near(fitted, options.threshold)
            tell_close(fitted, options.threshold)
            tell_groups(fitted)


if __name__ == "__main__":
    main()
