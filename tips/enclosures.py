"""The files of one sending: each cleaned by itself, then counted and weighed together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tips.attachments.limits import Reason
from tips.errors import FileRefused
from tips.model import FILES_LIMIT, PARCEL_BYTES_LIMIT, TipFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tips.attachments.clean import Cleaner
    from tips.model import RawFile


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What became of the files of one sending."""

    cleaned: list[TipFile] = field(default_factory=list)
    originals: list[tuple[str, TipFile]] = field(default_factory=list)  # (name of the cleaned one, original)
    refused: list[str] = field(default_factory=list)  # a reason for each file not taken


def clean_all(files: Sequence[RawFile], cleaner: Cleaner) -> Enclosures:
    """
    Clean *files* in their order; one that is refused does not hold up the others.

    An original is kept only of a file that could be cleaned and whose sender asked for it.
    """
    gathered = Enclosures()
    weight = 0
    for at, file in enumerate(files):
        if at >= FILES_LIMIT:
            gathered.refused.append(Reason.TOO_MANY.value)
            continue
        try:
            cleaned = cleaner.clean(file, len(gathered.cleaned) + 1)
        except FileRefused as refusal:
            gathered.refused.append(str(refusal.fields.get("reason", Reason.BROKEN.value)))
            continue
        if weight + len(cleaned.content) > PARCEL_BYTES_LIMIT:
            gathered.refused.append(Reason.TOO_LARGE_TOGETHER.value)
            continue
        weight += len(cleaned.content)
        gathered.cleaned.append(cleaned)
        if file.keep_original:
            number = len(gathered.originals) + 1
            original = TipFile(
                name=f"goc-{number}.bin", media_type="application/octet-stream", content=file.content
            )
            gathered.originals.append((cleaned.name, original))
    return gathered
