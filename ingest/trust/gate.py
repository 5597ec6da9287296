"""
The gate of the library: what a sync or an editor publishes passes here.

Grave findings hold a document for a person, and whatever was published under its key goes on answering: for
those alone whom the new version is for, where these are fewer.
What passes goes to `Copies`, which keeps one of several that are the same.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.originals import kept
from ingest.trust.articles import Articles
from ingest.trust.book import Acceptance, Waiting
from ingest.trust.copies import Copies
from ingest.trust.flags import HeldForPerson
from ingest.trust.hidden import hidden_texts
from ingest.trust.inspection import inspect, without_traps
from ingest.trust.narrowed import narrowed
from knowledge.errors import DocumentNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import NoReturn

    from ingest.originals import Originals
    from ingest.trust.book import TrustBook
    from ingest.trust.flags import Code, Flag, Noted
    from ingest.trust.shelf import Shelf
    from ingest.trust.sources import Sources
    from knowledge.model import Audience, DocumentDraft


class TrustGate:
    """A library as `ingest.sync` knows one, with a person in between where it is needed."""

    def __init__(  # noqa: PLR0913 - all named
        self,
        shelf: Shelf,
        *,
        book: TrustBook,
        sources: Sources,
        today: date,
        paths: Mapping[str, Path] | None = None,
        accepted: Collection[Code] = (),
        who: str = "",
        originals: Originals | None = None,
    ) -> None:
        """
        Put the gate before *shelf*.

        Args:
            shelf: The library behind the gate.
            book: What was noted before.
            sources: Whose pages and lines are known.
            today: The day by which law is judged.
            paths: The files of the documents by key, to see what they hide.
            accepted: Findings that *who* answers for, in whatever is published now.
            who: The person who does.
            originals: Where the files of *paths* are kept; without it no file is, and no document names one.
        """
        self._shelf = shelf
        self._originals = originals
        self.has_changed = False  # since it was opened
        self._copies = Copies(shelf, book, sources)
        self._articles = Articles(shelf)
        self._book = book
        self._sources = sources
        self._today = today
        self._paths = paths or {}
        self._accepted = frozenset(accepted)
        self._who = who

    def hashes(self, prefix: str) -> dict[str, str]:
        """Key and hash of the file of every published document whose key begins with *prefix*."""
        return self._copies.hashes(prefix)

    def remove(self, key: str) -> None:
        """Take *key* out; a copy of it answers in its place."""
        self.has_changed = True
        before = self._files_of(key)
        self._copies.remove(key, self._who)
        if before and self._originals is not None:
            self._originals.drop(before - self._book.originals() - self._shelf.originals())

    def withdraw(self, key: str) -> tuple[str, ...]:
        """Let *key* answer nothing until it is restored; the keys of copies that answer in its place now."""
        return self._copies.withdraw(key, self._who)

    def answer_from(self, key: str, edition: int | None = None) -> int:
        """Let *edition* of *key* answer, or what answered before it was withdrawn; which one that is."""
        return self._copies.answer_from(key, edition, self._who)

    def publish(self, draft: DocumentDraft, also: tuple[Flag, ...] = ()) -> Noted:
        """
        Publish *draft*, or its place as a copy; *also* is what the door it came through found.

        Its file is kept first, for a document that waits, too.

        Raises:
            HeldForPerson: It waits for a person.
            IngestError: Its file cannot be kept; nothing was published.
        """
        self.has_changed = True
        draft = self._with_file(draft)
        flags = (*also, *self.judge(draft))
        if self._holds(draft, flags):
            self._hold(draft, flags)
        grave = frozenset(flag.code for flag in flags if flag.is_grave)
        if grave:
            before = self._book.acceptance(draft.meta.key, draft.content_hash)
            if before is None or not grave <= before.codes:
                before = self._note(draft, grave, whole=False)
                draft = replace(draft, accepted=_named(grave))
            cut = draft if before.whole else without_traps(draft, self._sources)
            if not cut.passages:
                self._hold(draft, flags)  # nothing but traps: only `accept --whole` lets it in
            draft = cut
        return self._copies.place(replace(draft, by=self._who), flags)

    def would_hold(self, draft: DocumentDraft) -> tuple[Flag, ...]:
        """The flags for which *draft* would wait for a person; none where it would go in."""
        flags = self.judge(draft)
        return flags if self._holds(draft, flags) else ()

    def _holds(self, draft: DocumentDraft, flags: Sequence[Flag]) -> bool:
        before = self._book.acceptance(draft.meta.key, draft.content_hash)
        grave = {flag.code for flag in flags if flag.is_grave}
        return bool(grave - self._accepted - (before.codes if before else frozenset()))

    def _hold(self, draft: DocumentDraft, flags: tuple[Flag, ...]) -> NoReturn:
        """Keep *draft* for a person; an original or a copy published under its key stays what it is."""
        audience = draft.meta.audience
        is_narrowed = self.narrow(draft.meta.key, audience)
        self._book.wait(Waiting(draft=draft, why="held", flags=flags))
        raise HeldForPerson(flags, narrowed_to=audience if is_narrowed else None)

    def narrow(self, key: str, audience: Audience) -> bool:
        """Let what answers under *key* answer for *audience* alone, if more see it now; whether they did."""
        draft = narrowed(self._shelf, self._book, key, audience)
        if draft is None:
            return False
        self.has_changed = True
        self._copies.place(replace(draft, by=self._who), ())
        return True

    def would_narrow(self, key: str, audience: Audience) -> bool:
        """Whether `narrow` would change anything."""
        return narrowed(self._shelf, self._book, key, audience) is not None

    def judge(self, draft: DocumentDraft) -> tuple[Flag, ...]:
        """What there is to say of *draft*; nothing is changed."""
        path = self._paths.get(draft.meta.key)
        return inspect(
            draft,
            sources=self._sources,
            today=self._today,
            hidden=hidden_texts(path) if path else (),
            article_text=self._articles.text,
        )

    def accept(self, key: str, *, whole: bool = False) -> Noted | None:
        """
        Publish what waits under *key*, answered for by the person this gate was made with.

        Args:
            key: A held document.
            whole: With the sentences that order machines about or ask for an OTP, too.

        Returns:
            What there is to say of it, or None where nothing waits, or nothing is left of it.
        """
        item = self._book.held_one(key)
        if item is None:
            return None
        draft = item.draft if whole else without_traps(item.draft, self._sources)
        if not draft.passages:
            return None
        grave = frozenset(flag.code for flag in item.flags if flag.is_grave)
        self._note(item.draft, grave, whole=whole)
        return self._copies.place(replace(draft, by=self._who, accepted=_named(grave)), item.flags)

    def forget_missing(self, prefix: str, found: Collection[str]) -> None:
        """
        Let go of held documents below *prefix* whose files are no longer among *found*; once after a sync.

        And of what a kill left of the copies.
        """
        self._copies.mend()
        for item in self._book.held():
            key = item.draft.meta.key
            if key.startswith(prefix) and key not in found:
                self._book.no_longer_waits(key, "held")

    def resting(self, prefix: str, found: Collection[str]) -> dict[str, str]:
        """
        Key and hash of the newest edition of every withdrawn document among *found*, keys of files.

        So that a sync neither reads those files again and again, nor removes what it does not find.
        """
        return {key: value for key, value in self._copies.resting(prefix).items() if key in found}

    def _with_file(self, draft: DocumentDraft) -> DocumentDraft:
        file = self._paths.get(draft.meta.key)
        if self._originals is None or file is None:
            return replace(draft, original=None)
        return kept(draft, file, self._originals)

    def _files_of(self, key: str) -> set[str]:
        """The originals of every kept edition of *key*, and of what waits under it."""
        waiting = self._book.held_one(key)
        found = {waiting.draft.original} if waiting else set()
        with suppress(DocumentNotFound):
            if self._originals is not None:
                found |= {item.original for item in self._shelf.history(key).versions}
        return {original.sha256 for original in found if original is not None}

    def _note(self, draft: DocumentDraft, codes: frozenset[Code], *, whole: bool) -> Acceptance:
        acceptance = Acceptance(
            key=draft.meta.key,
            content_hash=draft.content_hash,
            codes=codes,
            who=self._who,
            day=self._today.isoformat(),
            whole=whole,
        )
        self._book.accept(acceptance)
        return acceptance


def _named(codes: Collection[Code]) -> tuple[str, ...]:
    return tuple(sorted(code.value for code in codes))
