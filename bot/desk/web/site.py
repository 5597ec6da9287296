"""What every handler of the desk shares: who asks, from which session, and how answers are made."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

import anyio
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.web.language import accepted_language, as_language
from bot.desk.web.door_pages import outside_body, problem_body
from bot.desk.web.frame import Frame
from bot.desk.web.guard import comes_from_here
from bot.desk.web.reading import BadForm, read_form
from bot.desk.web.sitting import Flash
from bot.desk.web.words import Words, vietnam_day
from prompts.catalog import text
from tips.errors import ActionRefused, TipError, TipNotReceived

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from markupsafe import Markup
    from starlette.requests import Request

    from bot.desk.desk import Desk
    from bot.desk.gaps import GapDesk
    from bot.desk.papers import PaperDesk
    from bot.desk.views import Seat
    from bot.desk.web.reading import Form
    from bot.desk.web.sitting import Sitting, Sittings
    from prompts.catalog import Language
    from tips.units import UnitBook

SESSION_COOKIE: Final = "binhan_desk"
LANGUAGE_COOKIE: Final = "binhan_desk_lang"
LIST: Final = "/desk/"
UNLOCK: Final = "/desk/mo-khoa"
AUDIT: Final = "/desk/nhat-ky"
_UNSEEN: Final = frozenset({"unknown_tip", "not_an_officer"})  # what looks as if it were not there
_SHELVING_AT_ONCE: Final = 6
_LANGUAGE_SECONDS: Final = 365 * 24 * 3600

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """The pages' own settings, each with its unit."""

    hide_seconds: float = 300.0  # without activity, after which an opened tip is hidden
    poll_seconds: float = 8.0  # between a page's questions for news
    cards_limit: int = 150  # on one page of the list; the desk puts first what presses
    wrong_seconds: float = 2.0  # that a wrong passphrase takes beside its own derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One web desk."""

    desk: Desk
    book: UnitBook
    name: str
    sittings: Sittings
    settings: PageSettings
    unlocking: anyio.CapacityLimiter  # one at a time, so that guessing is as slow as one guess after another
    working: anyio.CapacityLimiter
    now: Callable[[], datetime]
    gaps: GapDesk | None = None
    papers: PaperDesk | None = None
    shelving: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_SHELVING_AT_ONCE))

    async def run(self, work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do *work* of the desk (databases, decryption) in a thread."""
        return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self.working)

    async def shelve(self, work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do *work* of the library in a thread: it may wait for a publication, which no tip shall do."""
        return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self.shelving)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request. `seat` and `sitting` are None before signing in; `form` is {} for a GET."""

    request: Request
    site: Site
    words: Words
    token: str
    seat: Seat | None
    sitting: Sitting | None

    def frame(self, here: str = LIST) -> Frame:
        """The surroundings of the page to answer with; *here* is where switching the language leads."""
        unit_id = self.seat.unit if self.seat else ""
        return Frame(
            words=self.words,
            form_token=self.site.sittings.form_token(self.token if self.seat else ""),
            new_once=self.site.sittings.new_once,
            seat=self.seat,
            unit=self.site.book.unit(unit_id) if unit_id in self.site.book else None,
            here=here,
            poll_seconds=self.site.settings.poll_seconds,
            hide_seconds=self.site.settings.hide_seconds,
            has_gaps=self.site.gaps is not None,
            has_papers=self.site.papers is not None,
        )

    def page(
        self,
        name: str,
        body: Markup,
        *,
        frame: Frame | None = None,
        head: Markup | None = None,
        status: int = 200,
    ) -> Response:
        """*body* as a page."""
        flash = self.sitting.take_flash() if self.sitting else None
        html = (frame or self.frame()).page(name, body, flash=self.words.flash(flash), head=head)
        response = HTMLResponse(html, status_code=status, headers={"Content-Language": self.words.language})
        self._keep_language(response)
        return response

    def problem(self, code: str, status: int, typed: Sequence[str] = ()) -> Response:
        """A page that says what is not there or not possible, and hands back what was *typed*."""
        return self.page("problem", problem_body(self.frame(), code, typed), status=status)

    def say_done(self, key: str) -> None:
        """Show "done" once on the next page."""
        self.tell_done(self.words.say(key))

    def tell_done(self, words: str) -> None:
        """Show once on the next page what was done, in *words* of ours."""
        if self.sitting is not None:
            self.sitting.flash = Flash(mood="done", words=words)

    def say_no(self, words: str) -> None:
        """Show why not, once, on the next page."""
        if self.sitting is not None:
            self.sitting.flash = Flash(mood="no", words=words)

    def _keep_language(self, response: Response) -> None:
        chosen = as_language(self.request.query_params.get("lang"))
        if chosen is not None:
            set_cookie(self.request, response, LANGUAGE_COOKIE, chosen, _LANGUAGE_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """A visit of a signed-in officer."""

    visit: Visit
    seat: Seat
    sitting: Sitting
    form: Form | None = None

    @property
    def site(self) -> Site:
        """The desk visited."""
        return self.visit.site

    @property
    def words(self) -> Words:
        """The officer's language."""
        return self.visit.words

    @property
    def tip_id(self) -> str:
        """The tip in the address."""
        return str(self.visit.request.path_params["tip"])

    async def ask(self, work: Callable[..., _R], *args: object) -> _R:
        """Call one of the desk's methods for this officer."""
        return await self.site.run(work, self.seat, *args)

    async def shelve(self, work: Callable[..., _R], *args: object) -> _R:
        """Call one of the methods of the desk's documents for this officer."""
        return await self.site.shelve(work, self.seat, *args)


def is_auditor(seated: Seated) -> bool:
    """Auditors read the log and no tip."""
    return seated.seat.officer.role == "auditor"


def set_cookie(
    request: Request, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    """A cookie for the desk only, unread by scripts and unsent from other sites."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/desk",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def see_other(path: str) -> Response:
    """Go to *path* with a GET."""
    return RedirectResponse(path, status_code=303)


async def visit_of(request: Request, *, is_used: bool = True) -> Visit:
    """Who asks. An unknown or old session is nobody. *is_used*: an officer did something, not the page."""
    site = cast("Site", request.app.state.site)
    token = request.cookies.get(SESSION_COOKIE, "")
    seat = await site.run(site.desk.seat, token, is_used=is_used) if token else None
    return Visit(
        request=request,
        site=site,
        words=Words(
            language=_language(request), name=site.name, book=site.book, today=vietnam_day(site.now())
        ),
        token=token,
        seat=seat,
        sitting=site.sittings.of(token) if seat else None,
    )


def for_officers(
    handler: Callable[[Seated], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A page for signed-in officers."""

    async def handle(request: Request) -> Response:
        visit = await visit_of(request)
        if visit.seat is None or visit.sitting is None:
            return outside(visit)
        return await _guarded(handler, Seated(visit=visit, seat=visit.seat, sitting=visit.sitting))

    return handle


def for_scripts(handler: Callable[[Seated], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """
    What the open page of an officer asks by itself.

    It keeps the session only where somebody did something meanwhile, and is told that the unit is locked.
    """

    async def tell(seated: Seated) -> Response:
        try:
            return await handler(seated)
        except ActionRefused as refusal:
            if refusal.fields.get("reason") != "locked":
                raise
            return JSONResponse({"locked": True})

    async def handle(request: Request) -> Response:
        visit = await visit_of(request, is_used=is_active(request))
        if visit.seat is None or visit.sitting is None:
            return outside(visit)
        return await _guarded(tell, Seated(visit=visit, seat=visit.seat, sitting=visit.sitting))

    return handle


def is_active(request: Request) -> bool:
    """Whether somebody did something on the page since it asked last."""
    return request.headers.get("x-desk-active") == "1"


def by_officers(handler: Callable[[Seated], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """What a form of a signed-in officer does; only with the form token of the same session."""

    async def handle(request: Request) -> Response:
        visit = await visit_of(request)
        try:
            form = await read_form(request)
        except BadForm:
            return visit.problem("form", 400) if visit.seat else outside(visit)
        # Of a session that is over, or was another: nothing is done, and no words are lost.
        typed = form.typed() if comes_from_here(request.scope) else ()
        if visit.seat is None or visit.sitting is None:
            return outside(visit, typed)
        if not is_ours(visit, form):
            return visit.problem("form", 403, typed)
        seated = Seated(visit=visit, seat=visit.seat, sitting=visit.sitting, form=form)
        return await _guarded(handler, seated)

    return handle


def is_ours(visit: Visit, form: Form) -> bool:
    """Whether *form* was made for this session."""
    wanted = visit.frame().form_token
    return hmac.compare_digest(form.line("form").encode(), wanted.encode())


def outside(visit: Visit, typed: Sequence[str] = ()) -> Response:
    """The page for nobody in particular; a session that is over loses its cookie."""
    body = outside_body(visit.frame(), is_over=bool(visit.token), typed=typed)
    response = visit.page("outside", body, status=401)
    if visit.token:
        response.delete_cookie(SESSION_COOKIE, path="/desk", httponly=True, samesite="strict")
    return response


async def _guarded(handler: Callable[[Seated], Awaitable[Response]], seated: Seated) -> Response:
    """Refusals in words, never a trace; what may not be seen is not there."""
    visit = seated.visit
    try:
        return await handler(seated)
    except ActionRefused as refusal:
        reason = refusal.fields.get("reason", "")
        if reason in _UNSEEN:
            return visit.problem("unknown", 404)
        if reason == "locked":
            return see_other(UNLOCK)
        visit.say_no(visit.words.refused(reason))
    except TipError as error:
        visit.say_no(_fault(visit.words, error))
    if visit.request.method == "GET":
        return visit.problem("refused", 403)
    tip_id = visit.request.path_params.get("tip")
    return see_other(f"/desk/tin/{tip_id}" if tip_id else LIST)


def _fault(words: Words, error: TipError) -> str:
    """What an officer is told; `not_received` and its like are worded for tipsters."""
    if isinstance(error, TipNotReceived):
        return words.say("problem_unavailable_hint")
    return text(f"tips.{error.code}", words.language, **error.fields)


def _language(request: Request) -> Language:
    chosen = as_language(request.query_params.get("lang"))
    kept = as_language(request.cookies.get(LANGUAGE_COOKIE))
    return chosen or kept or accepted_language(request.headers.get("accept-language", ""))
