"""What may be wrong with one section of a guide: its reading, its law, numbers, links and English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.readability import measure
from knowledge.law_register import law_register
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from ingest.guide_sections import Line, Section

# The bar of reading: what docs/decisions/0026 measured plain guides below and most articles of law above.
MEAN_SENTENCE = 18  # syllables
LONGEST_SENTENCE = 40  # syllables
HARD_SHARE = 0.09  # of the syllables
ENGLISH_LIMIT = 500  # characters
ENGLISH_SENTENCES = 3

_SOURCES, _ENGLISH, _QUESTIONS = "Căn cứ", "In English", "Người ta hay hỏi"
_LAW = re.compile(
    r"(?:(?P<word>Bộ luật|Luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Chỉ thị|Kết luận|Hướng dẫn|NĐ|TT|QĐ)"
    r"(?: số)?(?: (?:[^\W\d_]+ ){1,8}?)? ?)?"
    r"(?<![\d/.,])(?P<number>\d{1,4}/(?:19|20)\d\d(?:/[A-ZĐ][\w&-]*)?)(?![\d/])"
)
_IS_OLD = re.compile(
    r"\b(?:thay(?! đổi)|hết hiệu lực|hết hạn|cũ|trước đây|bãi bỏ|không còn (?:dùng|áp dụng|hiệu lực))\b"
)
_DOUBT = re.compile(r"hỏi lại|chưa|có thể|\bcũ\b|một nguồn|bản trước", re.IGNORECASE)
# A telephone number as one writes it: an emergency number in bold or after a verb, or a long one.
_PHONE = re.compile(
    r"\*\*(?P<bold>1[1-9]\d|[5-9]\d{3})\*\*(?!\s*(?:%|triệu|nghìn|đồng|ngày|tháng|năm|người|hộ|giờ|vụ))"
    r"|(?:gọi|số|đến|qua|nhắn)\s+(?P<called>1\d\d|5656)(?!\d|[/.,–-]\d|\s*(?:%|triệu|nghìn|đồng|ngày|tháng|năm))"
    r"|(?<![\d/.+-])(?P<long>(?:0\d|1[89]00)(?:[ .-]?\d){5,9})(?![\d/])",
    re.IGNORECASE,
)
_CAUTION = re.compile(r"hỏi lại|chưa thấy|chưa kiểm lại|không thấy lại|một nguồn|chưa chắc|đã cũ")
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>(?!https?:|mailto:)[^)\s]+)\)")
_FIGURE = re.compile(r"\d+(?:[./,:-]\d+)*")
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety|hundred|thousand|million|billion)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One thing to mend. `kind` names the text `guides.<kind>`, which `fields` fill; `line` counts from 1.

    A warning is told and does not fail the check.
    """

    kind: str
    where: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    is_warning: bool = False

    @property
    def file(self) -> str:
        """The file to open."""
        slug = self.where.partition("#")[0]
        return slug if "." in slug else f"{slug}.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumber:
    """A telephone number that guides may print; see `guide_numbers.toml`."""

    number: str
    name: str
    status: str
    source: str


@lru_cache(maxsize=1)
def known_numbers() -> dict[str, KnownNumber]:
    """The register of telephone numbers, by their digits."""
    rows = tomllib.loads((resources.files("ingest") / "guide_numbers.toml").read_text("utf-8"))["numbers"]
    return {row["number"]: KnownNumber(**row) for row in rows}


def unreadable(section: Section) -> Iterator[Finding]:
    """Sentences too long for a ninth-grader, or too much of the law's language."""
    figures = measure(section.passage.text)
    bars = (
        ("long_sentences", figures.mean_sentence, MEAN_SENTENCE, "{:.1f}"),
        ("long_sentence", figures.longest, LONGEST_SENTENCE, "{:.0f}"),
        ("hard_words", 100 * figures.hard_share, 100 * HARD_SHARE, "{:.1f}"),
    )
    for kind, found, bar, shape in bars:
        if found > bar:
            yield _finding(kind, section, found=shape.format(found), bar=f"{bar:g}")


def unlawful(section: Section, today: date) -> Iterator[Finding]:
    """Laws that no register knows, ended by *today* or in doubt, where the words do not say so."""
    seen: set[tuple[int, str]] = set()
    for line in section.lines:
        if line.part == _QUESTIONS:
            continue
        for found in _LAW.finditer(line.text):
            number = found["number"]
            is_whole = number.count("/") > 1
            if not (is_whole or found["word"]) or (line.number, number) in seen:
                continue
            seen.add((line.number, number))
            entries = law_register().find_all(number if is_whole else f"{found['word']} {number}")
            if not entries:
                yield _finding("unknown_law", section, line, number=number)
            elif all(entry.is_over(today) for entry in entries) and not _IS_OLD.search(line.text.lower()):
                later = ", ".join(entries[0].replaced_by) or "?"
                yield _finding("ended_law", section, line, number=number, later=later)
            elif all(entry.status == "doubtful" for entry in entries) and not _DOUBT.search(_words(section)):
                yield _finding("doubtful_law", section, line, number=number)


def unregistered_numbers(section: Section) -> Iterator[Finding]:
    """Telephone numbers outside the register, or written as certain though they are not."""
    for line in section.lines:
        if line.part == _QUESTIONS or line.text.startswith("## "):
            continue
        for found in _PHONE.finditer(_without_laws(line.text)):
            digits = re.sub(r"\D", "", found["bold"] or found["called"] or found["long"])
            known = known_numbers().get(digits)
            if known is None:
                yield _finding("unknown_number", section, line, number=digits)
            elif known.status != "confirmed" and not _CAUTION.search(_words(section)):
                yield _finding(f"{known.status}_number", section, line, number=digits, name=known.name)


def dead_links(section: Section, known: Collection[str]) -> Iterator[Finding]:
    """Links to guides or sections that are not there. *known* holds `guide` and `guide#section` names."""
    for line in section.lines:
        for found in _LINK.finditer(line.text):
            target = found["target"].removeprefix("guide:").replace(".md", "")
            name = f"{section.slug}{target}" if target.startswith("#") else target
            if name not in known:
                yield _finding("dead_link", section, line, target=found["target"])


def wrong_english(section: Section) -> Iterator[Finding]:
    """An English summary that is too long, or says a figure that the Vietnamese answer does not."""
    english = section.passage.english
    if not english:
        return
    line = next(line for line in section.lines if line.part == _ENGLISH)
    if len(english) > ENGLISH_LIMIT:
        yield _finding("long_english", section, line, found=str(len(english)), bar=str(ENGLISH_LIMIT))
    if len(re.findall(r"[.!?](?:\s|$)", english)) > ENGLISH_SENTENCES:
        yield _finding("many_sentences", section, line, bar=str(ENGLISH_SENTENCES))
    for word in _NUMBER_WORD.findall(english):
        yield _finding("number_in_words", section, line, word=word)
    held = set(_FIGURE.findall(section.passage.text))
    for figure in dict.fromkeys(_FIGURE.findall(english)):
        if figure not in held:
            yield _finding("english_figure", section, line, figure=figure)


def folded_question(question: str) -> str:
    """*question* as it is compared with others: without marks, case, punctuation."""
    return " ".join(re.findall(r"\w+", fold(question)))


def _words(section: Section) -> str:
    return "\n".join(line.text for line in section.lines if line.part in {"", _SOURCES})


def _without_laws(text: str) -> str:
    return _LAW.sub(" ", text)


def _finding(kind: str, section: Section, line: Line | None = None, **fields: str) -> Finding:
    number = line.number if line else section.first_line
    return Finding(kind=kind, where=section.name, line=number, fields=fields)
