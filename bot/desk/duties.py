"""What the desk does by itself, every minute or so: index, notice, raise up, forget."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.journal import safe_reference
from bot.desk.views import Duties
from tips.errors import ActionRefused, SealedDamaged, TipError, TipStoreUnavailable
from tips.retention import Retention

if TYPE_CHECKING:
    from bot.desk.core import Core

_LOG = logging.getLogger(__name__)
_ALWAYS = timedelta(days=36_500)  # by then every unit sees every tip that is for it


def run_duties(core: Core) -> Duties:
    """
    Do what is due for every unlocked unit, and retention for all.

    Raises:
        TipStoreUnavailable: A database is out of reach; what was done until then stays done.
    """
    shredded = _forget(core)
    indexed: list[str] = []
    answered: list[str] = []
    went_up: list[str] = []
    for unit in core.keyring:
        try:
            with core.lock:
                indexed += core.index.collect(unit)
                _, news, up = core.watch.look(unit)
        except TipStoreUnavailable:
            raise
        except TipError as error:  # what is wrong at one unit stops no other's
            _LOG.warning("The duties of a unit failed: %s", type(error).__name__)
            continue
        answered += news
        went_up += up
    core.records.drop_old_passes(core.now())
    return Duties(
        indexed=tuple(dict.fromkeys(indexed)),
        answered=tuple(dict.fromkeys(answered)),
        went_up=tuple(dict.fromkeys(went_up)),
        shredded=tuple(shredded),
    )


def _forget(core: Core) -> list[str]:
    """Shred what is over, and drop from the desk whatever is not in the store any more."""
    _forget_gone(core)
    shredded = []
    for tip_id in Retention(core.store, core.now).shred_due():
        core.journal.write("", "shred", tip_id=tip_id)
        core.records.drop_tip(tip_id)
        shredded.append(tip_id)
    for unit in core.keyring:
        _forget_lines(core, unit)
    return shredded


def _forget_gone(core: Core) -> None:
    """
    Drop what is not in the store any more, and log it unless it was.

    Such tips were shredded by the public side's purge or by hand, or by a desk that ended before it wrote so.
    """
    if gone := core.store.missing(core.records.tip_ids()):
        logged = {entry.reference for entry in core.journal.entries() if entry.action == "shred"}
        for tip_id in sorted(gone):
            if safe_reference(tip_id) not in logged:
                core.journal.write("", "shred", tip_id=tip_id)
            core.records.drop_tip(tip_id)


def _forget_lines(core: Core, unit: str) -> None:
    """Drop a unit's entries of tips it does not have any more; the line of a transfer has its own time."""
    known = core.records.cards(unit).keys()
    mine = {stored.tip_id for stored in core.store.for_units([unit], core.now() + _ALWAYS)}
    for tip_id in known - mine:
        try:
            until = core.index.line_until(tip_id, unit)
        except (ActionRefused, SealedDamaged):  # one that does not open goes with its tip
            continue
        if until is None or until < core.today():
            core.records.drop_card(tip_id, unit)
