"""
The evidence gate: whether what was found answers what was asked.

Logistic models over the raw figures of a hit: one for guide sections (which know how people ask), one
for passages of documents, each with a version for English questions, which have only cosines. Their
coefficients are data, fitted by `benchmarks/calibrate_gate.py` on questions held out from the tests.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.search import Found, Hit


@dataclass(frozen=True, slots=True)
class Model:
    """
    Coefficients by figure, and the confidence from which on an answer is given.

    `usual` stands in for a figure that a hit lacks: a library without guides knows no rivals.
    """

    bias: float
    weights: Mapping[str, float]
    threshold: float
    usual: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, figures: Mapping[str, float]) -> float:
        """The probability (0…1) that a passage with these *figures* answers its question."""
        known = {**self.usual, **figures}
        total = self.bias + sum(weight * known[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Choices:
    """
    What is named beside a refusal or an answer; see `knowledge.meant`.

    `near` is the confidence in the best guide from which a refusal names it, `behind` how far a further
    choice may score behind it, `close` how far a second guide may score behind the one that answers;
    `article` is the confidence from which an article of law is named, `sure` that in a guide which answers
    from which none is.
    """

    near: float
    behind: float
    close: float
    article: float
    sure: float


NO_CHOICES = Choices(near=2.0, behind=0.0, close=-1.0, article=2.0, sure=0.0)


@dataclass(frozen=True, slots=True)
class Gate:
    """The four models, and when there is something to choose from."""

    guide: Model
    guide_english: Model
    document: Model
    document_english: Model
    choices: Choices = NO_CHOICES

    def model(self, hit: Hit, *, english: bool) -> Model:
        """The model that judges *hit*."""
        if hit.passage.questions:
            return self.guide_english if english else self.guide
        return self.document_english if english else self.document

    def confidence(self, hit: Hit, *, english: bool) -> float:
        """The probability (0…1) that *hit* answers its question."""
        return self.model(hit, english=english).confidence(hit.figures)

    def passes(self, hit: Hit, *, english: bool) -> bool:
        """Whether *hit* is evidence enough to answer from."""
        return self.confidence(hit, english=english) >= self.model(hit, english=english).threshold

    def highest(self, found: Found, chosen: Hit | None = None) -> float:
        """The confidence of what was *chosen* of *found*, or of the best of it; 0 for nothing found."""
        hits = [chosen] if chosen else [*found.guides, *found.documents]
        return max((self.confidence(hit, english=found.query.english) for hit in hits), default=0.0)


def read_gate(text: str) -> Gate:
    """The gate that a TOML *text* describes, one table a model and one for choices."""
    raw = tomllib.loads(text)
    models = {name: _model(raw[name]) for name in ("guide", "guide_english", "document", "document_english")}
    return Gate(**models, choices=Choices(**raw["choices"]))


def _model(raw: Mapping[str, Any]) -> Model:
    weights = {name: value for name, value in raw.items() if name not in {"bias", "threshold", "usual"}}
    return Model(bias=raw["bias"], weights=weights, threshold=raw["threshold"], usual=raw.get("usual", {}))


@cache
def shipped_gate() -> Gate:
    """The gate calibrated for the built-in embedder, from `gate.toml`."""
    return read_gate((resources.files("knowledge") / "gate.toml").read_text(encoding="utf-8"))
