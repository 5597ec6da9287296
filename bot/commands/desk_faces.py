"""How cards and tips look in a terminal. What people wrote is printed without its control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from prompts.catalog import text as say
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.desk.views import CardView, OpenTip, ThreadItem
    from bot.desk.web.words import Words

_COLUMNS = ("reference", "state", "kind", "area", "received", "due", "claimed", "marks")
_WHOLE = frozenset({"reference", "received", "due"})
_WIDTH = 12  # characters of a reference; a date has ten


def card_table(cards: Sequence[CardView], words: Words) -> Table:
    """One line a card."""
    table = Table(box=None)
    for column in _COLUMNS:
        # A reference or a date that is cut off is of no use: the words give way.
        table.add_column(
            say(f"desk.column_{column}", words.language),
            no_wrap=column in _WHOLE,
            min_width=_WIDTH if column in _WHOLE else None,
        )
    for card in cards:
        cells = (
            card.reference,
            words.say(f"state_{card.state}"),
            words.kind(card.kind) if card.kind else "",
            words.area(card.area) if card.area else "",
            words.day(card.received.astimezone(VIETNAM).date()),
            words.day(card.due) if card.due else "",
            words.officer(card.claimed_by) if card.claimed_by else "",
            ", ".join(_marks(card, words)),
        )
        table.add_row(*(escape(printable(cell)) for cell in cells))
    return table


def tip_lines(tip: OpenTip, words: Words) -> list[str]:
    """The tip, opened, line by line."""
    content = tip.content
    told = {
        "told_kind": words.kind(content.kind) if content.kind else "",
        "told_area": words.area(content.area) if content.area else "",
        "told_place": content.place,
        "told_when": content.when,
        "told_concerns": ", ".join(words.unit(unit) for unit in content.concerns),
        "told_whom": content.concerns_whom,
    }
    lines = [f"{tip.card.reference} · {words.say(f'state_{tip.card.state}')}", "", content.story, ""]
    lines += [f"{words.say(key)}: {value}" for key, value in told.items() if value]
    lines += [f"{words.question(question)}: {answer}" for question, answer in content.details.items()]
    lines += [f"· {file.name} ({words.size(file.size)})" for file in tip.files]
    if tip.thread:
        lines += ["", words.say("thread"), *(line for item in tip.thread for line in _said(item, words))]
    if tip.notes:
        lines += ["", words.say("note_label")]
        lines += [f"{words.moment(note.at)} {words.officer(note.officer)}: {note.text}" for note in tip.notes]
    lines += ["", words.say("history")]
    lines += [
        f"{words.moment(item.at)} {words.officer(item.officer)} {words.did(item.action)}"
        for item in tip.history
    ]
    return [printable(line) for line in lines]


def printable(text: str) -> str:
    """*text* without what could move a terminal's cursor or turn its direction; line ends stay."""
    return "".join(letter for letter in text if letter == "\n" or letter.isprintable())


def _marks(card: CardView, words: Words) -> Iterator[str]:
    if card.urgent:
        yield words.say("urgent")
    if card.has_news:
        yield words.say("news")
    if card.has_withdrawn:
        yield words.say("withdrawn")
    if card.went_up:
        yield words.say("went_up")
    if card.is_held:
        yield words.say("held")
    if card.sent_to:
        yield words.say("sent_to", unit=words.unit(card.sent_to))
    yield from card.labels


def _said(item: ThreadItem, words: Words) -> Iterator[str]:
    by = words.say(f"said_{item.type}", officer=words.officer(item.officer))
    day = f" · {words.day(item.day)}" if item.day else ""
    state = words.say(f"state_{item.state}") if item.state else ""
    yield f"{by}{day}: {' · '.join(filter(None, (state, item.text)))}"
    for file in item.files:
        yield f"  · {file.name} ({words.size(file.size)})"
