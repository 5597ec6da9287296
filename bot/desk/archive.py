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
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from bot.desk.views import Archive
from tips.attachments.limits import ENTRIES_LIMIT, UNPACKED_LIMIT
from tips.errors import ActionRefused, BadSetup, SealedDamaged
from tips.layout import FILE_NAME
from tips.model import TipFile
from tips.receipts import ALPHABET
from tips.sealing import parcel_from_json, parcel_to_json, seal_parcel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tips.keys import PublicKey
    from tips.opening.opener import UnitKeys

MARK = b"BINHAN-ARCHIVE-1"
PART_BYTES = 16_000_000  # of the zip in one sealed part
PAPERS = ("tin.json", "trao-doi.json", "qua-trinh.json", "nhat-ky.json")
FILES_FOLDER = "tep/"
_ID_BYTES = 16
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: no other time gets in
_REFERENCE = re.compile(rf"BA-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")
_FILE = re.compile(rf"{FILES_FOLDER}[0-9]{{1,9}}-{FILE_NAME.pattern}")
_GROWTH = 4  # times the zip's own size: what is in it is packed already, as photos and recordings are
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without an end that could be asked for


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

    Whoever has the unit's public key can seal one: the reference and every name in it are spelled as ours
    are, and lead nowhere else; nor does it unpack to more than a tip can be.

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
    references = {str(part.words.get("archive")) for part in opened}
    is_whole = (
        mark == MARK
        and len({parcel.tip_id for parcel in parcels}) == len(references) == 1
        and [parcel.seq - 1 for parcel in parcels] == list(range(1, len(parcels) + 1))
        and all(part.words.get("parts") == len(parcels) and len(part.files) == 1 for part in opened)
        and all(_REFERENCE.fullmatch(reference) for reference in references)
    )
    if not is_whole:
        raise ActionRefused(reason="bad_archive")
    packed = b"".join(part.files[0].content for part in opened)
    return Archive(reference=references.pop(), files=_unpacked(packed))


def _unpacked(packed: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            most = max(UNPACKED_LIMIT, _GROWTH * len(packed))
            is_ours = (
                len(names) == len(entries) <= ENTRIES_LIMIT
                and all(name in PAPERS or _FILE.fullmatch(name) for name in names)
                and all(entry.compress_type in _WAYS for entry in entries)
                and sum(entry.file_size for entry in entries) <= most
            )
            if not is_ours:
                raise ActionRefused(reason="bad_archive")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):  # Runtime: a password
        raise SealedDamaged from None
