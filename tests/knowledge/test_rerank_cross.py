"""The cross-encoder adapter on a real, tiny model through the real library."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from knowledge.errors import RerankerMissing
from knowledge.rerank import make_reranker

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.rerank import Reranker

HAS_TORCH = all(importlib.util.find_spec(name) is not None for name in ("torch", "sentence_transformers"))
needs_torch = pytest.mark.skipif(
    not HAS_TORCH, reason="the sentence-transformers extra is not installed (make torch)"
)
# Vendors' own deprecations are theirs to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
QUESTION = "Hàng xóm đánh nhau thì gọi ai hòa giải?"
PASSAGES = ["Tổ hòa giải ở cơ sở", "Điều 16. Căn cứ tiến hành hòa giải", "Phạm nhân được gặp thân nhân"]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random weights, small enough to be made here and read as any other."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = sorted({word for text in (QUESTION, *PASSAGES) for word in text.lower().split()})
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]), "utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words) + 5, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = BertTokenizer(str(vocabulary), strip_accents=False, model_max_length=64)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reranker(model_folder: Path) -> Reranker:
    made = make_reranker(f"st:{model_folder}")
    assert made is not None
    return made


@needs_torch
def test_each_passage_has_a_score_of_its_own_in_order(reranker: Reranker) -> None:
    together = reranker.scores(QUESTION, PASSAGES)
    alone = [reranker.scores(QUESTION, [passage])[0] for passage in PASSAGES]
    assert together == pytest.approx(alone, abs=1e-4)
    assert len(set(together)) == len(PASSAGES)
    assert reranker.scores(QUESTION, []) == []


@needs_torch
def test_the_question_counts(reranker: Reranker) -> None:
    assert reranker.scores(QUESTION, PASSAGES) != reranker.scores("Phạm nhân", PASSAGES)


@needs_torch
def test_text_of_any_length_and_any_kind_is_read(reranker: Reranker) -> None:
    assert len(reranker.scores("hòa giải \ud83d \x00" * 300, ["ở cơ sở " * 1_000, ""])) == 2


@needs_torch
@pytest.mark.parametrize("name", ["st:no-such/model", "st:../nowhere", "st:tests"])
def test_model_that_is_not_here_is_reported_and_not_fetched(name: str) -> None:
    with pytest.raises(RerankerMissing) as caught:
        make_reranker(name)
    assert caught.value.fields["reason"] == "not_found"


@needs_torch
def test_broken_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(RerankerMissing) as caught:
        make_reranker(f"st:{tmp_path}")
    assert caught.value.fields["reason"] == "unreadable"


@pytest.mark.skipif(HAS_TORCH, reason="it is installed")
def test_without_the_extra_the_command_that_installs_it_is_named() -> None:
    with pytest.raises(RerankerMissing) as caught:
        make_reranker("st:some/model")
    assert caught.value.fields["reason"] == "not_installed"
    assert caught.value.fields["command"] == "make torch"


def test_no_name_is_no_reranker_and_a_wrong_one_is_reported() -> None:
    assert make_reranker("") is None
    for name in ("builtin", "st:", "x"):
        with pytest.raises(RerankerMissing) as caught:
            make_reranker(name)
        assert caught.value.fields == {"name": name, "reason": "unknown"}
