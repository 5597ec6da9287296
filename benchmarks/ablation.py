"""
Each step of the search alone, all together, and all but one.

    .venv/bin/python -m benchmarks.ablation sets SETS/alqac [--cache CACHE] [--sample N] [--embedder st:DIR]
    .venv/bin/python -m benchmarks.ablation rows FOLDER tests/golden/citizen-tune.jsonl [--day 2025-06-30]

`sets` takes a benchmark in BEIR layout into a library of its own, `rows` asks a data folder that holds
guides and documents (no process may hold it) and judges the candidates as they would answer. Every
question is asked as typed and with its marks taken off. Shares with their 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.parts import cut, library_in, temporary_folder
from knowledge.answering import Answerer
from knowledge.beir import best_of, load, sample
from knowledge.dense import LAYERS
from knowledge.embedding.cached import CachedEmbedder
from knowledge.embedding.factory import make_embedder
from knowledge.evaluation import read_rows
from knowledge.gate import shipped_gate
from knowledge.library import SHELVES, Library
from knowledge.model import Audience
from knowledge.query import read_query
from knowledge.search import Searcher
from knowledge.significance import wilson
from knowledge.steps import ALL, NAMES, Steps
from knowledge.text.folding import fold
from knowledge.trial import RehearsedEmbedder, Trial

if TYPE_CHECKING:
    from knowledge.embedding.base import TextEmbedder
    from knowledge.lexical import Terms

PLACES = (1, 5, 10)
DEPTH = 50  # passages asked of a side; several may belong to one article
SPELLINGS: dict[str, Callable[[str], str]] = {"accented": str, "folded": fold}
BARE = Steps.only()

Ranking = list[frozenset[str]]
Rank = Callable[[str], Ranking]
Question = tuple[str, frozenset[str]]


def configurations() -> list[tuple[str, Steps]]:
    """What the hybrid search is asked with, by the name of its row."""
    alone = [(f"hybrid + {name}", Steps.only(name)) for name in NAMES]
    without = [(f"all without {name}", ALL.without(name)) for name in NAMES]
    return [("hybrid, no step", BARE), *alone, ("all", ALL), *without]


def print_row(name: str, rank: Rank, questions: Sequence[Question]) -> None:
    """Ask all *questions* of *rank* in both spellings and print a row of the table."""
    cells = []
    for spell in SPELLINGS.values():
        ranked = [(rank(spell(text))[: max(PLACES)], gold) for text, gold in questions]
        for place in PLACES:
            hits = sum(any(ids & gold for ids in ranking[:place]) for ranking, gold in ranked)
            low, high = wilson(hits, len(ranked))
            cells.append(f"{hits / len(ranked):.3f} ({low:.2f}–{high:.2f})")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def print_head(what: str) -> None:
    """The head of the table."""
    columns = [what, *(f"{spelling} hit@{place}" for spelling in SPELLINGS for place in PLACES)]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)


def on_a_set(folder: Path, cache: Path | None, size: int | None, inner: TextEmbedder) -> None:
    """The table of a benchmark in BEIR layout."""
    benchmark = load(folder) if size is None else sample(load(folder), size)
    questions = [(asked.text, frozenset(asked.gold)) for asked in benchmark.questions]
    with temporary_folder() as root:
        embedder = RehearsedEmbedder(CachedEmbedder(inner, cache or root / "cache.sqlite3"))
        with library_in(root / "data", embedder) as library:
            trial = Trial.prepare(benchmark, library, Searcher(library), cut)
            head = f"{benchmark.name}, {len(benchmark.articles)} articles, {len(questions)} questions"
            print_head(head)
            for side in ("lexical", "dense"):
                print_row(side, lambda text, side=side: _side(trial, side, text), questions)  # type: ignore[misc]
            for name, steps in configurations():
                searcher = Searcher(library, steps=steps)
                print_row(name, lambda text, by=searcher: _articles(trial, by, text), questions)  # type: ignore[misc]


def _side(trial: Trial, side: str, text: str) -> Ranking:
    query = read_query(text, trial.library.restorer, BARE)
    found = _lexical(trial.library, query.terms) if side == "lexical" else _dense(trial.library, query.dense)
    documents = {number: score for number, score in found.items() if number in trial.article_of}
    return [frozenset((name,)) for name in best_of(documents, trial.article_of)]


def _articles(trial: Trial, searcher: Searcher, text: str) -> Ranking:
    found = searcher.search(text, Audience.PUBLIC, limit=DEPTH).documents
    names = dict.fromkeys(trial.article_of[hit.passage.id] for hit in found)
    return [frozenset((name,)) for name in names]


def on_rows(folder: Path, file: Path, day: date, inner: TextEmbedder) -> None:
    """The table of a file of questions, over the guides and documents of a data folder."""
    rows = read_rows(file.read_text("utf-8").splitlines())
    questions = [(row.question, row.gold) for row in rows if row.gold and row.audience is Audience.PUBLIC]
    with library_in(folder, RehearsedEmbedder(inner)) as library:
        ids = {passage.id: passage.gold_ids for passage in library.record.all_passages(Audience.PUBLIC)}
        print_head(f"{file.stem}, {len(questions)} questions, law of {day:%d %B %Y}")
        for side in ("lexical", "dense"):
            print_row(side, lambda text, side=side: _shelves(library, ids, side, text, day), questions)  # type: ignore[misc]
        for name, steps in configurations():
            answerer = Answerer(library, Searcher(library, today=lambda: day, steps=steps), shipped_gate())
            print_row(name, lambda text, by=answerer: _as_answered(by, text), questions)  # type: ignore[misc]


def _as_answered(answerer: Answerer, text: str) -> Ranking:
    return [passage.gold_ids for passage in answerer.rank(text, Audience.PUBLIC)]


def _shelves(library: Library, ids: dict[int, frozenset[str]], side: str, text: str, day: date) -> Ranking:
    """One side over guides and documents together, by its own score; what is not in force left out."""
    query = read_query(text, library.restorer, BARE)
    found = _lexical(library, query.terms) if side == "lexical" else _dense(library, query.dense)
    order = sorted((number for number in found if number in ids), key=lambda number: -found[number])
    allowed = library.record.visible(order, [Audience.PUBLIC], day)
    return [ids[number] for number in order if number in allowed]


def _lexical(library: Library, terms: Terms) -> dict[int, float]:
    found: dict[int, float] = {}
    for shelf in SHELVES:
        found |= dict(library.lexical[Audience.PUBLIC, shelf].search(terms, limit=DEPTH))
    return found


def _dense(library: Library, text: str) -> dict[int, float]:
    vector = library.embedder.embed_query(text)
    found: dict[int, float] = {}
    for layer in LAYERS:
        for number, cosine in library.dense.search(Audience.PUBLIC, layer, vector, limit=DEPTH):
            found[number] = max(cosine, found.get(number, -1.0))
    return found


def main() -> None:
    """Print the table that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    kinds = parser.add_subparsers(dest="what", required=True)
    sets = kinds.add_parser("sets")
    sets.add_argument("folder", type=Path)
    sets.add_argument("--cache", type=Path)
    sets.add_argument("--sample", type=int)
    rows = kinds.add_parser("rows")
    rows.add_argument("folder", type=Path)
    rows.add_argument("file", type=Path)
    rows.add_argument("--day", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 - the reader's day
    for kind in (sets, rows):
        kind.add_argument("--embedder", default="builtin", help="as BINHAN_EMBEDDER")
    options = parser.parse_args()
    inner = make_embedder(options.embedder)
    if options.what == "sets":
        on_a_set(options.folder, options.cache, options.sample, inner)
    else:
        on_rows(options.folder, options.file, options.day, inner)


if __name__ == "__main__":
    main()
