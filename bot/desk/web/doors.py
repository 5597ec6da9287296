"""Signing in by a one-time link, signing out, unlocking the unit's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from starlette.responses import JSONResponse

from bot.desk.web.door_pages import invited_body, unlock_body
from bot.desk.web.reading import BadForm, read_form
from bot.desk.web.site import (
    LIST,
    SESSION_COOKIE,
    UNLOCK,
    by_officers,
    for_officers,
    for_scripts,
    is_auditor,
    is_ours,
    see_other,
    set_cookie,
    visit_of,
)
from tips.errors import ActionRefused, TipError, WrongPassphrase

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.desk.web.site import Seated, Visit


async def show_invitation(request: Request) -> Response:
    """The page behind a one-time link. Fetching it spends nothing: chats and mail programs look ahead."""
    visit = await _as_nobody(request)
    return visit.page("invited", invited_body(visit.frame(), _token(request)))


async def sign_in(request: Request) -> Response:
    """Spend the link."""
    visit = await _as_nobody(request)
    try:
        form = await read_form(request)
    except BadForm:
        return visit.problem("form", 400)
    if not is_ours(visit, form):
        return visit.problem("form", 403)
    try:
        session = await visit.site.run(visit.site.desk.sign_in, _token(request))
    except ActionRefused:
        return visit.problem("invite", 403)
    except TipError:
        return visit.problem("unavailable", 503)
    response = see_other(LIST)
    # Gone with the browser: the desk ends the session by its own clock.
    set_cookie(request, response, SESSION_COOKIE, session.token)
    return response


async def sign_out(request: Request) -> Response:
    """End the session, here and at the desk."""
    return await _sign_out(request)


@by_officers
async def _sign_out(seated: Seated) -> Response:
    visit = seated.visit
    await seated.site.run(seated.site.desk.sign_out, visit.token)
    seated.site.sittings.forget(visit.token)
    response = see_other(LIST)
    response.delete_cookie(SESSION_COOKIE, path="/desk", httponly=True, samesite="strict")
    return response


@for_scripts
async def show_session(seated: Seated) -> Response:
    """Whether the session still lasts, for pages that wait for nothing else."""
    is_open = is_auditor(seated) or await seated.site.run(seated.site.desk.is_unlocked, seated.seat.unit)
    return JSONResponse({"locked": not is_open})


@for_officers
async def show_lock(seated: Seated) -> Response:
    """Ask for the unit's passphrase."""
    site = seated.site
    if is_auditor(seated) or await site.run(site.desk.is_unlocked, seated.seat.unit):
        return see_other(LIST)
    waiting = await seated.ask(site.desk.locked)
    body = unlock_body(seated.visit.frame(UNLOCK), waiting=waiting)
    return seated.visit.page("unlock", body, frame=seated.visit.frame(UNLOCK))


@by_officers
async def unlock(seated: Seated) -> Response:
    """Try a passphrase. A wrong one is slow, and no two are tried at once."""
    site = seated.site
    if is_auditor(seated) or seated.form is None:
        return see_other(LIST)
    async with site.unlocking:
        try:
            await site.run(site.desk.unlock, seated.seat.unit, seated.form.secret("passphrase"))
        except WrongPassphrase:
            await anyio.sleep(site.settings.wrong_seconds)
            seated.visit.say_no(seated.words.say("wrong_passphrase"))
            return see_other(UNLOCK)
    seated.visit.say_done("unlocked")
    return see_other(LIST)


def _token(request: Request) -> str:
    return str(request.path_params["token"])


async def _as_nobody(request: Request) -> Visit:
    """A visit without the session that may still be there: a link signs in anew."""
    request.cookies.pop(SESSION_COOKIE, None)
    return await visit_of(request)
