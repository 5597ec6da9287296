"""
Errors that may leave `tips`. In this package failure means *not received*.

TipError
├── TipNotReceived      nothing was stored; the draft is still with its sender
├── TipStoreUnavailable the database is out of reach, locked or full
├── NoReceivingUnit     no unit may be told: none serves the place, or all are concerned
├── UnitWithoutKey      a unit has no public key; intake does not start
├── BadUnits            the file of units is wrong; names every fault
├── BadSetup            what the page sent does not fit: sizes, ids, units
├── NotOpened           SealedDamaged | WrongKey | WrongPassphrase
├── BadReceipt          no receipt can be spelled so
├── FileRefused         a file is not taken; `reason` says why
└── ActionRefused       an officer may not do that; `reason` says why

Fields hold codes, unit names and numbers, never a tipster's or an officer's words.
"""

from __future__ import annotations


class TipError(Exception):
    """Base; `code` names the text in `prompts/*/tips.toml`, `fields` fill it."""

    code = "error"

    def __init__(self, **fields: str) -> None:
        super().__init__(self.code)
        self.fields = fields


class TipNotReceived(TipError):
    """Nothing was stored."""

    code = "not_received"


class TipStoreUnavailable(TipNotReceived):
    """The database is out of reach, locked or full."""

    code = "store_unavailable"


class NoReceivingUnit(TipNotReceived):
    """No unit may be told: none serves the place, or every one is concerned."""

    code = "no_unit"


class BadSetup(TipNotReceived):
    """What a page sent does not fit: a size, an id, a unit."""

    code = "bad_setup"


class UnitWithoutKey(TipError):
    """`unit` has no public key, so nothing can be sealed to it."""

    code = "unit_without_key"


class BadUnits(TipError):
    """The file of units is wrong; `faults` names every fault."""

    code = "bad_units"


class NotOpened(TipError):
    """Base of what keeps a sealed thing shut."""

    code = "not_opened"


class SealedDamaged(NotOpened):
    """Cut, changed, moved from another place, or put in twice."""

    code = "sealed_damaged"


class WrongKey(NotOpened):
    """Sealed to other keys."""

    code = "wrong_key"


class WrongPassphrase(NotOpened):
    """The passphrase does not open the key file."""

    code = "wrong_passphrase"


class BadReceipt(TipError):
    """No receipt can be spelled so."""

    code = "bad_receipt"


class FileRefused(TipError):
    """A file is not taken; `reason` is one of the codes in `tips.attachments.limits`."""

    code = "file_refused"


class ActionRefused(TipError):
    """An officer may not do that now; `reason` is a code of `bot.desk.rights`."""

    code = "action_refused"
