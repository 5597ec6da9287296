"""
Fits the evidence gate on the dev questions and prints the `gate.toml` that follows.

    .venv/bin/python benchmarks/calibrate_gate.py FOLDER tests/golden/dev-*.jsonl

FOLDER is a data folder that `binhan serve` filled with the guides (no process may hold it). Golden
questions are never given to it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.app import open_library
from bot.settings import Settings
from knowledge.evaluation import read_rows
from knowledge.gate import FEATURES, figures
from knowledge.search import Searcher
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.evaluation import Row

RIDGE = 1e-3  # keeps the weights finite where a feature separates the classes by itself


def logistic_fit(figures_of: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients (bias first) of a ridge logistic regression by Newton's method; rows (n, features)."""
    design = np.hstack([np.ones((len(labels), 1)), figures_of])
    beta = np.zeros(design.shape[1])
    penalty = RIDGE * np.eye(len(beta))
    penalty[0, 0] = 0
    for _ in range(100):
        odds = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weights * (labels - odds)) - penalty @ beta
        curvature = (design * (weights * odds * (1 - odds))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(beta)), gradient)
        beta += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-8:
            break
    return beta


def collect(rows: Sequence[Row], searcher: Searcher) -> list[tuple[Row, list[tuple[np.ndarray, bool]]]]:
    """For every row the figures of its guide candidates, and whether each is right."""
    seen = []
    for row in rows:
        for question in dict.fromkeys((row.question, fold(row.question))):
            hits = searcher.search(question, row.audience, limit=10).hits
            pairs = [
                (np.array([figures(hit)[name] for name in FEATURES]), bool(hit.passage.gold_ids & row.gold))
                for hit in hits
                if hit.passage.questions
            ]
            seen.append((row, pairs))
    return seen


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--dump", type=Path, help="also write the figures here as JSON lines")
    options = parser.parse_args()
    library = open_library(Settings(data=options.folder))
    library.check()
    searcher = Searcher(library)
    rows = [row for file in options.files for row in read_rows(file.read_text("utf-8").splitlines())]
    rows = [row for row in rows if row.expect == "refuse" or row.gold]
    seen = collect(rows, searcher)
    library.close()
    if options.dump:
        options.dump.write_text(
            "\n".join(
                json.dumps([row.question, row.expect, [[list(map(float, f)), right] for f, right in pairs]], ensure_ascii=False)
                for row, pairs in seen
            )
        )
    report(seen)


def report(seen: list[tuple[Row, list[tuple[np.ndarray, bool]]]]) -> None:
    """Print the coefficients and what each threshold would do."""
    table = np.array([f for _, pairs in seen for f, _ in pairs])
    labels = np.array([float(right) for _, pairs in seen for _, right in pairs])
    beta = logistic_fit(table, labels, np.ones(len(labels)))
    print("[guide]")
    print(f"bias = {beta[0]:.4f}")
    for name, value in zip(FEATURES, beta[1:], strict=True):
        print(f"{name} = {value:.4f}")
    answerable = [pairs for row, pairs in seen if row.expect == "answer" and pairs]
    refusable = [pairs for row, pairs in seen if row.expect == "refuse" and pairs]

    def top(pairs: list[tuple[np.ndarray, bool]]) -> tuple[float, bool]:
        scored = [(float(beta[0] + f @ beta[1:]), right) for f, right in pairs]
        return max(scored)

    first = [top(pairs) for pairs in answerable]
    others = [top(pairs)[0] for pairs in refusable]
    for threshold in np.arange(0.1, 0.8, 0.05):
        bar = np.log(threshold / (1 - threshold))
        right = np.mean([ok and score >= bar for score, ok in first])
        refused = np.mean([score < bar for score in others]) if others else float("nan")
        print(f"# threshold {threshold:.2f}: right first {right:.3f}, refused {refused:.3f}")


if __name__ == "__main__":
    main()
