"""The second voice: how likely each intent is, by a table of coefficients (scripts/train_intent.py)."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from knowledge.intent_features import features

if TYPE_CHECKING:
    from collections.abc import Mapping

_HUNDREDTHS: Final = 100
_BIAS = ""


@dataclass(frozen=True, slots=True)
class Table:
    """For each feature its weight for each of `intents`; the bias under the empty name."""

    intents: tuple[str, ...]
    weights: Mapping[str, tuple[int, ...]]

    def likely(self, text: str) -> dict[str, float]:
        """The probability of each intent, given *text*; together they are 1."""
        known = [self.weights[feature] for feature in features(text) if feature in self.weights]
        known.append(self.weights[_BIAS])
        scale = _HUNDREDTHS * math.sqrt(len(known))
        scores = [sum(column) / scale for column in zip(*known, strict=True)]
        highest = max(scores)
        grown = [math.exp(score - highest) for score in scores]
        whole = sum(grown)
        return {intent: share / whole for intent, share in zip(self.intents, grown, strict=True)}


def read_table(source: str) -> Table:
    """The table that *source*, TOML as scripts/train_intent.py writes it, holds."""
    table = tomllib.loads(source)
    rows = (line.split("\t") for line in table["weights"].splitlines() if line)
    return Table(
        intents=tuple(table["intents"]),
        weights={name: tuple(map(int, weights)) for name, *weights in rows},
    )


@cache
def shipped_table() -> Table:
    """The table that ships with the package, read once."""
    return read_table((resources.files("knowledge") / "intent_weights.toml").read_text(encoding="utf-8"))
