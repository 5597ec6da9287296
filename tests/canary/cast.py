"""The canaries of one run, and the one table of where some of them may be seen."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.canary.judge import Judge, Sighting
from tests.tips.attachments.judge import CANARY as IN_CORPUS_FILES

if TYPE_CHECKING:
    from pathlib import Path

    from tips.receipts import Receipt

_LETTERS = "bcdfghjkmnpqrstvwxz"


class Kind(StrEnum):
    """What a canary is about."""

    IDENTITY = "identity"  # who sends, from where, with what
    PATH = "path"  # where on the sender's own machine a file lies
    CONTENT = "content"  # what the sender tells
    DRAFT = "draft"  # what the sender typed and never sent
    RECEIPT = "receipt"
    KEY = "key"  # what follows from a receipt: the tag that finds the tip, the key that opens replies
    TOLD = "told"  # an officer's words for the tipster
    INSIDE = "inside"  # an officer's words for colleagues
    LABEL = "label"  # an officer's label: shown in the list


class Place(StrEnum):
    """Where something may be seen."""

    FILE = "file"  # data folder, backup, temporary files, homes
    LOG = "log"  # of the service and of every command, at DEBUG
    ANSWER = "answer"  # an HTTP response, if it is none of those below
    OWN_PAGE = "own page"  # a form without JavaScript, in the response to who filled it in
    OWN_TERMINAL = "own terminal"  # what `binhan tip` prints to who types
    DESK = "desk"  # pages and commands of officers, if they are none of those below
    OPENED = "opened"  # a tip that an officer opened


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where a kind of canary may be seen, and why that is no leak."""

    kind: StrEnum  # a `Kind`, or one of another hunt
    place: StrEnum  # likewise a `Place`
    reason: str
    only_own: bool = True  # of the one who is shown it


# All of them. Whatever is seen elsewhere is a leak; identity may be nowhere at all.
EXEMPTIONS = (
    Exemption(Kind.CONTENT, Place.OWN_PAGE, "a refused form shows what was typed, so that it is not lost"),
    Exemption(Kind.DRAFT, Place.OWN_PAGE, "the same, where the sender then gives up"),
    Exemption(Kind.RECEIPT, Place.OWN_PAGE, "the receipt is made for this reader, before and after sending"),
    Exemption(Kind.TOLD, Place.OWN_PAGE, "the officer's answer, opened with the receipt"),
    Exemption(Kind.CONTENT, Place.OWN_TERMINAL, "the summary before sending"),
    Exemption(Kind.DRAFT, Place.OWN_TERMINAL, "the summary before sending"),
    Exemption(Kind.RECEIPT, Place.OWN_TERMINAL, "the receipt is made for this reader"),
    Exemption(Kind.TOLD, Place.OWN_TERMINAL, "the officer's answer, opened with the receipt"),
    Exemption(Kind.PATH, Place.OWN_TERMINAL, "a path that leads to no file is repeated to who typed it"),
    Exemption(Kind.CONTENT, Place.OPENED, "an officer of the unit it was sealed to reads it", only_own=False),
    Exemption(Kind.TOLD, Place.OPENED, "what was said to the tipster stands in the thread", only_own=False),
    Exemption(Kind.INSIDE, Place.OPENED, "notes and reasons are for the colleagues", only_own=False),
    Exemption(Kind.LABEL, Place.OPENED, "labels are for the colleagues", only_own=False),
    Exemption(Kind.LABEL, Place.DESK, "labels stand in the list, to filter by", only_own=False),
)


@dataclass(frozen=True, slots=True)
class Canary:
    """Something that is nowhere else in the world. `owner` is the sender it belongs to."""

    name: str
    value: str | bytes
    kind: StrEnum
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that left the program. `to` is the sender who was shown it."""

    content: bytes
    where: str
    place: StrEnum
    to: str = ""


@dataclass
class Cast:
    """All canaries of one run and everything that was shown."""

    canaries: dict[str, Canary] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)  # what an exemption let pass: the drive did reach there
    exemptions: tuple[Exemption, ...] = EXEMPTIONS

    def __post_init__(self) -> None:
        self._allowed = {(item.kind, item.place): item.only_own for item in self.exemptions}
        self.add("planted in the corpus of files", IN_CORPUS_FILES, Kind.IDENTITY)

    def add(self, name: str, value: str | bytes, kind: StrEnum, owner: str = "") -> str | bytes:
        """Take part from now on."""
        name = f"{owner} {name}".strip()
        assert name not in self.canaries, name
        self.canaries[name] = Canary(name, value, kind, owner)
        return value

    def word(self, name: str, kind: StrEnum = Kind.IDENTITY, owner: str = "") -> str:
        """A new word of ASCII letters, for headers and names."""
        word = "q" + "".join(secrets.choice(_LETTERS) for _ in range(13))
        self.add(name, word, kind, owner)
        return word

    def phrase(self, name: str, kind: StrEnum = Kind.CONTENT, owner: str = "") -> str:
        """A new word with Vietnamese letters: each way of writing it is another row of bytes."""
        tail = "".join(secrets.choice(_LETTERS) for _ in range(10))
        phrase = f"Hoẵngđườ{tail}ệ"
        self.add(name, phrase, kind, owner)
        return phrase

    def receipt(self, receipt: Receipt, owner: str) -> Receipt:
        """A sender's receipt in every way it is written, and all that follows from it."""
        name = f"receipt {sum(one.kind is Kind.RECEIPT for one in self.canaries.values())}"
        keys = receipt.keys()
        self.add(f"{name} with dashes", receipt.text, Kind.RECEIPT, owner)
        self.add(f"{name} canonical", receipt.canonical, Kind.RECEIPT, owner)
        self.add(f"{name} tag", keys.tag, Kind.KEY, owner)
        self.add(f"{name} reply key", keys.reply_private, Kind.KEY, owner)
        return receipt

    def show(self, content: bytes | str, where: str, place: StrEnum, to: str = "") -> None:
        """Note what left the program."""
        raw = content if isinstance(content, bytes) else content.encode()
        self.shown.append(Shown(raw, where, place, to))

    def judge(self) -> Judge:
        """A judge that knows all canaries."""
        return Judge({name: canary.value for name, canary in self.canaries.items()})

    def leaks(self, folders: dict[str, Path], logs: Path) -> list[str]:
        """Every canary that stands where it must not: below *folders* and *logs*, and in what was shown."""
        judge = self.judge()
        found = [
            Sighting(item.canary, item.way, f"{name}: {item.where}")
            for name, folder in folders.items()
            for item in judge.seen_below(folder)
            if not self._may(item.canary, Place.FILE)
        ]
        found += [item for item in judge.seen_below(logs) if not self._may(item.canary, Place.LOG)]
        for shown in self.shown:
            where = f"{shown.place}: {shown.where}"
            seen = judge.seen_in(shown.content, where)
            found += [item for item in seen if not self._may(item.canary, shown.place, shown.to)]
        return sorted({str(item) for item in found})

    def _may(self, name: str, place: StrEnum, to: str = "") -> bool:
        canary = self.canaries[name]
        only_own = self._allowed.get((canary.kind, place))
        may = only_own is not None and (not only_own or canary.owner == to)
        if may:
            self.marked.add(f"{canary.kind} in {place}")
        return may
