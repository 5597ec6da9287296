"""
The conversations of tips in a terminal: translates, nothing else.

Choices become numbers: `2` where a choice is asked, `/2` where words are asked too, so that an answer may
be a number. `/tep FILE` sends a file. Nothing typed is written anywhere.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation import Incoming, Outgoing, rendered
from prompts.catalog import text as say
from tips.model import FILE_BYTES_LIMIT, RawFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from bot.conversation import Choice
    from bot.flows.tip_talk import Kind, TipTalk
    from prompts.catalog import Language

HANDLE = "terminal"  # one person, one conversation
WORDS = {
    "/lui": "back",
    "/back": "back",
    "/boqua": "skip",
    "/skip": "skip",
    "/sua": "edit",
    "/edit": "edit",
    "/huy": "cancel",
    "/cancel": "cancel",
}
_FILE = ("/tep ", "/file ")
_PIN = ("/vitri ", "/pin ")


class TerminalTip:
    """One conversation, from the first question to its end. *read* gives a line, EOFError at the end."""

    def __init__(
        self, talk: TipTalk, console: Console, language: Language, read: Callable[[], str] = input
    ) -> None:
        self._talk = talk
        self._console = console
        self._language = language
        self._read = read

    def run(self, kind: Kind) -> None:
        """Talk until the conversation is over, or the one who types leaves."""
        with asyncio.Runner() as loop:
            self._print(say("tip.terminal_hint", self._language), "dim")
            shown = loop.run(self._talk.begin(HANDLE, kind, self._language))
            self._show(shown)
            while not shown.is_over:
                try:
                    incoming = self._heard(shown)
                except (EOFError, KeyboardInterrupt):
                    self._print(say("tip.terminal_left", self._language))
                    return
                if incoming is None:
                    continue
                shown = loop.run(self._talk.hear(HANDLE, incoming, self._language))
                self._show(shown)

    def _heard(self, shown: Outgoing) -> Incoming | None:
        line = self._line()
        if line.startswith(_FILE):
            return self._file(line.split(" ", 1)[1].strip())
        if line.startswith(_PIN):
            return pin_of(line.split(" ", 1)[1])
        if line.lower() in WORDS:
            return Incoming(choice=WORDS[line.lower()])
        choice = picked(line, shown)
        return Incoming(choice=choice) if choice else Incoming(text=line)

    def _line(self) -> str:
        """One message; a backslash at the end of a line lets it go on."""
        lines = [self._read()]
        while lines[-1].endswith("\\"):
            lines[-1] = lines[-1][:-1]
            lines.append(self._read())
        return "\n".join(lines).encode("utf-8", "ignore").decode("utf-8").strip()

    def _file(self, name: str) -> Incoming | None:
        incoming = file_of(Path(name).expanduser())
        if incoming is None:
            self._print(say("cli.file_not_found", self._language, file=name), "red")
        return incoming

    def _show(self, shown: Outgoing) -> None:
        if shown.deletes_conversation:
            self._console.clear()
        for message in shown.messages:
            self._print(rendered(message, self._language), "bold" if message.wants == "nothing" else "")
        prefix = "" if _asks_choice(shown) else "/"
        for number, choice in enumerate(_numbered(shown), start=1):
            self._print(f"  {prefix}{number}  {rendered(choice.label, self._language)}", "cyan")

    def _print(self, words: str, style: str = "") -> None:
        self._console.print(words, style=style or None, markup=False, highlight=False)


def picked(line: str, shown: Outgoing) -> str:
    """The id of the choice that *line* means after *shown*; "" if it means none."""
    digits = line.removeprefix("/")
    if not (digits.isascii() and digits.isdigit()) or not (line.startswith("/") or _asks_choice(shown)):
        return ""
    numbered = _numbered(shown)
    number = int(digits[:4])
    return numbered[number - 1].id if 1 <= number <= len(numbered) else ""


def file_of(path: Path) -> Incoming | None:
    """The file at *path*, read only if it is not too large; None if there is none."""
    try:
        if path.stat().st_size > FILE_BYTES_LIMIT:
            return Incoming(too_large=1)
        return Incoming(files=(RawFile(content=path.read_bytes()),))
    except (OSError, ValueError):
        return None


def pin_of(words: str) -> Incoming:
    """Latitude and longitude in degrees; as words where they are none."""
    try:
        latitude, longitude = (float(part) for part in words.replace(",", " ").split())
    except ValueError:
        return Incoming(text=words)
    return Incoming(pin=(latitude, longitude))


def _asks_choice(shown: Outgoing) -> bool:
    return shown.messages[-1].wants == "choice"


def _numbered(shown: Outgoing) -> tuple[Choice, ...]:
    return shown.choices
