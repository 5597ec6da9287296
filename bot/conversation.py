"""
A conversation as every channel knows it: what comes in, what goes out.

What comes in is stripped to `Incoming` at the channel's edge; no type here can hold a user, a chat, a
network address or a device. What goes out names texts of `prompts/` by key; the channel renders it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prompts.catalog import Language
    from tips.model import RawFile

Wants = Literal["nothing", "text", "choice", "file", "place"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Incoming:
    """
    One message of somebody, or one pressed choice.

    `too_large` counts files that the channel refused by their size before reading them. `replaces` is what
    an edited message said before. All empty means a message with nothing we read: a sticker.
    """

    text: str = ""
    replaces: str = ""
    choice: str = ""
    files: tuple[RawFile, ...] = ()
    pin: tuple[float, float] | None = None  # latitude, longitude
    too_large: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the catalogue with what fills it; may fill another."""

    key: str
    fields: Mapping[str, Filling] = field(default_factory=dict, repr=False)  # people's words


Filling = str | int | Said | tuple[str | Said, ...]  # a tuple is rendered as lines


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `id` comes back in `Incoming.choice`; it holds no words of anybody."""

    id: str
    label: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to show. A protected one should not be forwarded or kept, where a channel can help it."""

    key: str
    fields: Mapping[str, Filling] = field(default_factory=dict, repr=False)  # people's words
    choices: tuple[Choice, ...] = ()
    wants: Wants = "nothing"
    is_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """
    What one turn says, in order; only the last message asks for something.

    `deletes_conversation`: the channel deletes what both sides wrote, as far as it can. `is_over`: the
    conversation has ended and nothing of it is held any more. `received` is the id of the tip that this turn
    stored. `notice_for` is the id of the tip whose sender asked to be told of a reply, here and once.
    """

    messages: tuple[Message, ...]
    received: str = field(default="", repr=False)
    notice_for: str = field(default="", repr=False)
    deletes_conversation: bool = False
    is_over: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Every choice offered."""
        return tuple(choice for message in self.messages for choice in message.choices)


def rendered(said: Said | Message, language: Language) -> str:
    """The words of *said*. What people wrote fills a text and is never read as one."""
    return say(said.key, language, **{name: _filled(value, language) for name, value in said.fields.items()})


def _filled(value: Filling, language: Language) -> str:
    if isinstance(value, Said):
        return rendered(value, language)
    if isinstance(value, tuple):
        return "\n".join(_filled(line, language) for line in value)
    return str(value)
