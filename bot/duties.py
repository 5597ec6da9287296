"""What the service does by itself: cards of new tips, tips that go up, tips whose time is over."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)

DESK_EVERY_S = 60.0
PAPERS_EVERY_S = 60.0  # uploads that wait for the library, and those that are a day old
PURGE_EVERY_S = 3_600.0  # a tip is shredded within the hour after its last day


async def repeat(work: Callable[[], object], every_s: float) -> None:
    """
    Call *work* in a thread now and every *every_s* seconds, until cancelled.

    A call that fails is tried again at the next turn; only the type of its error is logged.
    """
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception as error:  # noqa: BLE001 - the next turn may succeed; its words stay here
            _LOG.error("duty: %s", type(error).__name__)
        await asyncio.sleep(every_s)
