"""
Make `tips/places.toml` anew: `python -m scripts.make_places FOLDER`, where FOLDER holds the unpacked package.

The package is vietnam-provinces 2026.9 or later (its wheel wants Python 3.12, its tables do not). Why its
data is kept here and not read from whatever version is installed: docs/decisions/0013-intake-data.md.
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "tips" / "places.toml"
_HEAD = """\
# Made by scripts/make_places.py: do not edit. Communes, wards and special zones since 1 July 2025 with the
# codes of the National Statistics Office, and what stands today where the units before them stood.
# From vietnam-provinces {version} (GPL-3.0-or-later), data of {date}.
"""


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    return tidy[:1].upper() + tidy[1:]


def _communes(package: Any) -> str:
    lines: list[str] = []
    for province in package.Province.iter_all():
        lines.append(f"={province.code:02d} {_name(province.name)}")
        wards = sorted(package.Ward.iter_by_province(province.code), key=lambda ward: int(ward.code))
        lines += [f"{ward.code:05d} {_name(ward.name)}" for ward in wards]
    return "\n".join(lines)


def _former(package: str) -> str:
    legacy = importlib.import_module(f"{package}.legacy._lookup")
    moved = importlib.import_module(f"{package}._ward_conversion_2025").OLD_TO_NEW
    by_district: dict[int, list[str]] = defaultdict(list)
    for code, entry in moved.items():
        old = legacy.WARD_MAPPING.get(code)
        if old is not None:
            codes = " ".join(f"{new.code:05d}" for new in entry.new_wards)
            by_district[entry.old_ward.district_code].append(f"{_name(old.name)}|{codes}")
    lines: list[str] = []
    for district_code, wards in by_district.items():
        district = legacy.DISTRICT_MAPPING[district_code]
        province = legacy.PROVINCE_MAPPING[district.province_code]
        lines += [f"={_name(district.name)}|{_name(province.name)}", *wards]
    return "\n".join(lines)


def main() -> None:
    """Write the file, and say how large it became."""
    sys.path.insert(0, sys.argv[1])
    package: Any = importlib.import_module("vietnam_provinces")
    head = _HEAD.format(version=package.__version__, date=package.__data_version__)
    parts = {"communes": _communes(package), "former": _former("vietnam_provinces")}
    blocks = "".join(f"\n{name} = '''\n{lines}\n'''\n" for name, lines in parts.items())
    TARGET.write_text(head + blocks, encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
