"""
What is told of an answer's making to whoever runs the service: steps, milliseconds, counts, codes.

Never a word of anybody: a fact is a number, a yes or no, or a short code of ours. Off unless an adapter is
passed in (`knowledge.tracing_otel`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

Fact = int | float | bool | StrEnum
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


class Step(StrEnum):
    """The steps of an answer."""

    ANSWER = "answer"
    RETRIEVE = "retrieve"
    GATE = "gate"
    MODEL = "model"
    CHECKS = "checks"


class Span(Protocol):
    """One step under way."""

    def note(self, **facts: Fact) -> None:
        """Remember *facts* of the step."""
        ...


class Tracer(Protocol):
    """Times steps; a step begun inside another belongs to it."""

    def step(self, step: Step, **facts: Fact) -> AbstractContextManager[Span]:
        """Time the block as *step*."""
        ...

    def close(self) -> None:
        """Tell what waits."""
        ...


class _NoSpan:
    def note(self, **facts: Fact) -> None:
        """Forget *facts*."""


class NoTracer:
    """Times nothing."""

    @contextmanager
    def step(self, step: Step, **facts: Fact) -> Iterator[Span]:
        """Run the block."""
        del step, facts
        yield _NO_SPAN

    def close(self) -> None:
        """Tell nothing."""


_NO_SPAN: Final = _NoSpan()
NO_TRACER: Final = NoTracer()


def told(fact: Fact) -> int | float | bool | str | None:
    """*fact* as it may be told; None for what is no number and no code, whoever passed it in."""
    if isinstance(fact, StrEnum):
        return fact.value if CODE.fullmatch(fact.value) else None
    return fact if isinstance(fact, int | float) else None
