"""Claims that a good model would write stay; claims made false of them fall, every one."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.claims_mutations import mutants
from knowledge.claims.checking import check
from knowledge.claims.model import Draft
from tests.knowledge.claims.golden import checked, evidence, lines, passages, supported

MOST_DROPPED = 0.10  # of the supported claims
EVERY = 9  # of the mutants, in CI; benchmarks/claims.py checks them all


@pytest.mark.parametrize("half", ["tune", "report"])
def test_supported_claims_stay(half: str) -> None:
    """In totals only: a report half that is read stops being one."""
    rows = supported(half)
    kept = [bool(check(Draft((row.claim,)), evidence(), row.language)) for row in rows]
    assert len(rows) == 100
    assert kept.count(False) <= MOST_DROPPED * len(rows)


def test_supported_claims_added_later_stay() -> None:
    """Of sixty written beside the false ones of the third round, those that stayed."""
    rows = supported("added")
    fallen = [row.id for row in rows if not check(Draft((row.claim,)), evidence(), row.language)]
    assert len(rows) == 55
    assert fallen == []


def test_what_stays_is_quoted_verbatim() -> None:
    for row in supported("tune"):
        for claim in check(Draft((row.claim,)), evidence(), row.language).kept:
            assert claim.quote in passages()[claim.cite].text


def test_no_hand_made_false_claim_stays() -> None:
    rows = lines("claims-false.jsonl")
    stays = [row["id"] for row in rows if checked(row["cite"], row["quote"], row["text"], row["lang"])]
    assert len(rows) == 187
    assert stays == []


def test_no_mutant_stays() -> None:
    rows = [*supported("tune"), *supported("report")]
    made = [mutant for row in rows for mutant in mutants(row, rows, passages())][::EVERY]
    stays = [
        (mutant.row, mutant.mutation)
        for mutant in made
        if check(Draft((mutant.claim,)), evidence(), mutant.language)
    ]
    assert len(made) >= 1_000
    assert len(Counter(mutant.mutation for mutant in made)) >= 18
    assert stays == []
