"""
The file of units as it was written, and every fault in it at once.

Kept apart from `tips.units` so that a book of units is only ever made of what was found right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from prompts.catalog import text
from tips.kinds import kind_ids
from tips.places import communes_named, province_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ID = re.compile(r"[a-z0-9-]{2,40}")
_ROLES = frozenset(("officer", "supervisor", "auditor"))
_UNIT_FIELDS = frozenset(
    ("id", "name", "areas", "parent", "kinds", "admin_chats", "officers", "is_development")
)
_OFFICER_FIELDS = frozenset(("id", "name", "role", "telegram", "is_editor"))
_EVERY = ("*",)
_SHOWN = 60  # characters of a wrong value that a fault repeats


@dataclass(kw_only=True)
class Row:
    """One unit as written; its values may be wrong, and `faults` says which."""

    place: str  # its id, or "#3"
    id: str = ""
    name: str = ""
    areas: tuple[str, ...] = ()
    parent: str = ""
    kinds: tuple[str, ...] = _EVERY
    admin_chats: tuple[int, ...] = ()
    is_development: bool = False
    officers: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The fields of a unit, without its officers."""
        names = ("id", "name", "areas", "parent", "kinds", "admin_chats", "is_development")
        return {name: getattr(self, name) for name in names}

    def wrong(self, code: str, value: object = "") -> None:
        """Note a fault."""
        self.faults.append(_fault(code, self.place, value))


@dataclass(kw_only=True)
class UnitFile:
    """All rows of a file."""

    rows: list[Row]
    whole: list[str] = field(default_factory=list)  # faults of no single unit

    @staticmethod
    def unreadable(file: str) -> str:
        """The fault of a file that is missing or no TOML."""
        return text("units.fault_unreadable", file=file)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> UnitFile:
        """Read what TOML gave, whatever it is."""
        written = table.get("units")
        whole = [_fault("unknown_field", "units.toml", name) for name in table if name != "units"]
        if not isinstance(written, list) or not written or not all(isinstance(row, dict) for row in written):
            return cls(rows=[], whole=[*whole, text("units.fault_empty")])
        return cls(rows=[_read(row, number) for number, row in enumerate(written, 1)], whole=whole)

    def faults(self) -> str:
        """Every fault, one a line; "" if there is none."""
        lines = [*self.whole, *(fault for row in self.rows for fault in row.faults)]
        lines += self._faults_between()
        return "\n".join(dict.fromkeys(lines))

    def _faults_between(self) -> Iterator[str]:
        """What is wrong with units that are right each by itself."""
        parents: dict[str, str] = {}
        officers: dict[str, str] = {}
        for row in self.rows:
            if row.id and row.id in parents:
                yield _fault("duplicate", row.id)
            parents.setdefault(row.id, row.parent)
            for officer in row.officers:
                if officers.setdefault(officer["id"], row.place) != row.place:
                    yield _fault("duplicate_officer", row.place, officer["id"])
        yield from self._faults_on_telegram()
        for row in self.rows:
            if row.parent and row.parent not in parents:
                yield _fault("unknown_parent", row.place, row.parent)
        if any(row.parent and row.id in _chain(row.id, parents) for row in self.rows):
            circle = sorted({row.id for row in self.rows if row.id in _chain(row.id, parents)})
            yield _fault("cycle", ", ".join(circle))
            return
        for one, other in combinations(self.rows, 2):
            related = one.id in _chain(other.id, parents) or other.id in _chain(one.id, parents)
            if one.id != other.id and not related and (shared := _shared(one, other)):
                yield _fault("overlap", f"{one.id}, {other.id}", shared)

    def _faults_on_telegram(self) -> Iterator[str]:
        """One account is one officer, and one group one unit's: cards of two would stand side by side."""
        accounts = (
            (row.place, officer["telegram"])
            for row in self.rows
            for officer in row.officers
            if officer.get("telegram")
        )
        for place, account in _twice(accounts):
            yield _fault("duplicate_telegram", place, account)
        for place, chat in _twice((row.place, chat) for row in self.rows for chat in row.admin_chats):
            yield _fault("duplicate_chat", place, chat)


def _twice(values: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Those (place, number) whose number an earlier one has already."""
    known: set[int] = set()
    for place, number in values:
        if number in known:
            yield place, number
        known.add(number)


def _fault(code: str, unit: str, value: object = "") -> str:
    return text(f"units.fault_{code}", unit=unit, value=str(value)[:_SHOWN])


def _chain(unit_id: str, parents: Mapping[str, str]) -> list[str]:
    """The ids above *unit_id*; ends where a circle closes."""
    chain: list[str] = []
    while (unit_id := parents.get(unit_id, "")) and unit_id not in chain:
        chain.append(unit_id)
    return chain


def _shared(one: Row, other: Row) -> str:
    """A place and kind that both serve, for the fault's text; "" if there is none."""
    areas, kinds = _common(one.areas, other.areas), _common(one.kinds, other.kinds)
    return f"{areas} / {kinds}" if areas and kinds else ""


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if _EVERY in (one, other):
        listed = other if one == _EVERY else one
        return listed[0] if listed else ""
    return min(set(one) & set(other), default="")


def _read(written: Mapping[str, Any], number: int) -> Row:
    unit_id = written.get("id")
    row = Row(place=unit_id if isinstance(unit_id, str) and unit_id else f"#{number}")
    for name in written.keys() - _UNIT_FIELDS:
        row.wrong("unknown_field", name)
    if isinstance(unit_id, str) and _ID.fullmatch(unit_id):
        row.id = unit_id
    else:
        row.wrong("bad_id", unit_id)
    row.name = _text(row, written, "name")
    row.parent = _text(row, written, "parent", required=False)
    row.areas = _areas(row, written.get("areas"))
    row.kinds = _kinds(row, written.get("kinds", "*"))
    row.admin_chats = _chats(row, written.get("admin_chats", []))
    development = written.get("is_development", False)
    if not isinstance(development, bool):
        row.wrong("bad_value", "is_development")
    row.is_development = development is True
    row.officers = _officers(row, written.get("officers", []))
    return row


def _text(row: Row, written: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = written.get(name, "")
    if isinstance(value, str) and (value.strip() or not required):
        return value.strip()
    row.wrong("bad_value", name)
    return ""


def _listed(value: object) -> list[str] | None:
    """A list of texts, "*" alone as one of it; None if it is anything else."""
    if value == "*":
        return ["*"]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return list(dict.fromkeys(value))
    return None


def _areas(row: Row, value: object) -> tuple[str, ...]:
    listed = _listed(value)
    if listed is None:
        row.wrong("bad_value", "areas")
        return ()
    if "*" in listed:
        return _EVERY
    codes: list[str] = []
    for name in listed:
        province = province_codes(name)
        found = province or communes_named(name)
        if not found:
            row.wrong("unknown_area", name)
        elif len(found) > 1 and not province:
            row.wrong("ambiguous_area", f"{name} ({', '.join(found)})")
        codes += found
    return tuple(dict.fromkeys(codes))


def _kinds(row: Row, value: object) -> tuple[str, ...]:
    listed = _listed(value)
    if not listed:
        row.wrong("bad_value", "kinds")
        return _EVERY
    for kind in listed:
        if kind != "*" and kind not in kind_ids():
            row.wrong("unknown_kind", kind)
    return _EVERY if "*" in listed else tuple(listed)


def _chats(row: Row, value: object) -> tuple[int, ...]:
    if isinstance(value, list) and all(type(chat) is int and chat for chat in value):
        return tuple(dict.fromkeys(value))
    row.wrong("bad_value", "admin_chats")
    return ()


def _officers(row: Row, value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(officer, dict) for officer in value):
        row.wrong("bad_value", "officers")
        return []
    if not value:
        row.wrong("no_officer")
    good: list[dict[str, Any]] = []
    for officer in value:
        officer_id, name, role = (officer.get(field) for field in ("id", "name", "role"))
        if (
            not isinstance(officer_id, str)
            or not _ID.fullmatch(officer_id)
            or officer.keys() - _OFFICER_FIELDS
        ):
            row.wrong("bad_officer", officer_id)
        elif not isinstance(name, str) or not name.strip() or role not in _ROLES:
            row.wrong("bad_role", officer_id)
        elif officer_id in {known["id"] for known in good}:
            row.wrong("duplicate_officer", officer_id)
        elif type(telegram := officer.get("telegram", 0)) is not int or telegram < 0:
            row.wrong("bad_telegram", officer_id)
        elif type(is_editor := officer.get("is_editor", False)) is not bool:
            row.wrong("bad_editor", officer_id)
        else:
            known = {"id": officer_id, "name": name.strip(), "role": role}
            good.append(known | {"telegram": telegram, "is_editor": is_editor})
    return good
