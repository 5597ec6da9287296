"""Which of the two languages a visitor reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.text.folding import has_marks

if TYPE_CHECKING:
    from prompts.catalog import Language

_DEFAULT: Final[Language] = "vi"


def as_language(value: object) -> Language | None:
    """*value* if it names one of our languages."""
    if value == "vi":
        return "vi"
    return "en" if value == "en" else None


def accepted_language(header: str) -> Language:
    """The language that an Accept-Language *header* likes best; Vietnamese if it names neither."""
    best: Language = _DEFAULT
    best_weight = 0.0
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        language = as_language(tag.strip().lower().partition("-")[0])
        weight = _weight(parameter)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def language_of(text: str, around: Language) -> Language:
    """What *text* is written in: Vietnamese if it has marks, else the language *around* it."""
    return "vi" if has_marks(text) else around


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
