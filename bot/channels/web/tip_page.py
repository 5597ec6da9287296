"""The pages of a tip as HTML: the form that is also the wizard, what follows the sending, the calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.channels.web.assets import CHAT
from bot.channels.web.tip_form import NO_AREA, Entry
from tips.kinds import GROUPS, group_name, kinds, question_ids, question_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.channels.web.tip_words import TipWords
    from tips.places import Place
    from tips.units import UnitBook

TIP_SCRIPTS: Final = ("tip-seal.js", "tip-rules.js", "tip-files.js", "tip-told.js", "tip.js")
_EMPTY: Final = Entry()
_CHECKED: Final = Markup(" checked")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipPage:
    """Renders the tip page in one language, for the units of *book*."""

    words: TipWords
    book: UnitBook

    def form(
        self, receipt: str, entry: Entry = _EMPTY, *, problem: str = "", places: Sequence[Place] = ()
    ) -> str:
        """The form; with JavaScript the same document becomes a wizard."""
        content = self.words.fill(
            "tip_form.html",
            receipt=receipt,
            confirmed=entry.confirmed,
            urgent_yes=_CHECKED if entry.urgent == "yes" else "",
            urgent_no=_CHECKED if entry.urgent == "no" else "",
            calls=self.words.calls(),
            kinds=self._kinds(entry.kind),
            place=entry.place,
            areas=self._areas(places, entry.area),
            when=entry.when,
            story=entry.story,
            details=self._details(entry),
            keep=_CHECKED if entry.keep else "",
            concerns=self._concerns(entry.concerns),
            concerns_whom=entry.concerns_whom,
            sent=self._sent("", "", ()),
        )
        return self._document(content, problem=problem, scripts=TIP_SCRIPTS)

    def sent(self, reference: str, receipt: str, notes: Iterable[str]) -> str:
        """What follows a sending without JavaScript."""
        return self._document(self._sent(reference, receipt, notes))

    def _document(self, content: Markup, *, problem: str = "", scripts: Sequence[str] = ()) -> str:
        return self.words.document(
            content,
            page="tip",
            path="/bao-tin",
            elsewhere="/theo-doi",
            scripts=scripts,
            problem=problem,
            is_trial=any(unit.is_development for unit in self.book.units),
        )

    def _sent(self, reference: str, receipt: str, notes: Iterable[str]) -> Markup:
        listed = Markup().join(Markup("<p>{}</p>").format(note) for note in notes)
        return self.words.fill("tip_sent.html", reference=reference, receipt=receipt, notes=listed)

    def _kinds(self, chosen: str) -> Markup:
        language = self.words.language
        chip = Markup(
            '<label class="chip"><input type="radio" name="kind" value="{}"{}><span>{}</span></label>'
        )
        parts = []
        for group in GROUPS:
            of_group = [kind for kind in kinds() if kind.group == group]
            chips = Markup().join(
                chip.format(kind.id, _CHECKED if kind.id == chosen else "", kind.name(language))
                for kind in of_group
            )
            parts.append(
                Markup(
                    '<div role="group" aria-labelledby="g-{0}"><p class="label" id="g-{0}">{1}</p>'
                    '<div class="chips">{2}</div></div>'
                ).format(group, group_name(group, language), chips)
            )
        return Markup("\n").join(parts)

    def _areas(self, places: Sequence[Place], chosen: str) -> Markup:
        """Communes to choose from, once words were typed that fit several."""
        if not places:
            return Markup()
        named = [(place.code, f"{place.name}, {place.province}") for place in places]
        chip = Markup(
            '<label class="chip"><input type="radio" name="area" value="{}"{}><span>{}</span></label>'
        )
        listed = Markup().join(
            chip.format(code, _CHECKED if code == chosen else "", name)
            for code, name in (*named, (NO_AREA, self.words.say("area_none")))
        )
        return Markup('<p class="label">{}</p><div class="chips">{}</div>').format(
            self.words.say("area_which"), listed
        )

    def _details(self, entry: Entry) -> Markup:
        field = Markup(
            '<div class="question" data-question="{0}"><label class="field" for="d-{0}">{1}</label>'
            '<input id="d-{0}" name="detail_{0}" maxlength="500" value="{2}" spellcheck="false" dir="auto">'
            "</div>"
        )
        return Markup("\n").join(
            field.format(
                question, question_text(question, self.words.language), entry.details.get(question, "")
            )
            for question in question_ids()
        )

    def _concerns(self, chosen: Sequence[str]) -> Markup:
        tick = Markup(
            '<label class="tick"><input type="checkbox" name="concerns" value="{}"{}><span>{}</span></label>'
        )
        ticks = Markup().join(
            tick.format(unit.id, _CHECKED if unit.id in chosen else "", unit.name) for unit in self.book.units
        )
        return Markup('<div class="ticks" id="units" role="group" aria-label="{}">{}</div>').format(
            self.words.say("concerns_units"), ticks
        )


def calendar_page(words: TipWords, today: date) -> str:
    """The page that *Leave quickly* shows: this month's calendar, without a word of us."""
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup("<td{}>{}</td>").format(
                    Markup(' aria-current="date"') if day == today.day else "", day or ""
                )
                for day in week
            )
        )
        for week in calendar.Calendar().monthdayscalendar(today.year, today.month)
    )
    days = Markup().join(Markup("<th>{}</th>").format(day) for day in words.say("calendar_days").split())
    title = words.say("calendar_title", month=today.month, year=today.year)
    icon, css = CHAT.files["calendar.svg"].path, CHAT.files["tip.css"].path
    return words.fill("calendar.html", title=title, days=days, rows=rows, icon=icon, css=css)
