"""What happens on the pages of questions and answers. Rights are the desk's to check, at every press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from bot.desk.gaps import Draft, GapDesk
from bot.desk.web.gap_answers import answers_body, edit_body
from bot.desk.web.gap_pages import aside_body, cluster_body, list_body
from bot.desk.web.gap_parts import ANSWERS, ASIDE, GAPS, say
from bot.desk.web.gap_writing import preview_body
from bot.desk.web.reading import Form
from bot.desk.web.site import by_officers, for_officers, see_other
from knowledge.model import Audience
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from markupsafe import Markup
    from starlette.responses import Response

    from bot.desk.web.site import Seated

_ALL_WEEKS: Final = "moi"
_GROUP: Final = "/hoi-dap/nhom/{key:str}"
_ANSWER: Final = "/hoi-dap/bai/{slug:str}"


def gap_routes() -> tuple[Route, ...]:
    """The routes below /desk; the site has a `GapDesk`."""
    return (
        Route("/hoi-dap", show_list),
        Route("/hoi-dap/bai", show_answers),
        Route("/hoi-dap/de-sau", show_aside),
        Route("/hoi-dap/de-sau/{key:str}", take_up, methods=["POST"]),
        Route(_GROUP, show_group, methods=["GET"]),
        Route(_GROUP, answer_group, methods=["POST"]),
        Route(f"{_GROUP}/de-sau", put_aside, methods=["POST"]),
        Route(_ANSWER, show_answer, methods=["GET"]),
        Route(_ANSWER, change_answer, methods=["POST"]),
        Route(f"{_ANSWER}/hoan-tac", undo, methods=["POST"]),
        Route(f"{_ANSWER}/dung-lai", restore, methods=["POST"]),
    )


@for_officers
async def show_list(seated: Seated) -> Response:
    """The week's list."""
    asked = seated.visit.request.query_params.get("tuan")
    gaps = _gaps(seated)
    listed = await seated.ask(gaps.open_gaps, "" if asked == _ALL_WEEKS else asked)
    aside = await seated.ask(gaps.set_aside)
    frame = seated.visit.frame(GAPS)
    body = list_body(frame, listed, is_editor=gaps.is_editor(seated.seat), has_aside=bool(aside))
    return seated.visit.page("gaps", body, frame=frame)


@for_officers
async def show_group(seated: Seated) -> Response:
    """A group of questions."""
    gaps, key = _gaps(seated), _key(seated)
    cluster = await seated.ask(gaps.cluster, key)
    frame = seated.visit.frame(f"{GAPS}/nhom/{key}")
    body = cluster_body(frame, cluster, gaps.begin(cluster), is_editor=gaps.is_editor(seated.seat))
    return seated.visit.page("gap", body, frame=frame)


@by_officers
async def answer_group(seated: Seated) -> Response:
    """Show the preview of an answer, publish it, or take it back into the form."""
    gaps, key, form = _gaps(seated), _key(seated), seated.form or Form({})
    path, draft = f"{GAPS}/nhom/{key}", _draft(form)

    async def form_again() -> Markup:
        cluster = await seated.ask(gaps.cluster, key)
        is_editor = gaps.is_editor(seated.seat)
        return cluster_body(seated.visit.frame(path), cluster, draft, is_editor=is_editor)

    async def publish() -> str:
        return await seated.ask(gaps.write, key, draft)

    return await _go_on(seated, _Writing(path, draft, form_again, publish, key=key))


@for_officers
async def show_answers(seated: Seated) -> Response:
    """What was written."""
    gaps = _gaps(seated)
    answers = await seated.ask(gaps.answers)
    frame = seated.visit.frame(ANSWERS)
    body = answers_body(frame, answers, is_editor=gaps.is_editor(seated.seat))
    return seated.visit.page("answers", body, frame=frame)


@for_officers
async def show_answer(seated: Seated) -> Response:
    """The form of an answer that was written before; editors only."""
    gaps = _gaps(seated)
    answered = await seated.ask(gaps.answer, _slug(seated))
    if not gaps.is_editor(seated.seat):
        raise ActionRefused(reason="not_editor")
    written = (answered.version or answered.latest).written
    unit = seated.site.book.unit(seated.seat.unit).name
    draft = Draft(
        heading=written.heading,
        text=written.text,
        topic=written.topic,
        audience=written.audience,
        sources=written.sources,
        questions=written.questions,
        signs_name=written.signed != unit,
    )
    frame = seated.visit.frame(f"{ANSWERS}/{answered.slug}")
    return seated.visit.page("gap", edit_body(frame, answered, draft), frame=frame)


@by_officers
async def change_answer(seated: Seated) -> Response:
    """Show the preview of a changed answer, publish it, or take it back into the form."""
    gaps, slug, form = _gaps(seated), _slug(seated), seated.form or Form({})
    path, draft, on = f"{ANSWERS}/{slug}", _draft(form), _number(form, "on")

    async def form_again() -> Markup:
        answered = await seated.ask(gaps.answer, slug)
        return edit_body(seated.visit.frame(path), answered, draft)

    async def publish() -> str:
        await seated.site.run(lambda: gaps.rewrite(seated.seat, slug, draft, on=on))
        return slug

    return await _go_on(seated, _Writing(path, draft, form_again, publish, on=on))


@by_officers
async def undo(seated: Seated) -> Response:
    """Go back to the version before, or take the answer away."""
    form = seated.form or Form({})
    if _is_first(seated, form):
        gaps, slug, on = _gaps(seated), _slug(seated), _number(form, "on")
        await seated.site.run(lambda: gaps.undo(seated.seat, slug, on=on))
        _say_done(seated, "done_undo")
    return see_other(ANSWERS)


@by_officers
async def restore(seated: Seated) -> Response:
    """Use an earlier version again."""
    form = seated.form or Form({})
    if _is_first(seated, form):
        gaps, slug = _gaps(seated), _slug(seated)
        number, on = _number(form, "number"), _number(form, "on")
        await seated.site.run(lambda: gaps.restore(seated.seat, slug, number, on=on))
        _say_done(seated, "done_restore")
    return see_other(ANSWERS)


@for_officers
async def show_aside(seated: Seated) -> Response:
    """What was put aside."""
    gaps = _gaps(seated)
    clusters = await seated.ask(gaps.set_aside)
    frame = seated.visit.frame(ASIDE)
    body = aside_body(frame, clusters, is_editor=gaps.is_editor(seated.seat))
    return seated.visit.page("gaps", body, frame=frame)


@by_officers
async def put_aside(seated: Seated) -> Response:
    """Take a group off the list."""
    if _is_first(seated, seated.form or Form({})):
        await seated.ask(_gaps(seated).put_aside, _key(seated))
        _say_done(seated, "done_aside")
    return see_other(GAPS)


@by_officers
async def take_up(seated: Seated) -> Response:
    """Bring back what was put aside."""
    if _is_first(seated, seated.form or Form({})):
        await seated.ask(_gaps(seated).take_up, _key(seated))
        _say_done(seated, "done_take_up")
    return see_other(GAPS)


@dataclass(frozen=True, slots=True)
class _Writing:
    """An answer on its way: where its form stands, what was typed, how to show and how to publish it."""

    path: str
    draft: Draft
    form_again: Callable[[], Awaitable[Markup]]
    publish: Callable[[], Awaitable[str]]
    key: str = ""
    on: int = 0


async def _go_on(seated: Seated, writing: _Writing) -> Response:
    """The preview, the form once more, or the answer given to be published; what was typed is never lost."""
    form = seated.form or Form({})
    doing = form.line("do")
    if doing == "again":
        return seated.visit.page("gap", await writing.form_again())
    try:
        if doing != "publish":
            return await _preview(seated, writing)
        if not _is_first(seated, form):
            return see_other(ANSWERS)
        slug = await writing.publish()
    except ActionRefused as refused:
        if not refused.fields["reason"].startswith("gap_"):
            raise
        body = await writing.form_again()
        seated.visit.say_no(seated.words.refused(refused.fields["reason"]))
        return seated.visit.page("gap", body, status=422)
    _say_done(seated, "done_write")
    return see_other(f"{ANSWERS}#{slug}")


async def _preview(seated: Seated, writing: _Writing) -> Response:
    preview = await seated.ask(_gaps(seated).preview, writing.draft, writing.key)
    frame = seated.visit.frame(GAPS)
    body = preview_body(frame, writing.path, writing.draft, preview, on=writing.on)
    return seated.visit.page("gap", body, frame=frame)


def _gaps(seated: Seated) -> GapDesk:
    if seated.site.gaps is None:  # not reached: without it there is no route
        raise ActionRefused(reason="gaps_unavailable")
    return seated.site.gaps


def _key(seated: Seated) -> str:
    return str(seated.visit.request.path_params["key"])


def _slug(seated: Seated) -> str:
    return str(seated.visit.request.path_params["slug"])


def _is_first(seated: Seated, form: Form) -> bool:
    """Whether a form is pressed for the first time; says so if not."""
    once = form.line("once")
    if once and not seated.sitting.press(once):
        seated.visit.say_no(say(seated.words, "pressed_twice"))
        return False
    return True


def _say_done(seated: Seated, key: str) -> None:
    seated.visit.tell_done(say(seated.words, key))


def _number(form: Form, name: str) -> int:
    written = form.line(name)[:6]
    return int(written) if written.isascii() and written.isdecimal() else 0


def _draft(form: Form) -> Draft:
    audience = form.line("audience")
    return Draft(
        heading=form.line("heading"),
        text=form.words("text"),
        topic=form.line("topic"),
        audience=Audience(audience) if audience in set(Audience) else Audience.PUBLIC,
        sources=_lines(form, "sources"),
        questions=_lines(form, "questions"),
        signs_name=form.line("signed") != "unit",
    )


def _lines(form: Form, name: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()).lstrip("-*• ").strip() for line in form.words(name).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
