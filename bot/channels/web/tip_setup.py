"""What the page needs to ask, route and seal a tip by itself."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from bot.channels.web.tip_multipart import UPLOAD_LIMIT
from tips.kinds import kinds
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT, STORY_LIMIT
from tips.naming import coaching_table, naming_table
from tips.place_list import place_list
from tips.routing import routes_table

if TYPE_CHECKING:
    from prompts.catalog import Language
    from tips.keys import PublicKeys
    from tips.place_list import Commune
    from tips.units import UnitBook

_TYPES: Final = ("Phường ", "Xã ", "Đặc khu ")  # of a commune, each with a first letter of its own


def setup_json(book: UnitBook, public_keys: PublicKeys, language: Language) -> dict[str, Any]:
    """
    Units with their browser keys, the routing table, kinds, naming patterns and limits.

    Raises:
        UnitWithoutKey: A unit has no public key.
    """
    return {
        "v": 1,
        "units": [_unit(unit.id, unit.name, public_keys) for unit in book.units],
        "routes": routes_table(book),
        "kinds": [
            {
                "id": kind.id,
                "name": kind.name(language),
                "questions": list(kind.questions),
                "urgent": kind.is_urgent,
            }
            for kind in kinds()
        ],
        "naming": naming_table(),
        "coaching": coaching_table(),
        "limits": {
            "story": STORY_LIMIT,
            "files": FILES_LIMIT,
            "file_bytes": FILE_BYTES_LIMIT,
            "upload_bytes": UPLOAD_LIMIT,
        },
    }


def _unit(unit_id: str, name: str, public_keys: PublicKeys) -> dict[str, Any]:
    key = public_keys.current(unit_id)
    raw = base64.b64encode(key.browser_x25519).decode()
    return {"id": unit_id, "name": name, "key": {"key_id": key.key_id, "x25519": raw}}


def places_json(book: UnitBook) -> dict[str, Any]:
    """
    The communes served: `{"provinces": [[name, communes]…], "former": [[name, district, [code…]]…]}`.

    `communes` is a line for each, by code: how much its code exceeds the one before, the first letter of its
    type, its name (`3PBa Đình`): 3,321 communes are 18 kB so, compressed. Names from before July 2025 are
    told too, but not where every commune of the country is served: too much for a phone on a slow line.
    """
    listed = place_list()
    served = {code for unit in book.units for code in unit.areas}
    provinces: dict[str, list[Commune]] = {}
    for commune in sorted(listed.communes.values(), key=lambda commune: commune.code):
        if "*" in served or commune.code in served:
            provinces.setdefault(commune.province, []).append(commune)
    former = [
        (place.name, place.district, [code for code in place.codes if code in served])
        for place in listed.former
        if served.intersection(place.codes)
    ]
    return {"provinces": [(name, _lines(held)) for name, held in provinces.items()], "former": former}


def _lines(communes: list[Commune]) -> str:
    lines, before = [], 0
    for commune in communes:
        kind = next(each for each in _TYPES if commune.name.startswith(each))
        lines.append(f"{int(commune.code) - before}{kind[0]}{commune.name.removeprefix(kind)}")
        before = int(commune.code)
    return "\n".join(lines)
