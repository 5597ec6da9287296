"""SIGKILL while a folder goes in: nothing is lost, doubled, half there, or embedded again."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.fakes.killing import started
from tests.fakes.killing_sync import COLLECTION, keep_like, write_documents

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

DOCUMENTS = 120
KILLS = 3
HEARD_S = 120  # for the next word of a process, on a machine with much else to do
LOST_AT_A_KILL = 2 * 16  # texts embedded and not yet written down: one step, or one of two threads each


def _next(told: Connection) -> tuple[Any, ...]:
    assert told.poll(HEARD_S)
    said: tuple[Any, ...] = told.recv()
    return said


def _rest(told: Connection) -> list[tuple[Any, ...]]:
    said = []
    try:
        while told.poll(HEARD_S):
            said.append(told.recv())
    except EOFError:
        pass
    return said


def test_killed_at_any_step_a_sync_goes_on_where_it_was(tmp_path: Path) -> None:
    """
    Killed by what was done, not by a clock, some steps after it began, again and again; then it ends.

    What was said to be in is in; no passage is twice or half there; what had a vector is not embedded again.
    """
    chance = random.Random(20261128)  # noqa: S311 - a repeatable choice, no secret
    folder, root = tmp_path / "hop", tmp_path / "data"
    write_documents(folder, DOCUMENTS)
    said: list[tuple[Any, ...]] = []
    for _ in range(KILLS):
        with started(keep_like, root, folder) as (process, told):
            while said[-1:] != [("scanned",)]:
                said.append(_next(told))
            said += [_next(told) for _ in range(chance.randrange(2, DOCUMENTS // 3))]
            process.kill()
            process.join(HEARD_S)
            said += _rest(told)
        assert all(word[0] != "done" for word in said), "the kill came too late"
    with started(keep_like, root, folder) as (_, told):
        while said[-1][0] != "done":
            said.append(_next(told))
    _, faults, counts = said[-1]
    assert faults == []
    assert len(counts) == DOCUMENTS
    assert all(key.startswith(f"{COLLECTION}/") and count for key, count in counts.items())
    outcomes = Counter(word[:2] for word in said if word[0] not in {"embedded", "scanned", "done"})
    assert {action for action, _ in outcomes} == {"added"}
    assert set(outcomes.values()) == {1}, "what was said to be in went in again"
    embedded = Counter(text for word in said if word[0] == "embedded" for text in word[1:])
    assert sum(counts.values()) == len(embedded)
    assert sum(embedded.values()) - len(embedded) <= KILLS * LOST_AT_A_KILL
