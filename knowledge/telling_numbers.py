"""Words what a question about a number came to: the exact passage, or what is not there and what is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Status
from knowledge.by_number import entry_standing
from knowledge.model import DocumentKind
from knowledge.standing import told
from prompts.catalog import text as say

if TYPE_CHECKING:
    from datetime import date

    from knowledge.by_number import Exact
    from knowledge.composing import Composer
    from knowledge.numbers import NumbersAsked
    from prompts.catalog import Language


def told_exactly(exact: Exact, composer: Composer, today: date, language: Language) -> Answer:
    """The answer to a question about a number; a refusal where nothing that may be seen holds it."""
    about = _of_the_register(exact, today, language)
    if exact.passage is None:
        if exact.missing == "law" and not exact.asked.law_words:
            which = say("ask.which_law", language, asked=_place(exact.asked, language))
            return Answer(status=Status.REFUSED, text=which[0].upper() + which[1:])
        near = say("ask.refusal_near", language) if exact.near else ""
        parts = (_not_here(exact, language), about, say("ask.refusal", language), near)
        text = "\n\n".join(part for part in parts if part)
        notes = (about,) if about else ()
        return Answer(status=Status.REFUSED, text=text, suggestions=exact.near, notes=notes)
    itself = exact.asked.bare and not exact.asked.article
    answer = composer.of_passage(exact.passage, exact.quoted, language, exact.standing, asked_about=itself)
    before = [about] if about and exact.passage.meta.kind is DocumentKind.GUIDE else []
    after = [say("ask.number_also_missing", language, asked=number) for number in exact.also_missing]
    if not before and not after:
        return answer
    return replace(
        answer, text="\n\n".join((*before, answer.text, *after)), notes=(*answer.notes, *before, *after)
    )


def _of_the_register(exact: Exact, today: date, language: Language) -> str:
    """What the register knows of a text that is not held itself."""
    standing = entry_standing(exact, today)
    if exact.entry is None or standing is None:
        return ""
    fields = {"number": exact.entry.number, "title": exact.entry.title}
    not_held = "" if exact.held else say("ask.not_held", language, **fields)
    return " ".join(part for part in (not_held, told(standing, language)) if part)


def _not_here(exact: Exact, language: Language) -> str:
    asked = exact.asked
    if exact.missing == "figure":
        return say("ask.no_figure", language)
    if exact.missing == "phone":
        return say("ask.no_phone", language, asked=", ".join(asked.phones))
    if exact.missing == "text" and exact.entry is not None:
        return ""
    if exact.missing == "article" and exact.law:
        return say("ask.no_article", language, law=exact.law, asked=_place(asked, language))
    return say("ask.no_number", language, asked=_wanted(asked, language))


def _wanted(asked: NumbersAsked, language: Language) -> str:
    if asked.laws:
        return say("ask.asked_number", language, number=_bare(asked.laws[0]))
    return _place(asked, language) if not asked.law_words else say("ask.asked_law", language)


def _bare(law: str) -> str:
    """The number alone, as typed: `nghi dinh 999/2030` → `999/2030`."""
    return law[next(at for at, char in enumerate(law) if char.isdigit()) :].upper()


def _place(asked: NumbersAsked, language: Language) -> str:
    part = "point" if asked.point else "clause" if asked.clause else "article"
    return say(f"ask.asked_{part}", language, article=asked.article, clause=asked.clause, point=asked.point)
