"""Stands before a model: how many may ask at once, how much a day, and not at all while it is failing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from knowledge.fluent.model import ModelFailed, Reason

if TYPE_CHECKING:
    from knowledge.fluent.breaker import Breaker
    from knowledge.fluent.model import ChatModel, Deadline, Prompt, Reply
    from knowledge.fluent.spending import Spending

TOO_LITTLE_S: Final = 0.2  # in which no model writes anything


class Guarded:
    """
    A `ChatModel` that refuses at once where asking would not help.

    Nobody waits in line for a model: who finds no room gets the answer without it, which is there already.
    """

    def __init__(self, model: ChatModel, *, at_once: int, breaker: Breaker, spending: Spending) -> None:
        self.name = model.name
        self._model = model
        self._room = threading.BoundedSemaphore(at_once)
        self._breaker = breaker
        self._spending = spending

    def complete(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """The model's text for *prompt*; see `ChatModel`."""
        if deadline.left_s < TOO_LITTLE_S:  # a call cut short would say nothing of the endpoint's health
            raise ModelFailed(Reason.LATE)
        if not self._room.acquire(blocking=False):
            raise ModelFailed(Reason.CROWDED)
        try:
            if not self._breaker.allows():
                raise ModelFailed(Reason.RESTING)
            return self._counted(prompt, deadline)
        finally:
            self._room.release()

    def close(self) -> None:
        """Close the model."""
        self._model.close()

    def _counted(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """One call, told to the breaker however it ends: a trial that is not reported would rest for ever."""
        try:
            reply = self._paid(prompt, deadline)
        except ModelFailed as failed:
            self._breaker.failed(failed)
            raise
        except BaseException:
            self._breaker.failed(ModelFailed(Reason.BROKEN))
            raise
        self._breaker.worked()
        self._spending.add(reply.tokens_in + reply.tokens_out)
        return reply

    def _paid(self, prompt: Prompt, deadline: Deadline) -> Reply:
        if not self._spending.take():
            raise ModelFailed(Reason.SPENT)
        return self._model.complete(prompt, deadline)
