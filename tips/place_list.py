"""
The communes, wards and special zones of Vietnam, and where those before July 2025 went: `places.toml`.

The codes stand in sealed tips and in the units' file, so the list is kept here: between two versions of the
package it came from, 36 codes changed the ward they mean.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from tips.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+")
_TYPES = ("phuong", "xa", "dac khu", "thi tran")
_DISTRICTS = ("quan", "huyen", "thi xa", "thanh pho")
_PROVINCES = ("tinh", "thanh pho")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune, ward or special zone as it is now."""

    code: str  # "26743"
    name: str  # "Phường Bến Thành"
    province_code: str  # "79"
    province: str  # "Thành phố Hồ Chí Minh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A commune before July 2025, and the ones that took it over: mostly one."""

    name: str  # "Phường Bến Nghé"
    district: str  # "Quận 1"
    province: str  # "Thành phố Hồ Chí Minh"
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceList:
    """Everything in the file."""

    communes: dict[str, Commune]
    former: tuple[Former, ...]


def words_of(text: str) -> list[str]:
    """The folded words of *text*: letters and digits; an apostrophe is dropped (`h’leo` → `hleo`)."""
    return _WORD.findall(fold(text).replace("’", "").replace("'", ""))


@lru_cache(maxsize=16_384)
def split_name(name: str, types: tuple[str, ...]) -> tuple[str, str]:
    """The folded type ("" if none) and bare name of *name*: `Thị xã Sơn Tây` → `thi xa`, `son tay`."""
    folded = " ".join(words_of(name))
    for kind in types:
        if folded.startswith(f"{kind} "):
            return kind, folded.removeprefix(f"{kind} ")
    return "", folded


def split_commune(name: str) -> tuple[str, str]:
    """As `split_name`, for a commune, old or new."""
    return split_name(name, _TYPES)


def split_district(name: str) -> tuple[str, str]:
    """As `split_name`, for a district of old."""
    return split_name(name, _DISTRICTS)


def split_province(name: str) -> tuple[str, str]:
    """As `split_name`, for a province, old or new."""
    return split_name(name, _PROVINCES)


@cache
def place_list() -> PlaceList:
    """The whole list; about 30 ms the first time."""
    source = (resources.files("tips") / "places.toml").read_text(encoding="utf-8")
    table: dict[str, str] = tomllib.loads(source)
    communes = {commune.code: commune for commune in _communes(table["communes"])}
    return PlaceList(communes, tuple(_former(table["former"])))


def _communes(block: str) -> Iterator[Commune]:
    province_code = province = ""
    for line in block.splitlines():
        if line.startswith("="):
            province_code, _, province = line[1:].partition(" ")
        else:
            code, _, name = line.partition(" ")
            yield Commune(code=code, name=name, province_code=province_code, province=province)


def _former(block: str) -> Iterator[Former]:
    district = province = ""
    for line in block.splitlines():
        if line.startswith("="):
            district, _, province = line[1:].partition("|")
        else:
            name, _, codes = line.partition("|")
            yield Former(name=name, district=district, province=province, codes=tuple(codes.split()))
