"""The states of a tip and what the tipster is told of them."""

from __future__ import annotations

from typing import get_args

from tips.model import PublicState
from tips.states import TRANSITIONS, State, can_follow, public_state


def test_every_state_says_what_may_follow_and_never_itself() -> None:
    assert set(TRANSITIONS) == set(State)
    assert all(state not in following for state, following in TRANSITIONS.items())


def test_every_state_can_be_reached_from_new_and_every_one_can_be_closed() -> None:
    reached, waiting = {State.NEW}, [State.NEW]
    while waiting:
        for following in TRANSITIONS[waiting.pop()] - reached:
            reached.add(following)
            waiting.append(following)
    assert reached == set(State)
    for state in State:
        ends, seen = [state], {state}
        while ends:
            for following in TRANSITIONS[ends.pop()] - seen:
                seen.add(following)
                ends.append(following)
        assert State.CLOSED in seen


def test_a_tip_nobody_opened_cannot_be_closed_or_given_away() -> None:
    """`received` is said first: nobody judges what nobody read."""
    for state in (State.NEW, State.TRANSFERRED):
        assert TRANSITIONS[state] == {State.RECEIVED}


def test_a_closed_tip_can_only_be_taken_up_again() -> None:
    assert [state for state in State if can_follow(State.CLOSED, state)] == [State.VERIFYING]


def test_the_tipster_never_hears_that_a_tip_lies_unopened() -> None:
    assert public_state(State.NEW) == public_state(State.RECEIVED) == "received"


def test_what_the_tipster_hears_is_always_one_of_the_public_states() -> None:
    assert {public_state(state) for state in State} == set(get_args(PublicState))
