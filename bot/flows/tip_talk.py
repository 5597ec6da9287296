"""
Drives both conversations for every channel: keeps the drafts, does what the flows ask for, tells how it went.

One conversation is heard in order; the work (reading, sealing, storing, looking up) is done by *workers*.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal, ParamSpec, Protocol, TypeVar

from bot.conversation import Incoming, Outgoing, Said
from bot.drafts import Drafts
from bot.flows import follow_up, tip
from bot.flows.follow_draft import (
    Follow,
    FollowMove,
    FollowUp,
    Found,
    MoreReceived,
    Seen,
    SendMore,
    Withdrawn,
)
from bot.flows.tip_checks import note
from bot.flows.tip_draft import Draft, Failed, Move, Received, Submit, World
from bot.flows.tip_views import view
from bot.flows.tip_words import SENDING, meant_choice
from prompts.catalog import catalog
from tips.errors import FileRefused, TipError
from tips.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from concurrent.futures import Executor

    from bot.conversation import Message
    from bot.flows.follow_draft import Effect
    from bot.flows.follow_draft import Result as FollowResult
    from prompts.catalog import Language
    from tips.intake import Conversation, Submitted
    from tips.model import RawFile, TipContent
    from tips.units import UnitBook

P = ParamSpec("P")
T = TypeVar("T")
State = Draft | FollowUp
Kind = Literal["tip", "follow_up"]
Result = Received | Found | MoreReceived | Withdrawn | Failed

AFTER_SENDING = frozenset(("sent.notify", "sent.delete", "sent.keep"))  # choices about one that was sent


class TipOffice(Protocol):
    """What the flows need of the intake; `tips.intake.TipIntake` is one. Every call may block."""

    def submit(self, receipt: Receipt, content: TipContent, files: Sequence[RawFile] = ()) -> Submitted:
        """Keep a tip; the same receipt again keeps nothing twice. Raises TipError: nothing was kept."""
        ...

    def follow(self, receipt: Receipt) -> Conversation | None:
        """What *receipt* finds; None for wrong, unknown and expired, in the same time."""
        ...

    def more(
        self, receipt: Receipt, text: str, files: Sequence[RawFile] = (), in_reply_to: int = 0
    ) -> Submitted:
        """Keep something further. Raises TipError: nothing was kept."""
        ...

    def withdraw(self, receipt: Receipt) -> None:
        """Take the tip back."""
        ...


class TipTalk:
    """
    The conversations of one channel or several; a handle names one and says nothing of who it is.

    To be used from one event loop.
    """

    def __init__(
        self,
        office: TipOffice,
        world: World,
        workers: Executor,
        drafts: Drafts[State],
    ) -> None:
        self._office = office
        self._world = world
        self._workers = workers
        self._drafts = drafts
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}

    def is_talking(self, handle: str) -> bool:
        """Whether *handle* has a draft: then its next message belongs here."""
        return self._drafts.get(handle) is not None

    def is_sent(self, handle: str) -> bool:
        """Whether all that is left of a tip is the question what to do with the conversation."""
        state = self._drafts.get(handle)
        return isinstance(state, Draft) and state.step == "sent"

    def sends(self, handle: str, typed: str) -> str:
        """The choice to send the tip of *handle*, where *typed* stands for it; "" where it does not."""
        state = self._drafts.get(handle)
        meant = meant_choice(state, typed, self._world.book) if isinstance(state, Draft) else ""
        return meant if meant in SENDING else ""

    def take_gone(self, handle: str) -> bool:
        """Whether a draft of *handle* lay idle too long: its next words were meant for that. Told once."""
        return self._drafts.take_gone(handle)

    def sweep(self) -> None:
        """Let go of drafts that lay idle; to be called every minute."""
        self._drafts.sweep()

    async def begin(
        self,
        handle: str,
        kind: Kind,
        language: Language,
        first: Incoming | None = None,
        *,
        can_notify: bool = False,
    ) -> Outgoing:
        """
        Begin anew, letting go of what *handle* was writing; *first* is a message that came with it.

        *can_notify*: the channel can tell of a reply later; the flow offers it once a tip was received.
        """
        async with self._turn(handle):
            self._drafts.drop(handle)
            return await self._begin(handle, kind, language, first, can_notify=can_notify)

    async def hear(
        self, handle: str, incoming: Incoming, language: Language = "vi", *, can_notify: bool = False
    ) -> Outgoing:
        """
        The answer to *incoming*. Where the draft of *handle* has gone, that is said, and a tip begins anew.

        A choice without a draft begins nothing. Never raises for what people send or the intake refuses.
        """
        async with self._turn(handle):
            state = self._drafts.get(handle)
            if state is None:
                return await self._without_draft(handle, incoming, language, can_notify=can_notify)
            if not self._drafts.has_room(
                handle, state.bytes_held + sum(len(f.content) for f in incoming.files)
            ):
                return Outgoing(messages=(note("tip.no_room"),))
            return await self._heard(handle, state, incoming)

    def too_late(self, handle: str, choice: str, language: Language) -> Outgoing:
        """A choice of a conversation that is held no more; it begins nothing."""
        if choice == "sent.delete":  # what is deleted is the chat, and the channel knows it still
            return Outgoing(messages=(note("tip.deleted"),), deletes_conversation=True, is_over=True)
        if choice == "sent.keep":
            return Outgoing(messages=(note("tip.goodbye"),), is_over=True)
        if choice == "sent.notify":
            asked = view(Draft(language=language, step="sent"), self._world.book)
            return Outgoing(messages=(note("tip.notify_too_late"), asked))
        self._drafts.take_gone(handle)
        # Who knows what became of a tip that was being sent: a second one is not begun.
        return Outgoing(
            messages=(note("tip.draft_gone_sending" if choice in SENDING else "tip.talk_over"),), is_over=True
        )

    async def _without_draft(
        self, handle: str, incoming: Incoming, language: Language, *, can_notify: bool
    ) -> Outgoing:
        if incoming.choice:
            return self.too_late(handle, incoming.choice, language)
        had_one = self._drafts.take_gone(handle)
        if incoming.replaces:
            return Outgoing(messages=(note("tip.edited_too_late"),), is_over=True)
        gone = (note("tip.draft_gone"),) if had_one else ()
        first = None if incoming == Incoming() else incoming
        begun = await self._begin(handle, "tip", language, first, can_notify=can_notify)
        return Outgoing(messages=(*gone, *begun.messages), is_over=begun.is_over)

    async def _begin(
        self, handle: str, kind: Kind, language: Language, first: Incoming | None, *, can_notify: bool
    ) -> Outgoing:
        size = sum(len(file.content) for file in first.files) if first else 0
        if not self._drafts.has_room(handle, size):
            return Outgoing(messages=(note("tip.no_room"),), is_over=True)
        if kind == "follow_up":
            opened, messages = follow_up.begin(language)
            return await self._follow_on(handle, opened, messages)
        move, messages = await self._worked(tip.begin, language, self._world, first, can_notify=can_notify)
        return await self._go_on(handle, move, messages)

    async def _heard(self, handle: str, state: State, incoming: Incoming) -> Outgoing:
        if isinstance(state, FollowUp):
            opened, messages = await self._worked(follow_up.hear, state, incoming, self._world.new_receipt)
            return await self._follow_on(handle, opened, messages)
        move, messages = await self._worked(tip.hear, state, incoming, self._world)
        return await self._go_on(handle, move, messages)

    async def _go_on(self, handle: str, move: Move, messages: tuple[Message, ...]) -> Outgoing:
        self._keep(handle, move.draft, is_over=move.is_over)
        received = ""
        if move.effect is not None:
            try:
                result = _of_tip(await self._done(move.effect))
            except asyncio.CancelledError:  # nobody waits any more: the draft is still there
                self._keep(handle, tip.learn(move.draft, _unknown(), self._world)[0].draft, is_over=False)
                raise
            received = result.tip_id if isinstance(result, Received) else ""
            learnt, told = tip.learn(move.draft, result, self._world)
            self._keep(handle, learnt.draft, is_over=False)
            messages = (*messages, *told)
        return Outgoing(
            messages=messages,
            received=received,
            notice_for=move.notice_for,
            deletes_conversation=move.deletes,
            is_over=move.is_over,
        )

    async def _follow_on(self, handle: str, move: FollowMove, messages: tuple[Message, ...]) -> Outgoing:
        self._keep(handle, move.state, is_over=move.is_over)
        while move.effect is not None:
            try:
                result = await self._done(move.effect)
            except asyncio.CancelledError:
                self._keep(handle, follow_up.learn(move.state, _unknown())[0].state, is_over=False)
                raise
            move, told = follow_up.learn(move.state, _of_follow_up(result))
            self._keep(handle, move.state, is_over=move.is_over)
            messages = (*messages, *told)
        return Outgoing(messages=messages, is_over=move.is_over)

    def _keep(self, handle: str, state: State, *, is_over: bool) -> None:
        if is_over:
            self._drafts.drop(handle)
        else:
            is_empty = (
                state.step == "sent"
                if isinstance(state, Draft)
                else state.step == "receipt" and not state.beside
            )
            self._drafts.put(handle, state, state.bytes_held, is_missed=not is_empty)

    async def _done(self, effect: Submit | Effect) -> Result:
        return await self._worked(perform, self._office, effect)

    async def _worked(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Done by the workers: reading a long text may take a second, in which others are heard."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, partial(work, *args, **kwargs))

    @asynccontextmanager
    async def _turn(self, handle: str) -> AsyncIterator[None]:
        """One message of a conversation at a time, in the order they came."""
        lock, count = self._waiting.get(handle, (asyncio.Lock(), 0))
        self._waiting[handle] = lock, count + 1
        try:
            async with lock:
                yield
        finally:
            _, count = self._waiting[handle]
            if count > 1:
                self._waiting[handle] = lock, count - 1
            else:
                del self._waiting[handle]


def make_tip_flow(
    intake: TipOffice,
    book: UnitBook,
    workers: Executor,
    *,
    drafts: Drafts[State] | None = None,
    new_receipt: Callable[[], Receipt] = Receipt.new,
) -> TipTalk:
    """The conversations over *intake*, with the units of *book* to choose from."""
    kept: Drafts[State] = Drafts() if drafts is None else drafts
    return TipTalk(intake, World(book=book, new_receipt=new_receipt), workers, kept)


def perform(office: TipOffice, effect: Submit | Effect) -> Result:
    """Do what a flow asked for. What goes wrong is "not done", never a trace with somebody's words."""
    try:
        return _performed(office, effect)
    except TipError as error:
        return Failed(said=reason_of(error))
    except Exception:  # noqa: BLE001 - its text may quote a tip; the conversation goes on
        return _unknown()


def reason_of(error: TipError) -> Said:
    """The text that tells why."""
    if isinstance(error, FileRefused):
        return Said(f"tips.refused_{error.fields.get('reason', 'unknown_kind')}")
    key = f"tips.{error.code}"
    return Said(key, dict(error.fields)) if key in catalog("vi") else Said("tips.error")


def _performed(office: TipOffice, effect: Submit | Effect) -> Result:
    if isinstance(effect, Submit):
        done = office.submit(effect.receipt, effect.content, effect.files)
        return Received(
            reference=done.reference, tip_id=done.tip_id, was_there=not done.is_new, refused=done.refused
        )
    if isinstance(effect, Follow):
        return Found(seen=_seen(office.follow(effect.receipt)))
    if isinstance(effect, SendMore):
        done = office.more(effect.receipt, effect.text, effect.files, effect.in_reply_to)
        return MoreReceived(refused=done.refused)
    office.withdraw(effect.receipt)
    return Withdrawn()


def _seen(found: Conversation | None) -> Seen | None:
    if found is None:
        return None
    return Seen(
        reference=found.reference,
        state=found.state,
        replies=tuple(found.replies),
        is_withdrawn=found.is_withdrawn,
    )


def _unknown() -> Failed:
    return Failed(said=Said("tip.unknown_fault"))


def _of_tip(result: Result) -> Received | Failed:
    return result if isinstance(result, Received | Failed) else _unknown()


def _of_follow_up(result: Result) -> FollowResult:
    return _unknown() if isinstance(result, Received) else result
