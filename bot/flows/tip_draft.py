"""
A tip being written, and how one step leads to the next. Pure: no clock, no disk, no network.

Nothing in it can hold who is writing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from tips.kinds import Kind, kind_of
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT, PARCEL_BYTES_LIMIT, STORY_LIMIT, TipContent
from tips.places import parse_pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation import Incoming, Message, Said
    from prompts.catalog import Language
    from tips.model import RawFile
    from tips.receipts import Receipt
    from tips.units import UnitBook

Step = Literal[
    "danger", "danger_now", "kind", "kind_in", "place", "place_choice", "when", "story", "story_again",
    "receipt_inside", "naming", "coaching", "details", "files", "concerns", "concerns_unit", "concerns_whom",
    "summary", "receipt", "ready", "sending", "sent", "cancel",
]  # fmt: skip
ORDER: tuple[Step, ...] = (
    "danger",
    "kind",
    "place",
    "when",
    "story",
    "details",
    "files",
    "concerns",
    "summary",
)
_PART_OF: dict[Step, Step] = {
    "danger_now": "danger", "kind_in": "kind", "place_choice": "place", "story_again": "story",
    "receipt_inside": "story", "naming": "story", "coaching": "story", "concerns_unit": "concerns",
    "concerns_whom": "concerns",
}  # fmt: skip
STORY_STARTS = 60  # characters from which a first message is taken for the story
ANSWER_LIMIT = 1_000  # characters of any other answer
TRAIL_LIMIT = 60  # steps that Back can undo


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """Everything told so far, and where in the conversation it stands."""

    language: Language = "vi"
    step: Step = "danger"
    question: str = ""  # of the kind, asked now
    trail: tuple[tuple[Step, str], ...] = ()
    is_guided: bool = True  # False: every answer leads back to the summary
    in_danger: bool = False
    perils: tuple[str, ...] = ()  # the numbers of these were given already
    group: str = ""
    kind: str = ""
    area: str = ""
    area_name: str = ""
    place: str = ""
    offered_places: tuple[tuple[str, str], ...] = ()  # code, name
    when: str = ""
    story: str = ""
    details: tuple[tuple[str, str], ...] = ()
    concerns: tuple[str, ...] = ()
    offered_units: tuple[str, ...] = ()
    concerns_whom: str = ""
    files: tuple[RawFile, ...] = ()
    kept_names: tuple[str, ...] = ()  # what of themselves the sender chose to leave in
    is_coached: bool = False
    receipt: Receipt | None = None
    is_confirmed: bool = False
    attempted: TipContent | None = None
    can_notify: bool = False  # whether the channel can tell of a reply
    sent_tip: str = ""  # id of the tip just sent, while its sender may ask to be told of a reply

    @property
    def has_something(self) -> bool:
        """Whether anything would be lost by letting it go."""
        return bool(self.story or self.files or self.details or self.place or self.when or self.concerns_whom)

    @property
    def bytes_held(self) -> int:
        """Bytes of all files."""
        return sum(len(file.content) for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the flow knows beside the draft. `new_receipt` is the one place where chance comes in."""

    book: UnitBook
    new_receipt: Callable[[], Receipt]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Submit:
    """To be done for the tipster: send this. Doing it twice stores it once."""

    receipt: Receipt
    content: TipContent
    files: tuple[RawFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The tip is stored. `was_there`: it had been before. `refused`: reasons of files not taken."""

    reference: str
    tip_id: str = field(default="", repr=False)
    was_there: bool = False
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Not done as far as we know; `said` tells why."""

    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a handler decides: the next draft, what to say before its question, what to do."""

    draft: Draft
    notes: tuple[Message, ...] = ()
    effect: Submit | None = None
    notice_for: str = field(default="", repr=False)
    deletes: bool = False
    is_over: bool = False


def cleaned(typed: str, limit: int) -> str:
    """*typed*, NFC, without control and direction marks, at most *limit* characters."""
    readable = typed[: limit * 4].encode("utf-8", "ignore").decode("utf-8")  # a lone surrogate is no text
    plain = "".join(
        letter for letter in unicodedata.normalize("NFC", readable) if letter in "\n\t" or _is_shown(letter)
    )
    return plain.strip()[:limit]


def _is_shown(letter: str) -> bool:
    # Zero-width joiners hold emoji together; direction marks only make a text read otherwise than it is.
    return letter == "\u200d" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"}


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in *text*."""
    return any(letter.isalnum() for letter in text)


def kind_chosen(draft: Draft) -> Kind | None:
    """The kind, if one was chosen."""
    return kind_of(draft.kind)


def open_questions(draft: Draft) -> tuple[str, ...]:
    """Questions of the kind that have no answer yet."""
    kind = kind_chosen(draft)
    answered = {question for question, _ in draft.details}
    return tuple(question for question in kind.questions if question not in answered) if kind else ()


def content_of(draft: Draft) -> TipContent:
    """The tip as it will be sealed."""
    kind = kind_chosen(draft)
    return TipContent(
        story=draft.story,
        kind=draft.kind,
        urgent=draft.in_danger or bool(kind and kind.is_urgent),
        area=draft.area,
        place=draft.place,
        when=draft.when,
        details=dict(draft.details),
        concerns=draft.concerns,
        concerns_whom=draft.concerns_whom,
        language=draft.language,
    )


def go(draft: Draft, step: Step, question: str = "") -> Draft:
    """*draft* at *step*, which Back undoes."""
    here = (draft.step, draft.question)
    if here == (step, question):
        return draft
    trail = (*draft.trail, here)[-TRAIL_LIMIT:]
    is_guided = draft.is_guided and step != "summary"
    return replace(draft, step=step, question=question, trail=trail, is_guided=is_guided)


def went_back(draft: Draft) -> Draft | None:
    """*draft* one step before; None at the first."""
    if not draft.trail:
        return None
    step, question = draft.trail[-1]
    return replace(draft, step=step, question=question, trail=draft.trail[:-1])


def advance(draft: Draft) -> Draft:
    """*draft* at the next thing worth asking."""
    here = _PART_OF.get(draft.step, draft.step)
    if here == "details" and (left := _questions_after(draft)):
        return go(draft, "details", left[0])
    if not draft.is_guided:
        return go(draft, "summary")
    later = ORDER[ORDER.index(here) + 1 :] if here in ORDER else ("summary",)
    step = next(step for step in later if _is_open(draft, step))
    return go(draft, step, open_questions(draft)[0] if step == "details" else "")


def _questions_after(draft: Draft) -> tuple[str, ...]:
    kind = kind_chosen(draft)
    if kind is None or draft.question not in kind.questions:
        return ()
    later = kind.questions[kind.questions.index(draft.question) + 1 :]
    return tuple(question for question in later if question in open_questions(draft))


def _is_open(draft: Draft, step: Step) -> bool:
    told: dict[Step, object] = {
        "kind": draft.kind,
        "place": draft.area or draft.place,
        "when": draft.when,
        "story": draft.story,
        "details": not open_questions(draft),
        "files": draft.files,
        "concerns": draft.concerns or draft.concerns_whom,
    }
    return not told.get(step, False)


def is_told(draft: Draft, typed: str) -> bool:
    """Whether the story has *typed* already, as paragraphs of its own."""
    return f"\n\n{typed}\n\n" in f"\n\n{draft.story}\n\n"


def with_edit(told: str, earlier: str, typed: str) -> str | None:
    """*told* with *typed* in place of the paragraphs that *earlier* said; None where they are not there."""
    around = f"\n\n{told}\n\n"
    if not earlier or not has_words(typed) or f"\n\n{earlier}\n\n" not in around:
        return None
    return around.replace(f"\n\n{earlier}\n\n", f"\n\n{typed}\n\n", 1)[:STORY_LIMIT].strip()


def with_story(draft: Draft, typed: str) -> tuple[Draft, bool]:
    """*draft* with *typed* at the end of its story, and whether something had to be cut off."""
    if is_told(draft, typed):
        return draft, False
    whole = f"{draft.story}\n\n{typed}" if draft.story else typed
    return replace(draft, story=whole[:STORY_LIMIT].strip()), len(whole) > STORY_LIMIT


def with_pin(draft: Draft, pin: tuple[float, float]) -> Draft | None:
    """*draft* at that place of the map; None where there is no such place."""
    place = parse_pin(f"{pin[0]:.6f}, {pin[1]:.6f}")
    return None if place is None else replace(draft, place=f"{place[0]:.6f},{place[1]:.6f}")


def take_files(held: tuple[RawFile, ...], incoming: Incoming) -> tuple[tuple[RawFile, ...], tuple[str, ...]]:
    """*held* and those of *incoming* that fit, and the reasons of the others (`tips.refused_...`)."""
    taken, refused = list(held), ["too_large"] * incoming.too_large
    size = sum(len(file.content) for file in held)
    for file in incoming.files:
        if not file.content:
            refused.append("empty")
        elif len(file.content) > FILE_BYTES_LIMIT:
            refused.append("too_large")
        elif len(taken) >= FILES_LIMIT:
            refused.append("too_many")
        elif size + len(file.content) > PARCEL_BYTES_LIMIT:
            refused.append("too_large_together")
        else:
            taken.append(file)
            size += len(file.content)
    return tuple(taken), tuple(refused)
