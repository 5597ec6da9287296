"""
What a document says of itself, proposed to the editor as a sidecar ready to be confirmed. Pure.

The loaders read title, số hiệu, days and what is replaced; here come the kind of text, who issued it, what it
amends, and the place. Each proposal says where it was read. Nothing is published from it: a person confirms.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

from ingest.replaced import DRAFT
from knowledge.authority import is_draft
from knowledge.law_register import law_register
from knowledge.model import DocumentKind
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import DocumentDraft, DocumentMeta

# fmt: off
Field = Literal[
    "title", "number", "document_type", "organisation", "source", "issued", "effective", "expires",
    "replaces", "amends", "area", "topic", "url",
]
# fmt: on
_FIELDS: Final[tuple[Field, ...]] = tuple(name for name in get_args(Field) if name != "amends")
Origin = Literal["read", "number", "head", "title", "text", "register"]

# By the folded số hiệu, the first that fits: what kind of text it is, and who issues such.
_BY_NUMBER: Final = (
    (r"/qh\d", "", "Quốc hội"),
    (r"ubtvqh", "", "Ủy ban Thường vụ Quốc hội"),
    (r"nd-?cp$", "Nghị định", "Chính phủ"),
    (r"nq-?cp$", "Nghị quyết", "Chính phủ"),
    (r"qd-?ttg$", "Quyết định", "Thủ tướng Chính phủ"),
    (r"ct-?ttg$", "Chỉ thị", "Thủ tướng Chính phủ"),
    (r"nq-hdtp$", "Nghị quyết", "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
    (r"ttlt", "Thông tư liên tịch", ""),
    (r"tt-bca$", "Thông tư", "Bộ Công an"),
    (r"tt-btp$", "Thông tư", "Bộ Tư pháp"),
    (r"tt-btc$", "Thông tư", "Bộ Tài chính"),
    (r"tt-byt$", "Thông tư", "Bộ Y tế"),
    (r"tt-bnv$", "Thông tư", "Bộ Nội vụ"),
    (r"tt-bng$", "Thông tư", "Bộ Ngoại giao"),
    (r"tt-bqp$", "Thông tư", "Bộ Quốc phòng"),
    (r"tt-bgddt$", "Thông tư", "Bộ Giáo dục và Đào tạo"),
    (r"tt-bkhcn$", "Thông tư", "Bộ Khoa học và Công nghệ"),
    (r"/tt", "Thông tư", ""),
    (r"ctrph", "Chương trình phối hợp", ""),
    (r"ctr", "Chương trình", ""),
    (r"/qd|^\d+-qd", "Quyết định", ""),
    (r"/nq|^\d+-nq", "Nghị quyết", ""),
    (r"/kh|^\d+-kh", "Kế hoạch", ""),
    (r"/bc|^\d+-bc", "Báo cáo", ""),
    (r"/ct|^\d+-ct", "Chỉ thị", ""),
    (r"/tb|^\d+-tb", "Thông báo", ""),
    (r"/hd|^\d+-hd", "Hướng dẫn", ""),
    (r"kl/", "Kết luận", ""),
)
_KINDS: Final = (
    *(
        "Bộ luật",
        "Luật",
        "Pháp lệnh",
        "Nghị định",
        "Thông tư liên tịch",
        "Thông tư",
        "Quyết định",
        "Nghị quyết",
    ),
    *(
        "Chỉ thị",
        "Kế hoạch",
        "Báo cáo",
        "Thông báo",
        "Hướng dẫn",
        "Quy chế",
        "Quy ước",
        "Chương trình phối hợp",
    ),
    *("Chương trình", "Đề án", "Biên bản", "Công văn", "Tờ trình", "Kết luận"),
)
_ISSUER_LINE: Final = re.compile(
    r"(?:[UỦ][ỶY] BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND|BỘ [A-ZĐÀ-Ỹ]{2,}|SỞ [A-ZĐÀ-Ỹ]{2,}|CHÍNH PHỦ"
    r"|THỦ TƯỚNG CHÍNH PHỦ|QUỐC HỘI|CÔNG AN|ĐẢNG ỦY|BAN CHỈ ĐẠO|[UỦ][ỶY] BAN (?:MẶT TRẬN|MTTQ)|UBMTTQ"
    r"|MẶT TRẬN TỔ QUỐC|HỘI (?:LIÊN HIỆP PHỤ NỮ|LHPN|NÔNG DÂN|CỰU CHIẾN BINH)|ĐOÀN (?:TNCS|THANH NIÊN)"
    r"|LIÊN ĐOÀN LAO ĐỘNG)(?![a-zđà-ỹ])[^a-zđà-ỹ\n|]{0,90}"
)
# A line, or a part of a title, that is nothing but an office of a commune.
_ISSUER_NAMED: Final = re.compile(
    r"(?:Công [Aa]n|UBND|[UỦ][ỷy] ban [Nn]hân dân|Ủy ban MTTQ(?: Việt Nam)?|Mặt trận Tổ quốc(?: Việt Nam)?"
    r"|Trung tâm Phục vụ hành chính công)\s+(?:[Xx]ã|[Pp]hường|[Đđ]ặc khu)\s+(?:[A-ZĐÀ-Ỹ][\wà-ỹ]*\s?){1,4}"
)
_FORM: Final = re.compile(r"(?:to khai|ban khai|phieu|don (?!vi\b)|giay (?!to\b)|ban cam ket)")
_FORM_LINE: Final = re.compile(r"M[ẫẪ][uU]\s+(?:số\s+)?[\wĐ.-]{1,12}\b.{0,40}(?:theo|THEO)\s")
_MOTTO: Final = re.compile(r"\s*CỘNG H[OÒ][AÀ] XÃ HỘI.*")
_LEVEL: Final = re.compile(r"\b([Xx]ã|[Pp]hường|[Đđ]ặc khu) ((?:[A-ZĐÀ-Ỹ][\wà-ỹ]*\s?){1,4}|\d{1,2}\b)")
_LEVEL_LINE: Final = re.compile(r"(?:XÃ|PHƯỜNG|ĐẶC KHU|TỈNH|THÀNH PHỐ|TP\.?) [A-ZĐÀ-Ỹ\d][A-ZĐÀ-Ỹ\d\s-]{1,40}")
_AMENDS: Final = re.compile(
    r"[Ss]ửa đổi, bổ sung (?:một số (?:điều|nội dung|quy định) (?:của )?)?(?:các )?"
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Thông tư(?: liên tịch)?|Quyết định|Nghị quyết)[^.;\n]{0,200}?"
    r"\bsố (?P<number>\d{1,4}/\d{4}/[A-ZĐ][\w&ĐÐ-]*(?:/[\wĐÐ-]+)?)"
)
_HEAD_LINES: Final = 14
_NEWS_LENGTH: Final = 150  # characters of a title; a longer line is no title of a news item


@dataclass(frozen=True, slots=True)
class Proposed:
    """One field: its value as a sidecar takes it (numbers with `; ` between), and where it was read."""

    field: Field
    value: str
    origin: Origin


def propose(draft: DocumentDraft) -> tuple[Proposed, ...]:
    """What *draft* says of itself, field by field, in a sidecar's order; what it does not say is left out."""
    meta = draft.meta
    lines = [line.strip() for passage in draft.passages for line in passage.text.split("\n") if line.strip()]
    found = [_read("title", meta.title), _read("number", meta.number)]
    found += [_document_type(meta, lines), _organisation(meta, lines)]
    found += [_read("source", meta.source if meta.kind is not DocumentKind.LAW else "")]
    found += [_day(meta, "issued"), _day(meta, "effective"), _day(meta, "expires")]
    found += [_read("replaces", "; ".join(meta.replaces)), _amends(meta, lines), _area(meta, lines)]
    found += [_read("topic", meta.topic), _read("url", meta.url)]
    return tuple(item for item in found if item is not None and item.value)


def as_sidecar(proposed: Sequence[Proposed], meta: DocumentMeta, words: dict[str, str]) -> str:
    """
    *proposed* as the YAML of a sidecar, one field a line; what is not known stands there as a comment.

    Args:
        proposed: From `propose`.
        meta: The document, for its audience.
        words: What to say of each origin, of `missing`, `amends` (no field of a sidecar), `confirm`.
    """
    by_field = {item.field: item for item in proposed}
    lines = [f"audience: {meta.audience.value}"]
    for name in _FIELDS:
        item = by_field.get(name)
        if item is None:
            lines.append(f"# {name}:  # {words['missing']}")
        elif name == "replaces":
            lines.append(
                f"{name}: {json.dumps(item.value.split('; '), ensure_ascii=False)}  # {words[item.origin]}"
            )
        else:
            lines.append(f"{name}: {json.dumps(item.value, ensure_ascii=False)}  # {words[item.origin]}")
    if amends := by_field.get("amends"):
        lines.append(f"# {words['amends']}: {amends.value}")
    lines.append(f"# verified_by:  # {words['confirm']}")
    return "\n".join(lines) + "\n"


def _read(field: Field, value: str) -> Proposed | None:
    return Proposed(field, value, "read") if value else None


def _day(meta: DocumentMeta, field: Literal["issued", "effective", "expires"]) -> Proposed | None:
    """The day the text states; where it is silent, the register's."""
    day = getattr(meta, field)
    if day is not None:
        return Proposed(field, day.isoformat(), "read")
    entry = law_register().find(meta.number) if meta.number else None
    if field == "expires":  # the last day it holds; the register knows the first on which it does not
        known = entry.ended - timedelta(days=1) if entry and entry.ended else None
    else:
        known = getattr(entry, field, None)
    return Proposed(field, known.isoformat(), "register") if known else None


def _document_type(meta: DocumentMeta, lines: Sequence[str]) -> Proposed | None:  # noqa: PLR0911 - in this order
    if meta.document_type or is_draft(meta):
        return Proposed("document_type", meta.document_type or DRAFT, "read")
    plain = fold(meta.number)
    for pattern, kind, _issuer in _BY_NUMBER:
        if kind and re.search(pattern, plain):
            return Proposed("document_type", kind, "number")
    title = fold(meta.title).strip(" \"“'")
    if not meta.number and (_FORM.match(title) or any(map(_FORM_LINE.match, lines[:_HEAD_LINES]))):
        return Proposed("document_type", "Biểu mẫu", "title" if _FORM.match(title) else "head")
    named = next((kind for kind in _KINDS if re.match(rf"{fold(kind)}\b", title)), "")
    if named and (meta.kind is DocumentKind.LAW or meta.number):
        return Proposed("document_type", named, "title")
    if re.search(r"/qh\d|ubtvqh", plain):
        return _law_or_code(meta)
    head = next(
        (kind for line in lines[:_HEAD_LINES] for kind in _KINDS if line.strip("*# ") == kind.upper()), ""
    )
    if head:
        return Proposed("document_type", head, "head")
    news = meta.kind is DocumentKind.DOCUMENT and not meta.number and len(meta.title) < _NEWS_LENGTH
    return Proposed("document_type", "Tin bài", "text") if news and (meta.issued or meta.author) else None


def _law_or_code(meta: DocumentMeta) -> Proposed:
    """A text of the National Assembly whose title leaves the word out: the register may know it."""
    entry = law_register().find(meta.number)
    if entry and entry.kind == "resolution":
        return Proposed("document_type", "Nghị quyết", "register")
    is_code = entry is not None and entry.title.startswith("Bộ luật")
    return Proposed("document_type", "Bộ luật" if is_code else "Luật", "register" if entry else "number")


def _organisation(meta: DocumentMeta, lines: Sequence[str]) -> Proposed | None:
    if meta.organisation:
        return Proposed("organisation", meta.organisation, "read")
    plain = fold(meta.number)
    by_number = next(
        (issuer for pattern, _, issuer in _BY_NUMBER if issuer and re.search(pattern, plain)), ""
    )
    if by_number:
        return Proposed("organisation", by_number, "number")
    for place, line in enumerate(lines[:_HEAD_LINES]):
        match = _ISSUER_LINE.match(_MOTTO.sub("", line.split("|")[0]).strip("*# "))
        if match:
            after = lines[place + 1].split("|")[0].strip("*# ") if place + 1 < len(lines) else ""
            more = f" {after}" if _LEVEL_LINE.fullmatch(_MOTTO.sub("", after)) else ""
            return Proposed("organisation", _as_name(match[0].strip() + more), "head")
    named = [part.strip() for part in meta.title.split("|")] + [line.strip("*# ") for line in lines[:3]]
    office = next((part for part in named if _ISSUER_NAMED.fullmatch(part)), "")
    if office:
        return Proposed("organisation", office.replace("Công An", "Công an"), "head")
    return _issuer_of_form(lines)


def _issuer_of_form(lines: Sequence[str]) -> Proposed | None:
    """Who issued the text that a form comes with, where its number tells."""
    for line in lines[:_HEAD_LINES]:
        if _FORM_LINE.match(line):
            plain = fold(line)
            issuer = next(
                (who for end, _, who in _BY_NUMBER if who and re.search(end.rstrip("$"), plain)), ""
            )
            return Proposed("organisation", issuer, "head") if issuer else None
    return None


def _as_name(shouted: str) -> str:
    """`ỦY BAN NHÂN DÂN XÃ TÂN LẬP` → `Ủy ban nhân dân xã Tân Lập`."""
    words = shouted.split()
    level = next(
        (at for at, word in enumerate(words) if word in {"XÃ", "PHƯỜNG", "TỈNH", "PHỐ", "KHU"}), len(words)
    )
    first = " ".join(words[: level + 1]).lower()
    return " ".join([first[:1].upper() + first[1:], *(word.capitalize() for word in words[level + 1 :])])


def _amends(meta: DocumentMeta, lines: Sequence[str]) -> Proposed | None:
    """The texts of which this one changes a part, by their số hiệu; only a text with a số hiệu amends."""
    if not meta.number:
        return None
    found = [match["number"] for line in (meta.title, *lines) for match in _AMENDS.finditer(line)]
    others = [number for number in dict.fromkeys(found) if number != meta.number]
    # Whoever lists what changed a law tells of amendments; whoever makes them says so in its title.
    said = re.search(r"sua doi", fold(meta.title))
    return Proposed("amends", "; ".join(others), "text") if others and said else None


def _area(meta: DocumentMeta, lines: Sequence[str]) -> Proposed | None:
    if meta.area:
        return Proposed("area", meta.area, "read")
    issuer = _organisation(meta, lines)
    match = _LEVEL.search(issuer.value) if issuer else None
    if match:
        return Proposed("area", f"{match[1].capitalize()} {match[2].strip()}", "head")
    match = _LEVEL.search(meta.title)
    return Proposed("area", f"{match[1].capitalize()} {match[2].strip()}", "title") if match else None
