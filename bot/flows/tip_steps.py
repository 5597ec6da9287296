"""What each step of a tip's conversation does with a choice and with words: the two tables at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import Said
from bot.flows.tip_checks import FIRST_WORDS, after_story, has_receiver, note, without_names, without_receipts
from bot.flows.tip_concerns import (
    on_concerns,
    on_concerns_unit,
    on_concerns_unit_text,
    on_whom,
    on_whom_text,
)
from bot.flows.tip_draft import (
    ANSWER_LIMIT,
    STORY_STARTS,
    Draft,
    Move,
    Step,
    Submit,
    World,
    advance,
    content_of,
    go,
    has_words,
    is_told,
    open_questions,
    with_pin,
    with_story,
)
from bot.flows.tip_places import likely_places, sure_place
from bot.flows.tip_views import unkept_names
from prompts.catalog import text as say
from tips.kinds import kind_of
from tips.model import STORY_LIMIT
from tips.naming import coaching, names_sender
from tips.places import parse_pin

if TYPE_CHECKING:
    from tips.places import Place

_YES = {"có", "co", "yes", "y", "đang", "dang", "ừ", "u"}
_NO = {"không", "khong", "ko", "k", "no", "n", "hông", "hong"}

Handler = Callable[[Draft, str, World], Move]


def take_story(draft: Draft, typed: str, world: World) -> Move:
    """Add *typed* to the story, and look whether it says who is writing."""
    del world
    if typed and not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    if typed and is_told(draft, typed):
        return Move(draft=after_story(draft), notes=(note("tip.already_noted"),))
    told, was_cut = with_story(draft, typed)
    notes = (note("tip.story_cut", limit=STORY_LIMIT),) if was_cut else (note("tip.story_kept"),)
    return Move(draft=after_story(told), notes=notes)


def _on_choice_step_text(draft: Draft, typed: str, world: World) -> Move:
    """Words where a button was asked: long enough, they are kept for the story."""
    if len(typed) < FIRST_WORDS or not has_words(typed):
        return Move(draft=draft, notes=(note("tip.choose_please"),))
    if len(typed) >= STORY_STARTS and not draft.story:
        told = take_story(replace(draft, is_guided=False), typed, world)
        return replace(told, notes=(*told.notes, note("tip.enough_already")))
    if is_told(draft, typed):
        return Move(draft=draft, notes=(note("tip.already_noted"),))
    told_draft, was_cut = with_story(draft, typed)
    kept = note("tip.story_cut", limit=STORY_LIMIT) if was_cut else note("tip.kept_for_story")
    return Move(draft=told_draft, notes=(kept,))


def _on_danger_text(draft: Draft, typed: str, world: World) -> Move:
    """A typed yes or no, or the story itself."""
    said = typed.lower().strip(" .!")
    if said in _YES | _NO:
        return _on_danger(draft, "yes" if said in _YES else "no", world)
    return _on_choice_step_text(draft, typed, world)


def _on_danger(draft: Draft, picked: str, world: World) -> Move:
    del world
    if picked == "no":
        return Move(draft=advance(replace(draft, in_danger=False)))
    numbers = tuple(Said(f"danger.number_{number}") for number in (113, 114, 115, 111))
    told = (note("danger.help"), note("tip.numbers", numbers=numbers))
    return Move(draft=go(replace(draft, in_danger=True), "danger_now"), notes=told)


def _on_go_on(draft: Draft, picked: str, world: World) -> Move:
    del picked, world
    return Move(draft=advance(draft))


def _on_kind(draft: Draft, picked: str, world: World) -> Move:
    if picked == "other":
        return _on_kind_in(draft, "other", world)
    return Move(draft=go(replace(draft, group=picked), "kind_in"))


def _on_kind_in(draft: Draft, picked: str, world: World) -> Move:
    del world
    kind = kind_of(picked)
    asked = kind.questions if kind else ()
    kept = tuple((question, answer) for question, answer in draft.details if question in asked)
    lost = len(draft.details) - len(kept)
    told = replace(draft, kind=picked, details=kept)
    told_of = "kinds.what_this_is_for" if picked == "other" else f"kinds.kind_{picked}_hint"
    notes = [note(told_of)]
    if lost:
        moved = "\n\n".join(answer for question, answer in draft.details if question not in asked)
        told, _ = with_story(told, moved)
        notes.append(note("tip.details_moved"))
    return Move(draft=advance(told), notes=tuple(notes))


def _on_place_text(draft: Draft, typed: str, world: World) -> Move:
    """A pin in words, the name of a commune or ward, or any words."""
    if pin := parse_pin(typed):
        return on_pin(draft, pin)
    if len(typed) > ANSWER_LIMIT:
        return _on_choice_step_text(draft, typed, world)
    if not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    words = replace(draft, place=typed[:ANSWER_LIMIT], area="", area_name="")
    likely = likely_places(words.place, world.book)
    if not likely:
        return Move(draft=advance(words), notes=(note("tip.place_in_words"),))
    if sure := sure_place(likely):
        return _in_area(words, sure.code, _name_of(sure))
    offered = tuple((place.code, _name_of(place)) for place in likely)
    return Move(draft=go(replace(words, offered_places=offered), "place_choice"))


def _name_of(place: Place) -> str:
    return f"{place.name}, {place.province}"


def _in_area(draft: Draft, code: str, name: str) -> Move:
    return Move(
        draft=advance(replace(draft, area=code, area_name=name)), notes=(note("tip.place_taken", name=name),)
    )


def _on_place_choice(draft: Draft, picked: str, world: World) -> Move:
    del world
    names = dict(draft.offered_places)
    if picked in names:
        return _in_area(draft, picked, names[picked])
    return Move(draft=advance(draft), notes=(note("tip.place_in_words"),))


def on_pin(draft: Draft, pin: tuple[float, float]) -> Move:
    """A place on the map, at any step."""
    placed = with_pin(draft, pin)
    if placed is None:
        return Move(draft=draft, notes=(note("tip.pin_refused"),))
    told = note("tip.pin_taken", place=placed.place)
    if draft.step not in {"place", "place_choice"}:
        return Move(draft=placed, notes=(told,))  # a commune that was named still says which unit serves it
    return Move(draft=advance(replace(placed, area="", area_name="")), notes=(told,))


def _on_when(draft: Draft, picked: str, world: World) -> Move:
    del world
    return Move(draft=advance(replace(draft, when=say(f"tip.when_{picked}", draft.language))))


def _on_when_text(draft: Draft, typed: str, world: World) -> Move:
    if len(typed) > ANSWER_LIMIT:
        return _on_choice_step_text(draft, typed, world)
    if not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    return Move(draft=advance(replace(draft, when=typed)))


def _on_story_again(draft: Draft, typed: str, world: World) -> Move:
    if not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    told = take_story(replace(draft, story=""), typed, world)
    return replace(told, notes=(note("tip.story_replaced"),) if len(typed) <= STORY_LIMIT else told.notes)


def _on_story(draft: Draft, picked: str, world: World) -> Move:
    del picked, world
    return Move(draft=go(draft, "story_again"))


def _on_receipt_inside(draft: Draft, picked: str, world: World) -> Move:
    """Take every receipt out of what was told: whoever reads the tip could otherwise open the replies."""
    del picked, world
    told = without_receipts(draft)
    return Move(draft=after_story(told), notes=(note("tip.receipt_dropped"),))


def _on_naming(draft: Draft, picked: str, world: World) -> Move:
    """Leave the details out, or in, as the sender decides."""
    del world
    if picked == "keep":
        kept = (*draft.kept_names, *unkept_names(draft))
        return Move(draft=advance(replace(draft, kept_names=kept)))
    told = without_names(draft)
    if told is None:
        step: Step = "story_again" if names_sender(draft.story) else "summary"
        return Move(draft=go(draft, step), notes=(note("tip.naming_by_hand"),))
    return Move(draft=go(told, "summary"), notes=(note("tip.naming_dropped"),))


def _on_coaching_text(draft: Draft, typed: str, world: World) -> Move:
    told = take_story(draft, typed, world)
    return told if told.draft.step != "summary" else replace(told, draft=_to_receipt(told.draft, world).draft)


def on_coaching(draft: Draft, picked: str, world: World) -> Move:
    """Enough as it is: on to the receipt."""
    del picked
    return _to_receipt(draft, world)


def _on_detail_text(draft: Draft, typed: str, world: World) -> Move:
    if len(typed) > ANSWER_LIMIT:
        told = take_story(draft, typed, world)
        return replace(told, notes=(*told.notes, note("tip.kept_for_story")))
    if not has_words(typed):
        return Move(draft=draft, notes=(note("tip.no_words"),))
    others = tuple(item for item in draft.details if item[0] != draft.question)
    return Move(draft=advance(replace(draft, details=(*others, (draft.question, typed)))))


def _on_details(draft: Draft, picked: str, world: World) -> Move:
    del picked, world
    return Move(draft=advance(replace(draft, question="")))


def _on_files(draft: Draft, picked: str, world: World) -> Move:
    del world
    if picked == "done":
        return Move(draft=advance(draft))
    if picked == "clear":
        return Move(draft=replace(draft, files=()), notes=(note("tip.files_cleared"),))
    files = tuple(replace(file, keep_original=picked == "original") for file in draft.files)
    return Move(draft=replace(draft, files=files))


def _on_caption(draft: Draft, typed: str, world: World) -> Move:
    """Words beside files, however few, belong to the story; the next file may follow."""
    told = take_story(draft, typed, world)
    return Move(draft=replace(draft, story=told.draft.story), notes=told.notes)


def _on_summary(draft: Draft, picked: str, world: World) -> Move:
    if picked != "go_on":
        return Move(draft=_to_edit(draft, picked))
    if not draft.story and not draft.files:
        return Move(draft=go(draft, "story"), notes=(note("tip.story_needed"),))
    if not has_receiver(draft, world):
        return Move(draft=draft, notes=(note("tip.no_unit_left"),))
    checked = after_story(replace(draft, step="story"))
    if checked.step in {"receipt_inside", "naming"}:
        return Move(draft=go(draft, checked.step))
    if not draft.is_coached and coaching(content_of(draft)):
        return Move(draft=go(replace(draft, is_coached=True), "coaching"))
    return _to_receipt(draft, world)


def _to_edit(draft: Draft, part: str) -> Draft:
    if part == "details":
        questions = open_questions(draft) or tuple(question for question, _ in draft.details)
        return go(draft, "details", questions[0])
    steps: dict[str, Step] = {
        "kind": "kind",
        "place": "place",
        "when": "when",
        "story": "story",
        "files": "files",
        "concerns": "concerns",
    }
    return go(draft, steps[part])


def _to_receipt(draft: Draft, world: World) -> Move:
    receipt = draft.receipt or world.new_receipt()
    return Move(draft=go(replace(draft, receipt=receipt), "ready" if draft.is_confirmed else "receipt"))


def _on_receipt_text(draft: Draft, typed: str, world: World) -> Move:
    del world
    if draft.receipt is None or not draft.receipt.is_confirmed_by(typed):
        return Move(draft=draft, notes=(note("tip.receipt_not_matching"),))
    return Move(draft=go(replace(draft, is_confirmed=True), "ready"), notes=(note("tip.receipt_matches"),))


def _on_ready(draft: Draft, picked: str, world: World) -> Move:
    """Send: the receipt was confirmed, and it is the same one however often this is pressed."""
    if picked == "without_files":
        draft = replace(draft, files=())
        if not draft.story:
            return Move(draft=go(draft, "story"), notes=(note("tip.files_cleared"), note("tip.story_needed")))
    if draft.receipt is None or not draft.is_confirmed:
        return _to_receipt(draft, world)
    clean = without_receipts(draft)
    effect = Submit(receipt=draft.receipt, content=content_of(clean), files=clean.files)
    attempted = clean.attempted or effect.content
    return Move(draft=replace(clean, step="sending", attempted=attempted), effect=effect)


def _on_late_text(draft: Draft, typed: str, world: World) -> Move:
    """Words at the summary or before sending: they belong to the story."""
    told = take_story(replace(draft, is_guided=False), typed, world)
    return (
        replace(told, draft=replace(told.draft, trail=draft.trail)) if told.draft.step == draft.step else told
    )


ON_CHOICE: dict[Step, Handler] = {
    "danger": _on_danger,
    "danger_now": _on_go_on,
    "kind": _on_kind,
    "kind_in": _on_kind_in,
    "place_choice": _on_place_choice,
    "when": _on_when,
    "story": _on_story,
    "receipt_inside": _on_receipt_inside,
    "naming": _on_naming,
    "coaching": on_coaching,
    "details": _on_details,
    "files": _on_files,
    "concerns": on_concerns,
    "concerns_unit": on_concerns_unit,
    "concerns_whom": on_whom,
    "summary": _on_summary,
    "ready": _on_ready,
}
ON_TEXT: dict[Step, Handler] = {
    "danger": _on_danger_text,
    "danger_now": _on_choice_step_text,
    "kind": _on_choice_step_text,
    "kind_in": _on_choice_step_text,
    "place": _on_place_text,
    "place_choice": _on_place_text,
    "when": _on_when_text,
    "story": take_story,
    "story_again": _on_story_again,
    "receipt_inside": _on_late_text,
    "naming": _on_late_text,
    "coaching": _on_coaching_text,
    "details": _on_detail_text,
    "files": _on_caption,
    "concerns": _on_choice_step_text,
    "concerns_unit": on_concerns_unit_text,
    "concerns_whom": on_whom_text,
    "summary": _on_late_text,
    "receipt": _on_receipt_text,
    "ready": _on_late_text,
}
