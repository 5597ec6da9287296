"""
Public retrieval benchmarks in BEIR layout, and the figures of a ranking.

A folder holds `corpus.jsonl` or `corpus.jsonl.gz` ({id, title, text}), `queries.jsonl` ({id, text}) and
`qrels.tsv` (a header, then question, article and grade). BEIR's own spellings `_id` and
`qrels/test.tsv` are read too.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

DEPTH = 10  # places of a ranking that count
_CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")
_QUESTIONS = ("queries.jsonl", "queries.jsonl.gz")
_GRADES = ("qrels.tsv", "qrels/test.tsv")


class BadBenchmark(KnowledgeError):
    """A part of a benchmark is missing or cannot be read. Fields: `folder`, `part` (file, or file:line)."""

    code = "bad_benchmark"


@dataclass(frozen=True, slots=True)
class Article:
    """One document of the corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its gold: article ids with a grade above 0. Some may be missing in the corpus."""

    id: str
    text: str
    gold: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus and the questions that have gold, in file order."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Asked, ...]


def load(folder: Path) -> Benchmark:
    """
    Read the benchmark in *folder*; questions without gold are left out, as BEIR does.

    Raises:
        BadBenchmark: A file is missing, or a line is not what it should be.
    """
    corpus, questions, grades = (_find(folder, names) for names in (_CORPUS, _QUESTIONS, _GRADES))
    articles = tuple(
        Article(
            _id(folder, where, row), _text(folder, where, row, "title"), _text(folder, where, row, "text")
        )
        for where, row in _rows(folder, corpus)
    )
    gold = _gold(folder, grades)
    asked = tuple(
        Asked(number, _text(folder, where, row, "text"), gold[number])
        for where, row in _rows(folder, questions)
        if (number := _id(folder, where, row)) in gold
    )
    for part, found in ((corpus, articles), (grades, asked)):
        if not found:
            raise BadBenchmark(folder=str(folder), part=part)
    return Benchmark(folder.resolve().name, articles, asked)


def sample(benchmark: Benchmark, size: int) -> Benchmark:
    """*benchmark* with *size* articles: all that are gold, and others drawn with seed 0."""
    gold = {name for question in benchmark.questions for name in question.gold}
    rest = sorted(article.id for article in benchmark.articles if article.id not in gold)
    random.Random(0).shuffle(rest)  # noqa: S311 - a reproducible draw, no secret
    kept = gold | set(rest[: max(0, size - len(gold))])
    return replace(benchmark, articles=tuple(item for item in benchmark.articles if item.id in kept))


def figures(ranking: Sequence[str], gold: Mapping[str, int]) -> dict[str, float]:
    """
    The figures of one ranking of different article ids, best first.

    nDCG weighs an article by its grade, and the ideal ranking holds all gold, as in trec_eval.
    """
    places = [place for place, name in enumerate(ranking[:DEPTH], 1) if name in gold]
    gained = sum(gold[ranking[place - 1]] / math.log2(place + 1) for place in places)
    best = sorted(gold.values(), reverse=True)[:DEPTH]
    ideal = sum(grade / math.log2(place + 1) for place, grade in enumerate(best, 1))
    return {
        "hit@1": float(1 in places),
        "hit@5": float(any(place <= 5 for place in places)),  # noqa: PLR2004 - as its name says
        "hit@10": float(bool(places)),
        "recall@10": len(places) / len(gold),
        "MRR@10": 1 / places[0] if places else 0.0,
        "nDCG@10": gained / ideal,
    }


def mean_figures(each: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of every figure over questions; empty for none."""
    return {name: sum(item[name] for item in each) / len(each) for name in each[0]} if each else {}


def best_of(scores: Mapping[int, float], article_of: Mapping[int, str]) -> list[str]:
    """Articles by their best passage: *scores* by passage, *article_of* a passage."""
    order = sorted(scores, key=lambda number: -scores[number])
    return list(dict.fromkeys(article_of[number] for number in order))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which *share* of *values* lie (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def _find(folder: Path, names: tuple[str, ...]) -> str:
    for name in names:
        if (folder / name).is_file():
            return name
    raise BadBenchmark(folder=str(folder), part=names[0])


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    file = folder / name
    try:
        with (
            gzip.open(file, "rt", encoding="utf-8")
            if name.endswith(".gz")
            else file.open(encoding="utf-8") as lines
        ):
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{name}:{number}", line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise BadBenchmark(folder=str(folder), part=name) from None


def _rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, line in _lines(folder, name):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise BadBenchmark(folder=str(folder), part=where)
        yield where, row


def _id(folder: Path, where: str, row: Mapping[str, Any]) -> str:
    found = row.get("id", row.get("_id"))
    if not isinstance(found, str | int) or found == "":
        raise BadBenchmark(folder=str(folder), part=where)
    return str(found)


def _text(folder: Path, where: str, row: Mapping[str, Any], field: str) -> str:
    found = row.get(field, "" if field == "title" else None)
    if not isinstance(found, str):
        raise BadBenchmark(folder=str(folder), part=where)
    return found


def _gold(folder: Path, name: str) -> dict[str, dict[str, int]]:
    gold: dict[str, dict[str, int]] = {}
    lines = _lines(folder, name)
    next(lines, None)  # the header
    for where, line in lines:
        columns = line.rstrip("\r\n").split("\t")
        try:
            question, article, grade = columns[0], columns[1], int(columns[2])
        except (IndexError, ValueError):
            raise BadBenchmark(folder=str(folder), part=where) from None
        if grade > 0:
            gold.setdefault(question, {})[article] = grade
    return gold
