"""A real writer over real HTTP to a scripted model, on a real library with an embedder that costs nothing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from knowledge.answering import Answerer
from knowledge.fluent.breaker import Breaker
from knowledge.fluent.fluency import Fluency
from knowledge.fluent.guarding import Guarded
from knowledge.fluent.langchain_chat import EndpointChat
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.fluent.spending import Spending
from knowledge.fluent.writer import FluentWriter
from knowledge.model import Audience
from knowledge.search import Searcher
from knowledge.tracing import NO_TRACER
from tests.fakes.gates import OPEN_GATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.fluent.remembering import Remembered
    from knowledge.gate import Gate
    from knowledge.library import Library
    from knowledge.tracing import Tracer

TODAY = date(2026, 11, 22)
REMOTE = Leaving(asks=Asks.STRICT, shows=Audience.PUBLIC)
LOCAL = Leaving(asks=Asks.REDACTED, shows=Audience.OFFICER)


@contextmanager
def fluency(  # noqa: PLR0913 - every limit by its name
    url: str,
    folder: Path,
    *,
    leaving: Leaving = REMOTE,
    budget_s: float = 60.0,
    at_once: int = 4,
    breaker: Breaker | None = None,
    tracer: Tracer = NO_TRACER,
    remembered: Remembered | None = None,
) -> Iterator[Fluency]:
    """The fluency of an endpoint at *url*, its budget counted in *folder*."""
    chat = EndpointChat(base_url=url, model="fake-model")
    spending = Spending(folder / "spending.json", calls=0, tokens=0)
    model = Guarded(chat, at_once=at_once, breaker=breaker or Breaker(failures=1_000), spending=spending)
    writer = FluentWriter(model, leaving, tracer=tracer, remembered=remembered)
    made = Fluency(model=model, leaving=leaving, writer=writer, budget_s=budget_s)
    try:
        yield made
    finally:
        made.close()


def fluent_answerer(
    library: Library, made: Fluency | None, *, gate: Gate = OPEN_GATE, tracer: Tracer = NO_TRACER
) -> Answerer:
    """An answerer over *library* on the tests' day."""
    return Answerer(library, Searcher(library, today=lambda: TODAY), gate, made, tracer)
