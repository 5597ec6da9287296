"""What is looked at before a tip goes on its way: who reads it, and what must not stand in it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import Message, Said
from bot.flows.tip_draft import Move, advance, cleaned, go, take_files, with_edit
from bot.flows.tip_views import unkept_names
from knowledge.danger import find_danger_in_tip
from tips.errors import TipError
from tips.model import STORY_LIMIT
from tips.naming import names_sender
from tips.receipts import find_receipt
from tips.routing import route

if TYPE_CHECKING:
    from bot.conversation import Filling, Incoming
    from bot.flows.tip_draft import Draft, World
    from tips.model import RawFile

FIRST_WORDS = 12  # characters: less is no story
_TAKEN_OUT = "\N{HORIZONTAL ELLIPSIS}"
_CLAUSE = re.compile(r"(?<=[.,;!?\n])\s*")


def note(key: str, **fields: Filling) -> Message:
    """A message that asks nothing."""
    return Message(key=key, fields=fields)


def after_story(draft: Draft) -> Draft:
    """What follows a story: first what must not be in it, then the next question."""
    if find_receipt(_words_of(draft)):
        return go(draft, "receipt_inside")
    if unkept_names(draft):
        return go(draft, "naming")
    return advance(draft)


def take_edit(draft: Draft, typed: str, earlier: str) -> Move:
    """
    Put *typed* in the place of what the same message said *earlier*, where that stands in the story.

    It is looked at like any other words; where the conversation stands does not change otherwise.
    """
    story = with_edit(draft.story, cleaned(earlier, 2 * STORY_LIMIT), typed)
    if story is None or (draft.receipt is not None and draft.receipt.is_confirmed_by(typed)):
        return Move(draft=draft, notes=(note("tip.edited_not_taken"),))
    told = replace(draft, story=story)
    step = after_story(replace(told, step="story")).step
    return Move(
        draft=go(told, step) if step in {"receipt_inside", "naming"} else told,
        notes=(note("tip.edited_taken"),),
    )


def without_names(draft: Draft) -> Draft | None:
    """*draft* without the clauses that name its sender; None where that is not enough."""
    clauses = _CLAUSE.split(draft.story)
    kept = " ".join(clause for clause in clauses if not names_sender(clause)).strip(" ,;\n")
    told = replace(draft, story=kept)
    return told if len(kept) >= FIRST_WORDS and not unkept_names(told) else None


def has_receiver(draft: Draft, world: World) -> bool:
    """Whether any unit may be told."""
    try:
        route(world.book, draft.area, draft.kind, draft.concerns)
    except TipError:
        return False
    return True


def without_receipts(draft: Draft) -> Draft:
    """*draft* with no receipt in any of its words."""
    return replace(
        draft,
        story=no_receipt(draft.story),
        place=no_receipt(draft.place),
        when=no_receipt(draft.when),
        concerns_whom=no_receipt(draft.concerns_whom),
        details=tuple((question, no_receipt(answer)) for question, answer in draft.details),
    )


def no_receipt(words: str) -> str:
    """*words* with every receipt in them taken out."""
    kept, rest = [], words
    while found := find_receipt(rest):
        before, _, rest = rest.partition(found)
        kept += [before, _TAKEN_OUT]
    return "".join((*kept, rest))


def _words_of(draft: Draft) -> str:
    answers = (answer for _, answer in draft.details)
    return "\n".join((draft.story, draft.place, draft.when, draft.concerns_whom, *answers))


def files_taken(
    held: tuple[RawFile, ...], incoming: Incoming
) -> tuple[tuple[RawFile, ...], tuple[Message, ...]]:
    """*held* and the files of *incoming* that fit, and what to say of them: nothing if none came."""
    files, refused = take_files(held, incoming)
    notes = []
    if added := len(files) - len(held):
        notes.append(note("tip.files_taken", count=added, total=len(files)))
    if refused:
        notes.append(files_refused(refused))
    return files, tuple(notes)


def files_refused(reasons: tuple[str, ...]) -> Message:
    """Why files are not taken, each reason once."""
    lines = tuple(Said(f"tips.refused_{reason}") for reason in dict.fromkeys(reasons))
    return note("tip.files_refused", count=len(reasons), reasons=lines)


def danger_in(typed: str) -> tuple[str, tuple[Message, ...]]:
    """What threatens whoever wrote *typed*, and the numbers that come before anything else; "" if nothing."""
    danger = find_danger_in_tip(typed) if typed else None
    if danger is None:
        return "", ()
    numbers = tuple(Said(f"danger.number_{number}") for number in danger.numbers)
    peril = danger.peril.value
    return peril, (note(f"danger.{peril}"), note("tip.numbers", numbers=numbers))
