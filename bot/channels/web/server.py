"""
The web chat: a page, two JSON calls, and a plain form for browsers without JavaScript.

It keeps nothing: no cookie, no session, no log of what was asked. The composition root hands it an
`AskPort` and starts it with `server_config`, which turns the access log off.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.assets import CHAT
from bot.channels.web.guard import Guard, problem_response
from bot.channels.web.page import Page, manifest, page_html
from bot.channels.web.reading import (
    PREVIOUS_TEXT_LIMIT,
    STATUS,
    Problem,
    read_feedback,
    read_form,
    read_question,
    request_language,
)
from bot.channels.web.render import Renderer, safe_url, text_html
from bot.channels.web.site import ASKING_AT_ONCE, ASKING_SECONDS, Site
from bot.channels.web.tip_routes import tip_routes
from bot.messages import PREVIOUS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from bot.channels.web.tip_site import WebTips
    from bot.messages import AskPort
    from knowledge.answer import Answer
    from prompts.catalog import Language

LOCAL_HOSTS: Final = ("localhost",)  # any bare IP address is served too
_YEAR: Final = "public, max-age=31536000, immutable"
_GZIP_FROM: Final = 600  # bytes


def create_app(  # noqa: PLR0913 - every limit by its name
    asking: AskPort,
    *,
    name: str = "Bình An",
    hosts: Iterable[str] = (),
    asking_seconds: float = ASKING_SECONDS,
    at_once: int = ASKING_AT_ONCE,
    tips: WebTips | None = None,
) -> Starlette:
    """
    The web chat as an ASGI application.

    Args:
        asking: Who answers. Always asked for the public audience.
        name: What the assistant is called on the page.
        hosts: Names this server is reached by, beside localhost and bare addresses (`"*"`: any, when a
            proxy in front has checked it). Others are turned away, against DNS rebinding.
        asking_seconds: How long one question may take, waiting included.
        at_once: How many questions are answered at the same time.
        tips: Takes anonymous tips; without it no page speaks of them.
    """
    app = Starlette(
        routes=[
            Route("/", show_page),
            Route("/ask", show_page),
            Route("/ask", ask_by_form, methods=["POST"]),
            Route("/api/ask", ask_by_script, methods=["POST"]),
            Route("/api/feedback", note_feedback, methods=["POST"]),
            Route("/healthz", show_health),
            Route("/manifest.webmanifest", show_manifest),
            Route("/static/{file}", show_asset),
            *(tip_routes(tips, name=name) if tips else ()),
        ],
        middleware=[
            Middleware(Guard, hosts=(*LOCAL_HOSTS, *hosts)),
            Middleware(GZipMiddleware, minimum_size=_GZIP_FROM),
        ],
        exception_handlers={HTTPException: show_http_error},
    )
    gate = anyio.CapacityLimiter(at_once)
    app.state.site = Site(
        asking=asking, name=name, gate=gate, seconds=asking_seconds, takes_tips=tips is not None
    )
    return app


def server_config(app: Starlette, *, host: str = "127.0.0.1", port: int = 8080) -> uvicorn.Config:
    """How to run *app*: without an access log, without naming the server, within bounds."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,  # network addresses stand in it
        log_level="warning",
        server_header=False,
        limit_concurrency=1_000,
        timeout_keep_alive=10,
    )


async def show_page(request: Request) -> Response:
    """A fresh page."""
    language = request_language(request)
    starters = await _site(request).starters(language)
    return _page(request, Page(starters=starters), language)


async def ask_by_form(request: Request) -> Response:
    """A whole page with the answer, for browsers without JavaScript."""
    site = _site(request)
    try:
        question = await read_form(request)
    except Problem as problem:
        return _problem_page(request, problem)
    renderer = site.renderer(question.language)
    asked = renderer.question(question.text)
    try:
        answer = await site.ask(question)
    except Problem as problem:
        page = Page(
            messages=asked + renderer.problem(problem.code),
            previous=question.previous,
            draft=question.text,
            fresh=False,
        )
        return _page(request, page, question.language, problem.status)
    previous = (*question.previous, question.text[:PREVIOUS_TEXT_LIMIT])[-PREVIOUS_LIMIT:]
    page = Page(messages=asked + renderer.answer(answer), previous=previous, fresh=False)
    return _page(request, page, question.language)


async def ask_by_script(request: Request) -> Response:
    """The answer as JSON, with its HTML made here so that the page needs no Markdown."""
    question = await read_question(request)
    answer = await _site(request).ask(question)
    return JSONResponse(answer_json(answer, _site(request).renderer(question.language)))


async def note_feedback(request: Request) -> Response:
    """Count a thumb."""
    await _site(request).asking.note_feedback(await read_feedback(request))
    return Response(status_code=204)


async def show_health(request: Request) -> Response:  # noqa: ARG001  every handler takes it
    """Alive."""
    return JSONResponse({"status": "ok"})


async def show_manifest(request: Request) -> Response:
    """What makes the page installable."""
    renderer = _site(request).renderer(request_language(request))
    return JSONResponse(
        manifest(renderer),
        media_type="application/manifest+json",
        headers={"Cache-Control": "public, max-age=3600", "Vary": "Accept-Language"},
    )


async def show_asset(request: Request) -> Response:
    """A static file by its hashed name; yesterday's name is not found rather than wrong."""
    asset = CHAT.at(request.url.path)
    if asset is None:
        raise Problem("not_found")
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _YEAR})


async def show_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals, in the visitor's words."""
    status = cast("HTTPException", error).status_code
    problem = Problem("method" if status == STATUS["method"] else "not_found")
    if request.url.path.startswith("/api/"):
        return problem_response(problem, request)
    return _problem_page(request, problem)


def answer_json(answer: Answer, renderer: Renderer) -> dict[str, Any]:
    """*answer* as the page's script gets it: `html` is its text, `bubble` all of it, both safe."""
    fields = asdict(answer)
    timings = fields.pop("timings")
    del fields["confidence"]
    for citation in fields["citations"]:
        citation["url"] = safe_url(citation["url"])
    return {
        **fields,
        "timings_ms": timings,
        "html": str(text_html(answer.text)),
        "bubble": str(renderer.answer(answer)),
    }


def _site(request: Request) -> Site:
    return cast("Site", request.app.state.site)


def _page(request: Request, page: Page, language: Language, status: int = 200) -> Response:
    html = page_html(page, _site(request).renderer(language))
    caching = "no-cache" if page.fresh else "no-store"
    return HTMLResponse(
        html,
        status_code=status,
        headers={"Cache-Control": caching, "Vary": "Accept-Language", "Content-Language": language},
    )


def _problem_page(request: Request, problem: Problem) -> Response:
    language = problem.language or request_language(request)
    messages = _site(request).renderer(language).problem(problem.code)
    return _page(request, Page(messages=messages, fresh=False), language, problem.status)
