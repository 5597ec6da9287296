"""
Fits the evidence gate on the dev questions and prints the tables of `gate.toml` that follow.

    .venv/bin/python -m benchmarks.calibrate_gate FOLDER tests/golden/dev-*.jsonl

FOLDER is a data folder that `binhan serve` filled with the guides (no process may hold it). Golden
questions are never given to it. A question counts as it is and with its diacritics taken off.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.app import open_library
from bot.settings import Settings
from knowledge.evaluation import read_rows
from knowledge.search import Searcher
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from knowledge.evaluation import Row

    Floats = NDArray[np.float64]

FIGURES = (
    "section", "variant", "variants", "words", "asked", "concepts",
    "elsewhere_variant", "elsewhere_asked", "score", "margin",
)  # fmt: skip
RIDGE = 0.3  # in standard deviations; keeps weights small where few questions speak
SMALL = 1e-8  # a step of Newton's method that no longer matters
FOLDS = 5
REFUSED = (0.90, 0.95, 0.97)  # shares of the unanswerable that a threshold should refuse


@dataclass(frozen=True, slots=True)
class Seen:
    """One question asked: its figures for the best guide, and whether that guide is right."""

    row: Row
    figures: Floats
    right: bool
    among: int  # place of the first right guide, 0 for none among ten


def logistic_fit(table: Floats, labels: Floats, weights: Floats) -> Floats:
    """Coefficients (bias first) of a ridge logistic regression by Newton's method; *table* (n, features)."""
    mean, spread = table.mean(0), table.std(0) + 1e-9
    design = np.hstack([np.ones((len(labels), 1)), (table - mean) / spread])
    beta = np.zeros(design.shape[1])
    penalty = RIDGE * np.eye(len(beta))
    penalty[0, 0] = 0
    for _ in range(100):
        odds = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weights * (labels - odds)) - penalty @ beta
        curvature = (design * (weights * odds * (1 - odds))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(beta)), gradient)
        beta += np.clip(step, -5, 5)
        if np.abs(step).max() < SMALL:
            break
    slopes = beta[1:] / spread
    return np.concatenate([[beta[0] - slopes @ mean], slopes])


def collect(rows: Sequence[Row], searcher: Searcher) -> list[Seen]:
    """Ask every row, in both spellings, and keep what the gate would weigh."""
    seen = []
    for row in rows:
        for question in dict.fromkeys((row.question, fold(row.question))):
            hits = searcher.search(question, row.audience, limit=10).guides
            if not hits:
                continue
            places = [place for place, hit in enumerate(hits, 1) if hit.passage.gold_ids & row.gold]
            figures = np.array([hits[0].figures[name] for name in FIGURES])
            seen.append(Seen(row, figures, places[:1] == [1], places[0] if places else 0))
    return seen


def report(seen: Sequence[Seen]) -> None:
    """Print coefficients fitted on everything, and what thresholds do on held-out fifths."""
    table = np.array([item.figures for item in seen])
    answer = np.array([item.row.expect == "answer" for item in seen])
    right = np.array([item.right for item in seen])
    # A wrong guide for an answerable question is no sure negative: guides overlap.
    weights = np.where(answer, np.where(right, 1.0, 0.3), answer.sum() / max(1, (~answer).sum()))
    labels = (answer & right).astype(float)
    fifth = np.array([hash_of(item.row.question) % FOLDS for item in seen])
    held_out = np.zeros(len(seen))
    for k in range(FOLDS):
        beta = logistic_fit(table[fifth != k], labels[fifth != k], weights[fifth != k])
        held_out[fifth == k] = beta[0] + table[fifth == k] @ beta[1:]
    beta = logistic_fit(table, labels, weights)
    print("[guide]")
    print(f"bias = {beta[0]:.4f}")
    for name, value in zip(FIGURES, beta[1:], strict=True):
        print(f"{name} = {value:.4f}")
    print(f"# answerable {answer.sum()}, right first {right[answer].mean():.3f}, refusable {(~answer).sum()}")
    pairs = held_out[answer & right][:, None] > held_out[~answer][None, :]
    print(f"# held out: AUC {pairs.mean():.3f}")
    for share in REFUSED:
        bar = float(np.quantile(held_out[~answer], share))
        threshold = 1 / (1 + np.exp(-bar))
        answered = held_out > bar
        print(
            f"# refuse {share:.2f}: threshold {threshold:.3f}, answered {answered[answer].mean():.3f}, "
            f"answered and right {(answered & right)[answer].mean():.3f}"
        )


def hash_of(text: str) -> int:
    """A number that is the same in every run, unlike `hash`."""
    return sum(ord(char) * (at + 1) for at, char in enumerate(text))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--dump", type=Path, help="write the figures here as JSON lines")
    options = parser.parse_args()
    rows = [row for file in options.files for row in read_rows(file.read_text("utf-8").splitlines())]
    rows = [row for row in rows if row.expect == "refuse" or row.gold]
    with open_library(Settings(data=options.folder)) as library:
        library.check()
        seen = collect(rows, Searcher(library))
    if options.dump:
        lines = [
            json.dumps([item.row.question, item.row.expect, item.right, item.among, item.figures.tolist()])
            for item in seen
        ]
        options.dump.write_text("\n".join(lines))
    report(seen)


if __name__ == "__main__":
    main()
