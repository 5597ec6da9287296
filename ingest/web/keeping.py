"""
Keeps one document like one page: asks whether it is new, reads it, and lets it go in through the gate.

Whatever goes wrong, the version that was good before goes on answering; it is told once, and again when it is
another thing that is wrong.
"""

from __future__ import annotations

import errno
import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from ingest.errors import IngestError
from ingest.sync import Action, publish_one
from ingest.trust.flags import Code, Flag
from ingest.web.asking import NotYet
from ingest.web.errors import FetchError, NotTaken
from ingest.web.pages import has_lost_text, letters, refused, suffix_of
from ingest.web.reading import basis_of, key_of, name_of, read_fetched
from ingest.web.schedule import GONE_DAYS, again_after
from ingest.web.targets import shown, target_of
from knowledge.errors import DocumentNotFound, KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from ingest.source_list import WebSource
    from ingest.sync import Outcome
    from ingest.trust.flags import Noted
    from ingest.web.asking import Asker
    from ingest.web.fetching import Fetched
    from ingest.web.state import PageState, WebState
    from knowledge.model import Audience, DocumentDraft

GOOD: Final = frozenset(("added", "updated", "unchanged"))
# Another look soon will not help; the others are tried again before their time.
_STANDING: Final = frozenset(
    (
        *("held", "text_lost", "login_page", "not_found_page", "wrong_type", "kind_changed", "robots"),
        *("forbidden", "gone", "gone_long", "address_refused", "bad_address", "redirect_refused", "too_much"),
    )
)
_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT))
_HEAD: Final = 500_000  # bytes in which a field for a password is looked for
_TAG: Final = 200  # characters


class Gate(Protocol):
    """The gate before the library, as a page needs it."""

    def hashes(self, prefix: str) -> Mapping[str, str]:
        """Key and content hash of every document whose key begins with *prefix*."""

    def publish(self, draft: DocumentDraft, also: tuple[Flag, ...] = ()) -> Noted:
        """Publish *draft*, about which *also* was found; HeldForPerson where it waits."""

    def narrow(self, key: str, audience: Audience) -> bool:
        """As `ingest.sync.Library` says."""

    def remove(self, key: str) -> None:
        """Take the document of *key* out."""


class Door(Protocol):
    """Opens the gate for one document; its file by key is given along."""

    def __call__(self, paths: Mapping[str, Path]) -> AbstractContextManager[Gate]:
        """The gate, to be closed at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTold:
    """
    What became of one page; `again` is when it is asked next, seconds since 1970.

    `code` names the text `sources.page_<code>`, or `ingest.<code>` if it was not read. `is_news`: it is
    another outcome than last time.
    """

    source: WebSource
    code: str
    again: float
    is_news: bool
    fields: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None


class PageKeeper:
    """Keeps pages. For one thread."""

    def __init__(  # noqa: PLR0913 - all named
        self,
        *,
        asker: Asker,
        state: WebState,
        door: Door,
        finish: Callable[[], None],
        knows: Callable[[str], bool],
        now: Callable[[], float],
    ) -> None:
        """
        Keep pages through *door*.

        Args:
            asker: Asks the sites.
            state: What they said last time.
            door: Opens the gate for one document.
            finish: Called after a change of the library.
            knows: Whether a host is on the lists of trusted ones, so that a redirect may lead there.
            now: Seconds since 1970.
        """
        self._asker = asker
        self._state = state
        self._door = door
        self._finish = finish
        self._knows = knows
        self._now = now

    def due_at(self, source: WebSource) -> float:
        """When *source* is to be asked, seconds since 1970; what the operator says anew is asked at once."""
        page = self._state.page(source.url)
        if page.basis and page.basis != basis_of(source):
            return 0.0
        return min(page.next, page.checked + source.every_s) if page.outcome in GOOD else page.next

    def visit(self, source: WebSource) -> PageTold | NotYet:
        """
        Ask for *source* now, whatever its schedule; or when its host can be asked.

        Raises:
            KnowledgeError: The library cannot be reached; the site was not asked.
        """
        before = self._state.page(source.url)
        with self._door({}) as gate:
            known = gate.hashes(key_of(source.url)).get(key_of(source.url), "")
        with tempfile.TemporaryDirectory(prefix="binhan-web-") as folder:
            into = Path(folder) / "body"
            try:
                fetched = self._asker.ask(
                    source, into, headers=_conditions(source, before, known), may_go=self._may_go(source)
                )
                if isinstance(fetched, NotYet):
                    return fetched
                return self._answered(source, before, fetched, into, known)
            except (FetchError, KnowledgeError) as error:
                return self._note(source, before, error.code, fields=error.fields)
            except IngestError as error:
                wait = float(source.every_s)
                return self._note(source, before, error.code, fields=error.fields, wait=wait)
            except Exception as error:  # noqa: BLE001 - one page must not stop the others; its words stay here
                code = "no_room" if getattr(error, "errno", 0) in _FULL else "unexpected_error"
                return self._note(source, before, code, fields={"reason": type(error).__name__})

    def forget(self, source: WebSource, *, take_out: bool) -> None:
        """Ask for *source* no more; take its document out for good, too, if *take_out*."""
        self._state.forget_page(source.url)
        if take_out:
            with self._door({}) as gate, suppress(DocumentNotFound):
                gate.remove(key_of(source.url))
                self._finish()

    def _may_go(self, source: WebSource) -> Callable[[str], bool]:
        target = target_of(source.url, plain=source.plain, inside=source.inside)
        bare = target.host.removeprefix("www.")
        return lambda other: other.removeprefix("www.") == bare or self._knows(other)

    def _answered(
        self, source: WebSource, before: PageState, fetched: Fetched, into: Path, known: str
    ) -> PageTold:
        status = fetched.status
        if status == HTTPStatus.NOT_MODIFIED:
            is_good = known == before.content_hash  # a person may have let in what waited
            return self._note(source, before, "unchanged" if is_good else before.outcome)
        if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            wait = self._asker.busy_wait(fetched, before.fails + 1, source.every_s)
            return self._note(source, before, "busy", wait=wait)
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return self._gone(source, before)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return self._note(source, before, "forbidden", fields={"status": str(status)})
        if status != HTTPStatus.OK:
            return self._note(source, before, "bad_status", fields={"status": str(status)})
        return self._came(source, before, fetched, into, known)

    def _gone(self, source: WebSource, before: PageState) -> PageTold:
        since = before.gone or self._now()
        days = int((self._now() - since) // 86_400)
        code = "gone_long" if days >= GONE_DAYS else "gone"
        return self._note(source, replace(before, gone=since), code, fields={"days": str(days)})

    def _came(
        self, source: WebSource, before: PageState, fetched: Fetched, into: Path, known: str
    ) -> PageTold:
        suffix = suffix_of(
            fetched.headers.get("content-type", ""),
            fetched.headers.get("content-disposition", ""),
            fetched.url,
        )
        if not suffix:
            raise NotTaken("wrong_type", kind=fetched.headers.get("content-type", "?")[:60])
        if known and before.suffix not in {"", ".html"} and suffix == ".html":
            raise NotTaken("kind_changed", kind=before.suffix)
        file = into.with_name(f"{name_of(source.url)}{suffix}")
        into.rename(file)
        draft = read_fetched(source, file)
        with file.open("rb") as raw:
            why = refused(source.url, fetched.url, raw.read(_HEAD), draft)
        if why:
            raise NotTaken(why, url=shown(fetched.url))
        seen = replace(
            before,
            basis=basis_of(source),
            etag=_tag(fetched.headers.get("etag", "")),
            modified=_tag(fetched.headers.get("last-modified", "")),
            content_hash=draft.content_hash,
            gone=0.0,
        )
        good = replace(seen, suffix=suffix, letters=letters(draft))
        if draft.content_hash == known:
            return self._note(source, good, "unchanged")
        lost = bool(known) and has_lost_text(before.letters, letters(draft))
        outcome = self._publish(draft, file, known=known, lost=lost)
        if outcome.action is Action.HELD:
            return self._note(source, seen, "text_lost" if lost else "held", outcome=outcome)
        return self._note(source, good, outcome.action.value, outcome=outcome)

    def _publish(self, draft: DocumentDraft, file: Path, *, known: str, lost: bool) -> Outcome:
        also = (Flag(Code.TEXT_LOST, "", ""),) if lost else ()
        with self._door({draft.meta.key: file}) as gate:
            action = Action.UPDATED if known else Action.ADDED
            outcome = publish_one(draft, action, library=_Through(gate, also))
        if outcome.action is not Action.HELD:
            self._finish()
        return outcome

    def _note(  # noqa: PLR0913 - all named
        self,
        source: WebSource,
        page: PageState,
        code: str,
        *,
        fields: Mapping[str, str] | None = None,
        outcome: Outcome | None = None,
        wait: float | None = None,
    ) -> PageTold:
        """Note that *code* became of *page*, and when it is asked for again."""
        now = self._now()
        is_same = page.outcome == code or {page.outcome, code} <= GOOD
        is_news = code in {"added", "updated"} or not is_same
        waits = code in GOOD or code in _STANDING
        fails = 0 if waits else page.fails + 1
        if wait is None:
            wait = float(source.every_s) if waits else again_after(fails, source.every_s)
        self._state.keep_page(
            replace(
                page,
                outcome=code,
                since=page.since if is_same and page.since else now,
                checked=now,
                next=now + wait,
                fails=fails,
                gone=0.0 if code in GOOD else page.gone,
                fields=json.dumps(dict(fields or {})) if fields or not is_same else page.fields,
            )
        )
        return PageTold(
            source=source,
            code=code,
            again=now + wait,
            is_news=is_news,
            fields=fields or {},
            outcome=outcome,
        )


class _Through:
    """The gate as `publish_one` knows a library, with what this door found."""

    def __init__(self, gate: Gate, also: tuple[Flag, ...]) -> None:
        self._gate = gate
        self._also = also
        self.hashes = gate.hashes
        self.narrow = gate.narrow
        self.remove = gate.remove

    def publish(self, draft: DocumentDraft) -> Noted:
        """Publish *draft*."""
        return self._gate.publish(draft, self._also)


def _conditions(source: WebSource, page: PageState, known: str) -> dict[str, str]:
    """The headers that let a site say "nothing new"; none where the page has to be read anew."""
    is_kept = known == page.content_hash or page.outcome in {"held", "text_lost"}
    if page.basis != basis_of(source) or not page.content_hash or not is_kept:
        return {}
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.modified}
    return {name: value for name, value in headers.items() if value}


def _tag(header: str) -> str:
    """*header*, to be sent back; nothing where it is no plain text."""
    return header if len(header) <= _TAG and header.isascii() and header.isprintable() else ""
