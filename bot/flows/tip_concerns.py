"""Does a tip concern an officer or an official: the unit concerned will not see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.flows.tip_checks import has_receiver, note
from bot.flows.tip_draft import ANSWER_LIMIT, Draft, Move, World, advance, go, has_words, with_story
from bot.flows.tip_views import UNITS_OFFERED, receiver, units_named

if TYPE_CHECKING:
    from bot.conversation import Message


def on_concerns(draft: Draft, picked: str, world: World) -> Move:
    """No, or yes: then of which unit."""
    del world
    nobody = replace(draft, concerns=(), concerns_whom="", offered_units=())
    return Move(draft=advance(nobody) if picked == "no" else go(nobody, "concerns_unit"))


def on_concerns_unit(draft: Draft, picked: str, world: World) -> Move:
    """A unit that must not see it, and who will instead."""
    if picked == "unknown":
        return Move(draft=go(replace(draft, offered_units=()), "concerns_whom"))
    told = replace(draft, concerns=(*draft.concerns, picked), offered_units=())
    return Move(draft=go(told, "concerns_whom"), notes=(_routed(told, world),))


def on_concerns_unit_text(draft: Draft, typed: str, world: World) -> Move:
    """A unit by its name, or who it concerns in words."""
    found = [unit for unit in units_named(typed[:ANSWER_LIMIT], world.book) if unit.id not in draft.concerns]
    if len(found) == 1:
        return on_concerns_unit(draft, found[0].id, world)
    if found:
        return Move(draft=replace(draft, offered_units=tuple(unit.id for unit in found[:UNITS_OFFERED])))
    return on_whom_text(draft, typed, world)


def on_whom_text(draft: Draft, typed: str, world: World) -> Move:
    """Who it concerns, in words."""
    del world
    if not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    told = f"{draft.concerns_whom}\n{typed}".strip()
    if len(told) > ANSWER_LIMIT:
        told_draft, _ = with_story(draft, typed)
        return Move(draft=advance(told_draft), notes=(note("tip.kept_for_story"),))
    return Move(draft=advance(replace(draft, concerns_whom=told)))


def on_whom(draft: Draft, picked: str, world: World) -> Move:
    """Another unit as well."""
    del picked, world
    return Move(draft=go(draft, "concerns_unit"))


def _routed(draft: Draft, world: World) -> Message:
    if not has_receiver(draft, world):
        return note("tip.no_unit_left")
    return note("tip.routed_away", receiver=receiver(draft, world.book))
