"""Following a tip with its receipt: the page, and what it does without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from bot.channels.web.reading import STATUS, Problem, request_language
from bot.channels.web.tip_multipart import BrokenOff, uploading
from bot.channels.web.tip_site import raw_files, status_of
from tips.errors import BadReceipt, BadSetup, FileRefused, TipError
from tips.receipts import Receipt

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from bot.channels.web.tip_multipart import Upload
    from bot.channels.web.tip_site import TipSite
    from bot.channels.web.tip_words import TipWords
    from prompts.catalog import Language
    from tips.intake import Conversation
    from tips.model import Reply

_SCRIPTS: Final = ("tip-seal.js", "tip-files.js", "tip-follow.js")
_HIDDEN: Final = Markup(" hidden")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowView:
    """What stands on the page: nothing found yet, or a conversation and a line about what was just done."""

    conversation: Conversation | None = None
    receipt: str = ""
    said: str = ""
    problem: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class FollowPages:
    """The page of following, over plain forms."""

    site: TipSite

    async def show(self, request: Request) -> Response:
        """Where a receipt is typed."""
        return self._page(request_language(request), FollowView())

    async def act(self, request: Request) -> Response:
        """Look a receipt up; answer or take back if that was pressed."""
        language = request_language(request)
        words = self.site.words(language)
        try:
            async with uploading(request, self.site.held) as upload:
                await self.site.pace.wait()
                return self._page(language, await self._done(upload, words))
        except Problem as problem:
            view = FollowView(problem=words.problem(problem.code))
            if isinstance(problem, BrokenOff):
                view = await self._shown_again(problem.upload, view)
            return self._page(language, view, STATUS[problem.code])
        except TipError as error:
            return self._page(language, FollowView(problem=words.error(error)), status_of(error))

    async def _shown_again(self, upload: Upload, view: FollowView) -> FollowView:
        """*view* with the conversation and what was typed, as far as they came."""
        try:
            receipt = Receipt.parse(upload.first("receipt"))
            await self.site.pace.wait()
            found = await self.site.run(False, self.site.intake.follow, receipt)
        except (BadReceipt, Problem, TipError):
            return view
        if found is None:
            return view
        return replace(view, conversation=found, receipt=receipt.text, typed=upload.first("text"))

    async def _done(self, upload: Upload, words: TipWords) -> FollowView:
        try:
            receipt = Receipt.parse(upload.first("receipt"))
        except BadReceipt:
            receipt = Receipt.new()  # finds nothing, in the time that any other takes
        found = await self.site.run(False, self.site.intake.follow, receipt)
        if found is None:
            return FollowView(said=words.say("js_unknown"))
        said, problem, typed = "", "", ""
        try:
            if upload.first("do") == "more":
                said, typed = await self._more(upload, receipt, found, words)
            elif upload.first("do") == "withdraw":
                said = await self._withdraw(upload, receipt, words)
        except TipError as error:
            problem, typed = words.error(error), upload.first("text")
        found = await self.site.run(False, self.site.intake.follow, receipt) or found
        return FollowView(conversation=found, receipt=receipt.text, said=said, problem=problem, typed=typed)

    async def _more(
        self, upload: Upload, receipt: Receipt, found: Conversation, words: TipWords
    ) -> tuple[str, str]:
        told = upload.first("text")
        if upload.refused and not (told or upload.files):
            raise FileRefused(reason=upload.refused[0])
        if not told and not upload.files:
            return words.say("js_more_empty"), ""
        if upload.first("seq") != str(found.next_seq):
            # Sent again by a reload, or from another tab: it may be here already.
            return words.say("more_twice"), told
        reply = upload.first("in_reply_to")
        try:
            done = await self.site.run(
                bool(upload.files),
                self.site.intake.more,
                receipt,
                told,
                raw_files(upload.files, keep=False),
                in_reply_to=int(reply) if reply.isdecimal() and len(reply) < len("1000000") else 0,
                seq=found.next_seq,
            )
        except BadSetup as error:
            if error.fields.get("part") != "seq":
                raise
            return words.say("more_twice"), told  # pressed twice: the other one was quicker
        refused = words.refused((*upload.refused, *done.refused))
        return " ".join((words.say("js_more_received"), *refused)), ""

    async def _withdraw(self, upload: Upload, receipt: Receipt, words: TipWords) -> str:
        if upload.first("sure") != "yes":
            return words.say("js_withdraw_unsure")
        await self.site.run(False, self.site.intake.withdraw, receipt)
        return words.say("js_withdrawn")

    def _page(self, language: Language, view: FollowView, status: int = 200) -> Response:
        html = follow_html(self.site.words(language), view)
        headers = {"Cache-Control": "no-store", "Content-Language": language}
        return HTMLResponse(html, status_code=status, headers=headers)


def follow_html(words: TipWords, view: FollowView) -> str:
    """The page with what *view* holds."""
    found = view.conversation
    is_over = found is None or found.is_withdrawn
    content = words.fill(
        "tip_follow.html",
        look_hidden=_HIDDEN if found else "",
        said=view.said,
        said_hidden="" if view.said else _HIDDEN,
        result_hidden="" if found else _HIDDEN,
        reference=found.reference if found else "",
        state=_state(words, found) if found else "",
        replies=Markup().join(_reply(words, reply) for reply in found.replies) if found else "",
        none_hidden=_HIDDEN if found and found.replies else "",
        more_hidden=_HIDDEN if is_over else "",
        close_hidden="" if found else _HIDDEN,
        receipt=view.receipt,
        seq=found.next_seq if found else "",
        in_reply_to=_last_question(found) if found else 0,
        text=view.typed,
    )
    return words.document(
        content,
        page="follow",
        path="/theo-doi",
        elsewhere="/bao-tin",
        scripts=() if found else _SCRIPTS,
        problem=view.problem,
    )


def _state(words: TipWords, found: Conversation) -> str:
    if found.is_withdrawn:
        return words.say("js_state_withdrawn")
    outcome = next((reply.outcome for reply in reversed(found.replies) if reply.state), "")
    told = words.say(f"js_state_{found.state}")
    return f"{told} {words.say(f'js_outcome_{outcome}')}" if outcome else told


def _reply(words: TipWords, reply: Reply) -> Markup:
    return Markup(
        '<li class="msg bot"><p class="label">{}</p><p class="words" dir="auto">{}</p></li>'
    ).format(
        " · ".join(filter(None, (words.say(f"js_reply_{reply.type}"), _day(reply.day)))),
        reply.text or (words.say(f"js_state_{reply.state}") if reply.state else ""),
    )


def _day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else ""


def _last_question(found: Conversation) -> int:
    return next((reply.seq for reply in reversed(found.replies) if reply.type == "question"), 0)
