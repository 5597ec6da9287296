"""Which commands there are, in Vietnamese and English, and what a message's first word asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prompts.catalog import Language

Command = Literal[
    "start", "ask", "report", "follow", "emergency", "privacy", "language", "member", "cancel", "help"
]
_NAMES: Final[dict[Command, dict[str, str]]] = {
    "ask": {"vi": "hoi", "en": "ask"},
    "report": {"vi": "baotin", "en": "report"},
    "follow": {"vi": "theodoi", "en": "follow"},
    "emergency": {"vi": "khancap", "en": "emergency"},
    "privacy": {"vi": "riengtu", "en": "privacy"},
    "language": {"vi": "ngonngu", "en": "language"},
    "member": {"vi": "thanhvien", "en": "member"},
    "cancel": {"vi": "huy", "en": "cancel"},
    "help": {"vi": "trogiup", "en": "help"},
}
_BY_NAME: Final[dict[str, Command]] = {
    "start": "start",
    **{name: command for command, names in _NAMES.items() for name in names.values()},
}
IN_GROUPS: Final[tuple[Command, ...]] = ("ask", "emergency", "help")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """A command and the words behind it."""

    command: Command
    words: str = ""
    is_english: bool = False


def read_command(words: str) -> Asked | None:
    """The command that *words* begin with; None for words without one, or with one we do not know."""
    if not words.startswith("/"):
        return None
    first, _, rest = words[1:].partition(" ") if " " in words else (words[1:], "", "")
    if "\n" in first:
        first, _, more = first.partition("\n")
        rest = f"{more} {rest}"
    name = first.partition("@")[0].lower()
    command = _BY_NAME.get(name)
    if command is None:
        return None
    is_english = command in _NAMES and name == _NAMES[command]["en"]
    return Asked(command=command, words=rest.strip(), is_english=is_english)


def menu(language: Language, *, in_group: bool = False) -> Mapping[str, str]:
    """What the menu of commands offers: name and a few words each."""
    offered = IN_GROUPS if in_group else tuple(_NAMES)
    return {_NAMES[command][language]: text(f"telegram.menu_{command}", language) for command in offered}
