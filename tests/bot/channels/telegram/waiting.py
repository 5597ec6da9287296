"""Waiting for what the channel does in its own thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.telegram.records import Message

PATIENCE_S = 15.0


def until(condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until *condition* holds."""
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def offering(label: str) -> Callable[[Message], bool]:
    """A message that has a button called *label*."""
    return lambda message: label in message.labels
