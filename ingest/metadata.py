"""
What is known about a document: from front matter, from a sidecar, and from its own first lines.

A sidecar is `<file name>.meta.yaml` or `<file name>.meta.json` beside the file (see `ingest.sidecars`); it
wins over front matter.
A field that is not known is an error, not ignored: with a misspelt `audience` a members' document would
go to the public. Fields that site generators write are known and unused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ingest.dates import date_at_start, find_date, to_date
from ingest.errors import BadMetadata
from ingest.front_matter import parse_fields
from ingest.replaced import DRAFT, calls_itself_a_draft, holds_until, replaced_numbers
from knowledge.law_register import law_register
from knowledge.model import Audience, DocumentMeta

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_ALIASES = {  # as editors and Vietnamese sites write them
    "doi_tuong": "audience",
    "tieu_de": "title",
    "ten": "title",
    "nguon": "source",
    "so_hieu": "number",
    "hieu_luc": "effective",
    "ngay_hieu_luc": "effective",
    "het_hieu_luc": "expires",
    "ngay_het_hieu_luc": "expires",
    "ngay_ban_hanh": "issued",
    "ngay": "issued",
    "co_quan_ban_hanh": "organisation",
    "co_quan": "organisation",
    "organization": "organisation",
    "dia_ban": "area",
    "linh_vuc": "topic",
    "chu_de": "topic",
    "tac_gia": "author",
    "duong_dan": "url",
    "link": "url",
    "loai_van_ban": "document_type",
    "thay_the": "replaces",
    "bi_thay_the_boi": "replaced_by",
    "duoc_thay_the_boi": "replaced_by",
}
_TEXTS = frozenset(
    (
        *("title", "source", "number", "organisation", "area", "topic", "url", "author", "verified_by"),
        "document_type",
    )
)
_NUMBERS = frozenset(("replaces", "replaced_by"))  # số hiệu: one, a list, or some with commas between
_DATES = frozenset(("effective", "expires", "issued", "as_of"))
_UNUSED = frozenset(
    (
        *("layout", "categories", "category", "tags", "permalink", "description", "slug", "lang", "ngon_ngu"),
        *("lastedit", "nguoi_ky", "trich_yeu", "image", "toc", "weight", "date"),
        *("keywords", "comments", "excerpt", "last_modified_at"),
    )
)
_TEXT_LIMIT = 500
_TYPE_LIMIT = 120  # characters of a kind of document
_URL = re.compile(r"https?://[^\s]+")
_NUMBER = re.compile(
    r"(?:^|\b)(?:Luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Pháp lệnh|Bộ luật)?\s*[Ss]ố\s*:?\s*"
    r"(\d{1,4}/(?:\d{4}/)?[A-ZĐ][\wĐ&-]*(?:/[\wĐ-]+)?)"
)
_BARE_NUMBER = re.compile(
    r"\b(\d{1,4}/\d{4}/(?:QH\d{1,2}|NĐ-CP|TT-[A-ZĐ]+|QĐ-[A-ZĐa-z]+|TTLT-[A-ZĐ&-]+|NQ-[A-ZĐ]+))"
)
_PLACE_DATE = re.compile(r"^.{2,40},\s*(?:ngày)\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE)
_PASSED = re.compile(r"thông qua ngày (\d{1,2} tháng \d{1,2} năm \d{4})")
_IN_FORCE = re.compile(
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Pháp lệnh)(?: liên tịch)?"
    r" này có hiệu lực"
    r"(?: thi hành)?(?:,)? (?:kể )?từ ((?:[^.;,]|(?<=\d)\.(?=\d)){3,60})"
)
_DAY_OF_ISSUE = re.compile(r"\s*ngày\s+(?:được\s+)?(?:ký|ban hành|thông qua)\b", re.IGNORECASE)
_KIND_LINE = re.compile(
    r"(?:BỘ LUẬT|LUẬT|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|THÔNG TƯ(?: LIÊN TỊCH)?|QUYẾT ĐỊNH|CHỈ THỊ|KẾ HOẠCH"
    r"|BÁO CÁO|THÔNG BÁO|HƯỚNG DẪN|QUY CHẾ|CHƯƠNG TRÌNH|ĐỀ ÁN|BIÊN BẢN|CÔNG VĂN|TỜ TRÌNH|QUY ĐỊNH|QUY ƯỚC)"
)
# A title that says its kind and its matter in one line: TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ.
_WHOLE_TITLE = re.compile(
    r"(?:TỜ KHAI|BẢN KHAI|PHIẾU|ĐƠN|GIẤY|BẢN CAM KẾT|BIÊN BẢN|KẾ HOẠCH|BÁO CÁO|THÔNG BÁO|HƯỚNG DẪN|QUY ƯỚC"
    r"|HƯƠNG ƯỚC|CHƯƠNG TRÌNH|ĐỀ ÁN|QUY CHẾ)\s+\S.{6,}"
)
_OF_ANOTHER = re.compile(r"(?:ban hành|BH|kèm) (?:kèm )?theo\b")  # its number is not this text's
_NO_SUBJECT = re.compile(r"Căn cứ|Kính gửi|Điều 1|Chương|Phần|Thực hiện|I\.|1\.|[-_*]{3,}|Số")
_SUBJECT_LENGTH = 300
_HEAD_LINES = 40


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document's first lines say about it; empty where they do not."""

    title: str = ""
    number: str = ""
    issued: date | None = None
    effective: date | None = None
    expires: date | None = None
    document_type: str = ""
    replaces: tuple[str, ...] = ()


def read_sidecar(data: bytes) -> dict[str, object]:
    """
    The fields of a sidecar.

    Raises:
        BadMetadata: Not YAML or JSON in UTF-8.
    """
    try:
        return parse_fields(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadMetadata(field="UTF-8", value="") from None


def checked(fields: Mapping[str, object]) -> dict[str, Any]:
    """
    *fields* as `DocumentMeta` takes them: names in English, dates as dates, audience as `Audience`.

    Raises:
        BadMetadata: The first field that is not known, or whose value does not fit.
    """
    values: dict[str, Any] = {}
    for written, value in fields.items():
        name = _ALIASES.get(
            written.strip().lower().replace("-", "_"), written.strip().lower().replace("-", "_")
        )
        if name in _UNUSED:
            continue
        if name not in {"audience", *_TEXTS, *_DATES, *_NUMBERS}:
            raise BadMetadata(field=written, value="")
        if value is None or value == "":
            if name == "audience":
                raise BadMetadata(field=written, value="")
            continue
        values[name] = _value(name, value, written)
    if _URL.fullmatch(values.get("source", "")):
        values.setdefault("url", values["source"])
        values["source"] = values["source"].split("/")[2]
    return values


def stated_in(lines: Sequence[str]) -> Stated:
    """What the administrative head of a text says: số hiệu, title, day of issue; and its day of effect."""
    head = [line.strip() for line in lines[:_HEAD_LINES] if line.strip()]
    own = [line for line in head if not _OF_ANOTHER.search(line)]
    number = next((match[1] for line in own if (match := _NUMBER.search(line))), "")
    if not number and own:
        match = next((found for line in own[:4] if (found := _BARE_NUMBER.search(line))), None)
        number = match[1] if match else ""
    issued = next((find_date(line) for line in head if _PLACE_DATE.match(line)), None)
    tail = "\n".join(lines)
    if issued is None and (passed := _PASSED.search(tail)):
        issued = find_date(passed[1])
    return Stated(
        title=_title(head),
        number=number,
        issued=issued,
        effective=_in_force(tail, issued),
        expires=holds_until(lines),
        document_type=DRAFT if calls_itself_a_draft(lines) else "",
        replaces=replaced_numbers(lines),
    )


def _in_force(text: str, issued: date | None) -> date | None:
    """The first day of a text as its closing article says it; a day further on is that of something else."""
    for force in _IN_FORCE.finditer(text):
        if _DAY_OF_ISSUE.match(force[1]):
            return issued
        if day := date_at_start(force[1]):
            return day
    return None


def with_fields(meta: DocumentMeta, fields: Mapping[str, Any]) -> DocumentMeta:
    """*meta* with checked *fields* over its own."""
    return replace(meta, **fields)


def _value(name: str, value: object, written: str) -> object:
    if name == "audience":
        try:
            return Audience(str(value).strip().lower())
        except ValueError:
            raise BadMetadata(field=written, value=value) from None
    if name in _NUMBERS:
        return _numbers(value, written, strict=written in _NUMBERS)
    if name in _DATES:
        day = to_date(value)
        if day is None:
            raise BadMetadata(field=written, value=value)
        return day
    if not isinstance(value, (str, int, float)) or len(str(value)) > _TEXT_LIMIT:
        raise BadMetadata(field=written, value="")
    text = " ".join(str(value).split())
    if name == "url" and not _URL.fullmatch(text):
        raise BadMetadata(field=written, value=value)
    return text[:_TYPE_LIMIT] if name == "document_type" else text


def _numbers(value: object, written: str, *, strict: bool) -> tuple[str, ...]:
    """The số hiệu that *value* names; under our own field names, one that is none is an error."""
    items = value if isinstance(value, list) else re.split(r"[;,\n]| và ", str(value))
    texts = [" ".join(str(item).split()) for item in items if str(item).strip()]
    # Site generators write "Không" and whole sentences here, which were never read before.
    wrong = next((text for text in texts if strict and not law_register().full_key(text)), None)
    if wrong is not None:
        raise BadMetadata(field=written, value=wrong)
    return tuple(dict.fromkeys(text for text in texts if law_register().full_key(text)))


def _title(head: list[str]) -> str:
    """`LUẬT` over `HÒA GIẢI Ở CƠ SỞ` becomes `Luật Hòa giải ở cơ sở`."""
    for place, line in enumerate(head[:-1]):
        plain = line.strip("*# ")
        if plain.isupper() and _WHOLE_TITLE.fullmatch(plain):
            more = takewhile(
                lambda after: after.isupper() and not _NO_SUBJECT.match(after), head[place + 1 :]
            )
            return " ".join([plain, *more]).capitalize()
        if not _KIND_LINE.fullmatch(plain):
            continue
        subject = []
        for after in head[place + 1 : place + 5]:
            if _NO_SUBJECT.match(after) or len(after) > _SUBJECT_LENGTH:
                break
            subject.append(after.strip("*# "))
        if subject:
            kind = line.strip("*# ").capitalize()
            return f"{kind} {_sentence_case(' '.join(subject), law='LUẬT' in line)}"
    return ""


def _sentence_case(text: str, *, law: bool) -> str:
    lowered = text.lower() if text.isupper() else text
    if law:
        return lowered[:1].upper() + lowered[1:]
    return lowered[:1].lower() + lowered[1:]
