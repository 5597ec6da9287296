"""
What a legal text says of time and rank in its own lines: what it replaces, until when it holds, drafts. Pure.

Only the set phrases of closing articles are read, and only about whole texts: `Nghị định này thay thế
Nghị định số …`, `Luật … số … hết hiệu lực kể từ ngày Luật này có hiệu lực`. `Điều 5 … hết hiệu lực` is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.dates import find_date
from knowledge.law_register import law_register

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

DRAFT = "Dự thảo"
_KIND = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Thông tư liên tịch|Thông tư|Quyết định"
    r"|Nghị quyết liên tịch|Nghị quyết)"
)
_NUMBER = r"(?P<number>\d{1,4}/(?:\d{4}/)?[A-ZĐ][\w&ĐÐ-]*(?:/[\wĐÐ-]+)?)"
_YEAR = re.compile(r"\d{1,4}/\d{4}/")
_THIS = rf"{_KIND} này"
_WITH_THIS = rf"hết hiệu lực(?: thi hành)?,?(?: kể)? từ ngày {_THIS}"
_POINT = r"(?:[a-zđ]\)|[-•+])"
_TAKES_THE_PLACE = re.compile(
    rf"{_THIS}(?:[^.;\n]{{0,120}}?(?:\bvà|,))? thay thế (?:cho )?(?:các )?"
    rf"{_KIND}(?P<name>[^.;\n]{{0,160}}?)\bsố {_NUMBER}"
)
_ENDS_WITH_IT = re.compile(
    rf"^(?:\d{{1,2}}\.|{_POINT})?\s*{_KIND}(?P<name>[^.;\n]{{0,200}}?)\bsố {_NUMBER}"
    rf"(?P<more>[^.;\n]*?){_WITH_THIS}"
)
_LIST = re.compile(rf"(?:[Cc]ác|[Nn]hững) văn bản (?:pháp luật )?sau(?: đây)? {_WITH_THIS}")
_LISTED = re.compile(rf"^{_POINT}\s*{_KIND}(?P<name>[^.;\n]{{0,200}}?)\bsố {_NUMBER}")
_ITEM = re.compile(_POINT)
_ALSO = re.compile(rf"\bvà {_KIND}[^.;,\n]{{0,80}}?\bsố {_NUMBER}")
_PART_OF_ONE = re.compile(
    r"\b(?:Điều|khoản|điểm|Chương|Mục|một số quy định|quy định tại|nội dung)\b", re.IGNORECASE
)
_HOLDS_UNTIL = re.compile(
    rf"{_THIS}[^.;\n]{{0,160}}?hiệu lực[^.;\n]{{0,100}}? đến hết ngày ([^.;,\n]{{8,40}})"
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_DRAFT_LINE = re.compile(
    rf"[\W\d_]*(?:bản )?dự thảo(?:$|\W+(?:lần|{_KIND}|kế hoạch|quy chế|chương trình|đề án|\d))"
    r"|.*\(\s*(?:bản )?dự thảo\b",
    re.IGNORECASE,
)
_HEAD_LINES = 12
_DRAFT_LENGTH = 200  # characters; a longer line tells of a draft, it is not the head of one


def replaced_numbers(lines: Sequence[str]) -> tuple[str, ...]:
    """
    The số hiệu of the whole texts that a legal text of *lines* says it takes the place of, as written.

    Those without a year are not among them: 15/QĐ-UBND of last year and of this one are two decisions.
    """
    return tuple(number for number in _named(lines) if _is_of_a_year(number))


def undated_numbers(lines: Sequence[str]) -> tuple[str, ...]:
    """The số hiệu without a year that `replaced_numbers` leaves out: a person has to say which is meant."""
    return tuple(number for number in _named(lines) if not _is_of_a_year(number))


def _is_of_a_year(number: str) -> bool:
    return bool(_YEAR.match(number)) or law_register().find(number) is not None


def _named(lines: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    in_list = False
    for written in lines:
        line = _LINK.sub(r"\1", " ".join(written.split()))
        in_list = bool(_LIST.search(line)) or (in_list and bool(_ITEM.match(line)))
        listed = _LISTED.match(line) if in_list else None
        ended = _ENDS_WITH_IT.match(line)
        found += [
            match["number"]
            for match in (listed, ended, *_TAKES_THE_PLACE.finditer(line))
            if match and not _PART_OF_ONE.search(match["name"])
        ]
        if ended and not _PART_OF_ONE.search(ended["more"]):
            found += [match["number"] for match in _ALSO.finditer(ended["more"])]
    known = (number for number in found if law_register().full_key(number))
    return tuple(dict.fromkeys(known))


def holds_until(lines: Sequence[str]) -> date | None:
    """The last day on which the text says it holds, or None."""
    for line in lines:
        match = _HOLDS_UNTIL.search(line)
        if match and (day := find_date(match[1])):
            return day
    return None


def calls_itself_a_draft(lines: Sequence[str]) -> bool:
    """Whether the head of a text says that it is a draft; news about one do not count."""
    head = [line.strip() for line in lines if line.strip()][:_HEAD_LINES]
    return any(len(line) <= _DRAFT_LENGTH and _DRAFT_LINE.match(line) for line in head)
