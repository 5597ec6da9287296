"""
Finds the commune or ward somebody means, in the words they type; and reads a pin of a map.

Names of today and from before July 2025, districts that are no more, no marks, one slip, `p.`, `q1`, `tphcm`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tips.folding import fold, normalise
from tips.place_index import Hit, place_index
from tips.place_list import place_list, split_province

if TYPE_CHECKING:
    from collections.abc import Collection

_SERVED = 0.25  # what a served commune is worth: less than a province that was named, more than an exact name
_FULL = 1.7  # a score with everything right: becomes 1.0
_CODE = re.compile(r"[0-9]{5}")
_PROVINCE_CODE = re.compile(r"[0-9]{2}")
_PROVINCE_TYPE = re.compile(r"^(?:tinh|thanh pho|tp\.?) ?")  # provinces become cities: either word will do
_NUMBER = r"(-?[0-9]{1,3}(?:[.,][0-9]+)?)"
_PINS = (  # the first that matches counts; a decimal comma needs ";" or a space between the numbers
    re.compile(r"^geo:(-?[0-9]{1,3}(?:\.[0-9]+)?),(-?[0-9]{1,3}(?:\.[0-9]+)?)"),
    re.compile(r"!3d(-?[0-9]{1,3}\.[0-9]+)!4d(-?[0-9]{1,3}\.[0-9]+)"),
    re.compile(r"[?&#]mlat=(-?[0-9]{1,3}\.[0-9]+)&mlon=(-?[0-9]{1,3}\.[0-9]+)"),
    re.compile(
        r"[?&](?:q|ll|query|center|daddr|destination)=(?:loc:)?(-?[0-9]{1,3}\.[0-9]+)(?:,|%2c)\+?(-?[0-9]{1,3}\.[0-9]+)"
    ),
    re.compile(r"[@/](-?[0-9]{1,3}\.[0-9]+),\+?(-?[0-9]{1,3}\.[0-9]+)"),
    re.compile(r"#map=[0-9.]+/(-?[0-9]{1,3}\.[0-9]+)/(-?[0-9]{1,3}\.[0-9]+)"),
    re.compile(r"^\(?(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*[,; ]\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\)?$"),
    re.compile(rf"^\(?{_NUMBER}\s*[; ]\s*{_NUMBER}\)?$"),
)
_LATITUDES = (8.0, 23.5)  # mainland and near islands, in degrees
_LONGITUDES = (102.0, 110.0)
_FAR_ISLANDS = ((6.5, 17.5), (111.0, 118.0))  # Hoàng Sa, Trường Sa


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A commune or ward that may be meant. `score` is 0 to 1; `province` is today's."""

    code: str  # "26743"
    name: str  # "Phường Bến Thành"
    province: str  # "Thành phố Hồ Chí Minh"
    score: float


def find_places(text: str, areas: Collection[str] | None = None, limit: int = 5) -> tuple[Place, ...]:
    """
    The communes and wards that *text*, an answer to "where?", may mean; the likeliest first.

    Args:
        text: What was typed; the first 40 words count.
        areas: Codes of served communes: they come first among equally likely ones. None: all are equal.
        limit: At most so many.

    Returns:
        Places, each code once; none if no name is heard. A name that several provinces have gives several.
    """
    served = frozenset(areas or ())
    best = place_index().search(text)
    ranked = sorted(best.items(), key=lambda item: (-item[1].score - _SERVED * (item[0] in served), item[0]))
    return tuple(_place(code, hit) for code, hit in ranked[:limit])


def _place(code: str, hit: Hit) -> Place:
    commune = place_list().communes[code]
    score = max(0.05, min(1.0, hit.score / _FULL))
    return Place(code=code, name=commune.name, province=commune.province, score=round(score, 3))


def place_of(code: str) -> Place | None:
    """The commune with that code, score 1; None for an unknown one."""
    return _place(code, Hit(score=_FULL)) if code in place_list().communes else None


def place_name(code: str) -> str:
    """`Phường Bến Thành, Thành phố Hồ Chí Minh`; the code itself if it is unknown, "" stays ""."""
    place = place_of(code)
    return f"{place.name}, {place.province}" if place else code


@cache
def _provinces() -> dict[str, tuple[str, ...]]:
    """Code and folded bare name of a province → its communes."""
    found: dict[str, list[str]] = {}
    for commune in place_list().communes.values():
        for key in (commune.province_code, split_province(commune.province)[1]):
            found.setdefault(key, []).append(commune.code)
    return {key: tuple(codes) for key, codes in found.items()}


def province_codes(name: str) -> tuple[str, ...]:
    """Every commune of a province given by code ("79") or type and name ("tỉnh Phú Thọ"); () if none."""
    if _PROVINCE_CODE.fullmatch(name.strip()):
        return _provinces().get(name.strip(), ())
    typed = _PROVINCE_TYPE.match(fold(name))
    return _provinces().get(fold(name)[typed.end() :], ()) if typed else ()


def communes_named(name: str) -> tuple[str, ...]:
    """
    The communes that *name* means exactly: a code, or type and name, with or without its province.

    `Phường Bến Thành`, `xã An Bình, tỉnh Phú Thọ`. More than one if the province is needed to tell.
    """
    if _CODE.fullmatch(name.strip()):
        return (name.strip(),) if name.strip() in place_list().communes else ()
    commune, _, province = normalise(name).replace(";", ",").partition(",")
    within = _PROVINCE_TYPE.sub("", fold(province)) if province else ""
    found = _exact_names().get(commune.strip(), ())
    known = place_list().communes
    return tuple(code for code in found if not within or split_province(known[code].province)[1] == within)


@cache
def _exact_names() -> dict[str, tuple[str, ...]]:
    """Normalised name with its type → codes."""
    found: dict[str, list[str]] = {}
    for commune in place_list().communes.values():
        found.setdefault(normalise(commune.name), []).append(commune.code)
    return {name: tuple(codes) for name, codes in found.items()}


def parse_pin(text: str) -> tuple[float, float] | None:
    """
    Latitude and longitude, in degrees, from `10.77, 106.69`, `10,77; 106,69`, a geo: URI or a map's address.

    None if there is none or it lies outside Vietnam; a short link that hides its place is not followed.
    """
    typed = text.strip().lower()
    for pattern in _PINS:
        if found := pattern.search(typed):
            latitude, longitude = (float(number.replace(",", ".")) for number in found.groups())
            return (latitude, longitude) if _in_vietnam(latitude, longitude) else None
    return None


def _in_vietnam(latitude: float, longitude: float) -> bool:
    boxes = ((_LATITUDES, _LONGITUDES), _FAR_ISLANDS)
    return any(
        south <= latitude <= north and west <= longitude <= east for (south, north), (west, east) in boxes
    )
