"""
The conversation of leaving a tip. Pure: a draft and a message in, a draft, messages and an effect out.

The way out of every step is the same everywhere: back, skip, edit, cancel. Nothing is sent before the
receipt was confirmed, and "received" is said only in `learn`, once the intake has said so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import Message
from bot.flows.tip_checks import danger_in, files_refused, files_taken, note, take_edit
from bot.flows.tip_draft import Draft, Failed, Move, advance, cleaned, content_of, go, went_back
from bot.flows.tip_steps import ON_CHOICE, ON_TEXT, on_coaching, on_pin, take_story
from bot.flows.tip_views import SKIPPABLE, view, welcome
from bot.flows.tip_words import SENDING, meant_choice, tells_nothing
from tips.model import STORY_LIMIT

if TYPE_CHECKING:
    from bot.conversation import Incoming
    from bot.flows.tip_draft import Received, World
    from prompts.catalog import Language

Turn = tuple[Move, tuple[Message, ...]]

WAYS = frozenset(("back", "skip", "edit", "cancel"))  # taken at every step, whatever is shown


def begin(
    language: Language, world: World, first: Incoming | None = None, *, can_notify: bool = False
) -> Turn:
    """
    A new draft, and what to say: the welcome, then the first question or the answer to *first*.

    *can_notify*: the channel can tell of a reply later, if the sender asks for it.
    """
    draft = Draft(language=language, can_notify=can_notify)
    if first is None:
        return Move(draft=draft), (*welcome(), view(draft, world.book))
    move, messages = hear(draft, first, world)
    alarm = 2 if move.draft.perils else 0  # nothing comes before the numbers
    return move, (*messages[:alarm], *welcome(), *messages[alarm:])


def hear(draft: Draft, incoming: Incoming, world: World) -> Turn:
    """What *incoming* does to *draft*, and all that is shown for it. Never raises for what people send."""
    if draft.step == "sending":
        return Move(draft=draft), (note("tip.sending_wait"),)
    if draft.step == "sent":
        return _after_sending(draft, incoming, world)
    move = (
        _on_choice(draft, incoming.choice, world) if incoming.choice else _on_message(draft, incoming, world)
    )
    if move.is_over or move.effect is not None:
        return move, move.notes
    return move, (*move.notes, view(move.draft, world.book))


def learn(draft: Draft, result: Received | Failed, world: World) -> Turn:
    """What came of sending. Of a tip that is kept, nothing stays in memory."""
    if draft.step != "sending":
        return Move(draft=draft), ()
    if isinstance(result, Failed):
        kept = replace(draft, step="ready", question="")
        return Move(draft=kept), (note("tip.not_received", reason=result.said), view(kept, world.book))
    notes = [note("tip.received", reference=result.reference)]
    if result.was_there and draft.attempted != content_of(draft):
        notes.append(note("tip.received_first_version"))
    notes += [files_refused(result.refused)] if result.refused else []
    sent = Draft(language=draft.language, step="sent", sent_tip=result.tip_id if draft.can_notify else "")
    return Move(draft=sent), (*notes, view(sent, world.book))


def _after_sending(draft: Draft, incoming: Incoming, world: World) -> Turn:
    if incoming.choice == "sent.delete":
        move = Move(draft=draft, notes=(note("tip.deleted"),), deletes=True, is_over=True)
        return move, move.notes
    if incoming.choice == "sent.keep":
        move = Move(draft=draft, notes=(note("tip.goodbye"),), is_over=True)
        return move, move.notes
    if incoming.choice == "sent.notify" and draft.sent_tip:
        asked = replace(draft, sent_tip="")
        notes = (note("tip.notify_taken"), view(asked, world.book))
        return Move(draft=asked, notice_for=draft.sent_tip), notes
    return Move(draft=draft), (note("tip.already_sent"), view(draft, world.book))


def _on_choice(draft: Draft, picked: str, world: World) -> Move:
    if picked in WAYS:
        return _way(draft, picked, world)
    if picked not in {offered.id for offered in view(draft, world.book).choices}:
        return Move(draft=draft, notes=(note("tip.stale_choice"),))
    if draft.step == "cancel":
        return _cancelled(draft) if picked == "cancel.yes" else _way(draft, "back", world)
    separator = ":" if picked.startswith("concerns_unit:") else "."
    return ON_CHOICE[draft.step](draft, picked.split(separator, 1)[1], world)


def _way(draft: Draft, way: str, world: World) -> Move:
    if way == "cancel":
        return Move(draft=go(draft, "cancel")) if draft.has_something else _cancelled(draft)
    if way == "edit":
        left = draft if draft.step != "cancel" else went_back(draft) or draft
        return Move(draft=go(left, "summary"))
    if way == "skip":
        return _skipped(draft, world)
    before = went_back(draft)
    if before is None:
        return Move(draft=draft, notes=(note("tip.first_step"),))
    return Move(draft=before)


def _skipped(draft: Draft, world: World) -> Move:
    if draft.step == "coaching":
        return on_coaching(draft, "enough", world)
    if draft.step in SKIPPABLE or (draft.step == "story" and draft.files):
        return Move(draft=advance(draft))
    return Move(draft=draft, notes=(note("tip.not_skippable"),))


def _cancelled(draft: Draft) -> Move:
    return Move(draft=Draft(language=draft.language), notes=(note("tip.cancelled"),), is_over=True)


def _on_message(draft: Draft, incoming: Incoming, world: World) -> Move:
    """Danger first, then files, then a place on the map, then words."""
    typed = cleaned(incoming.text, 2 * STORY_LIMIT)
    alarmed, alarm = _danger_in(draft, typed)
    move = Move(draft=alarmed, notes=alarm)
    is_confirming = draft.step == "receipt" and draft.receipt and draft.receipt.is_confirmed_by(typed)
    if incoming.replaces and not is_confirming:
        return _then(move, take_edit(alarmed, typed, incoming.replaces))
    is_first = draft.step == "danger" and not draft.trail
    if incoming.files or incoming.too_large:
        files, told = files_taken(move.draft.files, incoming)
        move = Move(draft=replace(move.draft, files=files), notes=(*move.notes, *told))
    if incoming.pin is not None:
        move = _then(move, on_pin(move.draft, incoming.pin))
    if typed and is_first and incoming.files:
        story = _then(move, take_story(replace(move.draft, is_guided=False), typed, world))
        return replace(story, notes=(*story.notes, note("tip.enough_already")))
    if typed:
        return _then(move, _on_words(move.draft, typed, world))
    if is_first and move.draft.files:
        enough = (*move.notes, note("tip.enough_already"))
        return Move(draft=advance(replace(move.draft, is_guided=False)), notes=enough)
    if not (incoming.files or incoming.too_large or incoming.pin is not None):
        return Move(draft=move.draft, notes=(*move.notes, note("tip.nothing_heard")))
    return move


def _on_words(draft: Draft, typed: str, world: World) -> Move:
    if draft.step == "cancel":
        return Move(draft=draft, notes=(note("tip.choose_please"),))
    if draft.step != "receipt" and draft.receipt is not None and draft.receipt.is_confirmed_by(typed):
        return Move(draft=draft, notes=(note("tip.receipt_not_noted"),))  # nobody else may read it
    meant = meant_choice(draft, typed, world.book)
    if meant in SENDING:  # a tip is sent by a choice, which channels may want to look at before
        return Move(draft=draft, notes=(note("tip.choose_to_send"),))
    if meant:
        return _on_choice(draft, meant, world)
    if tells_nothing(draft, typed):
        return Move(draft=draft, notes=(note("tip.choose_please"),))
    return ON_TEXT[draft.step](draft, typed, world)


def _danger_in(draft: Draft, typed: str) -> tuple[Draft, tuple[Message, ...]]:
    """Words of danger get the numbers before anything else; the same ones once in a conversation."""
    peril, alarm = danger_in(typed)
    if not peril or peril in draft.perils:
        return draft, ()
    return replace(draft, in_danger=True, perils=(*draft.perils, peril)), alarm


def _then(before: Move, after: Move) -> Move:
    return replace(after, notes=(*before.notes, *after.notes))
