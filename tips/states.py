"""
The states of a tip, which may follow which, and what of them the tipster is told.

`new` is the desk's own: the tipster reads `received` from the moment the tip was stored.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tips.model import PublicState


class State(StrEnum):
    """Where the work on a tip stands."""

    NEW = "new"
    RECEIVED = "received"
    VERIFYING = "verifying"
    NEEDS_INFORMATION = "needs_information"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed tip ended."""

    GROUNDED = "grounded"
    NOT_GROUNDED = "not_grounded"
    DUPLICATE = "duplicate"
    NOT_FOR_US = "not_for_us"
    ABUSE = "abuse"


# `transferred` is `new` again at the unit it went to; a closed tip can be taken up once more.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.RECEIVED}),
    State.RECEIVED: frozenset(
        {State.VERIFYING, State.NEEDS_INFORMATION, State.TRANSFERRED, State.CLOSED},
    ),
    State.VERIFYING: frozenset({State.NEEDS_INFORMATION, State.TRANSFERRED, State.CLOSED}),
    State.NEEDS_INFORMATION: frozenset({State.VERIFYING, State.TRANSFERRED, State.CLOSED}),
    State.TRANSFERRED: frozenset({State.RECEIVED}),
    State.CLOSED: frozenset({State.VERIFYING}),
}

_PUBLIC: Mapping[State, PublicState] = {
    State.NEW: "received",
    State.RECEIVED: "received",
    State.VERIFYING: "verifying",
    State.NEEDS_INFORMATION: "needs_information",
    State.TRANSFERRED: "transferred",
    State.CLOSED: "closed",
}


def can_follow(state: State, following: State) -> bool:
    """Whether *following* may come after *state*. A state never follows itself."""
    return following in TRANSITIONS[state]


def public_state(state: State) -> PublicState:
    """What the tipster is told of *state*."""
    return _PUBLIC[state]
