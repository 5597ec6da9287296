"""The sentence-transformers adapter on a real model through the real library."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.huggingface import HuggingFaceEmbedder
from knowledge.embedding.inputs import NO_PREFIXES
from knowledge.errors import EmbedderMissing

SENTENCES = [
    "Hàng xóm đánh nhau thì gọi ai hòa giải?",
    "hang xom danh nhau thi goi ai hoa giai",
    "Người chấp hành xong án phạt tù được vay vốn tại Ngân hàng Chính sách xã hội.",
    "Điều 16. Căn cứ tiến hành hòa giải\n1. Một bên hoặc các bên yêu cầu hòa giải.",
    "Trẻ em bị xâm hại: gọi 111, miễn phí, 24/7.",
    "Who can ask for mediation?",
]

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None or importlib.util.find_spec("langchain_huggingface") is None,
    reason="the sentence-transformers extra is not installed (make torch)",
)
# Vendors' own deprecations are theirs to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module")
def e5_folder():
    from tests.fakes.e5_folder import build_e5_folder

    with tempfile.TemporaryDirectory(prefix="binhan-e5-") as folder:
        yield build_e5_folder(Path(folder) / "multilingual-e5-small")


@pytest.fixture(scope="module")
def embedder(e5_folder):
    return HuggingFaceEmbedder(str(e5_folder))


def cosines(left: list[list[float]], right: list[list[float]]) -> np.ndarray:
    return (np.asarray(left) * np.asarray(right)).sum(axis=1)


@needs_torch
def test_full_precision_library_agrees_with_the_built_in_engine(embedder):
    """Same weights, two engines: an index could be searched with either, and prefixes are right."""
    builtin = BuiltinEmbedder()
    assert embedder.dimension == builtin.dimension
    passages = cosines(embedder.embed_documents(SENTENCES), builtin.embed_documents(SENTENCES))
    questions = cosines(embedder.embed_queries(SENTENCES), builtin.embed_queries(SENTENCES))
    assert passages.min() >= 0.999
    assert questions.min() >= 0.999


@needs_torch
def test_vectors_have_length_one_and_come_in_order(embedder):
    together = np.asarray(embedder.embed_documents(SENTENCES))
    alone = np.asarray([embedder.embed_documents([sentence])[0] for sentence in SENTENCES])
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert cosines(together, alone).min() >= 0.9999
    assert embedder.embed_documents([]) == []


@needs_torch
def test_decomposed_text_lands_where_composed_text_does(embedder):
    composed = embedder.embed_query(SENTENCES[0])
    decomposed = embedder.embed_query(unicodedata.normalize("NFD", SENTENCES[0]))
    assert cosines([composed], [decomposed])[0] == pytest.approx(1.0, abs=1e-5)


@needs_torch
def test_text_that_no_encoding_allows_is_embedded_all_the_same(embedder):
    assert len(embedder.embed_query("hòa giải \ud83d \x00 ở xã " * 400)) == embedder.dimension


@needs_torch
def test_identity_follows_weights_and_prefixes(embedder, e5_folder, tmp_path):
    """An index refuses vectors that another model, or the same one prefixed otherwise, made."""
    assert embedder.name.startswith("st:multilingual-e5-small@")
    assert HuggingFaceEmbedder(f"{e5_folder}/").name == embedder.name
    assert HuggingFaceEmbedder(str(e5_folder), prefixes=NO_PREFIXES).name != embedder.name
    tuned = shutil.copytree(e5_folder, tmp_path / "multilingual-e5-small")
    weights = next(tuned.rglob("*.safetensors"))
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        file.write(b"\x00" * 64)
    assert HuggingFaceEmbedder(str(tuned)).name != embedder.name
    shutil.rmtree(tuned)


@needs_torch
@pytest.mark.parametrize("name", ["no-such/model", "../nowhere", "a b c", "tests"])
def test_model_that_is_not_here_is_reported_and_not_fetched(name):
    with pytest.raises(EmbedderMissing) as caught:
        HuggingFaceEmbedder(name)
    assert caught.value.fields == {"name": name, "reason": "not_found"}


@needs_torch
def test_broken_folder_is_reported(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(EmbedderMissing) as caught:
        HuggingFaceEmbedder(str(tmp_path))
    assert caught.value.fields["reason"] == "unreadable"


@pytest.mark.skipif(importlib.util.find_spec("langchain_huggingface") is not None, reason="it is installed")
def test_without_the_extra_the_command_that_installs_it_is_named():
    with pytest.raises(EmbedderMissing) as caught:
        HuggingFaceEmbedder("intfloat/multilingual-e5-small")
    assert caught.value.fields["reason"] == "not_installed"
    assert caught.value.fields["command"] == "make torch"
