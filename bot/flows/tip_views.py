"""What a tip's conversation says at each step, and which choices it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.conversation import Choice, Message, Said
from bot.flows.tip_draft import content_of, kind_chosen, open_questions
from tips.errors import TipError
from tips.folding import fold
from tips.kinds import GROUPS, kinds
from tips.naming import coaching, names_sender
from tips.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation import Filling, Wants
    from bot.flows.tip_draft import Draft, Step
    from tips.units import Unit, UnitBook

UNITS_OFFERED = 8
SHOWN_LIMIT = 1_500  # characters of the story in the summary
TIMES = ("now", "today", "yesterday", "week", "often")
SKIPPABLE: frozenset[Step] = frozenset(
    ("danger", "danger_now", "kind", "kind_in", "place", "place_choice", "when", "details", "files",
     "concerns", "concerns_unit", "concerns_whom", "coaching")
)  # fmt: skip
EDITABLE: tuple[Step, ...] = ("kind", "place", "when", "story", "details", "files", "concerns")
_MARKED = "\N{HORIZONTAL ELLIPSIS}"


def choice(choice_id: str, key: str, **fields: Filling) -> Choice:
    """A choice whose label is the text *key*."""
    return Choice(choice_id, Said(key, fields))


def view(draft: Draft, book: UnitBook) -> Message:
    """The question of the step *draft* stands at, with its choices and the ways out."""
    asked = _VIEWS[draft.step](draft, book)
    if draft.step in {"sent", "sending", "cancel"}:
        return asked
    ways = []
    if draft.step in SKIPPABLE or (draft.step == "story" and draft.files):
        ways.append(choice("skip", "tip.way_skip"))
    if draft.trail:
        ways.append(choice("back", "tip.way_back"))
    if draft.step != "summary" and (draft.has_something or not draft.is_guided):
        ways.append(choice("edit", "tip.way_edit"))
    ways.append(choice("cancel", "tip.way_cancel"))
    return Message(
        key=asked.key,
        fields=asked.fields,
        choices=(*asked.choices, *ways),
        wants=asked.wants,
        is_protected=asked.is_protected,
    )


def welcome() -> tuple[Message, ...]:
    """What stands before the first question."""
    return (Message(key="tip.welcome"), Message(key="tip.promise"))


def _plain(key: str, wants: Wants, *choices: Choice) -> Message:
    return Message(key=key, choices=choices, wants=wants)


def _danger(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain(
        "tip.ask_danger",
        "choice",
        choice("danger.yes", "tip.danger_yes"),
        choice("danger.no", "tip.danger_no"),
    )


def _danger_now(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain("tip.ask_danger_now", "choice", choice("danger_now.on", "tip.danger_go_on"))


def _kind(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain(
        "tip.ask_kind", "choice", *(choice(f"kind.{group}", f"kinds.group_{group}") for group in GROUPS)
    )


def _kind_in(draft: Draft, book: UnitBook) -> Message:
    del book
    offered = [kind for kind in kinds() if kind.group == draft.group]
    return _plain(
        "tip.ask_kind_in",
        "choice",
        *(choice(f"kind_in.{kind.id}", f"kinds.kind_{kind.id}") for kind in offered),
    )


def _place(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain("tip.ask_place", "place")


def _place_choice(draft: Draft, book: UnitBook) -> Message:
    del book
    offered = (
        choice(f"place_choice.{code}", "tip.place_named", name=name) for code, name in draft.offered_places
    )
    return Message(
        key="tip.ask_place_choice",
        fields={"place": draft.place},
        choices=(*offered, choice("place_choice.none", "tip.place_none")),
        wants="choice",
    )


def _when(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain("tip.ask_when", "text", *(choice(f"when.{time}", f"tip.when_{time}") for time in TIMES))


def _story(draft: Draft, book: UnitBook) -> Message:
    del book
    if not draft.story:
        return _plain("tip.ask_story", "text")
    return _plain("tip.ask_story_more", "text", choice("story.again", "tip.story_write_again"))


def _story_again(draft: Draft, book: UnitBook) -> Message:
    del book
    return Message(key="tip.ask_story_again", fields={"story": _shown(draft.story)}, wants="text")


def _receipt_inside(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain(
        "tip.ask_receipt_inside", "choice", choice("receipt_inside.drop", "tip.receipt_inside_drop")
    )


def _naming(draft: Draft, book: UnitBook) -> Message:
    del book
    return Message(
        key="tip.ask_naming",
        fields={"found": tuple(Said(f"tip.names_{code}") for code in unkept_names(draft))},
        choices=(choice("naming.drop", "tip.naming_drop"), choice("naming.keep", "tip.naming_keep")),
        wants="choice",
    )


def _coaching(draft: Draft, book: UnitBook) -> Message:
    del book
    lacking = tuple(Said(f"tip.lacks_{code}") for code in coaching(content_of(draft)))
    choices = (choice("coaching.enough", "tip.coaching_enough"),)
    return Message(key="tip.ask_coaching", fields={"lacking": lacking}, choices=choices, wants="text")


def _details(draft: Draft, book: UnitBook) -> Message:
    del book
    return Message(
        key="tip.ask_detail",
        fields={"question": Said(f"kinds.ask_{draft.question}")},
        choices=(choice("details.enough", "tip.details_enough"),),
        wants="text",
    )


def _files(draft: Draft, book: UnitBook) -> Message:
    del book
    if not draft.files:
        return _plain("tip.ask_files", "file", choice("files.done", "tip.files_none"))
    keeps = any(file.keep_original for file in draft.files)
    switch = (
        choice("files.redrawn", "tip.files_redrawn")
        if keeps
        else choice("files.original", "tip.files_original")
    )
    return Message(
        key="tip.ask_files_more",
        fields={
            "count": len(draft.files),
            "original": Said("tip.original_kept" if keeps else "tip.original_not_kept"),
        },
        choices=(choice("files.done", "tip.files_done"), switch, choice("files.clear", "tip.files_clear")),
        wants="file",
    )


def _concerns(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain(
        "tip.ask_concerns",
        "choice",
        choice("concerns.no", "tip.concerns_no"),
        choice("concerns.yes", "tip.concerns_yes"),
    )


def _concerns_unit(draft: Draft, book: UnitBook) -> Message:
    offered = (
        choice(f"concerns_unit:{unit.id}", "tip.unit_named", name=unit.name)
        for unit in units_near(draft, book)
    )
    return _plain(
        "tip.ask_concerns_unit",
        "choice",
        *offered,
        choice("concerns_unit.unknown", "tip.concerns_unit_unknown"),
    )


def _concerns_whom(draft: Draft, book: UnitBook) -> Message:
    more = (choice("concerns_whom.another", "tip.concerns_another"),) if units_near(draft, book) else ()
    return _plain("tip.ask_concerns_whom", "text", *more)


def _summary(draft: Draft, book: UnitBook) -> Message:
    edits = [
        choice(f"summary.{part}", f"tip.edit_{part}" if _is_told(draft, part) else f"tip.add_{part}")
        for part in EDITABLE
        if part != "details" or open_questions(draft) or draft.details
    ]
    return Message(
        key="tip.summary",
        fields={"lines": summary_lines(draft), "receiver": receiver(draft, book)},
        choices=(choice("summary.go_on", "tip.summary_go_on"), *edits),
        wants="choice",
    )


def _receipt(draft: Draft, book: UnitBook) -> Message:
    del book
    receipt = draft.receipt.text if draft.receipt else ""
    return Message(key="tip.ask_receipt", fields={"receipt": receipt}, wants="text", is_protected=True)


def _ready(draft: Draft, book: UnitBook) -> Message:
    choices = [choice("ready.send", "tip.ready_send")]
    if draft.files:
        choices.append(choice("ready.without_files", "tip.ready_without_files"))
    return Message(
        key="tip.ask_ready",
        fields={"receiver": receiver(draft, book)},
        choices=tuple(choices),
        wants="choice",
    )


def _sending(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain("tip.sending", "nothing")


def _sent(draft: Draft, book: UnitBook) -> Message:
    del book
    notify = (choice("sent.notify", "tip.sent_notify"),) if draft.sent_tip else ()
    return _plain(
        "tip.ask_notify_or_delete" if notify else "tip.ask_delete",
        "choice",
        *notify,
        choice("sent.delete", "tip.sent_delete"),
        choice("sent.keep", "tip.sent_keep"),
    )


def _cancel(draft: Draft, book: UnitBook) -> Message:
    del draft, book
    return _plain(
        "tip.ask_cancel",
        "choice",
        choice("cancel.yes", "tip.cancel_yes"),
        choice("cancel.no", "tip.cancel_no"),
    )


_VIEWS: dict[Step, Callable[[Draft, UnitBook], Message]] = {
    "danger": _danger, "danger_now": _danger_now, "kind": _kind, "kind_in": _kind_in, "place": _place,
    "place_choice": _place_choice, "when": _when, "story": _story, "story_again": _story_again,
    "receipt_inside": _receipt_inside, "naming": _naming, "coaching": _coaching, "details": _details,
    "files": _files, "concerns": _concerns, "concerns_unit": _concerns_unit, "concerns_whom": _concerns_whom,
    "summary": _summary, "receipt": _receipt, "ready": _ready, "sending": _sending, "sent": _sent,
    "cancel": _cancel,
}  # fmt: skip


def summary_lines(draft: Draft) -> tuple[Said, ...]:
    """What was told, line by line; only what is there."""
    kind = kind_chosen(draft)
    place = ", ".join(part for part in (draft.place, draft.area_name) if part)
    original = any(file.keep_original for file in draft.files)
    files = Said("tip.line_files", {"count": len(draft.files), "original": _original(is_kept=original)})
    told: list[tuple[object, Said]] = [
        (kind, Said("tip.line_kind", {"value": Said(f"kinds.kind_{draft.kind}")})),
        (place, Said("tip.line_place", {"value": place})),
        (draft.when, Said("tip.line_when", {"value": draft.when})),
        (draft.story, Said("tip.line_story", {"value": _shown(draft.story)})),
        *(
            (
                True,
                Said("tip.line_detail", {"label": Said(f"kinds.label_{question}"), "value": _shown(answer)}),
            )
            for question, answer in draft.details
        ),
        (draft.files, files),
        (draft.concerns_whom, Said("tip.line_whom", {"value": _shown(draft.concerns_whom)})),
    ]
    lines = tuple(line for is_told, line in told if is_told)
    return lines or (Said("tip.line_nothing"),)


def receiver(draft: Draft, book: UnitBook) -> Said:
    """Which unit will read it, and which will not."""
    try:
        holder = book.unit(route(book, draft.area, draft.kind, draft.concerns).holder).name
    except TipError:
        return Said("tip.no_receiver")
    if not draft.concerns:
        return Said("tip.receiver", {"unit": holder})
    kept_out = ", ".join(book.unit(unit).name for unit in draft.concerns)
    return Said("tip.receiver_routed", {"unit": holder, "kept_out": kept_out})


def units_near(draft: Draft, book: UnitBook) -> tuple[Unit, ...]:
    """Units to choose from when one is concerned: those nearest to the place first, chosen ones left out."""
    if draft.offered_units:
        return tuple(book.unit(unit) for unit in draft.offered_units if unit not in draft.concerns)
    serving = book.serving(draft.area, draft.kind) or [book.default()]
    near = [*serving, *(book.unit(above) for above in book.above(serving[0].id)), *book.units]
    unique = {unit.id: unit for unit in near if unit.id not in draft.concerns}
    return tuple(unique.values())[:UNITS_OFFERED]


def units_named(typed: str, book: UnitBook) -> tuple[Unit, ...]:
    """Units whose name holds what was *typed*, marks and case aside."""
    wanted = fold(typed)
    return tuple(unit for unit in book.units if wanted and wanted in fold(unit.name))


def unkept_names(draft: Draft) -> tuple[str, ...]:
    """What seems to say who is writing, and was not looked at yet."""
    words = "\n".join(
        (draft.story, draft.place, *(answer for _, answer in draft.details), draft.concerns_whom)
    )
    return tuple(code for code in names_sender(words) if code not in draft.kept_names)


def _is_told(draft: Draft, part: Step) -> bool:
    told: dict[Step, object] = {
        "kind": draft.kind,
        "place": draft.area or draft.place,
        "when": draft.when,
        "story": draft.story,
        "details": draft.details,
        "files": draft.files,
        "concerns": draft.concerns or draft.concerns_whom,
    }
    return bool(told[part])


def _original(*, is_kept: bool) -> Said:
    return Said("tip.original_kept" if is_kept else "tip.original_not_kept")


def _shown(words: str) -> str:
    return words if len(words) <= SHOWN_LIMIT else words[:SHOWN_LIMIT] + _MARKED
