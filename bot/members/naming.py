"""What people call an organisation that invitations name in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts.catalog import catalog

if TYPE_CHECKING:
    from prompts.catalog import Language


def organisation(short: str, language: Language) -> str:
    """The name of *short* (`phu-nu`), or *short* itself where an operator made it up."""
    return catalog(language).get(f"members.org_{short.replace('-', '_')}", short)
