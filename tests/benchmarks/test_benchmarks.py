import numpy as np
from langchain_core.documents import Document

from benchmarks.newcomer import Newcomer, score
from benchmarks.scale import MovedVectors, made_up
from benchmarks.sections import sections_of
from knowledge.embedding.base import TextEmbedder

GUIDE = "# Tên\n\n## Một {#mot}\n\nthân một\n\n## Hai {#hai}\n\nthân hai\n"


class TwoWays(TextEmbedder):
    """Texts with `hai` look one way, others another."""

    name = "two-ways"
    dimension = 2

    def embed_documents(self, texts):
        return [[0.0, 1.0] if "hai" in text else [1.0, 0.0] for text in texts]

    def embed_queries(self, texts):
        return self.embed_documents(texts)


def test_a_chunk_stands_for_the_sections_that_it_holds_or_lies_in():
    one, two = GUIDE.index("## Một"), GUIDE.index("## Hai")
    assert sections_of(GUIDE, "guide:a", one + 3, 8) == {"guide:a#mot"}
    assert sections_of(GUIDE, "guide:a", 0, len(GUIDE)) == {"guide:a#mot", "guide:a#hai"}
    assert sections_of(GUIDE, "guide:a", two - 2, 10) == {"guide:a#hai"}
    assert sections_of(GUIDE, "guide:a", 0, 4) == set()


def test_a_passage_of_several_names_counts_as_its_gold_one():
    got = score([frozenset({"x"}), frozenset(), frozenset({"a", "b"})], {"b": 1})
    assert (got["hit@1"], got["hit@5"], got["MRR@10"]) == (0, 1, 1 / 3)


def test_overlapping_chunks_of_one_article_take_one_place():
    got = score([frozenset({"x"}), frozenset({"x"}), frozenset({"a"})], {"a": 1})
    assert got["MRR@10"] == 1 / 2


def test_the_newcomers_pipeline_finds_a_chunk_and_knows_where_it_began(tmp_path):
    documents = [Document("một " * 10, metadata={"id": "a"}), Document("hai " * 600, metadata={"id": "b"})]
    pipeline = Newcomer(documents, TwoWays(), tmp_path)
    found = pipeline.search("câu hai")
    assert pipeline.chunks > 3
    assert found[0].metadata["id"] == "b"
    assert all("start_index" in item.metadata for item in found)


def test_made_up_passages_are_the_same_each_time_and_of_real_sentences():
    first, again = (made_up(["Một câu. Hai câu.", "Ba câu."], 20) for _ in range(2))
    assert first == again
    assert len({item.anchor for item in first}) == 20
    assert set(" ".join(item.text for item in first).split()) == {"Một", "câu.", "Hai", "Ba"}


def test_moved_vectors_are_unit_vectors_near_a_real_one():
    base = np.eye(384)[:3].tolist()
    inner = TwoWays()
    inner.dimension = 384
    moved = np.array(MovedVectors(base, inner).embed_documents(["a"] * 50))
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    nearest = (moved @ np.array(base).T).max(axis=1)
    assert 0.85 < nearest.min() <= nearest.max() < 0.99
