"""One tip: its card, opening it, its files, and every action an officer takes on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from bot.desk.rights import Action
from bot.desk.web.actions import Panel
from bot.desk.web.guard import FILE_POLICY
from bot.desk.web.opened import INLINE_TYPES
from bot.desk.web.ranges import ranged
from bot.desk.web.site import by_officers, for_officers, for_scripts, is_active, see_other
from bot.desk.web.tip_page import card_mark, closed_body, open_body
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.views import CardView
    from bot.desk.web.site import Seated
    from tips.model import TipFile


@for_officers
async def show_tip(seated: Seated) -> Response:
    """The card; all of the tip while the officer has it open."""
    return await _tip_page(seated)


@for_scripts
async def show_tip_news(seated: Seated) -> Response:
    """Whether the card changed. A page that is being read keeps the tip from being hidden."""
    site, tip_id = seated.site, seated.tip_id
    card = await seated.ask(site.desk.card, tip_id)
    is_shown = site.sittings.is_shown(seated.sitting, tip_id)
    if is_shown and is_active(seated.visit.request):
        site.sittings.show(seated.sitting, tip_id)
    return JSONResponse({"mark": card_mark(card), "shown": is_shown})


@by_officers
async def open_tip(seated: Seated) -> Response:
    """Open it: from now on the page shows all of it, until it is left alone for some minutes."""
    desk, tip_id = seated.site.desk, seated.tip_id
    if Action.OPEN not in await seated.ask(desk.allowed, tip_id):
        # Asked all the same, so that the refusal has its reason and stands in the audit log.
        await seated.ask(desk.open, tip_id)
    seated.site.sittings.show(seated.sitting, tip_id)
    return see_other(f"/desk/tin/{tip_id}")


@by_officers
async def hide_tip(seated: Seated) -> Response:
    """Close the page's view of it again; the tip itself stays as it is."""
    seated.site.sittings.hide(seated.sitting, seated.tip_id)
    return see_other(f"/desk/tin/{seated.tip_id}")


@for_officers
async def send_file(seated: Seated) -> Response:
    """A cleaned file, while the tip is open. It may show or play, and do nothing else."""
    request, site = seated.visit.request, seated.site
    if not site.sittings.is_shown(seated.sitting, seated.tip_id):
        return seated.visit.problem("hidden", 403)
    site.sittings.show(seated.sitting, seated.tip_id)
    seq, index = request.path_params["seq"], request.path_params["index"]
    file: TipFile = await seated.ask(site.desk.file, seated.tip_id, seq, index)
    is_inline = file.media_type in INLINE_TYPES and "tai" not in request.query_params
    how = "inline" if is_inline else "attachment"
    kind = file.media_type if file.media_type in INLINE_TYPES else "application/octet-stream"
    return ranged(
        file.content,
        kind,
        request.headers.get("range", ""),
        {
            "Content-Disposition": f'{how}; filename="{_safe(file.name)}"',
            "Content-Security-Policy": FILE_POLICY,
        },
    )


def _safe(name: str) -> str:
    return "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_.")) or "tep"


async def _tip_page(seated: Seated, status: int = 200) -> Response:
    site, tip_id = seated.site, seated.tip_id
    here = f"/desk/tin/{tip_id}"
    frame = seated.visit.frame(here)
    tip = None
    if site.sittings.is_shown(seated.sitting, tip_id):
        if Action.OPEN in await seated.ask(site.desk.allowed, tip_id):
            tip = await seated.ask(site.desk.open, tip_id)
        else:  # transferred away, for one
            site.sittings.hide(seated.sitting, tip_id)
    # Asked after opening: opening changes the card, and the page's script compares it with later ones.
    card: CardView = await seated.ask(site.desk.card, tip_id)
    drafts = {action: words for (of, action), words in seated.sitting.drafts.items() if of == tip_id}
    panel = Panel(
        frame=frame,
        card=card,
        allowed=await seated.ask(site.desk.allowed, tip_id),
        drafts=drafts,
    )
    twins = await _references(seated, (*card.duplicates, card.merged_into))
    if tip is None:
        return seated.visit.page("tip", closed_body(panel, twins), frame=frame, status=status)
    # Without a script the page itself goes back to the card when its time is over.
    head = Markup('<noscript><meta http-equiv="refresh" content="{}"></noscript>\n').format(
        int(site.settings.hide_seconds) + 1
    )
    return seated.visit.page("tip", open_body(panel, tip, twins), frame=frame, head=head, status=status)


async def _references(seated: Seated, tip_ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for tip_id in filter(None, tip_ids):
        try:
            found[tip_id] = (await seated.ask(seated.site.desk.card, tip_id)).reference
        except ActionRefused:
            continue
    return found
