"""What happens on the pages of documents. Rights are the desk's to check, at every press."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, get_args

from markupsafe import Markup
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.desk.papers_draft import FIELDS
from bot.desk.papers_listing import ListQuery, State
from bot.desk.papers_model import PaperRefused, Stage
from bot.desk.papers_waiting import Decision
from bot.desk.web.assets import DESK
from bot.desk.web.paper_document import difference_body, document_body, text_body
from bot.desk.web.paper_files import send_original
from bot.desk.web.paper_guard import by_uploaders, with_papers
from bot.desk.web.paper_pages import UNDER_WAY, Front, front_body, paper_json
from bot.desk.web.paper_parts import DOCUMENT, PAPERS, WAITING, address, say, told
from bot.desk.web.paper_sheet import held_body, sheet_body
from bot.desk.web.paper_upload import take_in
from bot.desk.web.reading import BadForm, Form
from bot.desk.web.site import by_officers, for_officers, see_other
from ingest.errors import BadMetadata
from ingest.trust.flags import Code
from knowledge.model import Audience
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.desk.papers import PaperDesk
    from bot.desk.papers_model import Paper
    from bot.desk.papers_published import DocumentView
    from bot.desk.web.site import Seated

_REFRESH_S: Final = 5  # of a page without a script while papers are read


def paper_routes() -> tuple[Route, ...]:
    """The routes below /desk; the site has a `PaperDesk`."""
    return (
        Route("/tai-lieu", show_front),
        Route("/tai-lieu/gui", bring_in, methods=["POST"]),
        Route("/tai-lieu/dang-doc", show_news),
        Route("/tai-lieu/don", clear_over, methods=["POST"]),
        Route("/tai-lieu/cho/{paper:str}", show_sheet, methods=["GET"]),
        Route("/tai-lieu/cho/{paper:str}", decide, methods=["POST"]),
        Route("/tai-lieu/cho/{paper:str}/bo", discard, methods=["POST"]),
        Route("/tai-lieu/cho/{paper:str}/goc", send_staged),
        Route("/tai-lieu/xem", show_document),
        Route("/tai-lieu/chu", show_text),
        Route("/tai-lieu/goc", send_published),
        Route("/tai-lieu/so-sanh", show_difference),
        Route("/tai-lieu/giu", show_held, methods=["GET"]),
        Route("/tai-lieu/giu", decide_held, methods=["POST"]),
        Route("/tai-lieu/rut", withdraw, methods=["POST"]),
        Route("/tai-lieu/dung-lai", restore, methods=["POST"]),
        Route("/tai-lieu/tro-ve", roll_back, methods=["POST"]),
    )


@for_officers
@with_papers
async def show_front(seated: Seated, papers: PaperDesk) -> Response:
    """Bringing in, what waits, what is published."""
    waiting = await seated.shelve(papers.papers)
    is_editor = papers.is_editor(seated.seat)
    listing = None
    if await seated.site.shelve(papers.has_library):
        listing = await seated.shelve(papers.documents, _query(seated))
    frame = seated.visit.frame(PAPERS)
    body = front_body(frame, Front(papers=waiting, listing=listing, is_editor=is_editor))
    head = Markup('<script src="{}" defer></script>\n').format(DESK.files["papers.js"].path)
    if any(paper.stage in UNDER_WAY for paper in waiting):
        head += Markup('<noscript><meta http-equiv="refresh" content="{}"></noscript>\n').format(_REFRESH_S)
    return seated.visit.page("papers", body, frame=frame, head=head)


@by_uploaders
async def bring_in(seated: Seated, papers: PaperDesk) -> Response:
    """Take files in; answers the page's script with the rows, a plain form with the page."""
    token = seated.visit.frame().form_token
    request = seated.visit.request
    try:
        taken = await take_in(request, seated.site, papers, seated.seat, form_token=token)
    except BadForm:
        return seated.visit.problem("form", 400)
    rows = [*taken.papers, *taken.refused]
    if _is_script(seated):
        return JSONResponse({"papers": [paper_json(seated.words, paper) for paper in rows]})
    if not rows:
        seated.visit.say_no(say(seated.words, "no_file"))
    else:
        counts = {"taken": len(taken.papers), "refused": len(taken.refused)}
        tell = seated.visit.say_no if taken.refused else seated.visit.tell_done
        tell(say(seated.words, "brought_in", **counts))
    return see_other(PAPERS)


@for_officers
@with_papers
async def show_news(seated: Seated, papers: PaperDesk) -> Response:
    """How far each paper is, for the page's script."""
    waiting: list[Paper] = await seated.shelve(papers.papers)
    return JSONResponse(
        {
            "papers": [paper_json(seated.words, paper) for paper in waiting],
            "busy": any(paper.stage in UNDER_WAY for paper in waiting),
            "ready": sum(paper.stage is Stage.READY for paper in waiting),
        }
    )


@for_officers
@with_papers
async def show_sheet(seated: Seated, papers: PaperDesk) -> Response:
    """A paper to be decided on; editors only."""
    return await _sheet(seated, papers)


@by_officers
@with_papers
async def decide(seated: Seated, papers: PaperDesk) -> Response:
    """Keep what was put right, or publish."""
    form = seated.form or Form({})
    decision = _decision(form)
    is_publishing = form.line("do") in {"publish", "publish_next"}
    if is_publishing and not _is_first(seated, form):
        return see_other(PAPERS)
    try:
        await seated.shelve(papers.publish if is_publishing else papers.describe, _paper(seated), decision)
    except (BadMetadata, PaperRefused) as error:  # what was typed is not lost over it
        seated.visit.say_no(told(seated.words, error.code, error.fields))
        return await _sheet(seated, papers, decision, status=422)
    except ActionRefused as refused:
        if refused.fields["reason"] not in {"paper_grave", "paper_overtaken"}:
            raise
        seated.visit.say_no(seated.words.refused(refused.fields["reason"]))
        return await _sheet(seated, papers, decision, status=422)
    seated.visit.tell_done(say(seated.words, "done_publish" if is_publishing else "done_save"))
    then = form.line("next") if form.line("do") == "publish_next" else ""
    if not is_publishing:
        then = _paper(seated)
    return see_other(f"{WAITING}/{then}" if then.isalnum() else PAPERS)


@by_officers
@with_papers
async def discard(seated: Seated, papers: PaperDesk) -> Response:
    """Throw a paper away."""
    if _is_first(seated, seated.form or Form({})):
        await seated.shelve(papers.discard, _paper(seated))
        seated.visit.tell_done(say(seated.words, "done_discard"))
    return see_other(PAPERS)


@by_officers
@with_papers
async def clear_over(seated: Seated, papers: PaperDesk) -> Response:
    """Take what is over off the list."""
    await seated.shelve(papers.clear_over)
    return see_other(PAPERS)


@for_officers
@with_papers
async def send_staged(seated: Seated, papers: PaperDesk) -> Response:
    """The file of a paper that waits; editors only."""
    original, name, file = await seated.shelve(papers.staged_original, _paper(seated))
    return send_original(original, name, file, is_download=False)


@for_officers
@with_papers
async def show_document(seated: Seated, papers: PaperDesk) -> Response:
    """One document."""
    view = await _view(seated, papers)
    frame = seated.visit.frame(address(DOCUMENT, khoa=view.row.key))
    is_editor = papers.is_editor(seated.seat)
    body = document_body(frame, view, page=_number(seated, "trang"), is_editor=is_editor)
    return seated.visit.page("paper", body, frame=frame)


@for_officers
@with_papers
async def show_text(seated: Seated, papers: PaperDesk) -> Response:
    """The text of an edition, each passage at its own address."""
    view = await _view(seated, papers)
    frame = seated.visit.frame(address(DOCUMENT, khoa=view.row.key))
    return seated.visit.page("paper", text_body(frame, view), frame=frame)


@for_officers
@with_papers
async def send_published(seated: Seated, papers: PaperDesk) -> Response:
    """The stored original of an edition."""
    query = seated.visit.request.query_params
    original, file = await seated.shelve(papers.original, query.get("khoa", ""), _number(seated, "ban"))
    return send_original(original, original.name, file, is_download="tai" in query)


@for_officers
@with_papers
async def show_difference(seated: Seated, papers: PaperDesk) -> Response:
    """What one edition changed in another."""
    older, newer = _number(seated, "cu"), _number(seated, "moi")
    view = await _view(seated, papers)
    diff = await seated.shelve(papers.difference, view.row.key, older, newer)
    frame = seated.visit.frame(address(DOCUMENT, khoa=view.row.key))
    body = difference_body(frame, view, diff, older=older, newer=newer)
    return seated.visit.page("paper", body, frame=frame)


@for_officers
@with_papers
async def show_held(seated: Seated, papers: PaperDesk) -> Response:
    """A document that a sync brought and the gate holds back; editors only."""
    item = await seated.shelve(papers.held, seated.visit.request.query_params.get("khoa", ""))
    frame = seated.visit.frame(PAPERS)
    return seated.visit.page("paper", held_body(frame, item), frame=frame)


@by_officers
@with_papers
async def decide_held(seated: Seated, papers: PaperDesk) -> Response:
    """Let it in, or throw it away."""
    form = seated.form or Form({})
    key = form.line("key")
    if not _is_first(seated, form):
        return see_other(PAPERS)
    if form.line("do") == "accept":
        if await seated.shelve(papers.accept, key):
            seated.visit.tell_done(say(seated.words, "done_accept"))
        else:
            seated.visit.say_no(say(seated.words, "nothing_left"))
    elif form.line("do") == "refuse":
        await seated.shelve(papers.refuse, key)
        seated.visit.tell_done(say(seated.words, "done_refuse"))
    return see_other(PAPERS)


@by_officers
@with_papers
async def withdraw(seated: Seated, papers: PaperDesk) -> Response:
    """Take a document out of the answers."""
    form = seated.form or Form({})
    key = form.line("key")
    if _is_first(seated, form):
        on = _whole(form, "on")
        copies = await seated.site.shelve(lambda: papers.withdraw(seated.seat, key, on=on))
        done = say(seated.words, "done_withdraw")
        if copies:
            done = f"{done} {say(seated.words, 'copies_answer', keys=', '.join(copies))}"
        seated.visit.tell_done(done)
    return see_other(address(DOCUMENT, khoa=key))


@by_officers
@with_papers
async def restore(seated: Seated, papers: PaperDesk) -> Response:
    """Let a withdrawn document answer again."""
    form = seated.form or Form({})
    key = form.line("key")
    if _is_first(seated, form):
        await seated.shelve(papers.restore, key)
        seated.visit.tell_done(say(seated.words, "done_restore"))
    return see_other(address(DOCUMENT, khoa=key))


@by_officers
@with_papers
async def roll_back(seated: Seated, papers: PaperDesk) -> Response:
    """Let an earlier edition answer again."""
    form = seated.form or Form({})
    key, edition, on = form.line("key"), _whole(form, "edition"), _whole(form, "on")
    if _is_first(seated, form):
        await seated.site.shelve(lambda: papers.roll_back(seated.seat, key, edition, on=on))
        seated.visit.tell_done(say(seated.words, "done_roll_back", number=edition))
    return see_other(address(DOCUMENT, khoa=key))


async def _sheet(
    seated: Seated, papers: PaperDesk, typed: Decision | None = None, *, status: int = 200
) -> Response:
    sheet = await seated.shelve(papers.sheet, _paper(seated))
    if typed is not None:
        fields = {name: (typed.fields.get(name, ""), origin) for name, (_, origin) in sheet.fields.items()}
        paper = replace(sheet.paper, audience=typed.audience, answered_for=typed.answered_for)
        sheet = replace(sheet, fields=fields, paper=paper)
    frame = seated.visit.frame(f"{WAITING}/{sheet.paper.id}")
    body = sheet_body(frame, sheet, page=_number(seated, "trang"))
    return seated.visit.page("paper", body, frame=frame, status=status)


async def _view(seated: Seated, papers: PaperDesk) -> DocumentView:
    query = seated.visit.request.query_params
    return await seated.shelve(papers.document, query.get("khoa", ""), _number(seated, "ban") or None)


def _query(seated: Seated) -> ListQuery:
    query = seated.visit.request.query_params
    audience, state = query.get("xem", ""), query.get("trang-thai", "")
    return ListQuery(
        words=query.get("tim", "")[:200],
        audience=Audience(audience) if audience in set(Audience) else None,
        state=next((one for one in get_args(State) if one == state), None),
        page=max(1, _number(seated, "trang")),
    )


def _decision(form: Form) -> Decision:
    audience = form.line("audience")
    if audience not in set(Audience):
        raise ActionRefused(reason="empty")
    return Decision(
        fields={name: form.line(name) for name in FIELDS},
        audience=Audience(audience),
        key=form.line("key"),
        answered_for=tuple(code.value for code in Code if form.has(f"ok-{code.value}")),
        on=_whole(form, "on"),
    )


def _paper(seated: Seated) -> str:
    return str(seated.visit.request.path_params["paper"])


def _is_script(seated: Seated) -> bool:
    return "application/json" in seated.visit.request.headers.get("accept", "")


def _is_first(seated: Seated, form: Form) -> bool:
    once = form.line("once")
    if once and not seated.sitting.press(once):
        seated.visit.say_no(seated.words.say("pressed_twice"))
        return False
    return True


def _number(seated: Seated, name: str) -> int:
    return _as_number(seated.visit.request.query_params.get(name, ""))


def _whole(form: Form, name: str) -> int:
    return _as_number(form.line(name))


def _as_number(written: str) -> int:
    return int(written[:6]) if written[:6].isascii() and written[:6].isdecimal() else 0
