"""What stands beside a receipt that was typed into a sentence. Pure."""

from __future__ import annotations

from typing import Final

from bot.flows.tip_checks import no_receipt
from bot.flows.tip_draft import cleaned, has_words
from tips.folding import fold
from tips.model import STORY_LIMIT
from tips.receipts import likely_receipt

_EDGES: Final = " \t\n.,;:-()[]\"'"
_OF_THE_RECEIPT: Final = frozenset((
    "ma", "tin", "so", "cua", "toi", "em", "minh", "chau", "la", "day", "bao", "nay", "sao", "roi", "the",
    "nao", "den", "dau", "ra", "gi", "chua", "co", "tra", "loi", "khong", "cho", "hoi", "xem", "theo",
    "doi", "kiem", "giup", "voi", "a", "nhe", "oi", "mo", "anh", "chi", "xu", "ly", "giai", "quyet", "duoc",
    "viec", "my", "the", "receipt", "code", "is", "here", "please", "see", "check", "follow", "tip", "what",
    "about", "how", "any", "reply", "news",
))  # fmt: skip


def part_receipt(typed: str) -> tuple[str, str]:
    """
    The receipt in *typed*, a likely one included, and the words beside it that tell something.

    Words that only ask after the tip tell nothing. *typed* itself and "" where no receipt stands in it.
    """
    found = likely_receipt(typed)
    if not found or found == typed.strip():
        return typed, ""
    before, _, after = typed.partition(found)
    beside = no_receipt("\n".join(part for part in (before.strip(_EDGES), after.strip(_EDGES)) if part))
    told = "".join(letter if letter.isalnum() else " " for letter in fold(beside)).split()
    if not has_words(beside) or set(told) <= _OF_THE_RECEIPT:
        return found, ""
    return found, cleaned(beside, STORY_LIMIT)
