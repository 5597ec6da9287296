"""Looks a plain form over before it becomes a tip: is it whole, where is it, does it name its sender."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.channels.web.tip_form import NO_AREA
from tips.errors import TipError
from tips.naming import names_sender
from tips.places import find_places, parse_pin
from tips.receipts import find_receipt
from tips.routing import route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.channels.web.tip_form import Entry
    from bot.channels.web.tip_words import TipWords
    from tips.places import Place
    from tips.receipts import Receipt
    from tips.units import UnitBook

_SURE: Final = 0.55  # score of a commune that is taken without asking back
_APART: Final = 0.1  # by which it must be ahead of the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`entry` as it goes on; `problem` says what to look at again, with `places` to choose from."""

    entry: Entry
    problem: str = ""
    places: Sequence[Place] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Looks a plain form over."""

    words: TipWords
    book: UnitBook

    def check(self, entry: Entry, receipt: Receipt, confirmation: str, *, has_files: bool) -> Finding:
        """The first thing that is to be looked at again, if there is one."""
        if not (entry.is_told or has_files):
            return Finding(entry=entry, problem=self.words.say("js_story_missing"))
        entry, places = self._placed(entry)
        if places:
            return Finding(entry=entry, problem=self.words.say("area_ask"), places=places)
        if warning := self._warning(entry):
            confirmed = replace(entry, confirmed="yes")
            return Finding(entry=confirmed, problem=f"{warning} {self.words.say('warned_sends')}")
        if not receipt.is_confirmed_by(confirmation):
            return Finding(entry=entry, problem=self.words.say("js_check_wrong"))
        return Finding(entry=entry)

    def _placed(self, entry: Entry) -> tuple[Entry, Sequence[Place]]:
        """*entry* with its commune, or the communes to choose from where the choice decides who is told."""
        if entry.area or not entry.place or parse_pin(entry.place):
            return entry, ()
        places = find_places(entry.place, self._served())
        if not places:
            return entry, ()
        first, *others = places
        if first.score >= _SURE and all(first.score - other.score >= _APART for other in others):
            return replace(entry, area=first.code), ()
        if len({self._holder(entry, code) for code in ("", *(place.code for place in places))}) == 1:
            return replace(entry, area=NO_AREA), ()
        return entry, places

    def _served(self) -> set[str]:
        return {code for unit in self.book.units for code in unit.areas if code != "*"}

    def _holder(self, entry: Entry, area: str) -> str:
        try:
            return route(self.book, area, entry.kind, entry.concerns).holder
        except TipError:
            return ""

    def _warning(self, entry: Entry) -> str:
        if entry.confirmed == "yes":
            return ""
        written = (entry.story, entry.place, entry.when, entry.concerns_whom, *entry.details.values())
        return " ".join(self.words.say(f"js_names_{code}") for code in _dangers(written))


def _dangers(written: Iterable[str]) -> list[str]:
    """Codes of what in the words may tell who is writing, or give the receipt away."""
    found: dict[str, None] = {}
    for words in written:
        found |= dict.fromkeys(names_sender(words))
        if find_receipt(words):
            found["receipt"] = None
    return list(found)
