"""What an officer's press or words make the desk do: one call of `Desk` for each action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.desk import Desk
    from bot.desk.views import Seat

NO_LABELS: Final = frozenset(("-", "–", "—"))  # what an officer writes to take all labels away

# Actions that need no more than a press: (desk, seat, tip).
AT_ONCE: Final[Mapping[Action, Callable[[Desk, Seat, str], None]]] = {
    Action.CLAIM: lambda desk, seat, tip: desk.claim(seat, tip),
    Action.MOVE: lambda desk, seat, tip: desk.move(seat, tip, State.VERIFYING),
    Action.REOPEN: lambda desk, seat, tip: desk.move(seat, tip, State.VERIFYING),
    Action.RELEASE: lambda desk, seat, tip: desk.release(seat, tip),
    Action.REQUEST_ORIGINAL: lambda desk, seat, tip: desk.request_original(seat, tip),
}
# Actions at the end of a flow: (desk, seat, tip, what was chosen, what was written).
AFTER_FLOW: Final[Mapping[Action, Callable[[Desk, Seat, str, str, str], None]]] = {
    Action.ASK: lambda desk, seat, tip, _, words: desk.ask(seat, tip, words),
    Action.REPLY: lambda desk, seat, tip, _, words: desk.reply(seat, tip, words),
    Action.NOTE: lambda desk, seat, tip, _, words: desk.note(seat, tip, words),
    Action.LABEL: lambda desk, seat, tip, _, words: desk.label(seat, tip, labels_in(words)),
    Action.HOLD: lambda desk, seat, tip, _, words: desk.hold(seat, tip, words),
    Action.TRANSFER: lambda desk, seat, tip, unit, words: desk.transfer(seat, tip, unit, words),
    Action.CLOSE: lambda desk, seat, tip, outcome, words: desk.close(seat, tip, Outcome(outcome), words),
    Action.MERGE: lambda desk, seat, tip, _, words: desk.merge(seat, tip, desk.find(seat, words)),
    Action.ASSIGN: lambda desk, seat, tip, officer, _: desk.assign(seat, tip, officer),
    Action.MARK: lambda desk, seat, tip, mark, _: desk.mark(seat, tip, mark),
    Action.RECUSE: lambda desk, seat, tip, _, __: desk.recuse(seat, tip),
    Action.MUTE: lambda desk, seat, tip, _, __: desk.mute(seat, tip),
}


def labels_in(words: str) -> list[str]:
    """The labels that somebody wrote, between commas or on lines of their own."""
    return [] if words.strip() in NO_LABELS else words.replace("\n", ",").split(",")
