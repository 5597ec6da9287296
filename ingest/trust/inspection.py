"""Looks a draft through: every finding, and what is left when the certain traps are cut out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from ingest.replaced import undated_numbers
from ingest.trust.flags import SAMPLE_LENGTH, Code, Flag, sample_of
from ingest.trust.injection import hidden_flags, injected, injection_flags
from ingest.trust.links import link_flags
from ingest.trust.personal import personal_flags
from ingest.trust.quotes import quote_flags
from ingest.trust.scams import asking_spans, is_warned, scam_flags
from ingest.trust.sentences import sheet, without
from ingest.trust.sources import source_flags
from ingest.trust.statutes import own_flags, statute_flags
from knowledge.authority import is_draft
from knowledge.model import Audience, DocumentKind
from knowledge.text.folding import fold
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from ingest.trust.sentences import Sheet
    from ingest.trust.sources import Sources
    from knowledge.model import DocumentDraft, PassageDraft

MOST_OF_ONE: Final = 5  # flags of one code shown for a document
_LEFT: Final = 1 / 3  # of a document's letters: less is no document
_HEAD: Final = 700  # characters in which a draft says that it is one
_DRAFT: Final = re.compile(
    r"\bchua co hieu luc\b|\b(?:xin|lay) y kien\b[^.\n]{0,60}\bdu thao\b"
    r"|^\W*(?:ban )?du thao (?:bo luat|luat|nghi dinh|thong tu|quyet dinh|nghi quyet|ke hoach|de an)\b",
    re.MULTILINE,
)
_OLD_BODIES: Final = re.compile(
    r"\b(?:cong an (?:cap )?(?:huyen|quan|thi xa)|(?:ubnd|uy ban nhan dan) (?:cap )?huyen"
    r"|lao dong,? ?(?:-|–)? ?thuong binh(?:,| va)? xa hoi|bo ldtbxh|cap huyen)\b"
)
_BODIES_ENDED: Final = (2025, 7, 1)  # the district level; its police ended on 1 March
_MIXED: Final = re.compile(r"[^\W\d_]*(?:[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z])[^\W\d_]*")


def inspect(
    draft: DocumentDraft,
    *,
    sources: Sources,
    today: date,
    hidden: Iterable[str] = (),
    article_text: Callable[[str, str], str] = lambda _number, _article: "",
) -> tuple[Flag, ...]:
    """
    Everything found in *draft*, grave flags first, at most five of one code.

    Args:
        draft: As it would be published.
        sources: Whose pages and lines are known.
        today: The day by which law is judged.
        hidden: What its file holds and does not show.
        article_text: The text of an article in the library by (số hiệu, article); "" where it is not there.
    """
    found = [*hidden_flags(hidden), *source_flags(draft.meta, sources), *_draft_flags(draft)]
    if draft.meta.kind is DocumentKind.LAW:
        articles = (article for passage in draft.passages for article in passage.articles)
        found += own_flags(draft.meta, articles, today)
        found += _undated_flags(draft)
    for where, text in _names_of(draft):
        found += _name_flags(sheet(text, where), sources)
    for passage in draft.passages:
        found += _passage_flags(passage, draft, sources, today, article_text)
    return _few(found)


def without_traps(draft: DocumentDraft, sources: Sources) -> DocumentDraft:
    """
    *draft* without sentences that order machines about, ask what no office asks, or lead astray.

    No passage is left where they are most of it: a fake page does not become true by losing its demand.
    """
    kept = []
    for passage in draft.passages:
        page = sheet(passage.text, "")
        spans = [_to_the_end(page.text, span) for span in injected(page)]
        if draft.meta.kind is not DocumentKind.LAW:
            spans += asking_spans(page, sources)
        text = without(passage.text, spans) if spans else passage.text
        if not text.strip():
            continue
        if text != passage.text:
            passage = replace(passage, text=text)  # noqa: PLW2901 - the passage as it is kept
        if passage.heading and _name_flags(sheet(passage.heading, ""), sources):
            passage = replace(passage, heading="", locator="")  # noqa: PLW2901 - the locator repeats it
        kept.append(passage)
    left, whole = (sum(len(passage.text) for passage in part) for part in (kept, draft.passages))
    meta = replace(draft.meta, title=_plain_title(draft, sources))
    return replace(draft, meta=meta, passages=tuple(kept) if left >= _LEFT * whole else ())


def _to_the_end(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """*span* up to the end of its line: what follows an order there is what it orders."""
    end = text.find("\n", span[1])
    return span[0], len(text) if end < 0 else end


def _plain_title(draft: DocumentDraft, sources: Sources) -> str:
    """The title, or its number or kind where it leads astray itself: it is shown beside every answer."""
    meta = draft.meta
    if not _name_flags(sheet(meta.title, ""), sources):
        return meta.title
    return meta.number or meta.document_type or say("trust.untitled")


def _names_of(draft: DocumentDraft) -> list[tuple[str, str]]:
    """Title and headings, each once, with where they stand: they are shown and searched as the text is."""
    headings = {passage.heading: passage.locator or passage.anchor for passage in reversed(draft.passages)}
    return [("", draft.meta.title), *((where, text) for text, where in headings.items() if text)]


def _name_flags(page: Sheet, sources: Sources) -> list[Flag]:
    return (
        injection_flags(page)
        + link_flags(page, sources, partial(is_warned, page))
        + scam_flags(page, sources)
    )


def _passage_flags(
    passage: PassageDraft,
    draft: DocumentDraft,
    sources: Sources,
    today: date,
    article_text: Callable[[str, str], str],
) -> list[Flag]:
    is_law = draft.meta.kind is DocumentKind.LAW
    page = sheet(passage.text, passage.locator or passage.anchor)
    found = injection_flags(page) + link_flags(page, sources, partial(is_warned, page))
    cited = statute_flags(page, today)
    # A law cites what was law in its day; of itself `own_flags` speaks.
    found += [flag for flag in cited if not is_law or flag.is_grave]
    if not is_law:  # a law orders money paid and secrets told; it does not call anybody up
        found += scam_flags(page, sources) + quote_flags(page, article_text)
        if draft.meta.audience is Audience.PUBLIC:
            found += personal_flags(page, sources)
    return found + _page_flags(page, draft, today)


def _page_flags(page: Sheet, draft: DocumentDraft, today: date) -> list[Flag]:
    found = []
    if mixed := _MIXED.search(page.text):
        found.append(Flag(Code.MIXED_LETTERS, page.where, sample_of(mixed[0])))
    if (today.year, today.month, today.day) >= _BODIES_ENDED and draft.meta.kind is not DocumentKind.LAW:
        found += [
            Flag(Code.OLD_BODIES, page.where, sample_of(sentence.text))
            for sentence in page.sentences
            if _OLD_BODIES.search(sentence.plain)
        ]
    return found


def _draft_flags(draft: DocumentDraft) -> list[Flag]:
    head = "\n".join(passage.text for passage in draft.passages[:3])[:_HEAD]
    says_so = _DRAFT.search(f"{fold(draft.meta.title)}\n{fold(head)}")
    return [Flag(Code.DRAFT, "", sample_of(draft.meta.title))] if is_draft(draft.meta) or says_so else []


def _undated_flags(draft: DocumentDraft) -> list[Flag]:
    return [
        Flag(Code.REPLACES_UNDATED, passage.locator or passage.anchor, number[:SAMPLE_LENGTH])
        for passage in draft.passages
        for number in undated_numbers(passage.text.split("\n"))
        if number not in draft.meta.replaces
    ]


def _few(found: Sequence[Flag]) -> tuple[Flag, ...]:
    counted: Counter[Code] = Counter()
    few = []
    for flag in sorted(dict.fromkeys(found), key=lambda flag: not flag.is_grave):
        counted[flag.code] += 1
        if counted[flag.code] <= MOST_OF_ONE:
            few.append(flag)
    return tuple(few)
