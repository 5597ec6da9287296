"""How a person sends a tip and looks it up: reacts to what the bot shows, as people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.pace import PICTURES
from prompts.catalog import text
from tests.fakes.telegram.town import Wait, label_of, pause
from tips.receipts import find_receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.fakes.telegram.records import Message
    from tests.fakes.telegram.town import Hand

STEPS_LIMIT = 40  # of one tip; a conversation that goes round in circles ends here


def at_once() -> Wait:
    """No waiting between reading and acting."""
    return pause(0)


@dataclass(slots=True)
class Sending:
    """One tip, as its sender knows it."""

    story: str
    photo: bytes = b""
    leaves: bool = True  # says at the end that the conversation may stay
    receipt: str = ""
    is_begun: bool = False  # for whoever gives turns
    is_sent: bool = False  # Send was pressed
    is_received: bool = False  # "received" was shown
    is_left: bool = False  # the button after it was pressed
    is_old: bool = False  # a button was told to be old: the bot knows nothing of it any more
    challenges: int = 0
    put_off: int = 0  # asked to send it later


class Sender:
    """Sends one tip; *turn* is waited for before every step."""

    def __init__(
        self, hand: Hand, sending: Sending, *, patience_s: float, turn: Callable[[], Wait] = at_once
    ) -> None:
        self.hand, self.sending = hand, sending
        self.patience_s = patience_s
        self._turn = turn

    def send(self) -> Generator[Wait, Any, None]:
        """Tell it and go on until "received" is shown, or until it cannot be gone on with."""
        yield self._turn()
        self._begin()
        for _ in range(STEPS_LIMIT):
            shown = yield self.hand.shown(self.patience_s)
            if shown is None or shown[0] in ("stale", "unsure", "trouble", "slow_down", "muted"):
                self.sending.is_old = True
                return
            meaning, message = shown
            if meaning in ("received", "sent") and self.sending.is_sent:
                self.sending.is_received |= meaning == "received"
                if not self.sending.leaves:
                    return
                yield self._turn()
                self.hand.press(message, label_of("sent"), "leave")
            elif meaning == "goodbye":
                self.sending.is_left = True
                return
            elif meaning == "still_there" and not self.sending.is_sent:
                yield self._turn()
                self.hand.say("/huy", "cancel")
            elif meaning == "cancelled":
                yield self._turn()
                self._begin()
            else:
                yield self._turn()
                yield from self._go_on(meaning, message)

    def _begin(self) -> None:
        if self.sending.photo:
            self.hand.photo(self.sending.photo, self.sending.story, "photo")
        else:
            self.hand.say(f"/baotin {self.sending.story}", "begin")

    def _go_on(self, meaning: str, message: Message) -> Generator[Wait, Any, None]:
        if meaning == "receipt":
            self.sending.receipt = find_receipt(message.text)
            self.hand.say(self.sending.receipt[-5:], "receipt")
        elif meaning in ("ready", "later"):
            if meaning == "later":
                self.sending.put_off += 1
                yield pause(self.patience_s / 4)
            self.sending.is_sent = True
            self.hand.press(message, label_of("ready"), "send")
        elif meaning == "challenge":
            self.sending.challenges += 1
            self.hand.press(message, wanted_of(message), "challenge")
        elif meaning in ("summary", "coaching", "naming", "cancel"):
            self.hand.press(message, label_of(meaning), meaning)


def wanted_of(message: Message) -> str:
    """The picture that a challenge asks for: the one whose name stands in its words."""
    names = {text(f"pace.picture_{name}", "vi"): emoji for name, emoji in PICTURES.items()}
    named = [name for name, emoji in names.items() if emoji in message.labels and name in message.text]
    return names[max(named, key=len)]


def look_up(hand: Hand, receipt: str, *, patience_s: float) -> Generator[Wait, Any, bool | None]:
    """Whether a tip is there, by its receipt; None where nobody could tell."""
    hand.say(f"/theodoi {receipt}", "follow")
    for _ in range(STEPS_LIMIT):
        shown = yield hand.shown(patience_s)
        meaning, message = shown or ("", None)
        if meaning in ("found", "nothing_found"):
            hand.say("/huy", "close")
            while (closing := (yield hand.shown(patience_s))) and closing[0] not in ("closed", "stale"):
                pass
            return meaning == "found"
        if meaning == "still_there":  # a draft that came again: away with it
            hand.say("/huy", "cancel")
        elif meaning == "cancel":
            hand.press(message, label_of("cancel"), "cancel")
        elif meaning in ("cancelled", "", "nothing_to_cancel", "closed"):
            hand.say(f"/theodoi {receipt}", "follow")
    return None
