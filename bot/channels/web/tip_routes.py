"""
Leaving an anonymous tip and following it, in the web chat.

With JavaScript and WebCrypto the page seals words and photos itself and the receipt never comes here.
Without them the same document is a plain form, and the server does all of it, in memory. Either way nothing
here knows, stores or logs who is asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.reading import STATUS, Problem, request_language
from bot.channels.web.tip_api import TipApi
from bot.channels.web.tip_follow import FollowPages
from bot.channels.web.tip_form import read_entry
from bot.channels.web.tip_multipart import BrokenOff, Upload, uploading
from bot.channels.web.tip_page import calendar_page
from bot.channels.web.tip_review import Review
from bot.channels.web.tip_site import TipSite, raw_files, status_of
from tips.errors import BadReceipt, TipError
from tips.receipts import Receipt
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.channels.web.tip_form import Entry
    from bot.channels.web.tip_site import WebTips
    from prompts.catalog import Language
    from tips.intake import Submitted
    from tips.places import Place


def _today() -> datetime:
    return datetime.now(VIETNAM)


def tip_routes(
    tips: WebTips, *, name: str, now: Callable[[], datetime] = _today, site: TipSite | None = None
) -> list[BaseRoute]:
    """
    The routes of the tip pages.

    Args:
        tips: Takes tips and finds them again.
        name: What the assistant is called.
        now: The local time, for the calendar that *Leave quickly* shows.
        site: The bounds shared by all visitors, where they should not be the usual ones.
    """
    site = site or TipSite(tips=tips, name=name)
    pages, follow, api = TipPages(site, now), FollowPages(site), TipApi(site)
    return [
        Route("/bao-tin", pages.show),
        Route("/bao-tin", pages.send, methods=["POST"]),
        Route("/theo-doi", follow.show),
        Route("/theo-doi", follow.act, methods=["POST"]),
        Route("/lich", pages.calendar),
        Route("/api/tip/setup", api.setup),
        Route("/api/tip/places", api.places),
        Route("/api/tip", api.submit, methods=["POST"]),
        Route("/api/tip/status", api.status, methods=["POST"]),
        Route("/api/tip/more", api.more, methods=["POST"]),
        Route("/api/tip/withdraw", api.withdraw, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One filled form and its receipt: sent again with the same one, it is the same tip."""

    receipt: Receipt
    entry: Entry

    @classmethod
    def read(cls, upload: Upload) -> _Attempt:
        """As far as it came; with a new receipt where that could not be read."""
        try:
            return cls(Receipt.parse(upload.first("receipt")), read_entry(upload))
        except BadReceipt:
            return cls(Receipt.new(), read_entry(upload))


@dataclass(frozen=True, slots=True)
class TipPages:
    """The pages of leaving a tip."""

    site: TipSite
    now: Callable[[], datetime]

    async def show(self, request: Request) -> Response:
        """A fresh form, with a receipt of its own that is stored nowhere."""
        language = request_language(request)
        return _html(self.site.page(language).form(Receipt.new().text), language)

    async def calendar(self, request: Request) -> Response:
        """Where *Leave quickly* leads."""
        language = request_language(request)
        return _html(calendar_page(self.site.words(language), self.now().date()), language)

    async def send(self, request: Request) -> Response:
        """Take a tip from the plain form, or from a page that cannot seal."""
        language = request_language(request)
        try:
            async with uploading(request, self.site.held) as upload:
                return await self._take(request, upload, language)
        except Problem as problem:
            read = problem.upload if isinstance(problem, BrokenOff) else Upload()
            words = self.site.words(language).problem(problem.code)
            return self._refused(request, _Attempt.read(read), words, STATUS[problem.code])

    async def _take(self, request: Request, upload: Upload, language: Language) -> Response:
        entry = read_entry(upload)
        words = self.site.words(language)
        try:
            receipt = Receipt.parse(upload.first("receipt"))
        except BadReceipt:
            return self._refused(request, _Attempt(Receipt.new(), entry), words.say("receipt_anew"), 422)
        if upload.refused and not (upload.files or entry.is_told):
            problem = " ".join(words.refused(upload.refused))
            return self._refused(request, _Attempt(receipt, entry), problem, 422)
        review = Review(words=words, book=self.site.tips.book)
        finding = await self.site.run(
            False, review.check, entry, receipt, upload.first("check"), has_files=bool(upload.files)
        )
        if finding.problem:
            attempt = _Attempt(receipt, finding.entry)
            again = [words.say("files_again")] if upload.files else []
            problem = " ".join((finding.problem, *words.refused(upload.refused), *again))
            return self._refused(request, attempt, problem, 422, finding.places)
        try:
            done = await self.site.run(
                bool(upload.files),
                self.site.intake.submit,
                receipt,
                finding.entry.content(language),
                raw_files(upload.files, keep=entry.keep),
            )
        except TipError as error:
            return self._refused(request, _Attempt(receipt, entry), words.error(error), status_of(error))
        return self._received(request, upload, done, _Attempt(receipt, entry))

    def _received(self, request: Request, upload: Upload, done: Submitted, attempt: _Attempt) -> Response:
        language = request_language(request)
        words = self.site.words(language)
        refused = words.refused((*upload.refused, *done.refused))
        cut = [words.say("was_cut")] if done.is_cut or attempt.entry.is_cut else []
        if _wants_json(request):
            content = {"reference": done.reference, "files": done.files, "refused": refused, "notes": cut}
            return JSONResponse(content, status_code=201 if done.is_new else 200)
        # Sent before with this receipt: what was received then stays, whatever the form said now.
        notes = [*refused, *cut] if done.is_new else [words.say("js_sent_earlier")]
        page = self.site.page(language)
        return _html(page.sent(done.reference, attempt.receipt.text, notes), language)

    def _refused(
        self, request: Request, attempt: _Attempt, problem: str, status: int, places: Sequence[Place] = ()
    ) -> Response:
        if _wants_json(request):
            return _json_refusal(problem, status)
        language = request_language(request)
        html = self.site.page(language).form(
            attempt.receipt.text, attempt.entry, problem=problem, places=places
        )
        return _html(html, language, status)


def _wants_json(request: Request) -> bool:
    """Whether the page's script sent the form, because it could not seal."""
    return request.headers.get("accept", "").startswith("application/json")


def _json_refusal(problem: str, status: int) -> Response:
    return JSONResponse({"error": "not_received", "text": problem}, status_code=status)


def _html(html: str, language: Language, status: int = 200) -> Response:
    # Never kept: what stands on these pages is nobody's but the one who reads it now.
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    return HTMLResponse(html, status_code=status, headers=headers)
