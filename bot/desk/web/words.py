"""The desk's words for one officer's language: texts, names of kinds, places, units, days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from prompts.catalog import catalog, text
from tips.kinds import kind_of, question_ids, question_label
from tips.places import place_name
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.desk.web.sitting import Flash
    from prompts.catalog import Language
    from tips.units import UnitBook

_KILOBYTE: Final = 1_000  # bytes
_MEGABYTE: Final = 1_000_000
_QUESTIONS: Final = frozenset(question_ids())


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Says things in `language`; `name` is what the assistant is called, `book` names units and officers."""

    language: Language
    name: str
    book: UnitBook
    today: date  # in Vietnam

    def say(self, key: str, **fields: object) -> str:
        """One of the web desk's own texts."""
        return text(f"deskweb.{key}", self.language, name=self.name, **fields)

    def count(self, key: str, number: int) -> str:
        """A text with a number in it: English has one form for 1 and another for the rest."""
        return self.say(f"{key}_one" if number == 1 else f"{key}_many", count=number)

    def refused(self, reason: str) -> str:
        """Why an action was refused."""
        for key in (f"desk.refused_{reason}", f"tips.{reason}"):
            if key in catalog(self.language):
                return text(key, self.language)
        return self.say("not_now")

    def did(self, action: str) -> str:
        """What was done, for the history and the audit log; the code itself for one without words."""
        key = f"deskweb.did_{action}"
        return text(key, self.language) if key in catalog(self.language) else action

    def public_end(self, outcome: str) -> str:
        """What the tipster is told of a tip closed with *outcome*, in the words of the follow-up."""
        state = text("follow.state_closed", self.language)
        return f"{state[:1].upper()}{state[1:]}. {text(f'follow.outcome_{outcome}', self.language)}"

    def kind(self, kind_id: str) -> str:
        """What a kind is called."""
        kind = kind_of(kind_id)
        return kind.name(self.language) if kind else self.say("no_kind")

    def question(self, question: str) -> str:
        """The short name of a kind's question; the id itself for one that no kind asks any more."""
        return question_label(question, self.language) if question in _QUESTIONS else question

    def area(self, code: str) -> str:
        """The commune or ward of *code*, with its province."""
        return place_name(code) if code else self.say("no_area")

    def unit(self, unit_id: str) -> str:
        """The unit's name; its id where the book has lost it."""
        return self.book.unit(unit_id).name if unit_id in self.book else unit_id

    def officer(self, officer_id: str, unit_id: str = "") -> str:
        """An officer's name, first as *unit_id* knows it: ids are one unit's own; the id of one who left."""
        if not officer_id:
            return self.say("by_itself")
        units = sorted(self.book.units, key=lambda unit: unit.id != unit_id)
        names = (officer.name for unit in units for officer in unit.officers if officer.id == officer_id)
        return next(names, officer_id)

    def day(self, day: date) -> str:
        """A day as it is written in the language."""
        return f"{day.day}/{day.month}/{day.year}" if self.language == "vi" else f"{day.day} {day:%b %Y}"

    def moment(self, moment: datetime) -> str:
        """Day and minute in Vietnam, of what officers did."""
        local = moment.astimezone(VIETNAM)
        return f"{local:%H:%M} {self.day(local.date())}"

    def size(self, count: int) -> str:
        """*count* bytes, roughly."""
        if count < _MEGABYTE:
            return f"{max(1, round(count / _KILOBYTE))} kB"
        return f"{count / _MEGABYTE:.1f} MB".replace(".", "," if self.language == "vi" else ".")

    def flash(self, flash: Flash | None) -> Markup:
        """What became of the last press."""
        if flash is None:
            return Markup()
        return Markup('<div class="flash {}" role="{}" tabindex="-1" id="flash"><b>{}</b>{}</div>').format(
            flash.mood,
            "status" if flash.mood == "done" else "alert",
            self.say(f"flash_{flash.mood}"),
            flash.words,
        )


def vietnam_day(moment: datetime) -> date:
    """The day it is in Vietnam at *moment*."""
    return moment.astimezone(VIETNAM).date()


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """*parts* as one piece of markup."""
    return Markup(between).join(parts)  # noqa: S704  `between` is a literal of ours
