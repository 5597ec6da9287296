"""The calls that cross the operator's socket, and the types of their arguments and results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from bot.messages import Question
from knowledge.answer import Answer
from knowledge.history import Act, History, Withdrawal
from knowledge.model import Audience, DocumentDraft, Passage, StoredDocument

DESK_PATH = "/desk-address"  # beside the calls: where the desk of the running service is


@dataclass(frozen=True, slots=True)
class Call:
    """One method of `bot.workplace.Workplace` as JSON: its positional arguments and its result."""

    arguments: TypeAdapter[Any]
    result: TypeAdapter[Any]


def _call(arguments: Any, result: Any) -> Call:
    return Call(TypeAdapter(arguments), TypeAdapter(result))


CALLS: dict[str, Call] = {
    "ask": _call(tuple[Question], Answer),
    "rank": _call(tuple[str, Audience], tuple[Passage, ...]),
    "publish": _call(tuple[DocumentDraft], str),
    "prepare": _call(tuple[DocumentDraft], None),
    "remove": _call(tuple[str, str], None),
    "withdraw": _call(tuple[str, str], None),
    "restore": _call(tuple[str, str], int),
    "roll_back": _call(tuple[str, int, str], None),
    "history": _call(tuple[str], History),
    "version_passages": _call(tuple[str, int], list[Passage]),
    "withdrawals": _call(tuple[str], list[Withdrawal]),
    "originals": _call(tuple[()], set[str]),
    "acts": _call(tuple[int], list[Act]),
    "hashes": _call(tuple[str], dict[str, str]),
    "documents": _call(tuple[str], list[StoredDocument]),
    "document_passages": _call(tuple[str], list[Passage]),
    "finish": _call(tuple[()], None),
    "claim_collection": _call(tuple[str, str, bool], str),
}
