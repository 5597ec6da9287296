"""Transcripts of leaving and following tips: what is shown for each message, by the keys of the texts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Incoming, rendered
from tests.bot.talking import PHOTO, Talker
from tips.errors import TipStoreUnavailable

DIALOGS = sorted((Path(__file__).resolve().parents[1] / "dialogs" / "tip").glob("*.toml"))


def incoming(step: dict[str, Any], talker: Talker) -> Incoming:
    """What *step* sends."""
    typed = step.get("say", "")
    if "receipt" in step:
        receipt = talker.receipts[0]
        typed = receipt.last_group if step["receipt"] == "confirm" else receipt.text
    return Incoming(
        text=typed,
        choice=step.get("press", ""),
        files=(PHOTO,) * step.get("photos", 0),
        pin=tuple(step["pin"]) if "pin" in step else None,
    )


@pytest.mark.parametrize("file", DIALOGS, ids=lambda file: file.stem)
def test_a_dialog_shows_what_its_transcript_says(file: Path):
    dialog = tomllib.loads(file.read_text(encoding="utf-8"))
    talker = Talker()
    talker.language = dialog["language"]
    for number, step in enumerate(dialog["step"], start=1):
        if "fails" in step:
            talker.office.failing = TipStoreUnavailable() if step["fails"] else None
        keys = talker.begin(step["begin"]) if "begin" in step else talker.hear(incoming(step, talker))
        assert list(keys) == step["keys"], f"step {number}"
        shown = "\n".join(rendered(message, talker.language) for message in talker.last.messages)
        assert all(words in shown for words in step.get("words", ())), f"step {number}"
    talker.close()


def test_every_language_has_a_dialog():
    assert {file.stem for file in DIALOGS} >= {"vi", "en"}
