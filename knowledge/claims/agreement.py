"""
Whether claims that stay say different things of one matter: then none of them stays. Pure.

Each was held up by its own passage, so the passages differ; which of them is right is not for a model to say.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from knowledge.claims.scanning import read
from knowledge.claims.turning import marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.claims.fact import Fact
    from knowledge.claims.model import Claim
    from knowledge.claims.scanning import Reading
    from prompts.catalog import Language

_ALIKE: Final = 0.6  # of the words of both, for two claims to be of one matter
_COMPARED: Final = frozenset(
    ("money", "days", "working_days", "months", "hours", "percent", "age", "times", "date", "phone", "count")
)
_SPANS: Final = frozenset(("days", "working_days", "months", "hours"))


def contradicting(claims: Sequence[Claim], language: Language) -> frozenset[int]:
    """The places of those *claims* that contradict one from another passage."""
    readings = [read(claim.text, language) for claim in claims]
    fallen: set[int] = set()
    for first, second in combinations(range(len(claims)), 2):
        if claims[first].cite != claims[second].cite and _contradict(readings[first], readings[second]):
            fallen |= {first, second}
    return frozenset(fallen)


def _contradict(one: Reading, other: Reading) -> bool:
    shared, every = one.words & other.words, one.words | other.words
    if not every or len(shared) < _ALIKE * len(every):
        return False
    return _figures_differ(one, other) or _denies(one) != _denies(other)


def _figures_differ(one: Reading, other: Reading) -> bool:
    for kinds in ({kind} for kind in _COMPARED - _SPANS):
        if _differ(one.facts, other.facts, kinds):
            return True
    return _differ(one.facts, other.facts, set(_SPANS))


def _differ(one: Sequence[Fact], other: Sequence[Fact], kinds: set[str]) -> bool:
    mine = {(fact.kind, fact.value) for fact in one if fact.kind in kinds}
    theirs = {(fact.kind, fact.value) for fact in other if fact.kind in kinds}
    return bool(mine and theirs) and not mine & theirs


def _denies(reading: Reading) -> bool:
    return any(True for _ in marks(reading, ("denied", "forbidden", "barred", "free", "discouraged")))
