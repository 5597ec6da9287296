"""What "did you mean" is worth: how often the right section is among the choices, how often they are idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parts import print_table
from knowledge.meant import CHOICES
from knowledge.significance import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.gate_fit import Fitted
    from benchmarks.gate_questions import Asked, Candidate

NEAR = (0.02, 0.05, 0.08, 0.1, 0.15, 0.2)
BEHIND = (0.1, 0.2, 0.3, 0.5, 1.0)
CLOSE = (0.02, 0.05, 0.08, 0.12, 0.16, 0.2)


@dataclass(frozen=True, slots=True)
class Share:
    """How often something held."""

    hits: int
    total: int

    def __str__(self) -> str:
        low, high = wilson(self.hits, self.total)
        return f"{self.hits}/{self.total} ({low:.2f}–{high:.2f})"


def share(holds: Sequence[bool]) -> Share:
    """The share of true values."""
    return Share(sum(holds), len(holds))


def choices_of(item: Asked, behind: float) -> list[Candidate]:
    """The guides that `knowledge.meant.choices` would name."""
    first = item.guides[0].figures["score"]
    kept = {hit.heading: hit for hit in reversed(item.guides) if first - hit.figures["score"] <= behind}
    return sorted(kept.values(), key=lambda hit: -hit.figures["score"])[:CHOICES]


def tell_near(fitted: Fitted, threshold: float) -> None:
    """Refused questions: is the right section among the choices, and who gets choices in vain?"""
    refused = fitted.confidences < threshold
    rows = []
    for near in NEAR:
        if near >= threshold:
            continue
        shown = refused & (fitted.confidences >= near)
        wanted = [item for item, r, a in zip(fitted.asked, refused, fitted.answer, strict=True) if r and a]
        named = {id(item) for item, s in zip(fitted.asked, shown, strict=True) if s}
        vain = {}
        for name, ours in (("own", True), ("benchmarks'", False)):
            vain[name] = share([
                id(item) in named
                for item, a in zip(fitted.asked, fitted.answer, strict=True)
                if not a and item.source.startswith("bench:") is not ours
            ])  # fmt: skip
        for behind in BEHIND:
            found = [id(i) in named and any(hit.is_gold for hit in choices_of(i, behind)) for i in wanted]
            rows.append(
                (f"{near}", f"{behind}", str(share(found)), str(vain["own"]), str(vain["benchmarks'"]))
            )
    heads = (
        "near",
        "behind",
        "refused wrongly: right one among choices",
        "own to refuse: shown",
        "others': shown",
    )
    print_table(heads, rows)


def tell_close(fitted: Fitted, threshold: float) -> None:
    """Answered questions: is the other one of two the right one where the first is not?"""
    answered = [
        item
        for item, confidence, answer in zip(fitted.asked, fitted.confidences, fitted.answer, strict=True)
        if answer and confidence >= threshold
    ]
    wrong = [item for item in answered if not item.guides[0].is_gold]
    rows = []
    for close in CLOSE:
        others = {id(item): other_of(item, close) for item in answered}
        mended = [(other := others[id(item)]) is not None and other.is_gold for item in wrong]
        idle = [others[id(item)] is not None for item in answered if item.guides[0].is_gold]
        rows.append((f"{close}", str(share(mended)), str(share(idle))))
    print_table(("close", "wrong first: the other is right", "right first: another is named"), rows)


def other_of(item: Asked, close: float) -> Candidate | None:
    """The guide that `knowledge.meant.other_of_two` would name beside another."""
    first, *rest = item.guides
    other = next((hit for hit in rest if hit.heading != first.heading), None)
    near = other is not None and first.figures["score"] - other.figures["score"] <= close
    return other if near else None


def tell_reliability(fitted: Fitted) -> None:
    """Confidence beside truth, in tenths of the questions."""
    rows = [
        (
            f"{fitted.confidences[part].min():.2f}–{fitted.confidences[part].max():.2f}",
            f"{np.average(fitted.confidences[part], weights=fitted.mass[part]):.2f}",
            f"{np.average(fitted.right[part], weights=fitted.mass[part]):.2f}",
        )
        for part in np.array_split(np.argsort(fitted.confidences), 10)
    ]
    print_table(("confidences", "their mean", "right"), rows)
