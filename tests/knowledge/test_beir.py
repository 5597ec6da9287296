import gzip
import json
import math
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.beir import BadBenchmark, best_of, figures, load, mean_figures, percentile, sample
from knowledge.embedding.base import TextEmbedder
from knowledge.folder import DataFolder
from knowledge.library import Library
from knowledge.record.store import Record
from knowledge.search import Searcher
from knowledge.text.folding import syllables
from knowledge.trial import RehearsedEmbedder, Trial, corpus_draft, run

ARTICLES = [
    {"id": "hoa-giai", "title": "Hòa giải", "text": "Tổ hòa giải giúp hàng xóm dàn xếp mâu thuẫn."},
    {"id": "ma-tuy", "title": "Ma túy", "text": "Người nghiện đăng ký cai nghiện tự nguyện tại xã."},
    {"id": "chay", "title": "Cháy nổ", "text": "Gọi 114 khi có cháy, rồi cúp cầu dao điện."},
]
QUESTIONS = [
    {"id": "q1", "text": "Ai hòa giải khi hàng xóm mâu thuẫn?"},
    {"id": "q2", "text": "Cháy nhà thì gọi số nào?"},
    {"id": "q3", "text": "Câu không có đáp án"},
]
GRADES = [("q1", "hoa-giai", 1), ("q2", "chay", 2), ("q2", "khong-co", 1), ("q3", "ma-tuy", 0)]


class HashedWords(TextEmbedder):
    """A bag of hashed syllables: deterministic, without a model."""

    name = "hashed-words"
    dimension = 1024

    def __init__(self):
        self.asked = []

    def embed_documents(self, texts):
        return [self.vector(text) for text in texts]

    def embed_queries(self, texts):
        self.asked += texts
        return [self.vector(text) for text in texts]

    def vector(self, text):
        counts = [1e-3] * self.dimension
        for word in syllables(text):
            counts[zlib.crc32(word.encode()) % self.dimension] += 1.0
        norm = math.hypot(*counts)
        return [count / norm for count in counts]


def write(folder: Path, *, packed: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    corpus = "\n".join(json.dumps(item, ensure_ascii=False) for item in ARTICLES)
    if packed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(corpus.encode()))
    else:
        (folder / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    questions = "\n".join(json.dumps(item, ensure_ascii=False) for item in QUESTIONS)
    (folder / "queries.jsonl").write_text(questions, encoding="utf-8")
    grades = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, grade)) for grade in GRADES)]
    (folder / "qrels.tsv").write_text("\n".join(grades) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_a_benchmark_is_read_plain_or_packed_and_keeps_only_questions_with_gold(tmp_path, packed):
    benchmark = load(write(tmp_path / "tiny", packed=packed))
    assert benchmark.name == "tiny"
    assert [item.id for item in benchmark.articles] == ["hoa-giai", "ma-tuy", "chay"]
    assert {item.id: dict(item.gold) for item in benchmark.questions} == {
        "q1": {"hoa-giai": 1},
        "q2": {"chay": 2, "khong-co": 1},
    }


@pytest.mark.parametrize("part", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_part_is_named(tmp_path, part):
    (write(tmp_path) / part).unlink()
    with pytest.raises(BadBenchmark) as caught:
        load(tmp_path)
    assert caught.value.fields == {"folder": str(tmp_path), "part": part}


@pytest.mark.parametrize(
    ("part", "content", "named"),
    [
        ("corpus.jsonl", '{"id": "a", "title": "b"}', "corpus.jsonl:1"),
        ("corpus.jsonl", '\n{"title": "b", "text": "c"}', "corpus.jsonl:2"),
        ("corpus.jsonl", "", "corpus.jsonl"),
        ("corpus.jsonl.gz", "not packed", "corpus.jsonl.gz"),
        ("queries.jsonl", "[1]", "queries.jsonl:1"),
        ("queries.jsonl", "{", "queries.jsonl:1"),
        ("qrels.tsv", "a\tb\tc\nq1\thoa-giai", "qrels.tsv:2"),
        ("qrels.tsv", "a\tb\tc\nq1\thoa-giai\tmany", "qrels.tsv:2"),
        ("qrels.tsv", "a\tb\tc\nq9\thoa-giai\t1", "qrels.tsv"),
    ],
)
def test_a_broken_part_is_named_with_its_line(tmp_path, part, content, named):
    write(tmp_path)
    if part.endswith(".gz"):
        (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / part).write_text(content, encoding="utf-8")
    with pytest.raises(BadBenchmark) as caught:
        load(tmp_path)
    assert caught.value.fields["part"] == named


def test_a_truncated_archive_is_a_bad_benchmark(tmp_path):
    packed = write(tmp_path, packed=True) / "corpus.jsonl.gz"
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(BadBenchmark):
        load(tmp_path)


def test_a_sample_keeps_gold_and_is_the_same_each_time(tmp_path):
    benchmark = load(write(tmp_path))
    small = sample(benchmark, 3)
    assert [item.id for item in sample(benchmark, 1).articles] == ["hoa-giai", "chay"]
    assert small == sample(benchmark, 3)
    assert len(sample(benchmark, 99).articles) == 3


def test_figures_of_a_ranking_known_by_hand():
    got = figures(["x", "a", "y", "b"], {"a": 1, "b": 2, "c": 1})
    assert (got["hit@1"], got["hit@5"], got["hit@10"]) == (0, 1, 1)
    assert got["recall@10"] == pytest.approx(2 / 3)
    assert got["MRR@10"] == pytest.approx(1 / 2)
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert got["nDCG@10"] == pytest.approx((1 / math.log2(3) + 2 / math.log2(5)) / ideal)


def test_what_stands_below_the_tenth_place_counts_nothing():
    ranking = [f"x{place}" for place in range(10)] + ["a"]
    assert set(figures(ranking, {"a": 1}).values()) == {0.0}


@given(
    st.permutations([f"d{n}" for n in range(12)]),
    st.sets(st.sampled_from([f"d{n}" for n in range(12)]), min_size=1),
)
def test_figures_stay_between_nought_and_one(ranking, gold):
    got = figures(ranking, dict.fromkeys(gold, 1))
    assert all(0 <= value <= 1 + 1e-9 for value in got.values())
    assert got["hit@1"] <= got["hit@5"] <= got["hit@10"]


def test_gold_in_its_best_order_is_a_perfect_ranking():
    got = figures(["b", "a"], {"a": 1, "b": 3})
    assert set(got.values()) == {1.0}


def test_means_and_percentiles():
    assert mean_figures([{"hit@1": 1.0}, {"hit@1": 0.0}]) == {"hit@1": 0.5}
    assert mean_figures([]) == {}
    assert percentile([5, 1, 3, 2, 4], 0.5) == 3
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([7], 0.95) == 7


def test_an_article_stands_where_its_best_passage_stands():
    assert best_of({1: 0.2, 2: 0.9, 3: 0.5}, {1: "a", 2: "b", 3: "a"}) == ["b", "a"]


def test_passages_carry_their_title_and_an_empty_article_keeps_one(tmp_path):
    benchmark = load(write(tmp_path))
    draft = corpus_draft(benchmark.articles, lambda text: text.split(", ") if "114" in text else [])
    assert [(item.heading, item.text) for item in draft.passages] == [
        ("Hòa giải", "Hòa giải"),
        ("Ma túy", "Ma túy"),
        ("Cháy nổ", "Gọi 114 khi có cháy"),
        ("Cháy nổ", "rồi cúp cầu dao điện."),
    ]


def test_a_rehearsed_question_is_embedded_once():
    inner = HashedWords()
    rehearsed = RehearsedEmbedder(inner)
    assert rehearsed.embed_query("một câu") == rehearsed.embed_query("một câu")
    assert inner.asked == ["một câu"]


def test_a_trial_runs_the_real_parts_and_finds_folded_questions_too(tmp_path):
    benchmark = load(write(tmp_path / "tiny"))
    embedder = HashedWords()
    moved = []
    record = Record.open_file(tmp_path / "record.sqlite3")
    with Library(record, DataFolder(tmp_path / "here"), RehearsedEmbedder(embedder)) as library:
        trial = Trial.prepare(benchmark, library, Searcher(library), lambda text: [text])
        report = run(benchmark, trial, embedder, lambda done, total: moved.append((done, total)))
    record.close()
    assert (report["articles"], report["passages"], report["questions"]) == (3, 3, 2)
    for side in ("lexical", "dense", "hybrid"):
        assert report["figures"][side]["accented"]["hit@1"] == 1.0
        assert report["figures"][side]["folded"]["hit@1"] == 1.0
    assert report["figures"]["hybrid"]["accented"]["recall@10"] == pytest.approx(0.75)
    assert set(report["times_ms"]) == {"embed", "lexical", "dense", "hybrid"}
    assert moved[-1] == (4, 4)
