"""
The light reranker: the best documents put in order by what a few shares say together.

No model: the two sides of the search, how many of the question's word pairs a passage and its heading
hold, how much of the heading is asked, and what the whole section holds: a question's words may be spread
over the khoản of one Điều. The weights are data, learnt by `benchmarks/fit_reranker.py`;
docs/decisions/0022-reranking.md has what was tried.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.evidence import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from knowledge.model import Audience, Passage
    from knowledge.query import Query

SIGNALS = ("by_words", "by_meaning")
SHARES = (
    "pairs", "heading_asked", "heading_pairs", "heading_pairs_asked", "place_asked",
    "section_held", "section_pairs",
)  # fmt: skip
FEATURES = (*SIGNALS, *SHARES)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts; they sum up to 1."""

    of: Mapping[str, float]


def read_weights(text: str) -> Weights:
    """The weights that a TOML *text* holds, brought to sum 1."""
    raw = tomllib.loads(text)["weights"]
    total = sum(raw.values())
    return Weights({name: raw[name] / total for name in FEATURES})


@cache
def shipped_weights() -> Weights:
    """The weights learnt with the built-in embedder, from `rerank.toml`."""
    return read_weights((resources.files("knowledge") / "rerank.toml").read_text(encoding="utf-8"))


def features_of(
    query: Query,
    passages: Sequence[Passage],
    sections: Mapping[int, tuple[str, ...]],
    signals: Mapping[str, Mapping[int, float]],
    rarity_of: Callable[[Audience], Callable[[str], float]],
) -> dict[int, dict[str, float]]:
    """
    The features of each passage, 0…1 each, by its id.

    Args:
        query: The question.
        passages: The candidates.
        sections: By id, the texts of all passages under the candidate's heading.
        signals: By name, what each way of looking says, stretched to 0…1; 0 for what it did not find.
        rarity_of: How rare a word is among the documents of an audience.
    """
    asked: dict[Audience, Asked] = {}
    found: dict[int, dict[str, float]] = {}
    for passage in passages:
        audience = passage.meta.audience
        if audience not in asked:
            asked[audience] = Asked(query, rarity_of(audience))
        shares = asked[audience].shares(passage, sections[passage.id])
        found[passage.id] = {name: signals[name].get(passage.id, 0.0) for name in SIGNALS} | {
            name: getattr(shares, name) for name in SHARES
        }
    return found


def light_scores(features: Mapping[int, Mapping[str, float]], weights: Weights) -> dict[int, float]:
    """One number a passage, higher for a better answer; at most 1."""
    return {
        number: sum(weight * values[name] for name, weight in weights.of.items())
        for number, values in features.items()
    }
