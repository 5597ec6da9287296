"""
Puts alike gaps together, without any model: by shared words, without marks, and shared concepts.

Deterministic: the same gaps give the same clusters in any order. Groups join while the mean likeness of their
members is high enough (average linkage), so that one odd wording does not chain two subjects together.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from knowledge.gaps.redaction import PLACEHOLDERS
from knowledge.text.concepts import concepts_in
from knowledge.text.folding import folded_syllables
from knowledge.text.lexicon import spell_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.gaps.model import Gap

ALIKE: Final = 0.15  # mean likeness from which two groups are one; see docs/decisions/0025
MOST: Final = 600  # wordings compared with each other; the rest, asked least, stand alone
_CONCEPT_WEIGHT: Final = 2.0
_PAIR_WEIGHT: Final = 0.5
_PLACEHOLDER: Final = re.compile("|".join(map(re.escape, PLACEHOLDERS)))


@cache
def _empty() -> frozenset[str]:
    raw = tomllib.loads((resources.files("knowledge.gaps") / "clustering.toml").read_text(encoding="utf-8"))
    return frozenset(raw["empty"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Alike gaps; the wording asked most often comes first."""

    gaps: tuple[Gap, ...]

    @property
    def id(self) -> str:
        """The key of its first wording."""
        return self.gaps[0].key

    @property
    def count(self) -> int:
        """How often it was asked in all."""
        return sum(gap.count for gap in self.gaps)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Each wording once, the most asked first."""
        asked: Counter[str] = Counter()
        first: dict[str, str] = {}
        for gap in self.gaps:
            asked[gap.key] += gap.count
            first.setdefault(gap.key, gap.text)
        return tuple(
            first[key] for key, _ in sorted(asked.items(), key=lambda item: (-item[1], first[item[0]]))
        )

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its wordings."""
        return frozenset(gap.key for gap in self.gaps)

    def count_in(self, week: str) -> int:
        """How often it was asked in one week."""
        return sum(gap.count for gap in self.gaps if gap.week == week)


def clusters_of(gaps: Sequence[Gap], *, alike: float = ALIKE) -> list[Cluster]:
    """*gaps* in clusters, the most asked first; *alike*: from which mean likeness groups are one."""
    counts: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.week, gap.text)):
        counts[gap.key] += gap.count
        texts.setdefault(gap.key, gap.text)
    keys = sorted(texts, key=lambda key: (-counts[key], texts[key]))
    groups = [[keys[at] for at in group] for group in _join([texts[key] for key in keys[:MOST]], alike)]
    groups += [[key] for key in keys[MOST:]]
    found = []
    for group in groups:
        place = {key: at for at, key in enumerate(sorted(group, key=lambda key: (-counts[key], texts[key])))}
        members = [gap for gap in gaps if gap.key in place]
        members.sort(key=lambda gap: (place[gap.key], gap.week, gap.audience, gap.reason))
        found.append(Cluster(gaps=tuple(members)))
    return sorted(found, key=lambda cluster: (-cluster.count, cluster.wordings[0]))


def features(text: str) -> dict[str, float]:
    """What a text is about, weighed: syllables without marks, pairs of them, concepts."""
    plain = _PLACEHOLDER.sub(" ", text)
    words = [word for word in folded_syllables(spell_out(plain)) if word not in _empty()]
    weights: dict[str, float] = dict.fromkeys(words, 1.0)
    weights |= dict.fromkeys((f"{one} {two}" for one, two in pairwise(words)), _PAIR_WEIGHT)
    weights |= {f"#{concept}": _CONCEPT_WEIGHT for concept in concepts_in(plain)}
    return weights


def _join(texts: Sequence[str], alike: float) -> list[list[int]]:
    """Places of *texts*, grouped."""
    each = _weighed([features(text) for text in texts])
    sums = np.zeros((len(each), len(each)))  # of the likenesses between the members of two groups
    for one in range(len(each)):
        for two in range(one + 1, len(each)):
            sums[one, two] = _likeness(each[one], each[two])
    sizes = np.ones(len(each))
    groups: dict[int, list[int]] = {at: [at] for at in range(len(each))}
    while len(groups) > 1:
        means = sums / np.outer(sizes, sizes)
        one, two = divmod(int(means.argmax()), len(each))
        if means[one, two] < alike:
            break
        groups[one] += groups.pop(two)
        sizes[one] += sizes[two]
        _merge(sums, one, two)
    return list(groups.values())


def _merge(sums: np.ndarray, one: int, two: int) -> None:
    """Let group *one* (< *two*) have the likenesses of *two*, in the upper half of *sums*."""
    both = sums[one] + sums[:, one] + sums[two] + sums[:, two]
    both[[one, two]] = 0.0
    sums[two], sums[:, two] = 0.0, 0.0
    sums[one], sums[:, one] = 0.0, 0.0
    sums[one, one + 1 :] = both[one + 1 :]
    sums[:one, one] = both[:one]


def _weighed(each: list[dict[str, float]]) -> list[dict[str, float]]:
    """Rare features count more: what all ask about tells nothing apart."""
    seen = Counter(name for features in each for name in features)
    total = len(each)
    return [
        {name: weight * math.log(1 + total / seen[name]) for name, weight in features.items()}
        for features in each
    ]


def _likeness(one: dict[str, float], two: dict[str, float]) -> float:
    """Cosine of two weighed texts, from 0 to 1."""
    shared = one.keys() & two.keys()
    if not shared:
        return 0.0
    product = sum(one[name] * two[name] for name in shared)
    return product / math.sqrt(
        sum(value**2 for value in one.values()) * sum(value**2 for value in two.values())
    )
