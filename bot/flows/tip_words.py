"""Which choice somebody means who types it, where words would otherwise go into the story. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.conversation import rendered
from bot.flows.tip_views import view
from tips.folding import fold, normalise

if TYPE_CHECKING:
    from bot.flows.tip_draft import Draft, Step
    from tips.units import UnitBook

SENDING: Final = frozenset(("ready.send", "ready.without_files"))  # choices that send the tip
_LOSING: Final = frozenset(("cancel", "files.clear"))  # meant only where typed with every mark: Huy is a name
_MARKS: Final = re.compile(r"[^\w\s]+")
_SEND: Final = frozenset((
    "gui", "gui di", "gui tin", "gui tin di", "gui luon", "gui ngay", "gui thoi", "gui nhe", "send",
    "send it", "ok", "oke", "okay", "oki", "dong y", "tiep tuc", "go on", "continue",
))  # fmt: skip
_GO_ON: Final = _SEND | {"tiep", "di tiep", "duoc", "duoc roi", "vang", "vang a", "da vang", "u", "uh", "yes"}
_DONE: Final = frozenset((
    "xong", "xong roi", "het", "het roi", "du", "du roi", "bo qua", "done", "that is all", "skip",
))  # fmt: skip
_NOTHING: Final = frozenset((
    "khong", "khong co", "khong co gi", "khong con", "khong con gi", "khong biet", "ko", "ko co", "ko biet",
    "k", "k co", "no", "none", "nothing",
))  # fmt: skip
_SAID_OF_CHOICES: Final = _GO_ON | _DONE | _NOTHING | {"co"}
_MEANT: Final[dict[Step, tuple[tuple[frozenset[str], str], ...]]] = {
    "summary": ((_GO_ON | _DONE, "summary.go_on"),),
    "coaching": ((_GO_ON | _DONE | _NOTHING, "coaching.enough"),),
    "files": ((_GO_ON | _DONE | _NOTHING, "files.done"),),
    "ready": ((_SEND, "ready.send"),),
    "receipt_inside": ((_GO_ON, "receipt_inside.drop"),),
    "naming": (),
}


def meant_choice(draft: Draft, typed: str, book: UnitBook) -> str:
    """The id of the choice that *typed* names or stands for; "" for words that tell something."""
    if draft.step not in _MEANT:
        return ""
    for offered in view(draft, book).choices:
        spelled = _exact if offered.id in _LOSING else _bare
        if spelled(rendered(offered.label, draft.language)) == spelled(typed):
            return offered.id
    said = _bare(typed)
    return next((choice for words, choice in _MEANT[draft.step] if said in words), "")


def tells_nothing(draft: Draft, typed: str) -> bool:
    """Whether *typed* is an answer such as yes or no, which no story needs."""
    return draft.step in _MEANT and _bare(typed) in _SAID_OF_CHOICES


def _bare(words: str) -> str:
    return " ".join(_MARKS.sub(" ", fold(words)).split())


def _exact(words: str) -> str:
    """*words* with all their tones, set one way: hủy, huỷ."""
    return " ".join(_MARKS.sub(" ", normalise(words)).split())
