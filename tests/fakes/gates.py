"""Evidence gates without an opinion: one lets everything through, one nothing, one offers all it may."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from knowledge.gate import Choices, Gate, Model

ALL_CHOICES = Choices(near=0.0, behind=inf, close=inf, article=0.0, sure=inf)


def _gate(threshold: float) -> Gate:
    model = Model(bias=0.0, weights={}, threshold=threshold)
    return Gate(guide=model, guide_english=model, document=model, document_english=model)


OPEN_GATE = _gate(0.0)
SHUT_GATE = replace(_gate(2.0), choices=ALL_CHOICES)
OFFERING_GATE = replace(OPEN_GATE, choices=ALL_CHOICES)
