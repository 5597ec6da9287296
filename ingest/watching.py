"""
Keeps the documents of a collection like a folder, turn by turn; see `folder_events` for when a turn is due.

A file goes in once it has stood still, and is told of once: not at every turn. A folder that is not there, or
nearly empty all at once, takes nothing out: it is more often a share that fell off than somebody's wish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from ingest.standing import Standing
from ingest.sync import Action, apply, document_key, failures, plan, scan
from ingest.watched import FolderTold, lost, without

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from ingest.seen import Seen
    from ingest.sync import Outcome, Scan, SyncPlan
    from ingest.watched import Door, Gate, WatchedFolder
    from knowledge.model import DocumentDraft

QUIET_S: Final = 2.0  # a file that nobody wrote to for so long is finished
LOOK_S: Final = 60.0  # a look of its own at the latest, should the system have told nothing
AGAIN_S: Final = 600.0  # until what may work next time is tried again
REST_S: Final = 30.0  # after the library failed
_MAY_PASS: Final = frozenset(
    (
        *("unreadable_file", "file_changed", "no_room", "took_too_long", "unexpected_error"),
        *("missing_libreoffice", "missing_tesseract"),
    )
)
_NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class _Stuck:
    content_hash: str
    again: float  # on the clock


class FolderKeeper:
    """One folder. Not for several threads."""

    def __init__(  # noqa: PLR0913 - all named
        self,
        folder: WatchedFolder,
        *,
        door: Door,
        finish: Callable[[], None],
        tell: Callable[[FolderTold], None],
        seen: Callable[[], Seen] | None = None,
        prepare: Callable[[DocumentDraft], None] | None = None,
        may_remove: bool = False,
        quiet_s: float = QUIET_S,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """
        Keep the collection of *folder* like it.

        Args:
            folder: What is watched.
            door: Opens the gate for a turn.
            finish: Called after a turn that changed something.
            tell: Takes what there is to say.
            seen: What was hashed before, anew for each turn.
            prepare: Makes a draft ready while the one before is published; see `sync.apply`.
            may_remove: A person said yes to any removal.
            quiet_s: Seconds a file has to stand still.
            clock: Seconds that only rise.
        """
        self._folder = folder
        self._door = door
        self._finish = finish
        self._tell = tell
        self._seen = seen
        self._prepare = prepare
        self._may_remove = may_remove
        self._quiet_s = quiet_s
        self._clock = clock
        self._standing = Standing(folder.root, quiet_s)
        self._stuck: dict[str, _Stuck] = {}
        self._told: dict[str, tuple[str, str, str]] = {}
        self._is_away = False
        self._lost: frozenset[str] = frozenset()
        self._owes_finish = False
        self._trouble = ""
        self._rests_until = 0.0

    def turn(self) -> float:
        """
        Look, and bring in line what has stood still.

        Returns:
            Seconds after which it wants to look again, even if nobody tells of a change.
        """
        now = self._clock()
        is_there = self._standing.look(now)
        if is_there == self._is_away:
            self._is_away = not is_there
            self._tell(FolderTold(kind="away" if self._is_away else "back", folder=self._folder))
        if self._is_away:
            return self._quiet_s
        if now < self._rests_until:
            return self._rests_until - now
        moving = self._standing.moving(now)
        if self._standing.differs(moving) or self._owes_finish or self._has_to_retry(now):
            try:
                self._bring(moving, now)
            except Exception as error:  # noqa: BLE001 - the library may be back next time; its words stay here
                self._rests_until = now + REST_S
                self._say_trouble(getattr(error, "code", "") or type(error).__name__)
                return REST_S
            self._trouble = ""
        waits = [max(0.1, stuck.again - now) for stuck in self._stuck.values()]
        return self._quiet_s / 2 if moving else min([LOOK_S, *waits])

    def _has_to_retry(self, now: float) -> bool:
        return any(stuck.again <= now for stuck in self._stuck.values())

    def _bring(self, moving: frozenset[Path], now: float) -> None:
        """Make the library like the folder, but for what is *moving*."""
        folder = self._folder
        prefix = f"{folder.collection}/"
        still = self._keys(moving)
        seen = self._seen() if self._seen else None
        with scan(folder.root, collection=folder.collection, defaults=folder.defaults, seen=seen) as found:
            for key in [key for key in (*found.hashes, *found.failed) if _is_of(key, still)]:
                found.hashes.pop(key, None)
                found.failed.pop(key, None)
            with self._door(found.paths) as gate:
                known = {
                    key: value
                    for key, value in found.comparable(gate.hashes(prefix)).items()
                    if not _is_of(key, still)
                }
                todo = self._without_stuck(plan(found.hashes, known), found, now)
                todo = self._without_losses(todo, found, known)
                self._owes_finish = self._owes_finish or bool(todo.work)
                self._carry_out(todo, found, gate, now)
                if not self._lost:
                    gate.forget_missing(prefix, {*found.paths, *found.failed, *still})
        if self._owes_finish:
            self._finish()
            self._owes_finish = False
        self._standing.synced(moving)

    def _keys(self, paths: Collection[Path]) -> frozenset[str]:
        root = self._folder.root
        return frozenset(
            document_key(self._folder.collection, path.relative_to(root).as_posix()) for path in paths
        )

    def _carry_out(self, todo: SyncPlan, found: Scan, gate: Gate, now: float) -> None:
        for outcome in failures(found, gate):
            self._note(outcome, "", now)
        apply(
            todo,
            paths=found.paths,
            library=gate,
            report=lambda outcome: self._note(outcome, found.hashes.get(outcome.key, ""), now),
            defaults=self._folder.defaults,
            prepare=self._prepare,
        )
        there = found.hashes.keys() | found.failed.keys()
        self._told = {key: said for key, said in self._told.items() if key in there}
        self._stuck = {key: stuck for key, stuck in self._stuck.items() if key in there}

    def _without_stuck(self, todo: SyncPlan, found: Scan, now: float) -> SyncPlan:
        """Not again what was held or refused as it is now: reading a scan takes minutes."""

        def is_new(key: str) -> bool:
            stuck = self._stuck.get(key)
            return stuck is None or stuck.content_hash != found.hashes[key] or stuck.again <= now

        return replace(todo, add=tuple(filter(is_new, todo.add)), update=tuple(filter(is_new, todo.update)))

    def _without_losses(self, todo: SyncPlan, found: Scan, known: Mapping[str, str]) -> SyncPlan:
        """Not what would take most of a collection out at once, until a person says yes."""
        gone = frozenset() if self._may_remove else frozenset(lost(todo, found.hashes, known))
        if gone and not gone <= self._lost:
            self._tell(FolderTold(kind="loss", folder=self._folder, count=len(gone), known=len(known)))
        elif self._lost and not gone:
            self._tell(FolderTold(kind="found", folder=self._folder))
        self._lost = gone
        return without(todo, gone)

    def _note(self, outcome: Outcome, content_hash: str, now: float) -> None:
        """Tell *outcome*, unless it was told of this very content; remember what need not be tried again."""
        key = outcome.key
        self._owes_finish = self._owes_finish or bool(outcome.narrowed_to)
        if outcome.action not in {Action.FAILED, Action.HELD, Action.WITHDRAWN}:
            self._stuck.pop(key, None)
            self._told.pop(key, None)
            self._tell(FolderTold(kind="outcome", folder=self._folder, outcome=outcome))
            return
        again = now + AGAIN_S if outcome.error in _MAY_PASS else _NEVER
        self._stuck[key] = _Stuck(content_hash, again)
        said = (outcome.action.value, outcome.error, content_hash)
        if self._told.get(key) != said:
            self._told[key] = said
            self._tell(FolderTold(kind="outcome", folder=self._folder, outcome=outcome))

    def _say_trouble(self, code: str) -> None:
        if code != self._trouble:
            self._trouble = code
            self._tell(FolderTold(kind="trouble", folder=self._folder, code=code))


def _is_of(key: str, still: Collection[str]) -> bool:
    """Whether *key* is one of *still*, or an entry of a zip folder that is."""
    return key in still or any(key.startswith(f"{one}/") for one in still)
