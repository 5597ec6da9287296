"""Looking for what must not be there, in every spelling that hides it from a plain search."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def spellings(canary: str | bytes) -> dict[str, bytes]:
    """How *canary* may stand in a file, by name."""
    raws = {"raw": canary} if isinstance(canary, bytes) else {
        "utf-8": canary.encode(),
        "utf-16-le": canary.encode("utf-16-le"),
        "utf-16-be": canary.encode("utf-16-be"),
        "json": canary.encode("ascii", "backslashreplace"),
    }  # fmt: skip
    found = dict(raws)
    for name, raw in raws.items():
        found[f"{name} hex"] = raw.hex().encode()
        for shift in range(3):  # whatever stands before it shifts base64 by up to two bytes
            coded = base64.b64encode(bytes(shift) + raw)
            inner = coded[(shift * 8 + 5) // 6 : len(coded) // 4 * 4 - 4]
            found[f"{name} base64 +{shift}"] = inner
            found[f"{name} base64url +{shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def sightings(folder: Path, canaries: dict[str, str | bytes]) -> list[str]:
    """Where any of *canaries* (by name) stands in any file below *folder*, or in a file's name."""
    wanted = [(name, way, raw) for name, canary in canaries.items() for way, raw in spellings(canary).items()]
    seen = []
    for file in sorted(folder.rglob("*")):
        content = (
            str(file.relative_to(folder)).encode() + b"\0" + (file.read_bytes() if file.is_file() else b"")
        )
        lower = content.lower()
        seen += [
            f"{name} as {way} in {file.name}"
            for name, way, raw in wanted
            if raw in (lower if way.endswith("hex") else content)
        ]
    return seen
