"""
Answers as HTML that is safe to put into a page.

All markup is made here, for the page with JavaScript and the one without. Plain strings are escaped by
`Markup.format`; Markdown is read with raw HTML, links and pictures off.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.channels.web.language import language_of
from bot.messages import leads_to_tip
from knowledge.answer import Status
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.answer import Answer, Citation, EmergencyNumber
    from prompts.catalog import Language

_MARKDOWN: Final = MarkdownIt("zero", {"html": False, "breaks": True}).enable(["list", "emphasis", "newline"])
# Only what can be nothing but a phone number: a bold year must not become a button.
_BOLD_PHONE: Final = re.compile(r"<strong>(11[1-5]|0\d[\d .]{7,11}\d|1[89]00[\d .]{3,7}\d)</strong>")
_NOT_DIALLED: Final = re.compile(r"[^\d+*#]")


def safe_url(url: str) -> str:
    """*url* if a reader may be sent there (http or https with a host), else an empty string."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""


def text_html(markdown: str) -> Markup:
    """Small *markdown* (paragraphs, lists, bold) as HTML; phone numbers in bold can be called."""
    html = _MARKDOWN.render(markdown)
    return Markup(_BOLD_PHONE.sub(_phone_link, html))  # noqa: S704  markdown-it escaped every text in it


def _phone_link(match: re.Match[str]) -> str:
    number = match.group(1)
    return f'<a class="tel" href="tel:{_NOT_DIALLED.sub("", number)}"><strong>{number}</strong></a>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Renders for one language; `name` is what the assistant is called, `takes_tips` adds links to tips."""

    language: Language
    name: str
    takes_tips: bool = False

    def say(self, key: str, **fields: object) -> str:
        """One of the page's own texts."""
        return text(f"web.{key}", self.language, name=self.name, **fields)

    def question(self, words: str) -> Markup:
        """A bubble with what the visitor asked."""
        return Markup('<article class="msg you" aria-label="{}"><p dir="auto">{}</p></article>').format(
            self.say("asked_by"), words
        )

    def answer(self, answer: Answer) -> Markup:
        """A bubble with the answer, its sources folded, thumbs and next questions."""
        # A `danger` bubble is announced at once; `article` may not carry that role.
        tag, role = ("div", "alert") if answer.status is Status.DANGER else ("article", "")
        return Markup(
            '<{tag} class="msg bot {status}" lang="{lang}" aria-label="{by}" tabindex="-1"{role}>'
            '{label}{numbers}<div class="text" lang="{text_lang}">{text}</div>{tip}'
            "{sources}{verdict}{next}</{tag}>"
        ).format(
            tag=tag,
            role=Markup(' role="{}"').format(role) if role else "",
            status=str(answer.status),
            lang=self.language,
            by=self.say("answered_by"),
            label=self._label(answer),
            numbers=self._numbers(answer.numbers),
            text_lang=language_of(answer.text, self.language),
            text=text_html(answer.text),
            tip=self._tip_link(answer),
            sources=self._sources(answer),
            verdict=self._verdict(answer),
            next=self.choices("suggestions", answer.suggestions, is_named=not answer.asks_back),
        )

    def problem(self, code: str, *, retry: bool = False) -> Markup:
        """A bubble that says what went wrong; *retry* gives it a button for the page's script."""
        button = Markup('<button type="button" class="choice retry" data-retry>{}</button>').format(
            self.say("retry")
        )
        return Markup(
            '<div class="msg bot error" role="alert" tabindex="-1"><p class="label">{}</p>'
            '<p class="why">{}</p>{}</div>'
        ).format(self.say("error_title"), self.say(f"error_{code}") if code else "", button if retry else "")

    def choices(self, key: str, questions: Iterable[str], *, is_named: bool = True) -> Markup:
        """
        Buttons that ask one of *questions*; they also work without a script.

        *key* is their heading; only a screen reader tells it where the text above is one
        (*is_named* is false).
        """
        buttons = _joined(
            Markup(
                '<li><button class="choice" form="ask" name="pick" value="{0}" lang="{1}" formnovalidate>'
                "{0}</button></li>"
            ).format(question, language_of(question, self.language))
            for question in questions
        )
        if not buttons:
            return buttons
        shape = (
            Markup('<div class="choices"><p class="label">{}</p><ul>{}</ul></div>')
            if is_named
            else Markup('<div class="choices"><ul aria-label="{}">{}</ul></div>')
        )
        return shape.format(self.say(key), buttons)

    def _tip_link(self, answer: Answer) -> Markup:
        """A way to the tip page below numbers to call, and below guidance on telling the police."""
        if not (self.takes_tips and leads_to_tip(answer)):
            return Markup()
        return Markup('<p class="tip-link"><a href="/bao-tin?lang={}">{}</a></p>').format(
            self.language, text("tipweb.front_nearby", self.language)
        )

    def _label(self, answer: Answer) -> Markup:
        if answer.status is Status.ANSWERED:
            key = f"kind_{answer.kind}" if answer.kind and answer.kind != "talk" else ""
        else:
            key = str(answer.status)
        return Markup('<p class="label">{}</p>').format(self.say(key)) if key else Markup()

    def _numbers(self, numbers: tuple[EmergencyNumber, ...]) -> Markup:
        links = _joined(
            Markup(
                '<li><a href="tel:{}"><svg aria-hidden="true"><use href="#i-call"/></svg>'
                "<b>{}</b> <span>{}</span></a></li>"
            ).format(_NOT_DIALLED.sub("", entry.number), entry.number, entry.label)
            for entry in numbers
        )
        return Markup('<ul class="calls">{}</ul>').format(links) if links else links

    def _sources(self, answer: Answer) -> Markup:
        if not answer.citations:
            return Markup()
        # A guide's section is the answer itself: quoted below it, it would only stand there twice.
        items = (
            self._citation(item, quoted=answer.kind == "model" or not item.id.startswith("guide:"))
            for item in answer.citations
        )
        return Markup('<details class="sources"><summary>{}</summary><ol>{}</ol></details>').format(
            self.say("sources", count=len(answer.citations)), _joined(items)
        )

    def _citation(self, citation: Citation, *, quoted: bool) -> Markup:
        url = safe_url(citation.url)
        facts = [self.say("number", number=citation.number) if citation.number else "", self._date(citation)]
        return Markup('<li><p class="title" lang="{}">{}</p>{}{}{}{}{}</li>').format(
            language_of(citation.title, self.language),
            citation.title,
            _each('<p class="where" lang="{}">{}</p>', [citation.locator], self.language),
            Markup('<p class="facts">{}</p>').format(" · ".join(filter(None, facts))) if any(facts) else "",
            _each('<blockquote lang="{}">{}</blockquote>', [citation.quote] if quoted else [], self.language),
            self._references(citation.references),
            Markup('<p><a class="out" href="{}" target="_blank" rel="noopener noreferrer">{}</a></p>').format(
                url, self.say("link")
            )
            if url
            else "",
        )

    def _references(self, references: tuple[str, ...]) -> Markup:
        lines = _each('<li lang="{}">{}</li>', references, self.language)
        if not lines:
            return lines
        return Markup('<p class="label">{}</p><ul class="refs">{}</ul>').format(self.say("references"), lines)

    def _date(self, citation: Citation) -> str:
        if not citation.date:
            return ""
        return self.say(f"date_{citation.date_kind or 'plain'}", date=self._day(citation.date))

    def _day(self, iso: str) -> str:
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        return f"{day.day}/{day.month}/{day.year}" if self.language == "vi" else f"{day.day} {day:%B %Y}"

    def _verdict(self, answer: Answer) -> Markup:
        """Thumbs for what was found; a report was answered, not searched for."""
        if not answer.citations or answer.kind == "report":
            return Markup()
        button = Markup(
            '<button type="button" data-verdict="{0}" aria-pressed="false">'
            '<svg aria-hidden="true"><use href="#i-{0}"/></svg>{1}</button>'
        )
        return Markup(
            '<div class="verdict" role="group" aria-label="{}" data-passages="{}">{}{}'
            '<span class="thanks" role="status"></span></div>'
        ).format(
            self.say("verdict"),
            json.dumps([citation.id for citation in answer.citations]),
            button.format("up", self.say("up")),
            button.format("down", self.say("down")),
        )


def _each(markup: str, items: Iterable[str], around: Language) -> Markup:
    """*markup* filled with the language and the words of every item that is not empty."""
    # `markup` is always a literal of this module.
    return _joined(Markup(markup).format(language_of(item, around), item) for item in items if item)  # noqa: S704


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
