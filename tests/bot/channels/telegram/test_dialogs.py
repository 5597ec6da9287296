"""The transcripts of leaving and following tips, played through Telegram: the same texts, in order."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.conversation import Incoming, rendered
from prompts.catalog import catalog
from tests.bot.channels.telegram.waiting import until
from tests.bot.talking import Talker
from tests.telegram.pictures import JPEG
from tips.errors import TipStoreUnavailable
from tips.model import RawFile
from tips.receipts import find_receipt

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.people import Person
    from tests.fakes.telegram.post import Post

DIALOGS = sorted((Path(__file__).resolve().parents[3] / "dialogs" / "tip").glob("*.toml"))
BEGIN = {"tip": "/baotin", "follow_up": "/theodoi"}


class Stage:
    """One person on Telegram, and the bare flow beside it, to know what a button is called."""

    def __init__(self, fake: FakeTelegram, post: Post, language: str) -> None:
        self.fake, self.post = fake, post
        self.person: Person = fake.person("An")
        self.talker = Talker()
        self.talker.language = language
        if language == "en":
            self.person.say("/language")
            self.person.press(fake.wait_for("Which language", self.person.private), "English")
            fake.wait_for("speaks English", self.person.private)

    def play(self, step: dict[str, Any]) -> str | None:
        """
        Do what *step* says on both sides; gives all that the bot then showed.

        None for a press of what is not offered any more: on Telegram that button is old, and says so.
        """
        if "fails" in step:
            trouble = TipStoreUnavailable() if step["fails"] else None
            self.talker.office.failing = self.post.office.failing = trouble
        mark = len(self.person.private.messages)
        label = self._label(step.get("press", ""))
        self._hear(step)
        if "press" in step and not label:
            press = self.person.forge_press("stale", self.person.private.messages[-1])
            until(lambda: press.is_answered)
            return None
        if "begin" in step:
            self.person.say(BEGIN[step["begin"]])
        elif label:
            self.person.press(None, label)
        elif "pin" in step:
            self.person.location(*step["pin"])
        elif "photos" in step:
            self.person.album([JPEG] * step["photos"], caption=step.get("say", ""))
        else:
            self.person.say(self._typed(step))
        wanted = [opening(key, self.talker.language) for key in step["keys"]]
        until(lambda: all(words in self._shown(mark) for words in wanted))
        return self._shown(mark)

    def _hear(self, step: dict[str, Any]) -> None:
        if "begin" in step:
            self.talker.begin(step["begin"])
            return
        typed = step.get("say", "")
        if "receipt" in step:
            receipt = self.talker.receipts[0]
            typed = receipt.last_group if step["receipt"] == "confirm" else receipt.text
        self.talker.hear(
            Incoming(
                text=typed,
                choice=step.get("press", ""),
                files=(RawFile(content=JPEG),) * step.get("photos", 0),
                pin=tuple(step["pin"]) if "pin" in step else None,
            )
        )

    def _label(self, choice: str) -> str:
        for offered in self.talker.last.choices:
            if offered.id == choice:
                return rendered(offered.label, self.talker.language)[:60]
        return ""

    def _typed(self, step: dict[str, Any]) -> str:
        if "receipt" not in step:
            return step["say"]
        shown = "\n".join(message.text for message in self.person.private.messages)
        receipt = find_receipt(shown)
        return receipt if step["receipt"] == "all" else receipt[-5:]

    def _shown(self, mark: int) -> str:
        return plain(
            "\n".join(message.text for message in self.person.private.messages[mark:] if message.is_from_bot)
        )

    def close(self) -> None:
        self.talker.close()


def plain(words: str) -> str:
    """As it is compared: bold is markup on one side and gone on the other, bullets differ."""
    return words.replace("**", "").replace("• ", "- ").replace("\n", " ")


def opening(key: str, language: str) -> str:
    """What the text *key* begins with, up to what fills it."""
    return plain(catalog(language)[key].split("{")[0]).rstrip()


@pytest.mark.parametrize("file", DIALOGS, ids=lambda file: file.stem)
def test_a_dialog_shows_what_its_transcript_says(file: Path, fake, post):
    dialog = tomllib.loads(file.read_text(encoding="utf-8"))
    stage = Stage(fake, post, dialog["language"])
    for number, step in enumerate(dialog["step"], start=1):
        shown = stage.play(step)
        if shown is None:
            continue
        at = 0
        for key in step["keys"]:
            found = shown.find(opening(key, dialog["language"]), at)
            assert found >= 0, f"step {number}: {key} does not come where the transcript has it"
            at = found
        for words in step.get("words", ()):
            assert words in shown, f"step {number}"
    stage.close()
    assert fake.unanswered_presses == []
