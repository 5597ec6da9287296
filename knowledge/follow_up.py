"""Tells a follow-up from a question that stands alone, and joins it with what came before."""

from __future__ import annotations

import re

from knowledge.text.folding import fold, syllables

_OPENERS = re.compile(
    r"(?:the con|con|vay|the|roi|va|nhung|neu|neu vay|vay neu|vay con|the thi|vay thi|con neu|"
    r"and|then|what about|how about|but|so)\b"
)
_ENDINGS = re.compile(
    r"\b(?:thi sao|thi the nao|thi lam sao|nua khong|nua ko|thi ntn|do la sao|cai do|viec do|chuyen do|o do|"
    r"luc do|nguoi do|ho thi|then)$"
)
_OPENED_LIMIT = 9  # syllables: longer than this, even "vậy…" says what it is about
_ALONE_LIMIT = 3  # syllables: so short that it can only mean what was just talked about


def leans_on_previous(text: str) -> bool:
    """Whether *text*, such as `thế còn ở xã?`, means little without the question before it."""
    words = [fold(word) for word in syllables(text)]
    plain = " ".join(words)
    if len(words) <= _ALONE_LIMIT:
        return True
    return len(words) <= _OPENED_LIMIT and bool(_OPENERS.match(plain) or _ENDINGS.search(plain))


def with_previous(text: str, previous: tuple[str, ...]) -> str:
    """*text* after the last earlier question that stood by itself."""
    for earlier in reversed(previous):
        if not leans_on_previous(earlier):
            return f"{earlier} {text}"
    return f"{previous[-1]} {text}"
