"""Somebody who talks with the flows, as a channel would let them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bot.conversation import Incoming, Outgoing, rendered
from bot.drafts import Drafts
from bot.flows.tip_talk import make_tip_flow
from tests.fakes.listening_office import ListeningOffice
from tips.model import RawFile
from tips.receipts import Receipt
from tips.units import UnitBook, development_units

if TYPE_CHECKING:
    from bot.flows.tip_talk import Kind, TipTalk
    from prompts.catalog import Language

STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."
PHOTO = RawFile(content=b"\xff\xd8\xff a photo")


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Talker:
    """One conversation with real flows, real units and an office that keeps what it gets."""

    def __init__(self, book: UnitBook | None = None, **limits: int) -> None:
        self.book = book or UnitBook.parse(development_units())
        self.office = ListeningOffice(self.book)
        self.seconds = Seconds()
        self.receipts: list[Receipt] = []
        self.drafts = Drafts(seconds=self.seconds, **limits)
        self.workers = ThreadPoolExecutor(2)
        self.talk: TipTalk = make_tip_flow(
            self.office, self.book, self.workers, drafts=self.drafts, new_receipt=self._new_receipt
        )
        self.language: Language = "vi"
        self.last = Outgoing(messages=())

    def close(self) -> None:
        self.workers.shutdown()

    def _new_receipt(self) -> Receipt:
        self.receipts.append(Receipt.new())
        return self.receipts[-1]

    def begin(
        self,
        kind: Kind = "tip",
        first: Incoming | None = None,
        handle: str = "a",
        *,
        can_notify: bool = False,
    ) -> tuple[str, ...]:
        begun = self.talk.begin(handle, kind, self.language, first, can_notify=can_notify)
        return self._shown(asyncio.run(begun))

    def hear(self, incoming: Incoming, handle: str = "a") -> tuple[str, ...]:
        return self._shown(asyncio.run(self.talk.hear(handle, incoming, self.language)))

    def say(self, text: str, handle: str = "a") -> tuple[str, ...]:
        return self.hear(Incoming(text=text), handle)

    def edit(self, earlier: str, text: str) -> tuple[str, ...]:
        """Change a message that was sent."""
        return self.hear(Incoming(text=text, replaces=earlier))

    def press(self, *choices: str, handle: str = "a") -> tuple[str, ...]:
        for choice in choices:
            keys = self.hear(Incoming(choice=choice), handle)
        return keys

    def send(self, *files: RawFile, text: str = "") -> tuple[str, ...]:
        return self.hear(Incoming(text=text, files=files))

    def confirm(self) -> tuple[str, ...]:
        """Type the last group of the receipt shown."""
        return self.say(self.receipts[-1].last_group)

    def _shown(self, outgoing: Outgoing) -> tuple[str, ...]:
        self.last = outgoing
        assert outgoing.messages, "somebody was left without an answer"
        for message in outgoing.messages:
            assert rendered(message, "vi").strip()
            assert rendered(message, "en").strip()
            for choice in message.choices:
                assert rendered(choice.label, "vi").strip()
                assert rendered(choice.label, "en").strip()
        return self.keys

    @property
    def keys(self) -> tuple[str, ...]:
        """The texts shown last."""
        return tuple(message.key for message in self.last.messages)

    @property
    def words(self) -> str:
        """What was shown last, in Vietnamese."""
        return "\n".join(rendered(message, "vi") for message in self.last.messages)

    @property
    def offered(self) -> set[str]:
        """The choices shown last."""
        return {choice.id for choice in self.last.choices}


def at_summary(talker: Talker) -> None:
    """One long message: enough to send."""
    talker.begin(first=Incoming(text=STORY))


def ready(talker: Talker, *, can_notify: bool = False) -> None:
    """Everything done but the last press."""
    talker.begin(first=Incoming(text=STORY), can_notify=can_notify)
    to_receipt(talker)
    talker.confirm()
    assert "ready.send" in talker.offered


def to_receipt(talker: Talker) -> None:
    """From the summary to the receipt, adding nothing."""
    talker.press("summary.go_on")
    if "coaching.enough" in talker.offered:
        talker.press("coaching.enough")
    assert "tip.ask_receipt" in talker.keys
