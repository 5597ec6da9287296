"""A document that is for fewer people than before: its sidecar tells it where it cannot be read itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import BadMetadata
from ingest.metadata import checked, read_sidecar
from ingest.sidecars import sidecars_near
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def is_narrower(audience: Audience, than: Audience) -> bool:
    """Whether fewer people see what is for *audience*."""
    return audience is not than and than in audience.visible


def audience_beside(path: Path) -> Audience | None:
    """The narrowest audience that a sidecar of the document at *path* says, or one that may be its own."""
    order = tuple(Audience)
    try:
        said = [audience for sidecar in sidecars_near(path) for audience in _said(sidecar)]
    except OSError:
        return None
    return max(said, key=order.index, default=None)


def _said(sidecar: Path) -> Iterator[Audience]:
    """What *sidecar* says of the audience, whatever else is wrong with it."""
    try:
        fields = read_sidecar(sidecar.read_bytes())
    except BadMetadata:
        return
    for name, value in fields.items():
        try:
            found = checked({name: value}).get("audience")
        except BadMetadata:
            continue
        if found is not None:
            yield found
