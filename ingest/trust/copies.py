"""
Copies in a library: one answers and lists the others by title, the others have no passages of their own.

A copy's draft is kept in the book, so that it answers again when its original goes or becomes another text.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.trust.book import Waiting
from ingest.trust.flags import Code, Flag, Noted
from ingest.trust.sources import host_of
from ingest.trust.twins import (
    ALIKE,
    TwinIndex,
    adds_nothing,
    jaccard,
    precedence,
    runs_of,
    signature_of,
    turns_alike,
)
from knowledge.law_register import number_key
from knowledge.model import DocumentDraft, PassageDraft, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.trust.book import TrustBook
    from ingest.trust.shelf import Shelf
    from ingest.trust.sources import Sources
    from knowledge.model import DocumentMeta, Passage

_GUIDES: Final = "guide:"  # ours, and never anybody's copy


class Copies:
    """Places documents in a library, each as an original or as a copy."""

    def __init__(self, shelf: Shelf, book: TrustBook, sources: Sources) -> None:
        self._shelf = shelf
        self._book = book
        self._sources = sources
        self._index: TwinIndex | None = None

    def hashes(self, prefix: str) -> dict[str, str]:
        """As the library's, but a copy's and an original's by their files: a merge is no change of a file."""
        return self._by_file(dict(self._shelf.hashes(prefix)))

    def _by_file(self, known: dict[str, str]) -> dict[str, str]:
        for key, (content_hash, stored) in self._book.stored_as().items():
            if known.get(key) == stored:
                known[key] = content_hash
        return known

    def resting(self, prefix: str) -> dict[str, str]:
        """As `hashes`, of what was withdrawn."""
        known = {item.key: item.newest_hash for item in self._shelf.withdrawals(prefix)}
        return self._by_file(known)

    def remove(self, key: str, who: str = "") -> None:
        """Take *key* out; a copy of it answers in its place."""
        orphans, was_copy_of = self._book.copies_of(key), self._book.copied(key)
        if self._book.held_one(key) is None or key in self._shelf.hashes(key) or self.is_withdrawn(key):
            self._shelf.remove(key, who)
        self._book.forget(key)
        self._gone(key, was_copy_of, orphans)

    def withdraw(self, key: str, who: str) -> tuple[str, ...]:
        """
        Let *key* answer nothing until it is restored; a copy of it answers in its place.

        Returns:
            The keys of the copies that answer now.
        """
        orphans, was_copy_of = self._book.copies_of(key), self._book.copied(key)
        words = [item.draft for item in self._book.copies_of(was_copy_of) if item.draft.meta.key == key]
        self._shelf.withdraw(key, who)
        self._book.no_longer_waits(key, "copy")
        for draft in words:  # a copy's own words were in the book alone
            self._lay_by(draft)
        self._gone(key, was_copy_of, orphans)
        waiting = [item.draft.meta.key for item in orphans]
        return tuple(other for other in waiting if not self._book.copied(other))

    def answer_from(self, key: str, edition: int | None, who: str) -> int:
        """
        Let *edition* of *key* answer; without one, what answered before it was withdrawn.

        Returns:
            The edition.

        Raises:
            DocumentNotFound, VersionNotFound: There is none.
        """
        history = self._shelf.history(key)
        answering = history.withdrawn.edition if history.withdrawn else history.current
        wanted = edition or answering or 0
        if edition is None:  # as a copy it had no words; they were laid by
            full = [item.edition for item in history.versions if item.passages]
            wanted = wanted if wanted in full or not full else full[0]
        self._shelf.roll_back(key, wanted, who)
        draft = self._draft_of(key)
        if draft is not None:
            self._settle(draft, ())
        return wanted

    def mend(self) -> None:
        """Let copies answer whose original is gone: a kill may come between its going and their answering."""
        originals = set(self._book.answers_for().values())
        gone = originals - self._shelf.hashes("").keys() if originals else originals
        for key in sorted(gone):
            self._let_answer(self._book.copies_of(key))

    def is_withdrawn(self, key: str) -> bool:
        """Whether a person took *key* back."""
        return any(item.key == key for item in self._shelf.withdrawals(key))

    def place(self, draft: DocumentDraft, flags: tuple[Flag, ...]) -> Noted:
        """
        Publish *draft*, about which *flags* are to be said, as an original or as a copy.

        What a person has withdrawn stays so, and becomes nobody's original.
        """
        key = draft.meta.key
        self._book.no_longer_waits(key, "held")
        if self.is_withdrawn(key):
            self._lay_by(draft)
            return Noted(flags=flags, is_withdrawn=True)
        return self._settle(draft, flags)

    def _gone(self, key: str, was_copy_of: str, orphans: Sequence[Waiting]) -> None:
        """*key* answers no more: whom it was listed by lists it no more, its copies answer for themselves."""
        if self._index is not None:
            self._index.drop(key)
        if was_copy_of:
            self._list_copies(was_copy_of)
        self._let_answer(orphans)

    def _lay_by(self, draft: DocumentDraft) -> None:
        """Keep *draft* as the newest edition of a document that is withdrawn."""
        self._book.store_as(draft.meta.key, draft.content_hash, draft.content_hash)
        self._shelf.publish(draft)

    def _settle(self, draft: DocumentDraft, flags: tuple[Flag, ...]) -> Noted:
        key = draft.meta.key
        was_copy_of, orphans = self._book.copied(key), self._book.copies_of(key)
        self._book.no_longer_waits(key, "copy")
        twin, near = self._twin(draft)
        if near:
            flags = (*flags, Flag(Code.NEAR_DUPLICATE, "", near[:80]))
        if twin is not None and not self._answers_before(draft, twin):
            self._become_copy(draft, flags, of_key=twin.meta.key)
        else:
            self._answer(draft)
            if twin is not None:
                self._become_copy(twin, (), of_key=key)
        if was_copy_of and was_copy_of != self._book.copied(key):
            self._list_copies(was_copy_of)
        self._let_answer(orphans)
        return Noted(flags=flags, duplicate_of=self._book.copied(key))

    def _twin(self, draft: DocumentDraft) -> tuple[DocumentDraft | None, str]:
        """The document that *draft* and it are one, and the key of one nearly so that says something else."""
        if draft.meta.key.startswith(_GUIDES):
            return None, ""
        text = _text(draft)
        runs = runs_of(text)
        alike: list[tuple[float, DocumentDraft]] = []
        near = ""
        for key in sorted(self._twins().may_be_like(signature_of(runs)) - {draft.meta.key}):
            other = self._draft_of(key)
            if other is None or not _may_answer_for(draft.meta, other.meta):
                continue
            share = jaccard(runs, runs_of(_text(other)))
            if share < ALIKE:
                continue
            first, second = (draft, other) if self._answers_before(draft, other) else (other, draft)
            if self._may_be_one(first, second) and adds_nothing(_text(second), _text(first)):
                alike.append((share, other))
                if turns_alike(_text(first), _text(second)):
                    continue
            near = key  # told of a correction too: it takes another's words out of the answers
        best = max(alike, key=lambda pair: (pair[0], pair[1].meta.key), default=None)
        return (best[1] if best else None), near

    def _may_be_one(self, first: DocumentDraft, second: DocumentDraft) -> bool:
        """
        Whether *first* may answer for *second*, whose words are nearly its own.

        Texts that hold at other times are two. Of those that deny or count otherwise, only the later of one
        kind of source answers for the earlier, for it is its correction; where no day tells them apart, none.
        """
        if _holds(first.meta) != _holds(second.meta):
            return False
        if turns_alike(_text(first), _text(second)):
            return True
        late, early = first.meta.issued, second.meta.issued
        return bool(late and early and late > early) and self._is_official(first) == self._is_official(second)

    def _answers_before(self, draft: DocumentDraft, other: DocumentDraft) -> bool:
        if turns_alike(_text(draft), _text(other)):
            return self._precedence(draft) < self._precedence(other)
        late, early = draft.meta.issued, other.meta.issued
        return bool(late and (early is None or late > early))

    def _precedence(self, draft: DocumentDraft) -> tuple[bool, bool, int, int, str]:
        return precedence(draft.meta, len(_text(draft)), is_official=self._is_official(draft))

    def _is_official(self, draft: DocumentDraft) -> bool:
        return self._sources.is_official(host_of(draft.meta.url))

    def _answer(self, draft: DocumentDraft) -> None:
        """Publish *draft* with the titles of its copies as references, but not of what it corrects."""
        key, text = draft.meta.key, _text(draft)
        copies = [item for item in self._book.copies_of(key) if turns_alike(_text(item.draft), text)]
        references = tuple(_reference(item.draft.meta) for item in copies)
        stored = draft.content_hash
        if copies:
            listed = sorted(str(reference) for reference in references)
            stored = hashlib.sha256(f"{draft.content_hash} listed {listed}".encode()).hexdigest()
        passages = draft.passages
        if not key.startswith(_GUIDES):
            passages = tuple(replace(passage, references=references) for passage in passages)
        self._book.store_as(key, draft.content_hash, stored)
        self._shelf.publish(replace(draft, passages=passages, content_hash=stored))
        self._sign(key, stored, signature_of(runs_of(text)))

    def _become_copy(self, draft: DocumentDraft, flags: tuple[Flag, ...], *, of_key: str) -> None:
        """Leave *draft* in the list without passages; *of_key* answers for it, and for its copies."""
        key = draft.meta.key
        for item in self._book.copies_of(key):
            self._book.wait(replace(item, of_key=of_key))
        self._book.wait(Waiting(draft=draft, why="copy", of_key=of_key, flags=flags))
        stored = hashlib.sha256(f"{draft.content_hash} copy".encode()).hexdigest()
        self._book.store_as(key, draft.content_hash, stored)
        self._shelf.publish(replace(draft, passages=(), content_hash=stored))
        self._twins().drop(key)
        self._list_copies(of_key)

    def _list_copies(self, key: str) -> None:
        """Publish *key* again with the copies it has now."""
        draft = self._draft_of(key)
        if draft is not None:
            self._answer(draft)

    def _let_answer(self, orphans: Sequence[Waiting]) -> None:
        """Place *orphans* anew, whose original is gone or another text now; some may be gone themselves."""
        for item in orphans:
            if self._book.copied(item.draft.meta.key):
                self.place(replace(item.draft, by="", accepted=()), item.flags)  # nobody's deed

    def _draft_of(self, key: str) -> DocumentDraft | None:
        """What the library has under *key*, as it would be published without copies."""
        content_hash = self.hashes(key).get(key)
        passages = self._shelf.document_passages(key) if content_hash else []
        if content_hash is None or not passages:
            return None
        stored = next(item for item in self._shelf.documents(key) if item.meta.key == key)
        return DocumentDraft(
            meta=passages[0].meta,
            passages=tuple(_passage_draft(passage) for passage in passages),
            content_hash=content_hash,
            repairs=stored.repairs,
            original=stored.original,
        )

    def _twins(self) -> TwinIndex:
        """The index over everything that answers, built from the library; signatures are kept in the book."""
        if self._index is None:
            self._index = TwinIndex()
            signed, copies = self._book.signatures(), self._book.answers_for()
            for key, stored in self._shelf.hashes("").items():
                if key.startswith(_GUIDES) or key in copies:
                    continue
                known, signature = signed.get(key, ("", b""))
                if known != stored:
                    draft = self._draft_of(key)
                    signature = signature_of(runs_of(_text(draft))) if draft else b""
                    self._book.sign(key, stored, signature)
                self._index.add(key, signature)
        return self._index

    def _sign(self, key: str, stored: str, signature: bytes) -> None:
        self._book.sign(key, stored, signature)
        self._twins().add(key, signature)


def _text(draft: DocumentDraft) -> str:
    return "\n".join(passage.text for passage in draft.passages)


def _may_answer_for(one: DocumentMeta, other: DocumentMeta) -> bool:
    """Whether the same people see both for the same place: a copy must not hide what it is a copy of."""
    return one.audience is other.audience and one.area == other.area and one.kind is other.kind


def _holds(meta: DocumentMeta) -> tuple[object, ...]:
    """From when until when *meta* holds, and instead of what: two texts that differ in it are two."""
    return meta.effective, meta.expires, number_key(meta.number), set(meta.replaces), set(meta.replaced_by)


def _reference(meta: DocumentMeta) -> Reference:
    source = f" ({meta.source})" if meta.source else ""
    return Reference(title=f"{meta.title}{source}", url=meta.url)


def _passage_draft(passage: Passage) -> PassageDraft:
    return PassageDraft(
        anchor=passage.anchor,
        text=passage.text,
        locator=passage.locator,
        heading=passage.heading,
        articles=passage.articles,
        questions=passage.questions,
        english=passage.english,
    )
