"""
How much a document's word weighs: constitution, law, decree, circular, guidance, news, draft.

Read from what the document calls itself, from its số hiệu, and from its title, in this order. Pure.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

from knowledge.model import DocumentKind
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from datetime import date

    from knowledge.model import DocumentMeta


class Authority(IntEnum):
    """From the least to the greatest; a guide of ours stands outside, see docs/decisions/0004."""

    DRAFT = 0
    NEWS = 1
    GUIDANCE = 2  # plans, official letters, decisions of local offices
    CIRCULAR = 3
    DECREE = 4  # and decisions of the Prime Minister
    LAW = 5  # codes, ordinances, resolutions of the National Assembly
    CONSTITUTION = 6


_BY_NUMBER = (  # the first that stands in the folded số hiệu
    (re.compile(r"qh\d|ubtvqh"), Authority.LAW),
    (re.compile(r"nd-?cp|qd-?ttg|nq-?cp"), Authority.DECREE),
    (re.compile(r"/tt|ttlt|nq-hdtp"), Authority.CIRCULAR),
)
_BY_WORD = (  # the first that begins the folded type or title
    (re.compile(r"hien phap"), Authority.CONSTITUTION),
    (re.compile(r"bo luat|luat|phap lenh"), Authority.LAW),
    (re.compile(r"nghi dinh"), Authority.DECREE),
    (re.compile(r"thong tu"), Authority.CIRCULAR),
    (
        re.compile(
            r"ke hoach|huong dan|cong van|thong bao|quyet dinh|nghi quyet|chi thi|ket luan|chuong trinh"
            r"|quy che|bao cao|to trinh|de an|bien ban|quy uoc|quy dinh|noi quy|van ban"
        ),
        Authority.GUIDANCE,
    ),
    (re.compile(r"tin|bai"), Authority.NEWS),
)
_DRAFT = re.compile(r"\W*(?:ban )?du thao\b")
_IN_BRACKETS = re.compile(r"\(\s*(?:ban )?du thao\b")


def is_draft(meta: DocumentMeta) -> bool:
    """Whether the document says of itself that it is a draft (`Dự thảo Luật…`, type `Dự thảo`)."""
    title = fold(meta.title)
    return bool(_DRAFT.match(fold(meta.document_type)) or _DRAFT.match(title) or _IN_BRACKETS.search(title))


def authority_of(meta: DocumentMeta) -> Authority:
    """How much the word of a document weighs."""
    if is_draft(meta):
        return Authority.DRAFT
    kind = fold(meta.document_type).strip()
    for pattern, authority in _BY_WORD:
        if kind and pattern.match(kind):
            # "Nghị quyết" or "Quyết định" say little: their số hiệu says whose.
            return max(authority, _by_number(meta.number)) if authority is Authority.GUIDANCE else authority
    by_number = _by_number(meta.number)
    if by_number > Authority.GUIDANCE:
        return by_number
    title = fold(meta.title).strip(" \"“'")
    named = next((authority for pattern, authority in _BY_WORD if pattern.match(title)), None)
    if meta.kind is DocumentKind.LAW:
        return named or Authority.CIRCULAR
    # A page about the law is not the law, and "Thông báo" over a page that nobody signs is no notice.
    signed = bool(by_number or meta.organisation)
    return Authority.GUIDANCE if by_number or (signed and named is Authority.GUIDANCE) else Authority.NEWS


def day_of(meta: DocumentMeta) -> date | None:
    """The day a document speaks from: when it was checked, took effect, or was issued."""
    return meta.as_of or meta.effective or meta.issued


def _by_number(number: str) -> Authority:
    folded = fold(number)
    for pattern, authority in _BY_NUMBER:
        if pattern.search(folded):
            return authority
    return Authority.GUIDANCE if folded.strip() else Authority.DRAFT  # no number says nothing
