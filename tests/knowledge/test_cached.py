"""The cache of vectors: nothing is embedded twice, no question asked is kept, a kill costs little."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from knowledge.embedding.cached import CachedEmbedder
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.killing import CACHED_TEXTS, fill_cache, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = ["Hòa giải ở cơ sở", "Báo công an xã", "", "🚨 113", "dài " * 3_000]
READY_S = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite3"


@pytest.fixture
def inner() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def cached(inner: HashingEmbedder, file: Path) -> Iterator[CachedEmbedder]:
    embedder = CachedEmbedder(inner, file)
    yield embedder
    embedder.close()


def rows(file: Path) -> list[tuple[bytes, bytes]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT key, vector FROM vectors").fetchall()


def test_nothing_is_embedded_twice(cached: CachedEmbedder, inner: HashingEmbedder) -> None:
    first = cached.embed_documents([*TEXTS, *TEXTS])
    assert sorted(inner.passages) == sorted(TEXTS)
    assert cached.embed_documents(TEXTS[::-1]) == first[: len(TEXTS)][::-1]
    assert sorted(inner.passages) == sorted(TEXTS)


def test_vectors_are_those_of_the_embedder_in_order(cached: CachedEmbedder) -> None:
    """To the last bit, whether they come from the embedder or from the file."""
    wanted = HashingEmbedder().embed_documents(TEXTS)
    assert cached.embed_documents(TEXTS) == wanted
    assert cached.embed_documents(TEXTS) == wanted
    assert cached.embed_documents([]) == []
    assert (cached.name, cached.dimension) == ("fake:hashing", 32)


def test_passages_and_questions_do_not_mix(cached: CachedEmbedder, inner: HashingEmbedder) -> None:
    """E5 gives one text two vectors."""
    cached.embed_documents(["một"])
    cached.embed_queries(["một"])
    assert (inner.passages, inner.questions) == (["một"], ["một"])


def test_embedders_do_not_mix(cached: CachedEmbedder, file: Path) -> None:
    cached.embed_documents(TEXTS)
    other = HashingEmbedder("fake:other", 8)
    beside = CachedEmbedder(other, file)
    assert [len(vector) for vector in beside.embed_documents(TEXTS)] == [8] * len(TEXTS)
    beside.close()


def test_a_question_somebody_asks_is_never_kept(
    cached: CachedEmbedder, inner: HashingEmbedder, file: Path
) -> None:
    """Not as text, not as a hash, not as a vector: whoever takes the file cannot even test a guess."""
    cached.embed_documents(TEXTS)
    before = rows(file)
    question = "tôi muốn báo tin về ông zuxằng"
    assert cached.embed_query(question) == HashingEmbedder().embed_query(question)
    assert cached.embed_query(TEXTS[0]) == HashingEmbedder().embed_query(TEXTS[0])
    assert rows(file) == before
    assert inner.questions == [question, TEXTS[0]]
    for part in file.parent.iterdir():
        assert question.encode() not in part.read_bytes()


def test_no_text_stands_in_the_file(cached: CachedEmbedder, file: Path) -> None:
    cached.embed_documents(TEXTS)
    cached.embed_queries(TEXTS)
    for part in file.parent.iterdir():
        kept = part.read_bytes()
        assert not any(text.encode()[:30] in kept for text in TEXTS if text)


def test_it_is_remembered_after_a_restart(file: Path) -> None:
    first = CachedEmbedder(HashingEmbedder(), file)
    wanted = first.embed_documents(TEXTS)
    first.close()
    inner = HashingEmbedder()
    again = CachedEmbedder(inner, file)
    assert again.embed_documents(TEXTS) == wanted
    assert inner.passages == []
    again.close()


def test_a_kill_loses_no_more_than_a_batch(file: Path) -> None:
    """What was embedded before the kill is there, whole; the rest is embedded when asked again."""
    chance = random.Random(7)  # noqa: S311 - a repeatable choice, no secret
    texts = [f"đoạn {number}" for number in range(CACHED_TEXTS)]
    kept = -1
    for _ in range(3):
        with started(fill_cache, file) as (process, told):
            assert told.poll(READY_S)
            assert told.recv() == "begun"
            process.join(chance.uniform(0.02, 0.15))
        assert len(rows(file)) >= kept
        kept = len(rows(file))
    inner = HashingEmbedder()
    again = CachedEmbedder(inner, file)
    assert again.embed_documents(texts) == HashingEmbedder().embed_documents(texts)
    assert len(inner.passages) == CACHED_TEXTS - kept
    again.close()


def test_threads_may_share_it(cached: CachedEmbedder) -> None:
    texts = [f"đoạn {number}" for number in range(100)]
    wanted, found = HashingEmbedder().embed_documents(texts), []
    threads = [threading.Thread(target=lambda: found.append(cached.embed_documents(texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_stray_signs_do_not_break_it(cached: CachedEmbedder) -> None:
    texts = ["\x00", "\ud83d", "a\x00b"]
    assert cached.embed_documents(texts) == HashingEmbedder().embed_documents(texts)
