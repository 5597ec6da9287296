"""Words an answer from the claims that stayed: short, each with the passage it rests on. Pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Status
from knowledge.citing import cite
from knowledge.claims.quoting import LONGEST
from knowledge.model import DocumentKind
from prompts.catalog import text as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.answer import Citation
    from knowledge.claims.model import Checked, Claim, Supplied
    from knowledge.model import Passage
    from prompts.catalog import Language

_LIST_FROM = 3  # claims from one passage


def render(checked: Checked, evidence: Sequence[Supplied], language: Language) -> Answer | None:
    """
    The answer that the claims kept in *checked* give; None where none is kept.

    Claims stay in the order of the draft, those of one passage after the other together. Where several
    passages speak, each says which it is; an English answer shows the Vietnamese it rests on.
    """
    if not checked.kept:
        return None
    passages = {item.id: item.passage for item in evidence}
    runs = [(passages[name], list(run)) for name, run in groupby(checked.kept, key=lambda claim: claim.cite)]
    several = len({passage.name for passage, _ in runs}) > 1
    citations = tuple(_citations(checked.kept, passages))
    parts = [_part(passage, run, language, named=several) for passage, run in runs]
    if language != "vi":
        parts += [say("claims.quoted", language, quote=_one_line(item.quote)) for item in citations]
    return Answer(status=Status.ANSWERED, kind="model", text="\n\n".join(parts), citations=citations)


def _part(passage: Passage, run: Sequence[Claim], language: Language, *, named: bool) -> str:
    texts = [claim.text for claim in run]
    told = "\n".join(f"- {text}" for text in texts) if len(texts) >= _LIST_FROM else " ".join(texts)
    if not named:
        return told
    of_law = passage.meta.kind is not DocumentKind.GUIDE and bool(passage.locator)
    key = "claims.from_place" if of_law else "claims.from"
    return say(key, language, title=_one_line(passage.meta.title), locator=passage.locator, text=told)


def _citations(claims: Iterable[Claim], passages: dict[str, Passage]) -> Iterable[Citation]:
    quotes: dict[str, list[str]] = {}
    for claim in claims:
        quotes.setdefault(claim.cite, []).append(claim.quote)
    for name, quoted in quotes.items():
        yield from (cite(passages[name], quote) for quote in _joined(passages[name].text, quoted))


def _joined(text: str, quotes: Sequence[str]) -> list[str]:
    """One run of *text* that holds all *quotes*, if it is short; else each of them once."""
    starts = [text.find(quote) for quote in quotes]
    first = min(starts)
    last = max(start + len(quote) for start, quote in zip(starts, quotes, strict=True))
    if first >= 0 and last - first <= LONGEST:
        return [text[first:last]]
    return list(dict.fromkeys(quotes))


def _one_line(text: str) -> str:
    return " ".join(text.replace("**", "").split())
