"""
Models with a mind: scripts that read the evidence in the prompt, and tell it truly or falsely.

A quotation of theirs is a sentence of a passage; a lie changes something in the claim, or in both.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from tests.fakes.openai.scripted import Received, Scripted, claims

if TYPE_CHECKING:
    from collections.abc import Callable

    Mind = Callable[[Received], Scripted]

_SENTENCE: Final = re.compile(r"[^.!?\n]{20,280}[.!?]")


def evidence(received: Received) -> dict[str, list[str]]:
    """The sentences of each passage in the prompt, without its title line."""
    told = {name: text for name, text in received.data().items() if re.fullmatch(r"p\d+", name)}
    return {name: _SENTENCE.findall(text.partition("\n\n")[2]) for name, text in told.items()}


def honest(received: Received) -> Scripted:
    """Says the first sentences of the passages, and quotes them."""
    told = [
        (line.strip(), name, line.strip()) for name, lines in evidence(received).items() for line in lines[:2]
    ]
    return claims(*told[:6])


def lying(change: Callable[[str], str], *, in_quote: bool = False) -> Mind:
    """Says every sentence as *change* makes it, quoting the passage, or, *in_quote*, what it made up."""

    def mind(received: Received) -> Scripted:
        told = []
        for name, lines in evidence(received).items():
            for line in lines:
                told += (
                    [(change(line), name, change(line) if in_quote else line)] if change(line) != line else []
                )
        return claims(*told[:6])

    return mind


def swapped_sources(received: Received) -> Scripted:
    """True sentences, each under the name of another passage."""
    told = evidence(received)
    names = list(told)
    moved = dict(zip(names, names[1:] + names[:1], strict=True))
    return claims(*((line, moved[name], line) for name, lines in told.items() for line in lines[:1]))


def unknown_ids(received: Received) -> Scripted:
    """True sentences of passages that nobody supplied."""
    return claims(
        *(
            (line, f"p{99 + at}", line)
            for at, line in enumerate(chain.from_iterable(evidence(received).values()))
        )
    )


CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "digit": lambda line: re.sub(r"\d", lambda found: str((int(found[0]) + 1) % 10), line, count=1),
    "article": lambda line: re.sub(r"Điều (\d+)", lambda found: f"Điều {int(found[1]) + 1}", line),
    "dropped không": lambda line: re.sub(r"\b[Kk]hông ", "", line, count=1),
    "added không": lambda line: re.sub(r"\b(phải|được|cần|có)\b", r"không \1", line, count=1),
    "agency": lambda line: line.replace("Công an xã", "Ủy ban nhân dân xã").replace("công an xã", "tòa án"),
    "most for least": lambda line: line.replace("tối thiểu", "tối đa").replace("không quá", "ít nhất"),
    "invented number": lambda line: f"{line.rstrip('.')}, mức phạt 7.500.000 đồng.",
    "invented phone": lambda line: f"{line.rstrip('.')}, gọi 0912 345 678.",
}
