"""Keeps the library's guides like the guides folder, whichever command opens the library first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import BadGuide
from ingest.guides import load_guides
from knowledge.gaps.model import ANSWERED_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from bot.workplace import LocalWorkplace
    from knowledge.model import DocumentDraft


def read_guides(settings: Settings) -> list[DocumentDraft]:
    """
    The guides of the folder that the settings name.

    Raises:
        BadGuide: The folder is not there; or the first file that breaks the format.
    """
    return load_guides(settings.guides)


def publish_guides(
    workplace: LocalWorkplace,
    guides: list[DocumentDraft],
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """
    Publish what is new or changed among *guides*, remove what is gone; how many documents that were.

    What a person has withdrawn stays so; what editors answered (`bot.gaps_publishing`) is in no folder, and
    stays too.

    Raises:
        BadGuide: There are no *guides* at all, and the library has some: nothing is removed.
    """
    known = workplace.hashes("guide:")
    changed = [guide for guide in guides if known.get(guide.meta.key) != guide.content_hash]
    kept = {guide.meta.key for guide in guides}
    gone = sorted(key for key in set(known) - kept if not key.startswith(ANSWERED_PREFIX))
    if gone and not guides:  # a misspelt folder or a disk that is not there, rather than anybody's wish
        raise BadGuide("none_left", file="", detail=str(len(gone)))
    moved = len(gone)
    for done, guide in enumerate(changed, 1):
        moved += workplace.publish(guide) != "withdrawn"
        if on_progress:
            on_progress(done, len(changed))
    for key in gone:
        workplace.remove(key)
    if moved:
        workplace.finish()
    return moved
