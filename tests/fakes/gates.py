"""Evidence gates without an opinion: one lets everything through, one nothing."""

from __future__ import annotations

from knowledge.gate import Gate, Model


def _gate(threshold: float) -> Gate:
    model = Model(bias=0.0, weights={}, threshold=threshold)
    return Gate(guide=model, guide_english=model, document=model, document_english=model)


OPEN_GATE = _gate(0.0)
SHUT_GATE = _gate(2.0)
