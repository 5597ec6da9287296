"""Puts scores of different kinds together: stretched to 0…1 and added. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """*scores* stretched to 0…1; the only one, or all alike, become 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def weighted(signals: Mapping[str, Mapping[int, float]], weights: Mapping[str, float]) -> dict[int, float]:
    """
    The stretched *signals* added with their *weights*, which are brought to sum 1.

    What a signal did not find counts 0 there; a signal that found nothing does not count.
    """
    present = {name: weights[name] for name, scores in signals.items() if scores}
    total = sum(present.values())
    fused: dict[int, float] = {}
    for name, weight in present.items():
        for number, score in min_max(signals[name]).items():
            fused[number] = fused.get(number, 0.0) + weight / total * score
    return fused


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float
) -> dict[int, float]:
    """The two sides of a hybrid search, `dense_weight` of the first and the rest of the second."""
    return weighted(
        {"dense": dense, "lexical": lexical}, {"dense": dense_weight, "lexical": 1 - dense_weight}
    )
