"""An intake that keeps tips in a list: what the flows ask for, and failures when a test wants them."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

from tips.errors import TipNotReceived
from tips.intake import Conversation, Submitted, reference_of
from tips.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tips.model import RawFile, Reply, TipContent
    from tips.receipts import Receipt
    from tips.units import UnitBook


class ListeningOffice:
    """
    Fills `bot.flows.tip_talk.TipOffice`.

    `failing` is raised by every call until it is taken away; with `may_answer` cleared, a submission waits
    after it was kept.
    """

    def __init__(self, book: UnitBook) -> None:
        self._book = book
        self.tips: dict[str, tuple[TipContent, tuple[RawFile, ...]]] = {}
        self.further: list[tuple[str, str, tuple[RawFile, ...], int]] = []
        self.replies: dict[str, tuple[Reply, ...]] = {}
        self.withdrawn: set[str] = set()
        self.submissions: list[str] = []
        self.looked_up = 0
        self.entered = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.failing: Exception | None = None
        self.fails_after_keeping: Exception | None = None

    def submit(self, receipt: Receipt, content: TipContent, files: Sequence[RawFile] = ()) -> Submitted:
        self._may_fail()
        route(self._book, content.area, content.kind, content.concerns)
        is_new = receipt.text not in self.tips
        self.submissions.append(receipt.text)
        if is_new:
            self.tips[receipt.text] = content, tuple(files)
        self.entered.set()
        self.may_answer.wait()
        if self.fails_after_keeping is not None:
            raise self.fails_after_keeping
        return _submitted(receipt, is_new=is_new, files=len(files))

    def ids(self) -> list[str]:
        """The ids of the tips kept, in order."""
        return [_tip_id(text) for text in self.tips]

    def follow(self, receipt: Receipt) -> Conversation | None:
        self._may_fail()
        self.looked_up += 1
        if receipt.text not in self.tips:
            return None
        replies = self.replies.get(receipt.text, ())
        told = [reply.state for reply in replies if reply.state]
        return Conversation(
            reference=_reference(receipt),
            state=told[-1] if told else "received",
            replies=replies,
            next_seq=2,
            is_withdrawn=receipt.text in self.withdrawn,
        )

    def more(
        self, receipt: Receipt, text: str, files: Sequence[RawFile] = (), in_reply_to: int = 0
    ) -> Submitted:
        self._may_fail()
        if receipt.text not in self.tips:
            raise TipNotReceived
        self.further.append((receipt.text, text, tuple(files), in_reply_to))
        return _submitted(receipt, is_new=True, files=len(files))

    def withdraw(self, receipt: Receipt) -> None:
        self._may_fail()
        self.withdrawn.add(receipt.text)

    def _may_fail(self) -> None:
        if self.failing is not None:
            raise self.failing


def _reference(receipt: Receipt) -> str:
    return reference_of(receipt.canonical.encode().hex())


def _submitted(receipt: Receipt, *, is_new: bool, files: int) -> Submitted:
    return Submitted(tip_id=_tip_id(receipt.text), reference=_reference(receipt), is_new=is_new, files=files)


def _tip_id(receipt: str) -> str:
    return hashlib.sha256(receipt.encode()).hexdigest()[:32]
