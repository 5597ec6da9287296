"""The steps of answers as OpenTelemetry spans: an adapter, with a provider of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Status, StatusCode

from knowledge.tracing import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span as OtelSpan

    from knowledge.tracing import Fact, Span, Step

_SERVICE: Final = "binhan"
_FLUSH_MS: Final = 3_000


class _Told:
    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def note(self, **facts: Fact) -> None:
        """Put *facts* on the span, as far as they may be told."""
        for name, fact in facts.items():
            value = told(fact)
            if value is not None:
                self._span.set_attribute(f"binhan.{name}", value)


class OtelTracer:
    """
    Sends spans to *exporter*.

    Not the global provider: what other libraries would trace, requests with their addresses and bodies, is
    not ours to send.
    """

    def __init__(self, exporter: SpanExporter, *, in_batches: bool = True) -> None:
        # Not `Resource.create`, which adds what the environment and the machine say of themselves.
        self._provider = TracerProvider(resource=Resource({"service.name": _SERVICE}), shutdown_on_exit=False)
        processor = BatchSpanProcessor if in_batches else SimpleSpanProcessor
        self._provider.add_span_processor(processor(exporter))
        self._tracer = self._provider.get_tracer(_SERVICE)

    @contextmanager
    def step(self, step: Step, **facts: Fact) -> Iterator[Span]:
        """Time the block as *step*."""
        # An exception's message may quote a question: only its type is told.
        with self._tracer.start_as_current_span(
            step.value, record_exception=False, set_status_on_exception=False
        ) as span:
            shown = _Told(span)
            shown.note(**facts)
            try:
                yield shown
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR))
                span.set_attribute("binhan.error", type(error).__name__)
                raise

    def close(self) -> None:
        """Send what waits, and stop."""
        self._provider.force_flush(_FLUSH_MS)
        self._provider.shutdown()


def otlp_tracer(url: str) -> OtelTracer:
    """A tracer that sends to the collector at *url* by OTLP over gRPC, such as `http://127.0.0.1:4317`."""
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OtelTracer(OTLPSpanExporter(endpoint=url, timeout=2))
