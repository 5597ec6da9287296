"""How far a measured share may be trusted, and whether two of them differ. Pure; no figure is rounded."""

from __future__ import annotations

import math

_Z95 = 1.959964  # standard deviations that hold 95 % of a normal distribution
SIGNIFICANT = 0.05  # probability below which a difference is told as one


def wilson(hits: int, total: int) -> tuple[float, float]:
    """
    The 95 % interval of a share, by Wilson's score.

    Right for few questions and for shares near 0 and 1, where the usual ± is not.

    Args:
        hits: How often it held, 0…*total*.
        total: Of how many; none gives (0, 1): nothing is known.
    """
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, _Z95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = _Z95 / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    # At the ends rounding would leave the share itself outside its interval.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == total else min(1.0, middle + half)
    return low, high


def sign_test(gained: int, lost: int) -> float:
    """
    The exact two-sided McNemar test: how likely chance alone makes questions change as unevenly as this.

    Args:
        gained: Questions that only the second run answered well.
        lost: Questions that only the first run answered well.

    Returns:
        A probability, 1 where nothing changed.
    """
    changed = gained + lost
    tail = sum(math.comb(changed, count) for count in range(min(gained, lost) + 1))
    return min(1.0, 2 * tail / int(2**changed))
