"""What every handler of the tip pages shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import anyio
import anyio.to_thread

from bot.channels.web.guard import log_error_type
from bot.channels.web.tip_held import Held
from bot.channels.web.tip_pace import Pace
from bot.channels.web.tip_page import TipPage
from bot.channels.web.tip_words import TipWords
from tips.errors import (
    BadSetup,
    FileRefused,
    NoReceivingUnit,
    TipError,
    TipNotReceived,
    TipStoreUnavailable,
)
from tips.model import RawFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompts.catalog import Language
    from tips.intake import TipIntake
    from tips.keys import PublicKeys
    from tips.units import UnitBook

_WORKERS: Final = 8  # words alone are sealed and stored in milliseconds
_CLEANERS: Final = 2  # each cleaning decodes a whole picture or film
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTips:
    """What the web chat needs to take tips: the way in, and what a page must know to seal by itself."""

    intake: TipIntake
    book: UnitBook
    public_keys: PublicKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class TipSite:
    """Tips behind one web chat. `held` and `pace` bound all visitors together, told apart by nothing."""

    tips: WebTips
    name: str
    held: Held = field(default_factory=Held)
    pace: Pace = field(default_factory=Pace)
    workers: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_WORKERS))
    cleaners: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_CLEANERS))

    async def run(
        self, has_files: bool, call: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """
        Make a call of the intake in a thread; those with files wait in a line of their own.

        Raises:
            TipError: As the intake raised it; anything else becomes `TipNotReceived`, its type logged.
        """
        limiter = self.cleaners if has_files else self.workers
        try:
            return await anyio.to_thread.run_sync(partial(call, *args, **kwargs), limiter=limiter)
        except TipError:
            raise
        except Exception as error:  # noqa: BLE001  its words may be the tipster's
            log_error_type(error)
            raise TipNotReceived from None

    @property
    def intake(self) -> TipIntake:
        """The way in."""
        return self.tips.intake

    def words(self, language: Language) -> TipWords:
        """The texts in *language*."""
        return TipWords(language=language, name=self.name)

    def page(self, language: Language) -> TipPage:
        """The pages in *language*."""
        return TipPage(words=self.words(language), book=self.tips.book)


def raw_files(contents: Sequence[bytes], *, keep: bool) -> tuple[RawFile, ...]:
    """Uploaded files as the intake takes them."""
    return tuple(RawFile(content=content, keep_original=keep) for content in contents)


def status_of(error: TipError) -> int:
    """The HTTP status that tells *error*."""
    if isinstance(error, TipStoreUnavailable):
        return 503
    if isinstance(error, BadSetup | FileRefused | NoReceivingUnit):
        return 422
    return 500
