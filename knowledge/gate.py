"""
The evidence gate: whether what was found answers what was asked.

Logistic models over the raw figures of a hit: one for guide sections (which know how people ask), one
for passages of documents, each with a version for English questions, which have only cosines. Their
coefficients are data, fitted by `benchmarks/calibrate_gate.py` on questions held out from the tests.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.search import Hit


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by figure, and the confidence from which on an answer is given."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def confidence(self, figures: Mapping[str, float]) -> float:
        """The probability (0…1) that a passage with these *figures* answers its question."""
        total = self.bias + sum(weight * figures[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Gate:
    """The four models."""

    guide: Model
    guide_english: Model
    document: Model
    document_english: Model

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


def read_gate(text: str) -> Gate:
    """The gate that a TOML *text* describes, one table a model."""
    raw = tomllib.loads(text)
    return Gate(
        **{name: _model(raw[name]) for name in ("guide", "guide_english", "document", "document_english")}
    )


def _model(raw: Mapping[str, float]) -> Model:
    weights = {name: value for name, value in raw.items() if name not in {"bias", "threshold"}}
    return Model(bias=raw["bias"], weights=weights, threshold=raw["threshold"])


@cache
def shipped_gate() -> Gate:
    """The gate calibrated for the built-in embedder, from `gate.toml`."""
    return read_gate((resources.files("knowledge") / "gate.toml").read_text(encoding="utf-8"))
