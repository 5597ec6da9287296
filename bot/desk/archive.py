"""
One tip as a sealed archive: a zip of its words, files, history and audit extract, sealed to a unit.

The file is a line that says what it is, then sealed parts, one JSON object a line, each a parcel as
`tips.sealing` makes them. The parts carry an id of their own instead of the tip's, so that none of them can
be put among the tip's sendings.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from typing import TYPE_CHECKING

from bot.desk.views import Archive
from tips.errors import ActionRefused, BadSetup, SealedDamaged
from tips.model import TipFile
from tips.sealing import parcel_from_json, parcel_to_json, seal_parcel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tips.keys import PublicKey
    from tips.model import OpenedParcel
    from tips.opening.opener import UnitKeys

MARK = b"BINHAN-ARCHIVE-1"
PART_BYTES = 16_000_000  # of the zip in one sealed part
_ID_BYTES = 16
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: no other time gets in


def sealed_archive(reference: str, files: Mapping[str, bytes], to: PublicKey) -> bytes:
    """
    The archive, readable by one unit only.

    Args:
        reference: Of the tip.
        files: Bytes by name within the zip.
        to: The unit's current key.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY_ZERO), content, zipfile.ZIP_DEFLATED)
    whole, archive_id = packed.getvalue(), os.urandom(_ID_BYTES).hex()
    starts = range(0, len(whole), PART_BYTES)
    lines = [MARK]
    for seq, start in enumerate(starts, start=2):  # 1 is a tip's own: it would have to have a card
        words = {"archive": reference, "part": seq - 1, "parts": len(starts)}
        file = TipFile(
            name=f"phan-{seq - 1}.bin",
            media_type="application/octet-stream",
            content=whole[start : start + PART_BYTES],
        )
        parcel = seal_parcel("more", words, (file,), tip_id=archive_id, seq=seq, to=(to,))
        lines.append(json.dumps(parcel_to_json(parcel)).encode())
    return b"\n".join(lines) + b"\n"


def open_archive(sealed: bytes, keys: UnitKeys) -> Archive:
    """
    Undo `sealed_archive`.

    Raises:
        ActionRefused: `reason` bad_archive: it is none, or parts are missing, moved or of two archives.
        WrongKey: It is sealed to another unit, or to a key that is not here.
        SealedDamaged: A part was changed.
    """
    mark, *lines = sealed.split(b"\n")
    try:
        parcels = [parcel_from_json(json.loads(line)) for line in lines if line]
    except (ValueError, RecursionError, BadSetup):
        raise ActionRefused(reason="bad_archive") from None
    opened = [keys.open_parcel(parcel) for parcel in parcels]
    is_whole = (
        mark == MARK
        and bool(parcels)
        and len({parcel.tip_id for parcel in parcels}) == 1
        and [parcel.seq - 1 for parcel in parcels] == list(range(1, len(parcels) + 1))
        and all(_is_part(part, len(parcels)) for part in opened)
    )
    if not is_whole:
        raise ActionRefused(reason="bad_archive")
    packed = io.BytesIO(b"".join(part.files[0].content for part in opened))
    try:
        with zipfile.ZipFile(packed) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise SealedDamaged from None
    return Archive(reference=str(opened[0].words["archive"]), files=files)


def _is_part(part: OpenedParcel, parts: int) -> bool:
    return "archive" in part.words and part.words.get("parts") == parts and len(part.files) == 1
