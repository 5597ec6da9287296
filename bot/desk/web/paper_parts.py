"""The words, addresses and small parts that the pages of documents share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from markupsafe import Markup

from bot.desk.web.words import joined
from prompts.catalog import catalog, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.desk.papers_model import Paper
    from bot.desk.web.words import Words
    from ingest.trust.flags import Flag
    from knowledge.model import DocumentMeta

PAPERS: Final = "/desk/tai-lieu"
WAITING: Final = f"{PAPERS}/cho"
DOCUMENT: Final = f"{PAPERS}/xem"
PASSAGES_SHOWN: Final = 50  # on one page of passages


def say(words: Words, key: str, /, **fields: object) -> str:
    """One of the documents' own texts."""
    return text(f"papers.{key}", words.language, **fields)


def told(words: Words, code: str, fields: Mapping[str, str]) -> str:
    """The text of an error's code; its fields fill it."""
    texts = catalog(words.language)
    for key in (code, f"ingest.{code}", f"cli.{code}", f"tips.{code}"):
        if key in texts:
            return texts[key].format(**fields)
    return texts["ingest.ingest_error"]


def why(words: Words, paper: Paper) -> str:
    """What there is to say of a paper beside its stage: a reason, what was found, what was mended."""
    if paper.error:
        return told(words, paper.error, paper.fields)
    parts = []
    if paper.duplicate_of:
        parts.append(text("trust.duplicate_of", words.language, document=paper.duplicate_of))
    if paper.grave:
        parts.append(say(words, "grave_count", count=len({flag.code for flag in paper.grave})))
    if paper.repairs:
        parts.append(repaired(words, paper.repairs))
    return " ".join(parts)


def repaired(words: Words, repairs: Iterable[str]) -> str:
    """What was mended to read it."""
    texts = catalog(words.language)
    named = (texts.get(f"ingest.repair_{code}", code) for code in repairs)
    return text("ingest.repairs", words.language, list="; ".join(named))


def flag_words(words: Words, flag: Flag) -> str:
    """One finding as an editor reads it."""
    place = text("trust.where_hidden", words.language) if flag.where == "hidden" else flag.where
    line = text(f"trust.{flag.code.value}", words.language)
    line = f"{line} ({place})" if place else line
    return f"{line}: {flag.sample}" if flag.sample else line


def who_words(words: Words, name: str) -> str:
    """Who did it: an officer of the book, an account of the machine, or the program itself."""
    unit, mark, officer = name.partition("/")
    if not mark:
        return name or words.say("by_itself")
    return f"{words.officer(officer, unit)}, {words.unit(unit)}"


def cited(meta: DocumentMeta) -> str:
    """A document as it is cited: its title and number."""
    return f"{meta.title} ({meta.number})" if meta.number and meta.number not in meta.title else meta.title


def address(path: str, **fields: object) -> str:
    """An address below the documents' with *fields* as its query; empty ones are left out."""
    query = urlencode({name: value for name, value in fields.items() if value not in {"", None}})
    return f"{path}?{query}" if query else path


def pages_row(words: Words, path: str, page: int, pages: int, **fields: object) -> Markup:
    """Links to the page before and the one after."""
    if pages <= 1:
        return Markup()
    links = [
        Markup('<a class="button" href="{}">{}</a>').format(address(path, **fields, trang=number), label)
        for number, label in ((page - 1, say(words, "page_before")), (page + 1, say(words, "page_after")))
        if 1 <= number <= pages
    ]
    here = Markup('<span class="soft">{}</span>').format(say(words, "page_here", page=page, pages=pages))
    return Markup('<nav class="row" aria-label="{}">{}{}</nav>').format(
        say(words, "pages"), here, joined(links)
    )
