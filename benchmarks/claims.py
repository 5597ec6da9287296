"""
What the checks of a model's claims let through and what they wrongly drop, and how long they take.

    python -m benchmarks.claims [--every N]

Supported claims, written by hand in two halves (`tests/golden/claims-supported.jsonl`): of the report
half only
totals are printed. False claims, written by hand, and mutants made of the supported ones; `--every 9`
checks each
ninth mutant. Exit code 1 where a false one stays.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.claims_mutations import mutants
from benchmarks.router import told
from knowledge.beir import percentile
from knowledge.claims.checking import check
from knowledge.claims.model import Draft
from tests.knowledge.claims.golden import evidence, lines, passages, supported

if TYPE_CHECKING:
    from benchmarks.claims_mutations import Mutant, Row
    from knowledge.claims.model import Claim, Supplied
    from prompts.catalog import Language

HALVES = ("tune", "report", "added")


def is_kept(claim: Claim, given: list[Supplied], language: Language) -> tuple[bool, float, list[str]]:
    """Whether *claim* stays, the milliseconds of processor that took, and its faults."""
    begun = time.process_time()
    checked = check(Draft((claim,)), given, language)
    spent = (time.process_time() - begun) * 1e3
    return bool(checked), spent, [str(fault) for item in checked.dropped for fault in item.faults]


def of_supported(given: list[Supplied]) -> list[float]:
    """Print how many supported claims are dropped; the milliseconds of each."""
    times: list[float] = []
    for half in HALVES:
        by_language: Counter[str] = Counter()
        faults: Counter[str] = Counter()
        rows = supported(half)
        for row in rows:
            kept, spent, why = is_kept(row.claim, given, row.language)
            times.append(spent)
            by_language[row.language] += not kept
            faults.update(why)
        dropped = sum(by_language.values())
        print(f"supported, {half}: dropped {told((dropped, len(rows)))}; {dict(by_language)}; {dict(faults)}")
    return times


def of_false(given: list[Supplied]) -> int:
    """Print how many hand-made false claims stay; their number."""
    rows = lines("claims-false.jsonl")
    claims = [(row["id"], row["lang"], _claim(row)) for row in rows]
    stays = [name for name, language, claim in claims if is_kept(claim, given, language)[0]]
    print(f"false, by hand: {len(stays)} of {len(rows)} stay {stays or ''}")
    return len(stays)


def _claim(row: dict[str, str]) -> Claim:
    from knowledge.claims.model import Claim

    return Claim(row["text"], row["cite"], row["quote"])


def of_mutants(given: list[Supplied], every: int) -> int:
    """Print how many mutants stay, by mutation; their number."""
    rows: list[Row] = [row for half in HALVES[:2] for row in supported(half)]
    made: list[Mutant] = [mutant for row in rows for mutant in mutants(row, rows, passages())][::every]
    stays = [mutant for mutant in made if is_kept(mutant.claim, given, mutant.language)[0]]
    counted = Counter(mutant.mutation for mutant in made)
    print(f"false, made: {len(stays)} of {len(made)} stay; made: {dict(counted.most_common())}")
    for mutant in stays:
        print(f"  {mutant.mutation} {mutant.row}")
    return len(stays)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="What the checks of claims let through, and drop.")
    parser.add_argument("--every", type=int, default=1, help="check every Nth mutant")
    options = parser.parse_args()
    given = evidence()
    check(Draft((supported("tune")[0].claim,)), given, "vi")  # tables are read once
    times = of_supported(given)
    stay = of_false(given) + of_mutants(given, options.every)
    print(f"ms of processor a claim: p50 {percentile(times, 0.5):.1f}, p95 {percentile(times, 0.95):.1f}")
    sys.exit(bool(stay))


if __name__ == "__main__":
    main()
