"""An evaluation's JSON as its report needs it: groups, shares, lists of what went wrong. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from knowledge.outcomes import VERDICTS, WELL
from knowledge.risk import curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.risk import Point

    Outcomes = Sequence[Mapping[str, Any]]

GROUPS = ("answer", "refuse", "danger", "calm")
LISTS = ("missed", "alarm", "made_up", "wrong", "held_back")  # worst first


def group_of(outcome: Mapping[str, Any]) -> str:
    """What kind of question it is: one that can be answered, refused, danger, or only to raise no alarm."""
    if (
        outcome["expect"] == "answer"
        and outcome["verdict"] in {"unjudged", "alarm"}
        and not outcome["judged"]
    ):
        return "calm"
    return str(outcome["expect"])


def verdicts(outcomes: Outcomes) -> dict[str, Counter[str]]:
    """How many questions of each kind ended how; kinds without questions are left out."""
    found = {group: Counter[str]() for group in GROUPS}
    for item in outcomes:
        found[group_of(item)][item["verdict"]] += 1
    return {
        group: Counter({name: counts[name] for name in VERDICTS if counts[name]})
        for group, counts in found.items()
        if counts
    }


def rights(outcomes: Outcomes, field: str) -> dict[str, tuple[int, int]]:
    """Of the questions that can be answered, [how many were answered rightly, of how many], by *field*."""
    found: dict[str, list[bool]] = defaultdict(list)
    for item in outcomes:
        if group_of(item) == "answer" and (name := str(item[field]).partition("/")[0]):
            found[name].append(item["verdict"] == "right")
    return {name: (sum(right), len(right)) for name, right in sorted(found.items())}


def points(outcomes: Outcomes) -> list[Point]:
    """The curve of risk against coverage, over the questions that are no danger."""
    return curve((item["confidence"], item["place"] == 1) for item in _gated(outcomes))


def stands(outcomes: Outcomes) -> tuple[float, float]:
    """Coverage and risk as the product stands."""
    asked = _gated(outcomes)
    answered = [item for item in asked if item["status"] == "answered"]
    wrong = sum(item["verdict"] != "right" for item in answered)
    return len(answered) / max(1, len(asked)), wrong / max(1, len(answered))


def _gated(outcomes: Outcomes) -> list[Mapping[str, Any]]:
    return [
        item for item in outcomes if group_of(item) in {"answer", "refuse"} and item["confidence"] is not None
    ]


def misses(as_is: Outcomes, folded: Outcomes) -> dict[str, list[Mapping[str, Any]]]:
    """What went wrong, by verdict, the worst first; `folded` is what went wrong without marks alone."""
    lists: dict[str, list[Mapping[str, Any]]] = {
        name: [item for item in as_is if item["verdict"] == name] for name in LISTS
    }
    lists["folded"] = [
        bare
        for typed, bare in zip(as_is, folded, strict=True)
        if typed["verdict"] in WELL and bare["verdict"] not in WELL
    ]
    return {name: items for name, items in lists.items() if items}
