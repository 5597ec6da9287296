"""
The register of legal texts: which there are, when each holds, and what took its place.

Data in `law_register.toml`. What is not known is empty, and a number that is not listed is not found:
nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

LawKind = Literal[
    "law",
    "resolution",
    "decree",
    "decision",
    "circular",
    "directive",
    "guidance",
    "programme",
    "conclusion",
]
LawStatus = Literal["in_force", "amended", "doubtful", "ended", "unchecked"]

# What a number's ending or the word before it says of the kind, folded.
_ENDINGS: Mapping[str, tuple[LawKind, ...]] = {
    "qh": ("law", "resolution"),
    "nd": ("decree",),
    "tt": ("circular",),
    "qd": ("decision",),
    "nq": ("resolution",),
}
_WORDS: Mapping[str, tuple[LawKind, ...]] = {
    "luat": ("law",),
    "nghi dinh": ("decree",),
    "nd": ("decree",),
    "thong tu": ("circular",),
    "lien tich": ("circular",),
    "tt": ("circular",),
    "ttlt": ("circular",),
    "quyet dinh": ("decision",),
    "qd": ("decision",),
    "nghi quyet": ("resolution",),
    "nq": ("resolution",),
    "chi thi": ("directive",),
    "ct": ("directive",),
    "ket luan": ("conclusion",),
    "huong dan": ("guidance",),
    "chuong trinh": ("programme",),
}
_NUMBER = re.compile(
    r"(?P<serial>(?<!\d)\d{1,4})(?:\s*[/-]\s*(?P<year>(?:19|20)\d\d)(?!\d))?(?:\s*[/-]\s*(?P<ending>[a-z][\w&/-]*))?"
)
_BEFORE = re.compile(r"([a-z]+(?: [a-z]+)?)(?: so)? ?:? ?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LawEntry:
    """
    What is known of one legal text. A day that is None is not known.

    `status` is `in_force`, `amended`, `doubtful` (a later text touches it and nobody has read how),
    `ended` or `unchecked`. `details` is the law it carries out, `see` later texts to read beside it.
    """

    number: str
    title: str
    kind: LawKind
    status: LawStatus
    issued: date | None = None
    effective: date | None = None
    ended: date | None = None
    replaced_by: tuple[str, ...] = ()
    amended_by: tuple[str, ...] = ()
    details: str = ""
    see: tuple[str, ...] = ()

    def is_over(self, today: date) -> bool:
        """Whether it no longer holds on *today*; one that ended on a day nobody wrote down has."""
        return self.status == "ended" and (self.ended is None or self.ended <= today)


@dataclass(frozen=True, slots=True)
class LawRegister:
    """Entries by how their numbers may be written."""

    entries: tuple[LawEntry, ...]
    _by_serial: Mapping[tuple[str, str], tuple[LawEntry, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """
        Sort the entries by serial number and year.

        Raises:
            ValueError: Two entries have one number, or one names a text that has no entry.
        """
        by_serial: dict[tuple[str, str], list[LawEntry]] = {}
        for entry in self.entries:
            serial, year, _ending = _parts(entry.number)
            by_serial.setdefault((serial, year), []).append(entry)
        object.__setattr__(self, "_by_serial", {key: tuple(group) for key, group in by_serial.items()})
        for entry in self.entries:
            for named in (entry.number, *_named_in(entry)):
                if self.find(named) is None:
                    raise ValueError(named)

    def find(self, number: str) -> LawEntry | None:
        """
        The entry of *number*, however it is spelled: `Luật 35/2013/QH13`, `35/2013/qh13`, `nd 282/2025`.

        None where there is no such entry, or where `56/2023` alone could be two.
        """
        found = self.find_all(number)
        return found[0] if len(found) == 1 else None

    def find_all(self, number: str) -> tuple[LawEntry, ...]:
        """Every entry that *number* could mean: `luật 35` may be several, `35` alone is none."""
        serial, year, ending = _parts(number)
        kinds = _kinds_before(_plain(number))
        if not serial or not (year or ending or kinds):
            return ()
        near = self._by_serial.get((serial, year), ())
        if not year and not ending:
            near = tuple(e for (known, _), group in self._by_serial.items() if known == serial for e in group)
        if kinds:
            near = tuple(entry for entry in near if entry.kind in kinds)
        return tuple(entry for entry in near if _ending_fits(entry, ending))

    def over(self, today: date) -> frozenset[str]:
        """The numbers, as the entries spell them, of what no longer holds on *today*."""
        return frozenset(entry.number for entry in self.entries if entry.is_over(today))

    def silent(self, today: date) -> frozenset[str]:
        """The keys (`number_key`) of what does not hold on *today*: over, or not in force yet."""
        return frozenset(
            number_key(entry.number)
            for entry in self.entries
            if entry.is_over(today) or (entry.effective is not None and entry.effective > today)
        )

    def full_key(self, number: str) -> str:
        """The key of *number* with its ending, where the register or the kind tells it; "" where not."""
        entry = self.find(number)
        if entry is not None:
            return number_key(entry.number)
        key = number_key(number)
        if _parts(number)[2]:
            return key
        return f"{key}/nd-cp" if "/" in key and _kinds_before(_plain(number)) == ("decree",) else ""


def number_key(number: str) -> str:
    """
    One spelling of a số hiệu, to compare by: `Luật số 35/2013/QH13` → `35/2013/qh13`; "" for no number.

    Marks, case, leading zeros and spaces do not count.
    """
    serial, year, ending = _parts(number)
    return "/".join(part for part in (serial, year, ending) if part)


def may_mean(typed: str, number: str) -> bool:
    """Whether *typed*, such as `luật 35` or `nghị định 15/2014`, may mean the text of số hiệu *number*."""
    serial, year, ending = _parts(typed)
    known_serial, known_year, known = _parts(number)
    kinds = _kinds_before(_plain(typed))
    if not serial or serial != known_serial or not (year or ending or kinds):
        return False
    if year and year != known_year:
        return False
    if ending:
        return known == ending or known.startswith(f"{ending}-") or ending.startswith(f"{known}-")
    return not kinds or not known or bool(set(kinds) & set(_ENDINGS.get(known[:2], ())))


def read_register(text: str) -> LawRegister:
    """The register that a TOML *text* describes."""
    return LawRegister(tuple(_entry(raw) for raw in tomllib.loads(text)["law"]))


@cache
def law_register() -> LawRegister:
    """The register that ships with the package."""
    return read_register((resources.files("knowledge") / "law_register.toml").read_text(encoding="utf-8"))


def _entry(raw: dict[str, Any]) -> LawEntry:
    lists = {name: tuple(raw.get(name, ())) for name in ("replaced_by", "amended_by", "see")}
    return LawEntry(**(raw | lists))


def _plain(number: str) -> str:
    return " ".join(fold(number).lower().split())


def _parts(number: str) -> tuple[str, str, str]:
    """Serial number without leading zeros, year, ending; "" for what is not written."""
    match = _NUMBER.search(_plain(number))
    if not match:
        return "", "", ""
    return match["serial"].lstrip("0") or "0", match["year"] or "", match["ending"] or ""


def _kinds_before(plain: str) -> tuple[LawKind, ...]:
    """The kinds that the one or two words before the first number name; none where they name none."""
    match = _NUMBER.search(plain)
    before = _BEFORE.search(plain[: match.start()]) if match else None
    if not before:
        return ()
    words = before[1].removesuffix(" so")
    return _WORDS.get(words) or _WORDS.get(words.rpartition(" ")[2]) or ()


def _ending_fits(entry: LawEntry, ending: str) -> bool:
    if not ending:
        return True
    known = _parts(entry.number)[2]
    if known:  # a joint circular may be known, or asked for, without the list of those who signed it
        return known == ending or known.startswith(f"{ending}-") or ending.startswith(f"{known}-")
    return entry.kind in _ENDINGS.get(ending[:2], ())


def _named_in(entry: LawEntry) -> Iterable[str]:
    return (*entry.replaced_by, *entry.amended_by, *entry.see, *((entry.details,) if entry.details else ()))
