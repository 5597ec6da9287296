"""
The web desk: pages for officers, to be mounted at /desk.

Server-rendered; the script only brings new tips live, hides what was left open and adds keys. Every right is
the desk's to check: a page shows the buttons that `Desk.allowed` names and is refused like anybody else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from bot.desk.rights import Action
from bot.desk.web.actions import PATHS
from bot.desk.web.acts import ACTIONS, handler_of
from bot.desk.web.assets import DESK
from bot.desk.web.doors import show_invitation, show_lock, show_session, sign_in, sign_out, unlock
from bot.desk.web.gap_handlers import gap_routes
from bot.desk.web.guard import DeskGuard
from bot.desk.web.listing import filter_list, show_audit, show_list, show_news
from bot.desk.web.site import PageSettings, Site, visit_of
from bot.desk.web.sitting import Sittings
from bot.desk.web.tip_handlers import hide_tip, open_tip, send_file, show_tip, show_tip_news

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from bot.desk.desk import Desk
    from bot.desk.gaps import GapDesk
    from bot.desk.papers import PaperDesk
    from tips.units import UnitBook

_AT_ONCE = 4  # pieces of the desk's work under way; more only wait for each other on two cores
_YEAR = "private, max-age=31536000, immutable"
_TIP = "/tin/{tip:str}"


def desk_app(  # noqa: PLR0913 - one port each
    desk: Desk,
    *,
    name: str,
    book: UnitBook,
    settings: PageSettings | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    gaps: GapDesk | None = None,
    papers: PaperDesk | None = None,
) -> Starlette:
    """
    The desk as an ASGI application; every address in its pages begins with /desk, where it is mounted.

    Args:
        desk: What officers can do.
        name: What the assistant is called on the pages.
        book: Names of units and officers.
        settings: Times of the pages.
        now: The clock, with its zone.
        gaps: What residents asked in vain; without it no page speaks of that.
        papers: The documents of the library; without them no page speaks of those.
    """
    settings = settings or PageSettings()
    app = Starlette(
        routes=[
            Route("/", show_list),
            Route("/moi", show_news),
            Route("/loc", filter_list, methods=["POST"]),
            Route("/nhat-ky", show_audit),
            Route("/vao/{token:str}", show_invitation, methods=["GET"]),
            Route("/vao/{token:str}", sign_in, methods=["POST"]),
            Route("/phien", show_session),
            Route("/ra", sign_out, methods=["POST"]),
            Route("/mo-khoa", show_lock, methods=["GET"]),
            Route("/mo-khoa", unlock, methods=["POST"]),
            Route("/static/{file}", show_asset),
            Route(_TIP, show_tip),
            Route(f"{_TIP}/moi", show_tip_news),
            Route(f"{_TIP}/tep/{{seq:int}}/{{index:int}}", send_file),
            Route(f"{_TIP}/{PATHS[Action.OPEN]}", open_tip, methods=["POST"]),
            Route(f"{_TIP}/an", hide_tip, methods=["POST"]),
            *(Route(f"{_TIP}/{PATHS[action]}", handler_of(action), methods=["POST"]) for action in ACTIONS),
            *(gap_routes() if gaps is not None else ()),
            *(_paper_routes() if papers is not None else ()),
        ],
        middleware=[Middleware(DeskGuard)],
        exception_handlers={HTTPException: show_http_error},
    )
    app.state.site = Site(
        desk=desk,
        book=book,
        name=name,
        sittings=Sittings(hide_seconds=settings.hide_seconds),
        settings=settings,
        unlocking=anyio.CapacityLimiter(1),
        working=anyio.CapacityLimiter(_AT_ONCE),
        now=now,
        gaps=gaps,
        papers=papers,
    )
    return app


def _paper_routes() -> tuple[Route, ...]:
    from bot.desk.web.paper_handlers import paper_routes  # readers of documents, for those who have documents

    return paper_routes()


async def show_asset(request: Request) -> Response:
    """A static file by its hashed name."""
    asset = DESK.at(request.url.path)
    if asset is None:
        raise HTTPException(404)
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _YEAR})


async def show_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals as a page: an address that is none, or an action called by its address."""
    status = cast("HTTPException", error).status_code
    visit = await visit_of(request)
    return visit.problem("unknown" if status != 405 else "method", status)  # noqa: PLR2004  HTTP's number
