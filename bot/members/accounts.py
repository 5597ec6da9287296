"""
Accounts as keyed hashes: the only shape in which one is ever kept.

Account numbers are few enough to try them all, so the hash hides nothing from whoever has the key too. The
key lies in a file of its own, so that a copy of the database alone tells nothing.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from bot.keyfiles import key_in
from bot.members.model import MembersUnavailable

if TYPE_CHECKING:
    from pathlib import Path


def account_key(file: Path) -> bytes:
    """
    The key in *file*, made if there is none.

    Raises:
        MembersUnavailable: It cannot be read or made, or is no key. It is never made anew over another: every
            membership would be lost.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return key_in(file)
    except (OSError, ValueError):
        raise MembersUnavailable from None


def account_hash(key: bytes, account: int) -> bytes:
    """What is kept of *account*: 32 bytes."""
    return hmac.digest(key, b"binhan-member-v1:%d" % account, "sha256")
