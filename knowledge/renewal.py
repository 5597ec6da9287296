"""
Whether a draft says what an edition says already.

Then it takes that edition's place in the history instead of a line of its own: the same file cut by a newer
version of the program, or a document that now lists its copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.model import DocumentKind

if TYPE_CHECKING:
    from knowledge.model import DocumentDraft, Passage, PassageDraft
    from knowledge.record.versions import Versions


def says_the_same(draft: DocumentDraft, kept: Versions, edition: int) -> bool:
    """
    Whether *draft* and that edition of its document are one to everybody who asks.

    References are left aside, save in a guide, which stands on them: elsewhere they list copies.
    """
    stored = kept.version(draft.meta.key, edition)
    if stored is None or stored.meta != draft.meta:
        return False
    if stored.original is not None and stored.original != draft.original:
        return False
    is_guide = draft.meta.kind is DocumentKind.GUIDE
    passages = kept.passages(draft.meta.key, edition)
    return [_said(item, is_guide) for item in passages] == [_said(item, is_guide) for item in draft.passages]


def _said(item: Passage | PassageDraft, is_guide: bool) -> tuple[object, ...]:
    said = (item.anchor, item.locator, item.heading, item.text, item.articles, item.questions, item.english)
    return (*said, item.references) if is_guide else said
