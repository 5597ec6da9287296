"""
The conversation of following a tip by its receipt. Pure, as `bot.flows.tip`.

A wrong, an unknown and an expired receipt get the same words after the same work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import Incoming, Message
from bot.flows.follow_draft import (
    Follow,
    FollowMove,
    FollowUp,
    Found,
    Result,
    Seen,
    SendMore,
    Step,
    Withdraw,
    Withdrawn,
)
from bot.flows.follow_views import view
from bot.flows.follow_words import part_receipt
from bot.flows.tip_checks import danger_in, files_refused, files_taken, no_receipt, note
from bot.flows.tip_draft import Failed, cleaned, has_words, with_edit
from tips.errors import BadReceipt
from tips.model import STORY_LIMIT
from tips.receipts import Receipt, find_receipt

if TYPE_CHECKING:
    from prompts.catalog import Language

TRIES_LIMIT = 5  # wrong receipts in one conversation

Turn = tuple[FollowMove, tuple[Message, ...]]
NewReceipt = Callable[[], Receipt]


def begin(language: Language) -> Turn:
    """A new conversation, asking for the receipt."""
    state = FollowUp(language=language)
    return FollowMove(state=state), (note("follow.welcome"), *view(state))


def hear(state: FollowUp, incoming: Incoming, new_receipt: NewReceipt) -> Turn:
    """What *incoming* does, and every message to show for it. Never raises for what people send."""
    if state.step in {"looking", "working"}:
        return FollowMove(state=state), (note("follow.wait"),)
    move = (
        _on_choice(state, incoming.choice) if incoming.choice else _on_message(state, incoming, new_receipt)
    )
    if move.is_over or move.effect is not None:
        return move, move.notes
    return move, (*move.notes, *view(move.state))


def learn(state: FollowUp, result: Result) -> Turn:
    """What came of the work that `hear` asked for; it may ask for more work."""
    if state.step not in {"looking", "working"}:
        return FollowMove(state=state), ()
    move = _learnt(state, result)
    return move, (*move.notes, *(() if move.is_over or move.effect else view(move.state)))


def _learnt(state: FollowUp, result: Result) -> FollowMove:
    if isinstance(result, Found):
        return _found(state, result.seen)
    if isinstance(result, Failed):
        return _failed(state, result)
    if isinstance(result, Withdrawn):
        return FollowMove(
            state=FollowUp(language=state.language), notes=(note("follow.withdrawn"),), is_over=True
        )
    notes = [note("follow.more_received")]
    if result.refused:
        notes.append(files_refused(result.refused))
    sent = replace(state, step="looking", text="", files=(), in_reply_to=0)
    return FollowMove(state=sent, notes=tuple(notes), effect=Follow(receipt=_receipt_of(state)))


def _found(state: FollowUp, seen: Seen | None) -> FollowMove:
    if seen is not None:
        return _opened(replace(state, step="open", seen=seen, tries=0, beside=""), seen, state.beside)
    tries = state.tries + 1
    empty = FollowUp(language=state.language, tries=tries, beside=state.beside)
    if tries >= TRIES_LIMIT:
        lost = (note("follow.beside_lost"),) if state.beside else ()
        return FollowMove(
            state=empty, notes=(note("follow.nothing"), note("follow.too_many"), *lost), is_over=True
        )
    return FollowMove(state=empty, notes=(note("follow.nothing"), *_waiting(state)))


def _opened(opened: FollowUp, seen: Seen, beside: str) -> FollowMove:
    """The tip is open; what was typed *beside* its receipt is the first thing to add, after a look."""
    if not beside:
        return FollowMove(state=opened)
    if seen.is_withdrawn:
        return FollowMove(state=opened, notes=(note("follow.beside_lost"),))
    *shown, _ = view(opened)
    added = replace(opened, step="review", text=beside)
    return FollowMove(state=added, notes=(*shown, note("follow.beside_added")))


def _waiting(state: FollowUp) -> tuple[Message, ...]:
    return (note("follow.beside_waits"),) if state.beside else ()


def _failed(state: FollowUp, failed: Failed) -> FollowMove:
    if state.step == "looking":
        back: Step = "open" if state.seen else "receipt"
        return FollowMove(
            state=replace(state, step=back),
            notes=(note("follow.not_read", reason=failed.said), *_waiting(state)),
        )
    has_draft = bool(state.text or state.files)
    kept = replace(state, step="review" if has_draft else "open")
    return FollowMove(state=kept, notes=(note("follow.not_done", reason=failed.said),))


def _on_choice(state: FollowUp, picked: str) -> FollowMove:
    if picked == "cancel":
        return FollowMove(
            state=FollowUp(language=state.language), notes=(note("follow.goodbye"),), is_over=True
        )
    if picked in {"back", "skip", "edit"}:
        return _back(state)
    if picked not in {offered.id for message in view(state) for offered in message.choices}:
        return FollowMove(state=state, notes=(note("tip.stale_choice"),))
    step, _, what = picked.partition(".")
    return _ON_CHOICE[step](state, what)


def _back(state: FollowUp) -> FollowMove:
    if state.step == "review":
        return FollowMove(state=replace(state, step="write"))
    if state.step == "write" and (state.text or state.files):
        dropped = replace(state, step="open", text="", files=())
        return FollowMove(state=dropped, notes=(note("follow.dropped"),))
    if state.seen is None:
        return FollowMove(state=state, notes=(note("tip.first_step"),))
    return FollowMove(state=replace(state, step="open", in_reply_to=0))


def _on_open(state: FollowUp, what: str) -> FollowMove:
    if what == "again":
        return FollowMove(state=replace(state, step="looking"), effect=Follow(receipt=_receipt_of(state)))
    if what == "withdraw":
        return FollowMove(state=replace(state, step="withdraw"))
    seq = int(what.removeprefix("answer-")) if what.startswith("answer-") else 0
    return FollowMove(state=replace(state, step="write", in_reply_to=seq))


def _on_review(state: FollowUp, what: str) -> FollowMove:
    if what == "again":
        return FollowMove(state=replace(state, step="write", text=""), notes=(note("follow.write_again"),))
    effect = SendMore(
        receipt=_receipt_of(state),
        text=no_receipt(state.text),
        files=state.files,
        in_reply_to=state.in_reply_to,
    )
    return FollowMove(state=replace(state, step="working"), effect=effect)


def _on_withdraw(state: FollowUp, what: str) -> FollowMove:
    if what == "no":
        return _back(state)
    return FollowMove(state=replace(state, step="working"), effect=Withdraw(receipt=_receipt_of(state)))


_ON_CHOICE: dict[str, Callable[[FollowUp, str], FollowMove]] = {
    "open": _on_open,
    "review": _on_review,
    "withdraw": _on_withdraw,
}


def _on_message(state: FollowUp, incoming: Incoming, new_receipt: NewReceipt) -> FollowMove:
    typed = cleaned(incoming.text, STORY_LIMIT)
    _, alarm = danger_in(typed)
    if state.step == "receipt":
        return _on_receipt(state, incoming.text, alarm, new_receipt)
    if state.step == "withdraw" or (state.seen is not None and state.seen.is_withdrawn):
        return FollowMove(state=state, notes=(*alarm, note("tip.choose_please")))
    if incoming.replaces:
        return _on_edit(state, typed, incoming.replaces, alarm)
    files, notes = files_taken(state.files, incoming)
    told = replace(state, files=files)
    if has_words(typed):
        text = typed if not told.text or typed in told.text else f"{told.text}\n\n{typed}"
        told = replace(told, text=text[:STORY_LIMIT])
        if len(text) > STORY_LIMIT or len(incoming.text.strip()) > STORY_LIMIT:
            notes = (*notes, note("tip.story_cut", limit=STORY_LIMIT))
    elif not notes:
        return FollowMove(state=state, notes=(note("tip.nothing_heard"),))
    if find_receipt(told.text):
        notes = (*notes, note("tip.receipt_dropped"))
        told = replace(told, text=no_receipt(told.text))
    has_draft = bool(told.text or told.files)
    return FollowMove(state=replace(told, step="review" if has_draft else state.step), notes=(*alarm, *notes))


def _on_edit(state: FollowUp, typed: str, earlier: str, alarm: tuple[Message, ...]) -> FollowMove:
    """An edited message takes the place of what it said before, while that was not sent yet."""
    text = with_edit(state.text, cleaned(earlier, STORY_LIMIT), typed)
    if text is None:
        return FollowMove(state=state, notes=(*alarm, note("follow.edited_not_taken")))
    return FollowMove(state=replace(state, text=no_receipt(text)), notes=(*alarm, note("tip.edited_taken")))


def _on_receipt(
    state: FollowUp, typed: str, alarm: tuple[Message, ...], new_receipt: NewReceipt
) -> FollowMove:
    if not typed.strip():
        return FollowMove(state=state, notes=(note("tip.nothing_heard"),))
    found, beside = part_receipt(typed)
    if beside and beside not in state.beside:
        state = replace(state, beside=f"{state.beside}\n\n{beside}".strip()[:STORY_LIMIT])
    try:
        receipt = Receipt.parse(found)
    except BadReceipt:
        if alarm:
            return FollowMove(state=state, notes=(*alarm, *_waiting(state)))
        receipt = new_receipt()  # looked for like any other: no answer comes sooner than another
    looking = replace(state, step="looking", receipt=receipt)
    return FollowMove(state=looking, notes=alarm, effect=Follow(receipt=receipt))


def _receipt_of(state: FollowUp) -> Receipt:
    if state.receipt is None:
        raise RuntimeError("no step but the first is without a receipt")
    return state.receipt
