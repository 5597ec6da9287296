"""Traces tell steps, times and counts of an answer, and not a word of anybody."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from knowledge.model import Audience, DocumentMeta, PassageDraft
from knowledge.tracing import NO_TRACER, Step, told
from knowledge.tracing_otel import OtelTracer
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fluency import fluency, fluent_answerer
from tests.fakes.libraries import open_library
from tests.fakes.openai.minds import honest
from tests.fakes.openai.scripted import refuses
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUESTION = "Bồ câu Quỳnhhoa đậu ở mái đình nào vậy anh chị?"
TEXT = "Bồ câu đậu ở mái đình làng Vĩnhtuyền và không ai được bắn bồ câu ở đó."


class Code(StrEnum):
    LONG = "x" * 60
    WORDS = "hỏi gì đó"
    FINE = "written"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    yield exporter
    exporter.shutdown()


def names(exporter: InMemorySpanExporter) -> list[str]:
    return [span.name for span in exporter.get_finished_spans()]


def all_told(exporter: InMemorySpanExporter) -> str:
    """Everything that leaves with the spans."""
    return "\n".join(span.to_json() for span in exporter.get_finished_spans())


def test_an_answer_is_told_in_steps_without_a_word_of_it(spans: InMemorySpanExporter, tmp_path: Path):
    tracer = OtelTracer(spans, in_batches=False)
    draft = document(
        "doc/bo-cau.txt", PassageDraft(anchor="1", heading="Bồ câu", text=TEXT), title="Bồ câu làng"
    )
    with (
        ScriptedModel(default=honest) as server,
        open_library(tmp_path, HashingEmbedder()) as library,
        fluency(server.url, tmp_path, tracer=tracer) as made,
    ):
        library.publish(draft)
        library.finish()
        answerer = fluent_answerer(library, made, tracer=tracer)
        answer = answerer.answer(QUESTION, Audience.PUBLIC)
        assert answer.kind == "model", answer.model
        assert names(spans) == [Step.RETRIEVE, Step.GATE, Step.MODEL, Step.CHECKS, Step.ANSWER]
        server.default = refuses(500)
        answerer.answer(QUESTION, Audience.PUBLIC)
        answerer.answer("Cứu với, Quỳnhhoa đang bị đánh", Audience.PUBLIC)
    outer = [span for span in spans.get_finished_spans() if span.name == Step.ANSWER]
    assert [span.attributes["binhan.status"] for span in outer] == ["answered"] * 2  # of danger, none
    outcomes = [
        span.attributes.get("binhan.outcome")
        for span in spans.get_finished_spans()
        if span.name == Step.MODEL
    ]
    assert outcomes == [None, "broken"]
    told = all_told(spans).lower()
    for word in {*re.findall(r"[^\W\d_]{3,}", f"{QUESTION} {TEXT} {answer.text}".lower()), "bo-cau"}:
        assert word not in told, word
    tracer.close()


def test_an_error_is_told_by_its_type_alone(spans: InMemorySpanExporter):
    tracer = OtelTracer(spans, in_batches=False)
    with pytest.raises(ValueError, match="Quỳnhhoa"), tracer.step(Step.ANSWER):
        raise ValueError(QUESTION)
    (span,) = spans.get_finished_spans()
    assert span.attributes == {"binhan.error": "ValueError"}
    assert not span.events
    assert "Quỳnhhoa" not in all_told(spans)
    tracer.close()


@settings(deadline=None)
@given(st.text())
def test_no_text_is_a_fact(text: str):
    assert told(text) is None  # type: ignore[arg-type]  # whoever passes one in all the same


def test_facts_are_numbers_and_short_codes():
    assert [told(fact) for fact in (3, 0.5, True, Code.FINE)] == [3, 0.5, True, "written"]
    assert [told(fact) for fact in (Code.LONG, Code.WORDS, DocumentMeta(key="a", title="b"))] == [None] * 3  # type: ignore[arg-type]


def test_without_a_collector_nothing_is_timed():
    with NO_TRACER.step(Step.ANSWER) as span:
        span.note(count=1)
    NO_TRACER.close()
