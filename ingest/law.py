"""Legal texts and what their own lines say of them: số hiệu, title, who issued them, days."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.dates import find_date
from ingest.law_text import LawText, Line, parse_law
from knowledge.law_register import law_register
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from datetime import date

_HEADER = re.compile(
    r"(?P<number>\S*\d+\S*/\S+)\s(?P<name>[^|]*)\|(?P<issuer>[^|]*)\|\s*ban hành\s*(?P<issued>[^|]*?)\s*\|"
    r"\s*(?P<count>\d+) điều\b.*"
)
_EMPHASIS = re.compile(r"(?<![\w*])\s?\*{1,3}\s*([^*\n]{1,300}?)\s*\*{1,3}\s?")
# A khoản as hands and converters leave it: `1.Hồ sơ`, `)1. Bộ đội`, `5*. Cơ sở`. Never `1.000` or `1.1`.
_LOOSE_NUMBER = re.compile(r"^\)?\s*(\d{1,3}[a-zđ]?)(\*{0,3})\.(?=(\**\s*)[A-ZĐÀ-Ỹ])")
_ATTACHMENT = re.compile(r"[^.]{1,100}\.(?:docx?|xlsx?|pdf|rtf)", re.IGNORECASE)
_CODES = ("hình sự", "tố tụng hình sự", "dân sự", "tố tụng dân sự", "lao động", "hàng hải việt nam")
_KINDS = (  # (in the number, word before the name)
    ("/TTLT", "Thông tư liên tịch"),
    ("/NQLT", "Nghị quyết liên tịch"),
    ("/NĐ-", "Nghị định"),
    ("/TT-", "Thông tư"),
    ("/QĐ", "Quyết định"),
    ("/NQ", "Nghị quyết"),
    ("/CT-", "Chỉ thị"),
    ("/PL", "Pháp lệnh"),
    ("/UBTVQH", "Nghị quyết"),
    ("/QH", "Luật"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A legal text and what its own lines say about it; empty where they do not."""

    text: LawText
    number: str = ""
    title: str = ""
    issuer: str = ""
    issued: date | None = None
    effective: date | None = None
    stated_count: int | None = None  # how many Điều the header line promises


def read_law(lines: list[Line]) -> Law | None:
    """*lines* as a law, or None where they are none; knows the header line of the codified files."""
    first = next((line.text for line in lines if line.text), "")
    header = _HEADER.fullmatch(first)
    if header:
        place = next(n for n, line in enumerate(lines) if line.text)
        lines = lines[place + 1 :]
    text = parse_law([Line(_plain(line.text), line.page, line.is_heading) for line in lines])
    if text is None:
        return None
    dates = Counter(day for article in text.articles if (day := find_date(article.note)))
    effective = min(dates, key=lambda day: (-dates[day], day)) if dates else None
    if not header:
        return Law(text=text, effective=effective)
    number = header["number"]
    return Law(
        text=text,
        number=number,
        title=law_title(number, header["name"].strip()),
        issuer=header["issuer"].strip(),
        issued=find_date(header["issued"]),
        effective=effective,
        stated_count=int(header["count"]),
    )


def law_title(number: str, name: str) -> str:
    """
    *name* with the word for its kind before it: `Hòa giải ở cơ sở` → `Luật Hòa giải ở cơ sở`.

    A law whose file leaves its name out is called as the register of laws calls its number.
    """
    word = next((word for mark, word in _KINDS if mark in number.upper().replace("Ð", "Đ")), "")
    if word == "Luật" and name.lower() in _CODES:
        word = "Bộ luật"
    if not name:
        entry = law_register().find(number)
        return entry.title if entry else f"{word} {number}".strip()
    if not word or fold(name).startswith((fold(word), "bo luat", "luat ")):
        return name[0].upper() + name[1:]
    return f"{word} {name}" if word in {"Luật", "Bộ luật"} else f"{word} {name[0].lower()}{name[1:]}"


def _plain(line: str) -> str:
    """*line* without the emphasis marks of the codification, and without names of attached files."""
    if _ATTACHMENT.fullmatch(line):
        return ""
    line = _with_number_apart(line)
    if "*" not in line or line.startswith("**"):
        return line
    text = _EMPHASIS.sub(r" \1 ", line)
    return re.sub(r" ([,.;:)])", r"\1", " ".join(text.split()))


def _with_number_apart(line: str) -> str:
    """*line* with one blank after the number of a khoản that opens it, and nothing before the number."""
    match = _LOOSE_NUMBER.match(line)
    return f"{match[1]}. {match[2]}{line[match.end() :].lstrip()}" if match else line
