"""Fits one model of the gate by ridge logistic regression; tells what it is worth on questions held out."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.risk import area, curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.gate_questions import Asked, Candidate

    Floats = NDArray[np.float64]

SMALL = 1e-8  # a step of Newton's method that no longer matters
FOLDS = 5
BINS = 10  # of the reliability diagram, equally many questions each
LEAST = 8  # questions of either kind, below which nothing is fitted
WRONG_BUT_ANSWERABLE = 0.3  # of a whole negative: a neighbouring section often answers too
OUTSIDE = 0.25  # weight of a benchmark's question that should be refused: our documents may well answer it


@dataclass(frozen=True, slots=True)
class Case:
    """
    One model: which candidates it judges, by which figures.

    `answerable` is the share of answerable questions that confidences are calibrated for; `ridge`, in
    standard deviations, keeps weights small where few questions speak.
    """

    name: str
    kind: str
    english: bool
    figures: tuple[str, ...]
    answerable: float
    ridge: float = 0.3


CASES = (
    Case("guide", "guides", False, (
        "section", "variant", "variants", "words", "asked", "concepts",
        "elsewhere_variant", "elsewhere_asked", "score", "margin",
    ), 0.75),
    Case("guide_english", "guides", True, (
        "section", "variant", "words", "concepts", "elsewhere_variant", "score",
    ), 0.75, 3.0),
    Case("document", "documents", False, (
        "section", "words", "coverage", "elsewhere_variant", "elsewhere_asked",
    ), 0.5),
    Case("document_english", "documents", True, ("section", "coverage", "elsewhere_variant"), 0.5, 3.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A model, and how it does on questions held out (confidences by four fifths, told of the fifth)."""

    bias: float
    weights: Mapping[str, float]
    usual: Mapping[str, float]
    confidences: Floats
    right: NDArray[np.bool_]
    answer: NDArray[np.bool_]
    mass: Floats
    sources: tuple[str, ...]
    asked: tuple[Asked, ...]

    @property
    def answerable(self) -> int:
        """Questions that have gold."""
        return int(self.answer.sum())

    @property
    def refusable(self) -> int:
        """Questions to be refused."""
        return int((~self.answer).sum())

    @property
    def right_first(self) -> float:
        """Of the answerable, the share whose first candidate is gold: the most a gate can reach."""
        return float(self.right[self.answer].mean())

    @property
    def auc(self) -> float:
        """How often a right candidate is trusted more than the best one of an unanswerable question."""
        pairs = self.confidences[self.right][:, None] - self.confidences[~self.answer][None, :]
        return float((pairs > 0).mean() + (pairs == 0).mean() / 2)

    @property
    def brier(self) -> float:
        """The mean squared error of the confidence."""
        return float(np.average((self.confidences - self.right) ** 2, weights=self.mass))

    @property
    def ece(self) -> float:
        """How far confidence and truth lie apart, on average over bins."""
        order = np.argsort(self.confidences)
        gaps = [
            self.mass[part].sum()
            * abs(
                np.average(self.confidences[part], weights=self.mass[part])
                - np.average(self.right[part], weights=self.mass[part])
            )
            for part in np.array_split(order, BINS)
        ]
        return float(sum(gaps) / self.mass.sum())

    @property
    def aurc(self) -> float:
        """The mean risk over all coverages."""
        return area(curve(zip(self.confidences.tolist(), self.right.tolist(), strict=True)))

    def threshold_refusing(self, share: float) -> float:
        """The threshold that refuses *share* of the unanswerable questions of our own sets."""
        ours = ~self.answer & np.array(["bench:" not in source for source in self.sources])
        return float(np.quantile(self.confidences[ours if ours.any() else ~self.answer], share))

    def at(self, threshold: float) -> tuple[float, float]:
        """Of the answerable: the shares answered, and answered rightly."""
        answered = self.confidences[self.answer] > threshold
        return float(answered.mean()), float((answered & self.right[self.answer]).mean())

    def refused_by_source(self, threshold: float) -> str:
        """The share of the unanswerable refused, by source."""
        found: dict[str, list[bool]] = defaultdict(list)
        for source, answer, confidence in zip(self.sources, self.answer, self.confidences, strict=True):
            if not answer:
                found[source].append(confidence <= threshold)
        return ", ".join(
            f"{name} {sum(held) / len(held):.2f}/{len(held)}" for name, held in sorted(found.items())
        )


def fit(case: Case, asked: Sequence[Asked]) -> Fitted | None:
    """The model of *case*, or None where too few questions speak."""
    kept = [item for item in asked if item.english is case.english and _speaks(case, item)]
    if not kept:
        return None
    firsts: list[Candidate] = [getattr(item, case.kind)[0] for item in kept]
    table = np.array([[hit.figures[name] for name in case.figures] for hit in firsts])
    answer = np.array([item.expect == "answer" for item in kept])
    right = np.array([hit.is_gold for hit in firsts]) & answer
    if min(right.sum(), (~answer).sum()) < LEAST:
        return None
    mass = _mass(case, kept, answer, right)
    labels = right.astype(float)
    fold = np.array([zlib.crc32(item.base.encode()) % FOLDS for item in kept])
    held_out = np.zeros(len(kept))
    for k in range(FOLDS):
        beta = logistic_fit(table[fold != k], labels[fold != k], mass[fold != k], case.ridge)
        held_out[fold == k] = beta[0] + table[fold == k] @ beta[1:]
    beta = logistic_fit(table, labels, mass, case.ridge)
    return Fitted(
        bias=float(beta[0]),
        weights=dict(zip(case.figures, map(float, beta[1:]), strict=True)),
        usual={
            name: float(np.average(table[:, at], weights=mass))
            for at, name in enumerate(case.figures)
            if case.kind == "documents" and name.startswith("elsewhere_")
        },
        confidences=1 / (1 + np.exp(-np.clip(held_out, -30, 30))),
        right=right,
        answer=answer,
        mass=mass,
        sources=tuple(item.source for item in kept),
        asked=tuple(kept),
    )


def _speaks(case: Case, item: Asked) -> bool:
    """Whether *item* says anything about this kind of candidate."""
    hits: Sequence[Candidate] = getattr(item, case.kind)
    if not hits:
        return False
    if item.expect == "refuse":
        return True
    # A question about guides alone says nothing about a document that is not gold, and the other way round.
    if case.kind == "documents":
        return item.knows_documents or hits[0].is_gold
    return item.knows_guides or hits[0].is_gold


def _mass(case: Case, kept: Sequence[Asked], answer: NDArray[np.bool_], right: NDArray[np.bool_]) -> Floats:
    """Weights: answerable and not, in the proportion that confidences are calibrated for."""
    mass = np.where(answer & ~right, WRONG_BUT_ANSWERABLE, 1.0)
    mass = mass * np.array(
        [
            OUTSIDE if not a and s.source.startswith("bench:") else 1.0
            for a, s in zip(answer, kept, strict=True)
        ]
    )
    mass[answer] *= case.answerable / mass[answer].sum() * len(kept)
    mass[~answer] *= (1 - case.answerable) / mass[~answer].sum() * len(kept)
    return mass


def logistic_fit(table: Floats, labels: Floats, weights: Floats, ridge: float) -> Floats:
    """Coefficients (bias first) of a ridge logistic regression by Newton's method; *table* (n, features)."""
    mean, spread = table.mean(0), table.std(0) + 1e-9
    design = np.hstack([np.ones((len(labels), 1)), (table - mean) / spread])
    beta = np.zeros(design.shape[1])
    penalty = ridge * np.eye(len(beta))
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
    found: Floats = np.concatenate([[beta[0] - slopes @ mean], slopes])
    return found
