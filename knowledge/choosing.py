"""Chooses, of what was found, what answers: the gate decides, then guides, documents and authority."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import TYPE_CHECKING

from knowledge.authority import authority_of, day_of, is_draft
from knowledge.law_register import law_register
from knowledge.model import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.gate import Gate
    from knowledge.search import Found, Hit

_LEAD_OF_DOCUMENTS = 0.01  # of cosine
_UNSURER = 0.1  # of confidence: how much less sure a document may be of a question it lies nearer to
_AS_GOOD = 0.02  # of confidence: two documents this close differ by luck, and authority decides
_LEAST_ODDS = 1e-4
_BEFORE_NO_EVIDENCE = 2  # documents
_AS_CLOSE = 0.25  # of confidence: what may speak to a question as well as the best, and contradict it


@dataclass(frozen=True, slots=True)
class Preference:
    """How much likelier a document is right than a guide: log-odds, from `threshold` on it answers first."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def is_for_document(self, guide: Hit, document: Hit, sure_guide: float, sure_document: float) -> bool:
        """Whether *document* answers first, given how sure the gate is of both."""
        figures = compared(guide, document, sure_guide, sure_document)
        odds = self.bias + sum(weight * figures[name] for name, weight in self.weights.items())
        return odds > self.threshold


def compared(guide: Hit, document: Hit, sure_guide: float, sure_document: float) -> dict[str, float]:
    """What a guide and a document are compared by: names as in `choosing.toml`."""
    return {
        "guide_log_odds": _log_odds(sure_guide),
        "document_log_odds": _log_odds(sure_document),
        "nearer": document.figures["section"] - guide.figures["section"],
        "concepts": guide.figures.get("concepts", 0.0),
        "asked": guide.figures.get("asked", 0.0),
        "light": document.figures["light"],
    }


def _log_odds(share: float) -> float:
    return math.log((share + _LEAST_ODDS) / (1 - share + _LEAST_ODDS))


@cache
def shipped_preference() -> Preference:
    """The preference learnt with the built-in embedder, from `choosing.toml`."""
    text = (resources.files("knowledge") / "choosing.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["document_first"]
    bias, threshold = table.pop("bias"), table.pop("threshold")
    return Preference(bias, table, threshold)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Puts candidates in the order in which they would answer."""

    gate: Gate

    def best(self, found: Found) -> Hit | None:
        """What answers, or None where nothing is evidence enough."""
        order = self.order(found)
        if order and self.gate.passes(order[0], english=found.query.english):
            return order[0]
        return None

    def best_follow_up(self, joined: Found, alone: Found) -> Hit | None:
        """What answers both questions together, and of that what speaks most to the new words."""
        english = joined.query.english
        new = {hit.passage.id: hit.score for hit in (*alone.guides, *alone.documents)}
        passing = [hit for hit in self.order(joined) if self.gate.passes(hit, english=english)]
        return max(passing, key=lambda hit: hit.score + new.get(hit.passage.id, 0.0), default=None)

    def order(self, found: Found) -> list[Hit]:
        """What passes the gate first, guides before documents unless these lead; then the rest by turns."""
        english = found.query.english
        guides = [hit for hit in found.guides if self.gate.passes(hit, english=english)]
        documents = [hit for hit in found.documents if self.gate.passes(hit, english=english)]
        # The best guide must pass, or guides do not answer: a lower one would be answering by accident.
        guides = guides if guides and guides[0] is found.guides[0] else []
        documents = self._by_authority(documents, english=english)
        named = [hit for hit in documents if found.query.article and _is_article(hit, found.query.article)]
        documents = [*named, *(hit for hit in documents if hit not in named)]
        lead = named or self._leads(documents, guides, english=english)
        first = [*documents, *guides] if lead else [*guides, *documents]
        rest = [hit for hit in (*found.guides, *found.documents) if hit not in first]
        rest.sort(key=lambda hit: -self.gate.confidence(hit, english=english))
        ranked = [*first, *rest]
        return [*ranked[:1], *self._in_turn(ranked, found)]

    def _leads(self, documents: list[Hit], guides: list[Hit], *, english: bool) -> bool:
        """Whether the first of *documents* answers before the first of *guides*, where both are evidence."""
        if not documents or not guides or is_draft(documents[0].passage.meta):
            return False
        sure = [self.gate.confidence(hits[0], english=english) for hits in (guides, documents)]
        if english or "light" not in documents[0].figures:  # it was compared with no other
            return _speaks_closer(documents[0], guides[0]) and sure[1] >= sure[0] - _UNSURER
        return shipped_preference().is_for_document(guides[0], documents[0], *sure)

    def _in_turn(self, ranked: list[Hit], found: Found) -> list[Hit]:
        """
        What comes behind the first of *ranked*: guides and documents by turns, each as its search has it.

        Guides and documents are judged by two models, whose confidences do not compare; guides that are no
        evidence, though, wait behind two documents. What it is worth: docs/decisions/0022-reranking.md.
        """
        if not ranked:
            return []
        guides, documents = (
            _each_article_once([hit for hit in kind if hit is not ranked[0]])
            for kind in (found.guides, found.documents)
        )
        if not any(self.gate.passes(hit, english=found.query.english) for hit in guides):
            before, documents = documents[:_BEFORE_NO_EVIDENCE], documents[_BEFORE_NO_EVIDENCE:]
        else:
            before = []
        by_turns = (guides, documents) if before or ranked[0] in found.documents else (documents, guides)
        return [*before, *(hit for pair in zip_longest(*by_turns) for hit in pair if hit is not None)]

    def rivals(self, found: Found, best: Hit) -> list[Hit]:
        """
        What could contradict *best*: other documents that pass the gate and speak nearly as surely.

        A guide does not contradict a guide: they are kept together. A draft contradicts nobody.
        """
        english = found.query.english
        floor = self.gate.confidence(best, english=english) - _AS_CLOSE
        guide = best.passage.meta.kind is DocumentKind.GUIDE
        others = found.documents if guide else (*found.documents, *found.guides)
        return [
            hit
            for hit in others
            if hit.passage.meta.key != best.passage.meta.key
            and not is_draft(hit.passage.meta)
            and self.gate.passes(hit, english=english)
            # Guides and documents are judged by two models: their confidences do not compare.
            and (guide or hit.passage.questions or self.gate.confidence(hit, english=english) >= floor)
        ]

    def _by_authority(self, documents: list[Hit], *, english: bool) -> list[Hit]:
        """Drafts last; of those as good as the best, the higher authority and then the newer first."""
        settled = [hit for hit in documents if not is_draft(hit.passage.meta)]
        drafts = [hit for hit in documents if is_draft(hit.passage.meta)]
        if not settled:
            return drafts
        sure = self.gate.confidence(settled[0], english=english) - _AS_GOOD
        cosine = settled[0].figures.get("section", 0.0) - _LEAD_OF_DOCUMENTS
        equal = [
            hit
            for hit in settled
            if self.gate.confidence(hit, english=english) >= sure
            and hit.figures.get("section", 0.0) >= cosine
        ]
        equal.sort(key=lambda hit: (_is_sure(hit), weight_of(hit)), reverse=True)  # stable within a document
        return [*equal, *(hit for hit in settled if hit not in equal), *drafts]


def weight_of(hit: Hit) -> tuple[bool, int, date]:
    """How much the word of *hit* weighs beside another: a guide of ours, its authority, how new it is."""
    meta = hit.passage.meta
    return meta.kind is DocumentKind.GUIDE, authority_of(meta), day_of(meta) or date.min


def _is_sure(hit: Hit) -> bool:
    entry = law_register().find(hit.passage.meta.number) if hit.passage.meta.number else None
    return entry is None or entry.status != "doubtful"


def _each_article_once(hits: list[Hit]) -> list[Hit]:
    """*hits* with further passages of an article behind the others; two guides may cite the same."""
    told: set[str] = set()
    first: list[Hit] = []
    again: list[Hit] = []
    for hit in hits:
        articles = () if hit.passage.questions else hit.passage.articles
        (again if articles and told.issuperset(articles) else first).append(hit)
        told.update(articles)
    return [*first, *again]


def _speaks_closer(document: Hit, guide: Hit) -> bool:
    """
    Whether *document* lies nearer to the question than *guide*.

    Questions in the words of the law do, residents' own words do not: docs/decisions/0004.
    """
    return document.figures["section"] > guide.figures["section"] + _LEAD_OF_DOCUMENTS


def _is_article(hit: Hit, number: str) -> bool:
    return any(article.rpartition("+")[2] == number for article in hit.passage.articles)
