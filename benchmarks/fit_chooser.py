"""
Learns when a document answers before a guide and prints the table of `choosing.toml` that follows.

    .venv/bin/python -m benchmarks.fit_chooser FOLDER tests/golden/citizen-tune.jsonl tests/golden/dev-gui*
        [--report tests/golden/citizen-report.jsonl …] [--day 2025-06-30] [--embedder st:FOLDER]

FOLDER is a data folder that holds the guides and laws; no process may hold it. Each question is asked as
typed and without its marks. Those teach of which just one of the two, the first guide and the first document,
is right while the guide passes the gate; a row whose gold names an article counts three times. Of every file
it tells how many first answers are right and wrong as shipped, and how often the right one is named beside a
wrong one or a refusal ("did you mean").
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parts import library_in
from knowledge.choosing import Chooser, compared, shipped_preference
from knowledge.embedding.factory import make_embedder
from knowledge.evaluation import read_rows
from knowledge.gate import shipped_gate
from knowledge.meant import choices, other_of_two
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.text.folding import fold
from knowledge.trial import RehearsedEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.evaluation import Row
    from knowledge.search import Found, Hit

NAMES = tuple(shipped_preference().weights)
STEPS, RATE, DECAY = 3_000, 0.5, 1e-2
ARTICLES_COUNT = 3.0


def asked(searcher: Searcher, file: Path) -> Iterator[tuple[Row, Found]]:
    """The answerable questions of the public in *file*, in both spellings, and what is found."""
    for row in read_rows(file.read_text("utf-8").splitlines()):
        if row.gold and row.audience is Audience.PUBLIC:
            for question in dict.fromkeys((row.question, fold(row.question))):
                yield row, searcher.search(question, Audience.PUBLIC)


def named_beside(found: Found, best: Hit | None) -> frozenset[str]:
    """The headings that are offered beside the answer by *best*, or beside a refusal."""
    if best is None:
        return frozenset(choices(found, shipped_gate()))
    other = other_of_two(found, best, shipped_gate())
    return frozenset({other.passage.heading} if other else ())


def told_of(row: Row, found: Found, chooser: Chooser) -> str:
    """What becomes of a question: right, wrong or refused, and whether what is right is named beside it."""
    best = chooser.best(found)
    if best is not None and best.passage.gold_ids & row.gold:
        return "right"
    named = named_beside(found, best)
    is_named = any(
        hit.passage.heading in named and hit.passage.gold_ids & row.gold
        for hit in (*found.guides, *found.documents)
    )
    return ("refused" if best is None else "wrong") + (", named" if is_named else "")


def taught_by(row: Row, found: Found) -> tuple[list[float], bool, float] | None:
    """Figures, whether the document is right, and how much it counts; None where it teaches nothing."""
    gate, english = shipped_gate(), found.query.english
    if english or not found.guides or not found.documents or "light" not in found.documents[0].figures:
        return None
    guide, document = found.guides[0], found.documents[0]
    right = [bool(hit.passage.gold_ids & row.gold) for hit in (guide, document)]
    if right[0] == right[1] or not gate.passes(guide, english=False):
        return None
    sure = [gate.confidence(hit, english=False) for hit in (guide, document)]
    figures = compared(guide, document, *sure)
    articles = any("+" in name for name in row.gold)
    return [figures[name] for name in NAMES], right[1], ARTICLES_COUNT if articles else 1.0


def fit(taught: Sequence[tuple[list[float], bool, float]]) -> tuple[float, list[float]]:
    """Bias and weights of a logistic regression, by plain descent on standardised figures."""
    table = np.array([figures for figures, _, _ in taught])
    wanted = np.array([right for _, right, _ in taught], dtype=float)
    counts = np.array([count for _, _, count in taught])
    mean, spread = table.mean(0), table.std(0) + 1e-9
    standard = (table - mean) / spread
    weights, bias = np.zeros(len(NAMES)), 0.0
    for _ in range(STEPS):
        errors = (1 / (1 + np.exp(-(standard @ weights + bias))) - wanted) * counts / counts.sum()
        weights -= RATE * (standard.T @ errors + DECAY * weights)
        bias -= RATE * errors.sum()
    plain = weights / spread
    return float(bias - plain @ mean), plain.tolist()


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--report", type=Path, nargs="*", default=[], help="files that teach nothing")
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 - the reader's day
    parser.add_argument("--embedder", default="builtin", help="as BINHAN_EMBEDDER")
    options = parser.parse_args()
    taught: list[tuple[list[float], bool, float]] = []
    chooser = Chooser(shipped_gate())
    with library_in(options.folder, RehearsedEmbedder(make_embedder(options.embedder))) as library:
        searcher = Searcher(library, today=lambda: options.day)
        for file in (*options.files, *options.report):
            first: Counter[str] = Counter()
            for row, found in asked(searcher, file):
                first[told_of(row, found, chooser)] += 1
                if file in options.files and (one := taught_by(row, found)) is not None:
                    taught.append(one)
            print(f"# {file.stem}: {dict(first)}", flush=True)
    bias, weights = fit(taught)
    print(f"[document_first]  # {len(taught)} taught\nbias = {bias:.2f}")
    for name, weight in zip(NAMES, weights, strict=True):
        print(f"{name} = {weight:.3f}")


if __name__ == "__main__":
    main()
