"""What stands before a text, and in which spelling it reaches a model."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedding.inputs import E5_PREFIXES, NO_PREFIXES, clean, prefixes_for


@pytest.mark.parametrize("name", ["intfloat/multilingual-e5-small", "/models/E5", "e5-base-v2", "my_e5"])
def test_e5_models_get_their_prefixes(name):
    assert prefixes_for(name) == E5_PREFIXES


@pytest.mark.parametrize(
    "name", ["BAAI/bge-m3", "intfloat/multilingual-e5-large-instruct", "some5-model", "keepitreal/phobert"]
)
def test_other_models_get_none(name):
    assert prefixes_for(name) == NO_PREFIXES


@given(st.text())
def test_cleaned_text_is_composed_and_encodable(text):
    cleaned = clean(text + "\ud800\x00")
    cleaned.encode()
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
