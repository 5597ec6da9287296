"""
The units that receive tips, from a file an operator writes: `units.toml`; example: docs/units.example.toml.

Units form a tree by `parent`. A unit serves its areas for its kinds; where two units serve the same, one must
stand above the other, and the lower one comes first.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tips.errors import BadUnits
from tips.unit_file import UnitFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

Role = Literal["officer", "supervisor", "auditor"]
EVERY = "*"
DEVELOPMENT_UNIT = "thu-nghiem"  # the one of the two that takes tips


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """
    Somebody who works at a desk. `name` is shown to colleagues only, never to a tipster.

    `telegram` is the number of their Telegram account; 0: they do not work there. An editor, whatever their
    role, may answer in the guides what residents asked in vain.
    """

    id: str
    name: str
    role: Role
    telegram: int = 0
    is_editor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit. `areas` and `kinds` are codes and ids, or ("*",); no areas: it receives from below only."""

    id: str
    name: str
    areas: tuple[str, ...]
    parent: str = ""
    kinds: tuple[str, ...] = (EVERY,)
    admin_chats: tuple[int, ...] = ()
    officers: tuple[Officer, ...] = ()
    is_development: bool = False

    def serves(self, area: str, kind: str) -> bool:
        """Whether a tip of that place and kind, each "" if not told, is this unit's own."""
        return _covers(self.areas, area) and _covers(self.kinds, kind)


class UnitBook:
    """All units of one installation. Immutable; reading the file again makes a new one."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: tuple[Unit, ...] = tuple(units)
        self._by_id = {unit.id: unit for unit in self.units}

    @classmethod
    def load(cls, path: Path) -> UnitBook:
        """
        Read the file at *path*.

        Raises:
            BadUnits: The file is missing, no TOML, or wrong; field `faults` names every fault, one a line.
        """
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise BadUnits(faults=UnitFile.unreadable(str(path))) from None
        return cls.parse(source, name=str(path))

    @classmethod
    def parse(cls, source: str, *, name: str = "units.toml") -> UnitBook:
        """Read TOML text, that of the file *name*; raises as `load` does."""
        try:
            table = tomllib.loads(source)
        except tomllib.TOMLDecodeError:
            raise BadUnits(faults=UnitFile.unreadable(name)) from None
        file = UnitFile.of(table)
        if faults := file.faults():
            raise BadUnits(faults=faults)
        return cls(
            Unit(**row.plain(), officers=tuple(Officer(**officer) for officer in row.officers))
            for row in file.rows
        )

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._by_id

    def unit(self, unit_id: str) -> Unit:
        """The unit of that id; KeyError if there is none."""
        return self._by_id[unit_id]

    def above(self, unit_id: str) -> list[str]:
        """The units above *unit_id*, the nearest first."""
        chain: list[str] = []
        while unit_id := self._by_id[unit_id].parent:
            chain.append(unit_id)
        return chain

    def concerned_closure(self, unit_ids: Collection[str]) -> set[str]:
        """Those units and every unit below one of them. Unknown ids count nothing."""
        concerned = set(unit_ids)
        return {unit.id for unit in self.units if concerned.intersection((unit.id, *self.above(unit.id)))}

    def serving(self, area: str, kind: str) -> list[Unit]:
        """
        The units that serve that place and kind, the lowest first; each next one stands above it.

        Empty where nobody does: then `default` receives. An untold place or kind ("") is served by "*" only.
        """
        found = [unit for unit in self.units if unit.serves(area, kind)]
        return sorted(found, key=lambda unit: -len(self.above(unit.id)))

    def top(self) -> Unit:
        """The unit without a parent; of several, the first in the file."""
        return next(unit for unit in self.units if not unit.parent)

    def default(self) -> Unit:
        """
        Who receives what no unit serves.

        The lowest unit for every place and kind; else the only one that serves any place; else the top.
        """
        everywhere = self.serving("", "")
        if everywhere:
            return everywhere[0]
        local = [unit for unit in self.units if unit.areas]
        return local[0] if len(local) == 1 else self.top()


def _covers(listed: tuple[str, ...], value: str) -> bool:
    return listed == (EVERY,) or (value != "" and value in listed)


def development_units() -> str:
    """TOML of two units to try things with: `thu-nghiem` for every place, and one above it for conflicts."""
    return _DEVELOPMENT


_DEVELOPMENT = """\
# Made by `make serve` for trying things out. Nobody at a police unit reads what is sent here.
[[units]]
id = "thu-nghiem-cap-tren"
name = "Đơn vị thử nghiệm cấp trên"
areas = []
is_development = true
officers = [
  { id = "thu-can-bo-tren", name = "Cán bộ thử nghiệm (cấp trên)", role = "officer" },
  { id = "thu-chi-huy-tren", name = "Chỉ huy thử nghiệm (cấp trên)", role = "supervisor" },
  { id = "thu-kiem-tra-tren", name = "Kiểm tra thử nghiệm (cấp trên)", role = "auditor" },
]

[[units]]
id = "thu-nghiem"
name = "Đơn vị thử nghiệm"
areas = "*"
kinds = "*"
parent = "thu-nghiem-cap-tren"
is_development = true
officers = [
  { id = "thu-can-bo", name = "Cán bộ thử nghiệm", role = "officer", is_editor = true },
  { id = "thu-chi-huy", name = "Chỉ huy thử nghiệm", role = "supervisor", is_editor = true },
  { id = "thu-kiem-tra", name = "Kiểm tra thử nghiệm", role = "auditor" },
]
"""
