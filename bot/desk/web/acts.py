"""What each button on a tip does. What cannot be taken back is shown once more before it is done."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from bot.desk.rights import Action
from bot.desk.web.reading import Form
from bot.desk.web.site import LIST, by_officers, see_other
from bot.desk.web.tip_page import LastLook, confirm_body
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from bot.desk.web.site import Seated
    from tips.model import TipFile

    Act = Callable[[Seated, Form], Awaitable[Response | None]]

# Words typed for these are kept until they are done, so that neither a refusal nor "not yet" loses them.
_DRAFTED: Final = frozenset(
    {Action.ASK, Action.REPLY, Action.NOTE, Action.CLOSE, Action.TRANSFER, Action.HOLD}
)

# Done twice these stand there twice: what a restart made us forget is asked again.
_ADDING: Final = frozenset({Action.ASK, Action.REPLY, Action.NOTE})


def handler_of(action: Action) -> Callable[[Request], Awaitable[Response]]:
    """The handler for the form of *action*."""
    act = _ACTS[action]

    async def handle(seated: Seated) -> Response:
        form = seated.form or Form({})
        sitting, tip_id = seated.sitting, seated.tip_id
        if action in _DRAFTED:
            sitting.keep_draft(tip_id, str(action), form.words("words") or form.line("reason"))
        once = form.line("once")
        if once and action in _ADDING and not seated.site.sittings.is_of_this_run(once):
            seated.visit.say_no(seated.words.say("pressed_before_restart"))
            return _back(seated)
        if once and not sitting.press(once):
            seated.visit.say_no(seated.words.say("pressed_twice"))
            return _back(seated)
        answer = await act(seated, form)
        if answer is not None:
            return answer
        sitting.drafts.pop((tip_id, str(action)), None)
        seated.visit.say_done(f"{action}_done")
        # Who stepped back sees the tip no more.
        return see_other(LIST) if action is Action.RECUSE else _back(seated)

    return by_officers(handle)


def _back(seated: Seated) -> Response:
    return see_other(f"/desk/tin/{seated.tip_id}")


async def _claim(seated: Seated, _: Form) -> None:
    await seated.ask(seated.site.desk.claim, seated.tip_id)


async def _assign(seated: Seated, form: Form) -> None:
    await seated.ask(seated.site.desk.assign, seated.tip_id, form.line("officer"))


async def _label(seated: Seated, form: Form) -> None:
    await seated.ask(seated.site.desk.label, seated.tip_id, form.labels())


async def _note(seated: Seated, form: Form) -> Response | None:
    words = form.words("words")
    if not words:
        return _nothing_typed(seated)
    await seated.ask(seated.site.desk.note, seated.tip_id, words)
    return None


async def _ask(seated: Seated, form: Form) -> Response | None:
    return await _send(seated, form, Action.ASK)


async def _reply(seated: Seated, form: Form) -> Response | None:
    return await _send(seated, form, Action.REPLY)


async def _send(seated: Seated, form: Form, action: Action) -> Response | None:
    words = form.words("words")
    if not words:
        return _nothing_typed(seated)
    if not form.has("sure"):
        return await _last_look(
            seated, LastLook(action=action, told=[words], kept={"words": words}, is_seen=True)
        )
    desk = seated.site.desk
    await seated.ask(desk.ask if action is Action.ASK else desk.reply, seated.tip_id, words)
    return None


async def _move(seated: Seated, _: Form) -> None:
    await seated.ask(seated.site.desk.move, seated.tip_id, State.VERIFYING)


async def _mark(seated: Seated, form: Form) -> None:
    await seated.ask(seated.site.desk.mark, seated.tip_id, form.line("mark"))


async def _close(seated: Seated, form: Form) -> Response | None:
    chosen, words = form.line("outcome"), form.words("words")
    if chosen not in set(Outcome):
        return _nothing_typed(seated)
    if not form.has("sure"):
        told = [seated.words.public_end(chosen), words]
        kept = {"outcome": chosen, "words": words}
        return await _last_look(seated, LastLook(action=Action.CLOSE, told=told, kept=kept, is_seen=True))
    await seated.ask(seated.site.desk.close, seated.tip_id, Outcome(chosen), words)
    return None


async def _transfer(seated: Seated, form: Form) -> Response | None:
    unit, reason = form.line("unit"), form.line("reason")
    if not reason:
        return _nothing_typed(seated)
    if not form.has("sure"):
        told = [seated.words.say("told_transferred", unit=seated.words.unit(unit)), reason]
        kept = {"unit": unit, "reason": reason}
        return await _last_look(seated, LastLook(action=Action.TRANSFER, told=told, kept=kept, is_seen=False))
    await seated.ask(seated.site.desk.transfer, seated.tip_id, unit, reason)
    return None


async def _recuse(seated: Seated, form: Form) -> Response | None:
    if not form.has("sure"):
        told = [seated.words.say("told_recused")]
        return await _last_look(seated, LastLook(action=Action.RECUSE, told=told, kept={}, is_seen=False))
    await seated.ask(seated.site.desk.recuse, seated.tip_id)
    return None


async def _merge(seated: Seated, form: Form) -> Response | None:
    typed = form.line("into")
    if not typed:
        return _nothing_typed(seated)
    into = await seated.ask(seated.site.desk.find, typed)
    if not form.has("sure"):
        other = await seated.ask(seated.site.desk.card, into)
        told = [seated.words.say("told_merged", tip=other.reference)]
        return await _last_look(
            seated, LastLook(action=Action.MERGE, told=told, kept={"into": into}, is_seen=False)
        )
    await seated.ask(seated.site.desk.merge, seated.tip_id, into)
    return None


async def _mute(seated: Seated, _: Form) -> None:
    await seated.ask(seated.site.desk.mute, seated.tip_id)


async def _hold(seated: Seated, form: Form) -> Response | None:
    reason = form.line("reason")
    if not reason:
        return _nothing_typed(seated)
    await seated.ask(seated.site.desk.hold, seated.tip_id, reason)
    return None


async def _release(seated: Seated, _: Form) -> None:
    await seated.ask(seated.site.desk.release, seated.tip_id)


async def _request_original(seated: Seated, _: Form) -> None:
    await seated.ask(seated.site.desk.request_original, seated.tip_id)


async def _approve_original(seated: Seated, _: Form) -> Response:
    files: Sequence[TipFile] = await seated.ask(seated.site.desk.approve_original, seated.tip_id)
    # Uncleaned files are never shown here: they leave in one archive, to be opened on a machine for that.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, file in enumerate(files, start=1):
            # A ZipInfo of its own begins in 1980: no time of ours stands in the archive.
            archive.writestr(zipfile.ZipInfo(f"{number}-{file.name}"), file.content)
    return await _download(seated, packed.getvalue(), "ban-goc", "zip")


async def _export(seated: Seated, form: Form) -> Response:
    sealed: bytes = await seated.ask(seated.site.desk.export, seated.tip_id, form.line("unit"))
    return await _download(seated, sealed, "tin", "binhan")


async def _download(seated: Seated, content: bytes, name: str, ending: str) -> Response:
    card = await seated.ask(seated.site.desk.card, seated.tip_id)
    disposition = f'attachment; filename="{name}-{card.reference}.{ending}"'
    return Response(
        content, media_type="application/octet-stream", headers={"Content-Disposition": disposition}
    )


def _nothing_typed(seated: Seated) -> Response:
    seated.visit.say_no(seated.words.say("nothing_typed"))
    return _back(seated)


async def _last_look(seated: Seated, look: LastLook) -> Response:
    """Show it once more; what is refused anyway is refused before."""
    tip_path = f"/desk/tin/{seated.tip_id}"
    if look.action not in await seated.ask(seated.site.desk.allowed, seated.tip_id):
        seated.visit.say_no(seated.words.say("not_now"))
        return _back(seated)
    frame = seated.visit.frame(tip_path)
    return seated.visit.page("confirm", confirm_body(frame, look, tip_path), frame=frame)


_ACTS: Final[Mapping[Action, Act]] = {
    Action.CLAIM: _claim,
    Action.ASSIGN: _assign,
    Action.LABEL: _label,
    Action.NOTE: _note,
    Action.ASK: _ask,
    Action.REPLY: _reply,
    Action.MOVE: _move,
    Action.REOPEN: _move,
    Action.MARK: _mark,
    Action.CLOSE: _close,
    Action.TRANSFER: _transfer,
    Action.RECUSE: _recuse,
    Action.MERGE: _merge,
    Action.HOLD: _hold,
    Action.RELEASE: _release,
    Action.MUTE: _mute,
    Action.REQUEST_ORIGINAL: _request_original,
    Action.APPROVE_ORIGINAL: _approve_original,
    Action.EXPORT: _export,
}
ACTIONS: Final = tuple(_ACTS)
