"""The words and small parts that the pages of questions and answers share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from knowledge.gaps.model import first_day_of
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.desk.web.words import Words

GAPS: Final = "/desk/hoi-dap"
ANSWERS: Final = f"{GAPS}/bai"
ASIDE: Final = f"{GAPS}/de-sau"


def say(words: Words, key: str, **fields: object) -> str:
    """One of the loop's own texts."""
    return text(f"gaps.{key}", words.language, **fields)


def counted(words: Words, key: str, number: int) -> str:
    """A text with a number in it."""
    return say(words, f"{key}_one" if number == 1 else f"{key}_many", count=number)


def week_words(words: Words, week: str) -> str:
    """A week by its number and days."""
    first = first_day_of(week)
    days = {"first": words.day(first), "last": words.day(first + timedelta(days=6))}
    return say(words, "week", number=int(week[6:]), **days)


def mark(label: str) -> Markup:
    """A small label."""
    return Markup('<span class="mark">{}</span>').format(label)


def button_link(path: str, label: str) -> Markup:
    """A link that looks like a button."""
    return Markup('<a class="button" href="{}">{}</a>').format(path, label)


def hint(words: str) -> Markup:
    """A line of soft words."""
    return Markup('<p class="hint">{}</p>').format(words)


def hidden(name: str, value: str) -> Markup:
    """A field that nobody sees."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def line_field(label: str, name: str, value: str, told: str) -> Markup:
    """A field of one line, and a hint."""
    return Markup('<label>{}<input type="text" name="{}" value="{}" autocomplete="off"></label>{}').format(
        label, name, value, hint(told)
    )


def area_field(label: str, name: str, value: str, told: str) -> Markup:
    """A field of several lines, and a hint."""
    return Markup(
        '<label>{}<textarea name="{}" dir="auto" autocomplete="off">{}</textarea></label>{}'
    ).format(label, name, value, hint(told))
