"""
The evidence gate: whether what was found answers what was asked.

A logistic model over the raw figures of a hit, one for guide sections (which know how people ask) and
one for other passages. Never over fused or rank scores, which say nothing about being right. Its
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

FEATURES = ("similarity", "passage_similarity", "variant_similarity", "coverage", "overlap")


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature, and the confidence from which on an answer is given."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def confidence(self, figures: Mapping[str, float]) -> float:
        """The probability (0…1) that the passage answers the question."""
        return 1 / (1 + math.exp(-(self.bias + sum(self.weights[name] * figures[name] for name in self.weights))))


@dataclass(frozen=True, slots=True)
class Gate:
    """A model for guides and one for passages."""

    guide: Model
    passage: Model
    english: Model

    def model(self, hit: Hit, *, english: bool) -> Model:
        """The model that judges *hit*."""
        if english:
            return self.english
        return self.guide if hit.passage.questions else self.passage

    def confidence(self, hit: Hit, *, english: bool = False) -> float:
        """The probability (0…1) that *hit* answers its question."""
        return self.model(hit, english=english).confidence(figures(hit))

    def passes(self, hit: Hit, *, english: bool = False) -> bool:
        """Whether *hit* is evidence enough to answer from."""
        model = self.model(hit, english=english)
        return model.confidence(figures(hit)) >= model.threshold


def figures(hit: Hit) -> dict[str, float]:
    """The features of *hit*, by name."""
    return {name: float(getattr(hit, name)) for name in FEATURES}


def _model(raw: Mapping[str, float]) -> Model:
    weights = {name: value for name, value in raw.items() if name in FEATURES}
    return Model(bias=raw["bias"], weights=weights, threshold=raw["threshold"])


@cache
def shipped_gate() -> Gate:
    """The gate calibrated for the built-in embedder, from `gate.toml`."""
    raw = tomllib.loads((resources.files("knowledge") / "gate.toml").read_text(encoding="utf-8"))
    return Gate(guide=_model(raw["guide"]), passage=_model(raw["passage"]), english=_model(raw["english"]))
