"""The gate's arithmetic, and that the shipped one is what its code expects."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.gate import Choices, Model, read_gate, shipped_gate

TOML = """
[guide]
bias = -1.0
section = 2.0
threshold = 0.4
[guide_english]
bias = 0.0
threshold = 0.5
[document]
bias = 0.0
coverage = 1.0
threshold = 0.3
[document_english]
bias = 0.0
threshold = 0.5
[choices]
near = 0.1
behind = 0.2
close = 0.05
article = 0.15
sure = 0.9
"""


def test_a_gate_is_read_as_it_is_written() -> None:
    gate = read_gate(TOML)
    assert gate.guide == Model(bias=-1.0, weights={"section": 2.0}, threshold=0.4)
    assert gate.document.weights == {"coverage": 1.0}
    assert gate.choices == Choices(near=0.1, behind=0.2, close=0.05, article=0.15, sure=0.9)


def test_confidence_is_the_logistic_of_the_weighed_figures() -> None:
    model = read_gate(TOML).guide
    assert model.confidence({"section": 0.5, "other": 9.0}) == pytest.approx(0.5)
    assert model.confidence({"section": 1.5}) == pytest.approx(1 / (1 + math.exp(-2)))


@given(st.floats(-1e6, 1e6))
def test_confidence_is_a_probability_whatever_the_figures(value: float) -> None:
    assert 0 < read_gate(TOML).guide.confidence({"section": value}) < 1


def test_a_figure_that_a_hit_lacks_counts_as_it_usually_is() -> None:
    """Without guides there are no rivals: that is no reason to answer, nor to refuse."""
    gate = read_gate(TOML.replace("[document_english]", "[document.usual]\nrival = 0.9\n[document_english]"))
    model = Model(bias=0.0, weights={"coverage": 1.0, "rival": -2.0}, threshold=0.3, usual={"rival": 0.9})
    assert gate.document.usual == model.usual
    assert model.confidence({"coverage": 1.8}) == pytest.approx(0.5)
    assert model.confidence({"coverage": 1.8, "rival": 0.5}) > 0.6


def test_the_shipped_gate_weighs_and_judges() -> None:
    gate = shipped_gate()
    for model in (gate.guide, gate.guide_english, gate.document, gate.document_english):
        assert 0 < model.threshold < 1
        assert model.weights
        assert all(map(math.isfinite, (model.bias, *model.weights.values())))
