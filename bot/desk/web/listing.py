"""The list of tips, live, and the audit log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from bot.desk.views import CardQuery
from bot.desk.web.audit_page import audit_body
from bot.desk.web.cards import cards_html, list_body, mark_of
from bot.desk.web.reading import Form, read_query
from bot.desk.web.site import AUDIT, LIST, UNLOCK, by_officers, for_officers, is_auditor, see_other
from tips.audit import verify_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.views import CardView
    from bot.desk.web.site import Seated

_PAGE_NUMBER: Final = re.compile(r"[1-9]\d{0,4}")


@for_officers
async def show_list(seated: Seated) -> Response:
    """The list as the session's filters narrow it."""
    if is_auditor(seated):
        return see_other(AUDIT)
    if not await _is_unlocked(seated):
        return see_other(UNLOCK)
    live, everything = await _live(seated)
    frame = seated.visit.frame()
    return seated.visit.page("list", list_body(frame, seated.sitting.query, live, everything), frame=frame)


@for_officers
async def show_news(seated: Seated) -> Response:
    """The list's changing part, or 304 while nothing changed. Also keeps the session from falling idle."""
    if not await _is_unlocked(seated):
        return JSONResponse({"mark": "", "locked": True})
    live, _ = await _live(seated)
    mark = mark_of(live)
    headers = {"ETag": f'"{mark}"'}
    if seated.visit.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return JSONResponse({"mark": mark, "html": live}, headers=headers)


@by_officers
async def filter_list(seated: Seated) -> Response:
    """Set the filters. They stay with the session and never stand in an address."""
    form = seated.form or Form({})
    is_cleared = form.has("clear")
    seated.sitting.query = CardQuery(closed=False) if is_cleared else read_query(form, seated.seat.officer.id)
    return see_other(LIST)


@for_officers
async def show_audit(seated: Seated) -> Response:
    """The audit log of the own unit and those below it; officers get what they get elsewhere: a refusal."""
    entries = await seated.ask(seated.site.desk.audit_log)
    asked = seated.visit.request.query_params.get("trang", "1")
    page = int(asked) if _PAGE_NUMBER.fullmatch(asked) else 1
    body = audit_body(entries, await _audit_check(seated), seated.words, page)
    return seated.visit.page("audit", body, frame=seated.visit.frame(AUDIT))


async def _audit_check(seated: Seated) -> Markup:
    say, desk = seated.words.say, seated.site.desk
    fault = await seated.site.run(lambda: verify_chain(desk.all_audit_entries()))
    if fault is None:
        return Markup('<p class="flash done">{}</p>').format(say("audit_holds"))
    return Markup('<p class="flash no" role="alert">{}</p>').format(
        say(f"audit_fault_{fault.fault}", number=fault.number)
    )


async def _is_unlocked(seated: Seated) -> bool:
    return await seated.site.run(seated.site.desk.is_unlocked, seated.seat.unit)


async def _live(seated: Seated) -> tuple[Markup, Sequence[CardView]]:
    everything = await seated.ask(seated.site.desk.cards, CardQuery())
    shown = await seated.ask(seated.site.desk.cards, seated.sitting.query)
    unopened = await seated.ask(seated.site.desk.unopened)
    cards = cards_html(shown, everything, seated.words, seated.site.settings.cards_limit)
    if not unopened:
        return cards, everything
    warning = Markup('<p class="flash no" role="alert">{}</p>')
    return warning.format(seated.words.count("unopened", unopened)) + cards, everything
