"""
An answer as messages of a messenger: the numbers first, then the words, then what they stand on.

Made as Telegram's small HTML (`bot.telegram.text`); a messenger without markup takes the tags out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.messages import leads_to_tip
from bot.telegram.text import cut, escape, from_markdown, pieces
from knowledge.answer import Status
from prompts.catalog import text

if TYPE_CHECKING:
    from knowledge.answer import Answer, Citation, EmergencyNumber
    from prompts.catalog import Language

LABEL_LIMIT: Final = 60  # characters of a button
QUOTE_LIMIT: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Messages in order; buttons go below the last."""

    messages: tuple[str, ...]
    leads_to_tip: bool = False


def answer_messages(answer: Answer, language: Language) -> Shown:
    """What *answer* says."""
    return Shown(messages=pieces(answer_markup(answer, language)), leads_to_tip=leads_to_tip(answer))


def answer_markup(answer: Answer, language: Language) -> str:
    """What *answer* says, in one text however long."""
    parts = []
    if answer.status is Status.DANGER:
        numbers = "\n".join(_number(item) for item in answer.numbers)
        parts = [f"<b>{escape(text('web.danger', language))}</b>\n{numbers}"]
    parts.append(from_markdown(answer.text))
    if answer.citations:
        parts.append("\n".join(f"<i>{_source(item, language)}</i>" for item in answer.citations))
    return "\n\n".join(parts)


def source_messages(answer: Answer, language: Language) -> tuple[str, ...]:
    """The sources of *answer* at length: title, place, date, what it says there, a link."""
    return pieces(source_markup(answer, language))


def source_markup(answer: Answer, language: Language) -> str:
    """The same in one text however long."""
    # A guide's section is the answer itself; a model's words are read beside what they rest on.
    parts = (
        _citation(item, language, quoted=answer.kind == "model" or not item.id.startswith("guide:"))
        for item in answer.citations
    )
    return "\n\n".join(parts)


def _number(item: EmergencyNumber) -> str:
    """The number in bold, once: the label may begin with it."""
    told = item.label.removeprefix(item.number).lstrip(": ")
    return f"<b>{escape(item.number)}</b> {escape(told)}"


def label(words: str) -> str:
    """*words* short enough for a button."""
    return cut(words, LABEL_LIMIT)


def _source(citation: Citation, language: Language) -> str:
    shown = (citation.title, citation.number, citation.locator, _day(citation, language))
    return escape(text("telegram.source", language, source=" · ".join(part for part in shown if part)))


def _citation(citation: Citation, language: Language, *, quoted: bool) -> str:
    lines = [f"<b>{escape(citation.title)}</b>"]
    if citation.number:
        lines.append(escape(text("web.number", language, number=citation.number)))
    if citation.locator:
        lines.append(escape(citation.locator))
    if day := _day(citation, language):
        lines.append(escape(day))
    if quoted and citation.quote:
        lines += [f"<i>{escape(line)}</i>" for line in cut(citation.quote, QUOTE_LIMIT).splitlines() if line]
    if citation.references:
        lines.append(escape(text("web.references", language)) + ":")
        lines += [f"• {escape(reference)}" for reference in citation.references]
    if address := _safe(citation.url):
        lines.append(escape(address))
    return "\n".join(lines)


def _day(citation: Citation, language: Language) -> str:
    if not citation.date:
        return ""
    try:
        day = date.fromisoformat(citation.date)
    except ValueError:
        told = citation.date
    else:
        told = f"{day.day}/{day.month}/{day.year}" if language == "vi" else f"{day.day} {day:%B %Y}"
    return text(f"web.date_{citation.date_kind or 'plain'}", language, date=told)


def _safe(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""
