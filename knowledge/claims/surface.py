"""What no claim may be: long, foreign, marked up or cut off, a link, an order, a speaker's own word. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from knowledge.claims.model import Fault
from knowledge.claims.scanning import is_known_english
from knowledge.claims.spelling import has_odd_characters, plain
from knowledge.text.folding import fold, has_marks
from knowledge.text.typing_slips import is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prompts.catalog import Language

SHORTEST: Final = 8  # characters
LONGEST: Final = 320  # characters of one claim: some seven lines of a phone
_MARKUP = re.compile(
    r"<\s*/?\s*[a-zA-Z!]|&(?:#\w+|[a-z]+);|`|\]\(|!\[|^\s*#{1,6}\s|^\s*>|\|.*\||\{\{|\}\}|~~|\\[a-z]+\{"
)
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S*|\bwww\.\S*|[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}|\bt\.me\b|\bzalo\.me\b"
    r"|\b[\w-]+\.(?:com|net|org|vn|info|io|gov|edu|xyz|top|club|site|online|shop|me|ly|link|app|cc)\b(?!\.\d)",
    re.IGNORECASE,
)
# A host by its look, whatever its ending: letters without marks on both sides of a dot, no blank between.
_HOST = re.compile(r"(?<![^\s(])[a-z0-9-]*[a-z][a-z0-9-]{2,}\.[a-z]{2,}(?![^\s/,.)])")
# Orders to a machine, and talk of the work that a claim is made in.
_ORDER = re.compile(
    r"bỏ qua (?:mọi |các |những )?(?:hướng dẫn|chỉ dẫn|lệnh|quy tắc|yêu cầu)|hướng dẫn "
    r"hệ thống|lời nhắc hệ thống"
    r"|ignore (?:all |any |the |your )*(?:previous|above|earlier|prior|instructions)|"
    r"system prompt|developer message"
    r"|disregard|you are (?:now |an? )*(?:ai|assistant|model)|as an ai|bạn là (?:một )"
    r"?(?:trợ lý|mô hình|ai\b)|mô hình ngôn ngữ"
    r"|language model|jailbreak|prompt|đoạn văn (?:số )?\w*\d|passage \w*\d|theo đoạn|"
    r"nguồn p\d|assistant:|user:|system:"
)
# What a deceiver wants done; only where the sentences of the quote speak of it.
_RISKY = tuple(
    re.compile(pattern)
    for pattern in (
        r"chuyển (?:khoản|tiền)|(?:gửi|nộp|đóng|nạp|đưa) tiền|transfer money|send money|wire|deposit",
        r"\botp\b|mã xác (?:nhận|thực)|mật khẩu|mã pin|password|passcode|pin code",
        r"số tài khoản|số thẻ|account number|card number",
        r"bấm (?:vào)?|nhấn vào|nhấp|truy cập|click|tap here|visit the (?:site|website|link)",
        r"tải (?:về|ứng dụng|app)|cài (?:đặt )?(?:ứng dụng|app|phần mềm)|download|install",
        r"đăng nhập|log ?in|sign in|quét mã|scan the",
        r"rút (?:hết )?tiền|thẻ cào|gift card|bitcoin|tiền ảo|crypto",
        r"\bzalo\b|telegram|whatsapp|facebook|messenger|viber",
    )
)
# Who speaks of himself is no source: "tôi đã lừa đảo rồi". Of a body ("chúng tôi") its passage may.
_SPEAKER = re.compile(r"(?<!chúng )\b(?:tôi|tui|tao|tớ)\b|(?<![\w'])i(?:'m|'ve)?(?![\w'])")
_PAIRS: Final = ("()", "[]", "“”")
# What is still to come, and the end of a sentence before the last: who ends one, ends all.
_OPEN_END = re.compile(r"[,:;(–-]$")
_ENDED = re.compile(r"[.!?…][*)”\"]*\s+\S")
_END = re.compile(r"[.!?…][*)”\"]*$")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"\S*\d\S*")  # số hiệu are of no language
_MARKED_SHARE = 0.25  # of a Vietnamese sentence's words
_SYLLABLE_SHARE = 0.75
_ENGLISH_SHARE = 0.5  # of an English sentence's words are in the tables
_LAST_WORDS = 2


def surface_faults(text: str, language: Language, source: str) -> Iterator[Fault]:
    """
    What is wrong with a claim's *text* by itself.

    Args:
        text: The claim.
        language: The asker's.
        source: The sentences of its quote and what stands around them, which may hold links and risky words.
    """
    if not SHORTEST <= len(text) <= LONGEST:
        yield Fault.LENGTH
    if has_odd_characters(text):
        yield Fault.CHARACTERS
    if _MARKUP.search(text) or any(text.count(one) != text.count(other) for one, other in _PAIRS):
        yield Fault.MARKUP
    if not _END.search(text) and (_OPEN_END.search(text.rstrip("* ")) or _breaks_off(text, source)):
        yield Fault.UNFINISHED
    if _SPEAKER.search(text.lower()) and not _SPEAKER.search(source.lower()):
        yield Fault.CONTENT
    links = (*_LINK.findall(text), *_HOST.findall(text.lower()))
    if any(link.rstrip(".,)").lower() not in source.lower() for link in links):
        yield Fault.LINK
    straight, known = plain(text), plain(source)
    if _ORDER.search(straight) or any(risk.search(straight) and not risk.search(known) for risk in _RISKY):
        yield Fault.INSTRUCTION
    if not _is_in(straight, language):
        yield Fault.LANGUAGE


def _breaks_off(text: str, source: str) -> bool:
    """
    Whether *text*, without an end, stops where *source* does not.

    What follows an ended sentence must end as *source* has it; of a single sentence the last words must.
    """
    ended = list(_ENDED.finditer(text))
    straight = plain(text[ended[-1].end() - 1 :] if ended else text)
    last = straight if ended else " ".join(straight.split()[-_LAST_WORDS:])
    return re.search(rf"(?m)(?<!\w){re.escape(last)}[ *)”]*(?:[.!?…;:,]|$)", plain(source)) is None


def _is_in(straight: str, language: Language) -> bool:
    words = [word for word in _WORD.findall(_NUMBERED.sub(" ", straight)) if len(word) > 1]
    if not words:
        return False
    marked = sum(map(has_marks, words))
    if language == "en":
        common = sum(is_known_english(word) for word in words)
        return marked <= max(1, len(words) // 5) and common >= _ENGLISH_SHARE * len(words)
    spelled = sum(is_syllable(fold(word)) for word in words)
    return marked >= _MARKED_SHARE * len(words) and spelled >= _SYLLABLE_SHARE * len(words)
