"""Whether thresholds by topic or audience would pay: chosen on four fifths, judged on the other."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parts import GUIDES, print_table
from ingest.guides import load_guides
from knowledge.significance import sign_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.gate_fit import Fitted

FOLDS = 5
LEAST = 30  # questions of a group, below which it keeps the common threshold
GRID = np.linspace(0.02, 0.98, 49)


def tell_groups(fitted: Fitted) -> None:
    """Print what thresholds by topic, audience and spelling would change."""
    topics = {draft.meta.key: draft.meta.topic or "" for draft in load_guides(GUIDES)}
    groupings = {
        "topic of the best guide": [topics[item.guides[0].name.partition("#")[0]] for item in fitted.asked],
        "audience": [item.audience for item in fitted.asked],
        "marks": ["folded" if item.folded else "as typed" for item in fitted.asked],
    }
    rows = []
    fold = np.array([zlib.crc32(item.base.encode()) % FOLDS for item in fitted.asked])
    for name, groups in groupings.items():
        common, own = judged(fitted, fold, None), judged(fitted, fold, groups)
        gained, lost = int((own & ~common).sum()), int((common & ~own).sum())
        changed = f"+{gained} −{lost}"
        large = str(sum(count >= LEAST for count in Counter(groups).values()))
        figures = (f"{common.mean():.4f}", f"{own.mean():.4f}", changed, f"{sign_test(gained, lost):.2f}")
        rows.append((name, large, *figures))
    print_table(("by", "groups", "well decided, one threshold", "own thresholds", "changed", "p"), rows)


def judged(fitted: Fitted, fold: NDArray[np.int64], groups: Sequence[str] | None) -> NDArray[np.bool_]:
    """Whether each question is decided well: answered if the first candidate is right, else refused."""
    well = np.zeros(len(fold), dtype=bool)
    names = np.array(groups if groups is not None else [""] * len(fold))
    for k in range(FOLDS):
        seen, asked = fold != k, fold == k
        common = best_threshold(fitted, seen)
        for name in np.unique(names[asked]):
            here = seen & (names == name)
            bar = best_threshold(fitted, here) if here.sum() >= LEAST and groups is not None else common
            part = asked & (names == name)
            well[part] = (fitted.confidences[part] >= bar) == fitted.right[part]
    return well


def best_threshold(fitted: Fitted, kept: NDArray[np.bool_]) -> float:
    """The threshold that decides most of the *kept* questions well."""
    confidences, right = fitted.confidences[kept], fitted.right[kept]
    well = [((confidences >= bar) == right).mean() for bar in GRID]
    return float(GRID[int(np.argmax(well))])
