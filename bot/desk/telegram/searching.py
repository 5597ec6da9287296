"""What /tim looks for: a reference, a label, a kind or a state, whichever the words fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.views import CardQuery
from tips.folding import fold
from tips.kinds import kinds
from tips.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.telegram.wording import Wording


def queries_for(written: str, wording: Wording) -> Iterator[CardQuery]:
    """
    The questions for the desk that *written* may mean; marks and case do not matter.

    A reference may be a part of one; a label has to be written whole.
    """
    wanted = " ".join(written.split())
    if any(letter.isdecimal() for letter in wanted) or "-" in wanted:
        yield CardQuery(reference=wanted)
    yield CardQuery(label=wanted)
    sought = fold(wanted)
    if not sought:
        return
    for kind in kinds():
        if sought in fold(kind.name(wording.language)) or wanted.lower() == kind.id:
            yield CardQuery(kind=kind.id)
    for state in State:
        if sought in fold(wording.words.say(f"state_{state}")) or wanted.lower() == state:
            yield CardQuery(state=state)
    if sought == fold(wording.words.say("urgent")):
        yield CardQuery(urgent=True, closed=False)
    if sought == fold(wording.words.say("filter_late")):
        yield CardQuery(late=True, closed=False)
