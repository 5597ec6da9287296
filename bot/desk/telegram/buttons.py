"""
The buttons of a card.

What a press carries is an action's code and nothing else: which tip it is about follows from the message it
stands on, so that no made-up press can name another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from bot.telegram.model import Button

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.desk.telegram.wording import Wording

MORE, LESS, WHO_AM_I = "c:more", "c:less", "c:me"
_PREFIX: Final = "c:"

# Row by row. Original files and archives leave the desk in the browser only: Telegram keeps what it carries.
_FIRST: Final[Mapping[Action, int]] = {
    Action.OPEN: 1,
    Action.CLAIM: 1,
    Action.ASK: 2,
    Action.REPLY: 2,
    Action.NOTE: 2,
    Action.TRANSFER: 3,
    Action.CLOSE: 3,
    Action.REOPEN: 3,
}
_SECOND: Final[Mapping[Action, int]] = {
    Action.MOVE: 4,
    Action.ASSIGN: 4,
    Action.MARK: 5,
    Action.LABEL: 5,
    Action.HOLD: 5,
    Action.RELEASE: 5,
    Action.MERGE: 6,
    Action.REQUEST_ORIGINAL: 6,
    Action.RECUSE: 6,
    Action.MUTE: 8,
}
ON_CARDS: Final = frozenset((*_FIRST, *_SECOND))
_LAST_ROW: Final = 9


def card_buttons(
    actions: Collection[Action], wording: Wording, *, is_unfolded: bool = False
) -> tuple[Button, ...]:
    """
    What can be pressed on a card.

    Args:
        actions: What the state of the tip lets some officer do.
        wording: The group's language.
        is_unfolded: All of them, or the first few and a button for the rest.
    """
    shown = {**_FIRST, **_SECOND} if is_unfolded else _FIRST
    buttons = [
        Button(label=wording.say(f"button_{action}"), pressed=f"{_PREFIX}{action}", row=row)
        for action, row in shown.items()
        if action in actions
    ]
    if any(action in actions for action in _SECOND):
        folded = Button(label=wording.say("button_less"), pressed=LESS, row=_LAST_ROW)
        unfold = Button(label=wording.say("button_more"), pressed=MORE, row=_LAST_ROW)
        buttons.append(folded if is_unfolded else unfold)
    return tuple(buttons)


def action_of(pressed: str) -> Action | None:
    """The action that a card's button carries; None for anything else that anybody may have sent."""
    code = pressed.removeprefix(_PREFIX)
    if not pressed.startswith(_PREFIX) or code not in set(Action):
        return None
    action = Action(code)
    return action if action in ON_CARDS else None
