"""
Learns the weights of the light reranker and prints the table of `rerank.toml` that follows.

    .venv/bin/python -m benchmarks.fit_reranker [--sets SETS/alqac SETS/vlsp_phapdien] [--cache CACHE]
        [--sample N] [--rows FOLDER tests/golden/citizen-tune.jsonl] [--day 2025-06-30] [--embedder st:FOLDER]

Of each benchmark in BEIR layout every second question teaches and the others are counted; of a file of
questions all teach, its other half is a file of its own. Each question is asked as typed and without its
marks. The weights are those under which the right passages of a question are likeliest (softmax over its
candidates); none may fall below 0, for no share speaks against a passage.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parts import cut, library_in, temporary_folder
from knowledge.beir import load, sample
from knowledge.embedding.cached import CachedEmbedder
from knowledge.embedding.factory import make_embedder
from knowledge.evaluation import read_rows
from knowledge.model import Audience
from knowledge.rerank_light import FEATURES
from knowledge.search import Searcher
from knowledge.text.folding import fold
from knowledge.trial import RehearsedEmbedder, Trial

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from knowledge.embedding.base import TextEmbedder

    Floats = NDArray[np.float64]

CANDIDATES = 30
STEPS, RATE, DECAY = 300, 0.05, 3e-2
PLACES = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Seen:
    """The candidates of one question: features (n, features), which are right, and their articles."""

    features: Floats
    right: NDArray[np.bool_]
    articles: tuple[str, ...]


def look(searcher: Searcher, questions: Iterable[tuple[str, frozenset[str]]]) -> list[Seen]:
    """Ask *questions* in both spellings."""
    seen = []
    for text, gold in questions:
        for question in dict.fromkeys((text, fold(text))):
            hits = searcher.search(question, Audience.PUBLIC, limit=CANDIDATES).documents
            if not hits or not all(FEATURES[0] in hit.figures for hit in hits):
                continue
            table = np.array([[hit.figures[name] for name in FEATURES] for hit in hits])
            right = np.array([bool(hit.passage.gold_ids & gold) for hit in hits])
            seen.append(Seen(table, right, tuple(min(hit.passage.articles, default="") for hit in hits)))
    return seen


def fit(groups: Sequence[Sequence[Seen]]) -> Floats:
    """The weights, by Adam; each group of questions counts alike, however large it is."""
    spread = np.vstack([item.features for group in groups for item in group]).std(0) + 1e-9
    taught = [
        (item.features / spread, item.right, 1 / len(group))
        for group in groups
        for item in group
        if item.right.any()
    ]
    weights, first, second = (np.zeros(len(FEATURES)) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = -DECAY * weights
        for table, right, counts in taught:
            scores = table @ weights
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            meant = odds * right
            slope += counts / len(groups) * table.T @ (meant / meant.sum() - odds)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(0.0, weights + RATE * move)
    learnt: Floats = weights / spread
    return learnt


def shares(seen: Sequence[Seen], weights: Floats) -> str:
    """hit@1, hit@5 and hit@10 by article under *weights*."""
    hits = dict.fromkeys(PLACES, 0)
    for item in seen:
        order = np.argsort(-(item.features @ weights), kind="stable")
        found: dict[str, bool] = {}
        for at in order:
            name = item.articles[at]
            found[name] = found.get(name, False) or bool(item.right[at])
        for place in PLACES:
            hits[place] += any(list(found.values())[:place])
    return " ".join(f"{count / len(seen):.3f}" for count in hits.values()) if seen else "none"


def of_set(
    folder: Path, cache: Path | None, size: int | None, inner: TextEmbedder
) -> tuple[list[Seen], list[Seen]]:
    """Every second question of a benchmark, and the others."""
    benchmark = load(folder) if size is None else sample(load(folder), size)
    questions = [(asked.text, frozenset(asked.gold)) for asked in benchmark.questions]
    with temporary_folder() as root:
        embedder = RehearsedEmbedder(CachedEmbedder(inner, cache or root / "cache.sqlite3"))
        with library_in(root / "data", embedder) as library:
            searcher = Searcher(library)
            Trial.prepare(benchmark, library, searcher, cut)
            return look(searcher, questions[::2]), look(searcher, questions[1::2])


def of_rows(folder: Path, file: Path, day: date, inner: TextEmbedder) -> list[Seen]:
    """The questions of a file that name an article."""
    rows = read_rows(file.read_text("utf-8").splitlines())
    laws = [(row.question, frozenset(name for name in row.gold if "#" not in name)) for row in rows]
    with library_in(folder, RehearsedEmbedder(inner)) as library:
        return look(Searcher(library, today=lambda: day), [(text, gold) for text, gold in laws if gold])


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, nargs="*", default=[])
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--rows", type=Path, nargs=2, metavar=("FOLDER", "FILE"))
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 - the reader's day
    parser.add_argument("--embedder", default="builtin", help="as BINHAN_EMBEDDER")
    options = parser.parse_args()
    inner = make_embedder(options.embedder)
    halves = {folder.name: of_set(folder, options.cache, options.sample, inner) for folder in options.sets}
    groups = {name: taught for name, (taught, _counted) in halves.items()}
    if options.rows:
        folder, file = options.rows
        groups[file.stem] = of_rows(folder, file, options.day, inner)
    weights = fit(list(groups.values()))
    print("[weights]")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name} = {weight:.3f}")
    for name, taught in groups.items():
        counted = halves[name][1] if name in halves else []
        print(f"# {name}: taught {shares(taught, weights)}, others {shares(counted, weights)}")


if __name__ == "__main__":
    main()
