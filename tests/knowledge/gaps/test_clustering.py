"""Alike questions find each other, in any spelling and order, and different ones stay apart."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

from knowledge.gaps.clustering import MOST, clusters_of
from knowledge.gaps.model import Gap, Reason, key_of
from knowledge.model import Audience

SET = Path(__file__).parent / "clusters.jsonl"
ROWS = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def gap(text: str, *, count: int = 1, week: str = "2026-W48", audience: Audience = Audience.PUBLIC) -> Gap:
    return Gap(week=week, audience=audience, reason=Reason.REFUSED, key=key_of(text), text=text, count=count)


def test_questions_on_one_subject_stand_together() -> None:
    """Pairwise, over 95 questions on 23 subjects in several spellings."""
    subject = {key_of(row["text"]): row["cluster"] for row in ROWS}
    found = {
        key: number
        for number, cluster in enumerate(clusters_of([gap(row["text"]) for row in ROWS]))
        for key in cluster.keys
    }
    same = {pair for pair in combinations(sorted(subject), 2) if subject[pair[0]] == subject[pair[1]]}
    joined = {pair for pair in combinations(sorted(subject), 2) if found[pair[0]] == found[pair[1]]}
    precision, recall = len(same & joined) / len(joined), len(same & joined) / len(same)
    assert 2 * precision * recall / (precision + recall) >= 0.75, (precision, recall)


def test_the_same_words_with_and_without_marks_are_one_wording() -> None:
    cluster, *others = clusters_of([gap("nuôi chó có phạt không", count=2), gap("nuoi cho co phat khong")])
    assert others == []
    assert cluster.count == 3
    assert len(cluster.wordings) == 1


def test_the_order_of_gaps_changes_nothing() -> None:
    gaps = [gap(row["text"]) for row in ROWS]
    wanted = clusters_of(gaps)
    random.Random(7).shuffle(gaps)  # noqa: S311 - an order, no secret
    assert [cluster.wordings for cluster in clusters_of(gaps)] == [cluster.wordings for cluster in wanted]


def test_the_wording_asked_most_comes_first_and_weeks_are_counted_apart() -> None:
    gaps = [
        gap("karaoke khuya gọi ai", week="2026-W47"),
        gap("hát karaoke khuya thì gọi ai", count=4, week="2026-W48"),
        gap("đốt pháo có bị phạt không"),
    ]
    first, second = clusters_of(gaps)
    assert first.wordings[0] == "hát karaoke khuya thì gọi ai"
    assert (first.count, first.count_in("2026-W47")) == (5, 1)
    assert second.wordings == ("đốt pháo có bị phạt không",)


def test_more_wordings_than_are_compared_lose_none() -> None:
    gaps = [gap(f"câu hỏi số {number} về việc {number * 7}") for number in range(MOST + 20)]
    assert sum(cluster.count for cluster in clusters_of(gaps)) == len(gaps)


def test_nothing_makes_no_cluster() -> None:
    assert clusters_of([]) == []
