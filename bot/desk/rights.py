"""
Who may do what at the desk: action × role × relation, asked before every action.

Reasons of a refusal; the texts are `desk.refused_<reason>`:

- who: not_an_officer, role, not_editor, locked, recused, transferred, unknown_tip. The last is said of every
  tip that is not for the officer's unit, of one that concerns it, of one still the holder's own, and of none.
- when: state, open_first, withdrawn, yours, claimed, held, not_held, not_holder, no_original, requested,
  not_requested, same_officer, changed, too_late
- what: empty, too_long, unknown_officer, unknown_unit, same_unit, unit_concerned, unit_without_key, same_tip,
  no_file, invite, bad_archive
- of gaps: unknown_gap, gap_changed, gaps_unavailable, and gap_<reason> for an answer that is no guide
- of documents: unknown_paper, paper_overtaken, paper_grave, papers_elsewhere
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tips.states import State, can_follow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.dossier import Dossier
    from tips.units import Role


class Action(StrEnum):
    """Everything an officer can ask of the desk."""

    SEE = "see"  # the card in the list
    OPEN = "open"
    FILE = "file"
    CLAIM = "claim"
    ASSIGN = "assign"
    LABEL = "label"
    NOTE = "note"
    ASK = "ask"
    REPLY = "reply"
    MOVE = "move"
    REOPEN = "reopen"
    MARK = "mark"  # a step of the procedure: passed on, prosecutors told, complex, extended
    CLOSE = "close"
    TRANSFER = "transfer"
    RECUSE = "recuse"
    MERGE = "merge"
    HOLD = "hold"
    RELEASE = "release"
    MUTE = "mute"  # whoever sent it, for the rest of the day, without anybody knowing who that is
    REQUEST_ORIGINAL = "request_original"
    APPROVE_ORIGINAL = "approve_original"
    EXPORT = "export"
    AUDIT_LOG = "audit_log"  # of the own unit and those below it; no tip needed
    STATISTICS = "statistics"  # how many tips of the own unit; no tip needed
    GAPS = "gaps"  # what residents asked in vain; no tip needed
    ANSWER_GAP = "answer_gap"  # write into the guides, undo it, put a question aside; no tip needed
    PAPERS = "papers"  # the documents that answer; no tip needed
    PUBLISH_PAPER = "publish_paper"  # bring documents in, take them back; no tip needed


_GAPS = frozenset({Action.GAPS, Action.ANSWER_GAP, Action.PAPERS, Action.PUBLISH_PAPER})
OF_NO_TIP = frozenset({Action.AUDIT_LOG, Action.STATISTICS, *_GAPS})
# Whatever their role: it is a line in the file of units.
OF_EDITORS = frozenset({Action.ANSWER_GAP, Action.PUBLISH_PAPER})


# What the audit log and the history name besides actions.
OTHER_DOINGS = (
    "unlock", "invite", "sign_in", "sign_out", "went_up", "answered", "withdrawn", "merged_from", "shred",
    "undo_answer", "restore_answer", "gap_aside", "gap_taken_up",
    "paper_in", "discard_paper", "withdraw_paper", "restore_paper", "roll_back_paper",
)  # fmt: skip


class Relation(StrEnum):
    """How an officer's unit, and the officer, stand to a tip."""

    HOLDER = "holder"
    ABOVE = "above"  # the unit above, once the tip has gone up to it
    ABOVE_EARLY = "above_early"  # the unit above while the holder has its time, or has opened it
    FORMER = "former"  # transferred away
    OTHER = "other"  # every other unit, and the unit the tip concerns: no difference shows
    RECUSED = "recused"  # the officer stepped back from this tip


_EVERYTHING = frozenset(Action) - OF_NO_TIP
_SUPERVISORS_ONLY = frozenset(
    {Action.ASSIGN, Action.REOPEN, Action.RELEASE, Action.APPROVE_ORIGINAL, Action.EXPORT}
)
BY_ROLE: Mapping[Role, frozenset[Action]] = {
    "officer": (_EVERYTHING - _SUPERVISORS_ONLY) | {Action.STATISTICS} | _GAPS,
    "supervisor": _EVERYTHING | OF_NO_TIP,
    "auditor": frozenset({Action.AUDIT_LOG}) | _GAPS,
}
BY_RELATION: Mapping[Relation, frozenset[Action]] = {
    Relation.HOLDER: _EVERYTHING,
    Relation.ABOVE: _EVERYTHING - {Action.MUTE},  # the day is over when a tip goes up
    Relation.ABOVE_EARLY: frozenset(),
    Relation.FORMER: frozenset({Action.SEE}),
    Relation.OTHER: frozenset(),
    Relation.RECUSED: frozenset(),
}
_WHY = {Relation.FORMER: "transferred", Relation.RECUSED: "recused", Relation.ABOVE: "not_holder"}


def refusal(action: Action, role: Role, relation: Relation) -> str:
    """The reason why not, or "". The role is looked at first: what it says tells nothing of the tip."""
    if action not in BY_ROLE[role]:
        return "role"
    if action not in OF_NO_TIP and action not in BY_RELATION[relation]:
        return _WHY.get(relation, "unknown_tip")
    return ""


_NEEDS_OPENED = frozenset(
    {
        Action.FILE,
        Action.ASK,
        Action.REPLY,
        Action.MOVE,
        Action.MARK,
        Action.CLOSE,
        Action.TRANSFER,
        Action.MERGE,
        Action.MUTE,
        Action.REQUEST_ORIGINAL,
        Action.APPROVE_ORIGINAL,
        Action.EXPORT,
    }
)
_NEEDS_NOT_WITHDRAWN = frozenset(
    {
        Action.ASK,
        Action.REPLY,
        Action.TRANSFER,
        Action.REQUEST_ORIGINAL,
        Action.APPROVE_ORIGINAL,
        Action.EXPORT,
    }
)
_ENDS_WITH_CLOSING = frozenset({Action.CLAIM, Action.ASSIGN, Action.ASK, Action.MARK, Action.MERGE})
_LEADS_TO = {
    Action.MOVE: State.VERIFYING,
    Action.CLOSE: State.CLOSED,
    Action.TRANSFER: State.TRANSFERRED,
}


def hindrance(action: Action, dossier: Dossier, officer: str) -> str:
    """The reason why the state of the work forbids *action* now to *officer* (`unit/id`), or ""."""
    state, is_closed = dossier.state, dossier.state is State.CLOSED
    reasons = {
        "open_first": action in _NEEDS_OPENED and state in {State.NEW, State.TRANSFERRED},
        "withdrawn": action in _NEEDS_NOT_WITHDRAWN and dossier.is_withdrawn,
        "state": (is_closed and action in _ENDS_WITH_CLOSING)
        or (is_closed and action is Action.MOVE)
        or (not is_closed and action is Action.REOPEN)
        or (action in _LEADS_TO and not can_follow(state, _LEADS_TO[action])),
        "yours": action is Action.CLAIM and dossier.claimed_by == officer.rpartition("/")[2] != "",
        "claimed": action is Action.CLAIM and dossier.claimed_by != "",
        "held": action is Action.HOLD and dossier.hold_reason != "",
        "not_held": action is Action.RELEASE and dossier.hold_reason == "",
        **_about_original(action, dossier, officer),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _about_original(action: Action, dossier: Dossier, officer: str) -> dict[str, bool]:
    is_request, is_approval = action is Action.REQUEST_ORIGINAL, action is Action.APPROVE_ORIGINAL
    asked_by = dossier.original_requested_by
    return {
        "no_original": (is_request or is_approval) and not dossier.has_original,
        "requested": is_request and asked_by != "",
        "not_requested": is_approval and asked_by == "",
        "same_officer": is_approval and asked_by == officer,
    }
