"""What the history of a document looks like: as rows of JSON, and in words for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from bot.commands.common import Desk
    from knowledge.history import Act, History, StoredVersion, Withdrawal
    from knowledge.model import Original, StoredDocument
    from knowledge.version_diff import VersionDiff


def origin_row(desk: Desk, item: StoredDocument | StoredVersion) -> dict[str, Any]:
    """Where a published edition came from: for `show` and `history`."""
    return {
        "version": item.edition,
        "published_at": item.published_at.isoformat(),
        "published_by": item.published_by,
        "repairs": list(item.repairs),
        "repaired": [desk.say(f"ingest.repair_{code}") for code in item.repairs],
        "original": original_row(item.original),
    }


def as_line(value: object) -> str:
    """A value of `origin_row` for a person."""
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        return f"{value['name']} ({value['media_type']}, {value['size']} byte)"
    return str(value)


def original_row(item: Original | None) -> dict[str, Any] | None:
    """A kept file for `--json`; None where there is none."""
    if item is None:
        return None
    return {"name": item.name, "media_type": item.media_type, "size": item.size, "sha256": item.sha256}


def history_row(desk: Desk, found: History) -> dict[str, Any]:
    """A whole history for `--json`."""
    return {
        "key": found.key,
        "current": found.current,
        "withdrawn": withdrawal_row(found.withdrawn) if found.withdrawn else None,
        "versions": [
            origin_row(desk, item)
            | {"title": item.meta.title, "audience": item.meta.audience.value}
            | {"passages": item.passages, "is_current": item.is_current}
            for item in found.versions
        ],
        "acts": [
            {"act": act.kind.value, "version": act.edition, "by": act.who, "at": act.at.isoformat()}
            | ({"codes": list(act.codes)} if act.codes else {})
            for act in found.acts
        ],
    }


def withdrawal_row(item: Withdrawal) -> dict[str, Any]:
    """A withdrawal for `--json`."""
    return {"key": item.key, "version": item.edition, "at": item.at.isoformat(), "by": item.by}


def fields(desk: Desk, item: Withdrawal) -> dict[str, str]:
    """What a text about a withdrawal is filled with."""
    return {"when": when(item.at), "who": who(desk, item.by), "document": item.key}


def deed(desk: Desk, act: Act) -> str:
    """One act as a line."""
    fields = {
        "when": when(act.at),
        "who": who(desk, act.who),
        "deed": desk.say(f"cli.ingest_act_{act.kind}"),
    }
    if not act.edition:
        return desk.say("cli.ingest_act", **fields)
    told = desk.say("cli.ingest_act_on", **fields, edition=act.edition)
    codes = "; ".join(desk.say(f"trust.{code}") for code in act.codes)
    return f"{told} ({codes})" if codes else told


def who(desk: Desk, who: str) -> str:
    """A name, or that the program did it itself."""
    return who or desk.say("cli.ingest_nobody")


def when(moment: datetime) -> str:
    """Day and minute of *moment*, here."""
    return f"{moment.astimezone():%d/%m/%Y %H:%M}"


def diff_row(key: str, older: int, newer: int, found: VersionDiff) -> dict[str, Any]:
    """A comparison for `--json`."""
    return {
        "key": key,
        "older": older,
        "newer": newer,
        "unchanged": found.unchanged,
        "fields": [{"name": item.name, "before": item.before, "after": item.after} for item in found.fields],
        "changes": [
            {"kind": item.kind, "anchor": item.anchor, "locator": item.locator, "heading": item.heading}
            | {"runs": [{"kind": run.kind, "text": run.text} for run in item.runs]}
            for item in found.changes
        ],
    }
