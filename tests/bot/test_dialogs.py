"""Transcripts of conversations, each with the same outcome in the terminal, on the page and in the flow."""

from __future__ import annotations

import asyncio
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import open_local
from bot.flows.ask import AskFlow
from bot.messages import PREVIOUS_LIMIT, Question
from bot.settings import Settings
from prompts.catalog import text
from tests.fakes.telegram.fake import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompts.catalog import Language
    from tests.bot.program import Program, Service

DIALOGS = sorted((Path(__file__).resolve().parents[1] / "dialogs").glob("*.toml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one channel gave back for one step."""

    status: str
    anchors: tuple[str, ...]
    words: str
    numbers: tuple[str, ...]


def letters(words: str) -> str:
    """Letters and digits only: Markdown, frames and wrapping differ between channels."""
    return "".join(filter(str.isalnum, words))


def remembered(steps: list[dict[str, Any]], at: int) -> tuple[str, ...]:
    return tuple(step["say"] for step in steps[:at])[-PREVIOUS_LIMIT:]


def in_the_flow(program: Program, language: Language, steps: list[dict[str, Any]]) -> list[Heard]:
    settings = Settings(data=program.data, guides=program.guides, language=language)

    async def play(flow: AskFlow) -> list[Any]:
        return [
            await flow.ask(Question(text=step["say"], language=language, previous=remembered(steps, at)))
            for at, step in enumerate(steps)
        ]

    workplace = open_local(settings)
    try:
        with ThreadPoolExecutor(1) as workers:
            answers = asyncio.run(play(AskFlow(workplace, workers)))
    finally:
        workplace.close()
    return [
        Heard(
            status=answer.status.value,
            anchors=tuple(item.id for item in answer.citations),
            words=answer.text,
            numbers=tuple(item.number for item in answer.numbers),
        )
        for answer in answers
    ]


def on_the_page(service: Service, language: Language, steps: list[dict[str, Any]]) -> list[Heard]:
    answers = [service.ask(step["say"], language, remembered(steps, at)) for at, step in enumerate(steps)]
    return [
        Heard(
            status=answer["status"],
            anchors=tuple(item["id"] for item in answer["citations"]),
            words=answer["text"],
            numbers=tuple(item["number"] for item in answer["numbers"]),
        )
        for answer in answers
    ]


def in_the_terminal(program: Program, language: Language, steps: list[dict[str, Any]]) -> list[str]:
    typed = "\n".join([*(step["say"] for step in steps), "/thoat", ""])
    done = program.having(language=language).run("chat", typed=typed)
    assert done.returncode == 0, done.stderr
    hello, *shown = done.stdout.split(f"{text('cli.chat_you', language)}:")
    assert text("cli.chat_hello", language) in hello
    assert text("cli.chat_bye", language) in shown[-1]
    return shown[:-1]


def headings(program: Program) -> dict[str, str]:
    """The anchor of every section by its heading, as the guides' files have them."""
    found = {}
    for file in program.guides.glob("*.md"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                heading, _, anchor = line.removeprefix("## ").partition(" {#")
                found[f"guide:{file.stem}#{anchor.rstrip('}')}"] = heading
    return found


@pytest.mark.parametrize("file", DIALOGS, ids=lambda file: file.stem)
def test_a_dialog_ends_alike_in_every_channel(file: Path, program: Program, service: Service):
    dialog = tomllib.loads(file.read_text(encoding="utf-8"))
    language, steps = dialog["language"], dialog["step"]
    channels: dict[str, Callable[[], list[Heard]]] = {
        "flow": lambda: in_the_flow(program, language, steps),
        "page": lambda: on_the_page(service, language, steps),
    }
    played = {name: play() for name, play in channels.items()}
    assert played["flow"] == played["page"]
    for step, heard in zip(steps, played["page"], strict=True):
        assert heard.status == step["status"], step["say"]
        assert heard.anchors == ((step["anchor"],) if "anchor" in step else ()), step["say"]
        assert set(step.get("numbers", ())) <= set(heard.numbers), step["say"]
        if "alone" in step:
            assert service.ask(step["say"], language)["status"] == step["alone"], step["say"]
        if "key" in step:
            assert letters(text(step["key"], language)) in letters(heard.words)
    shown = in_the_terminal(program, language, steps)
    sections = headings(program)
    for step, heard, screen in zip(steps, played["page"], shown, strict=True):
        assert letters(heard.words) in letters(screen), step["say"]
        assert (text("cli.call_now", language) in screen) == (step["status"] == "danger"), step["say"]
        assert (f"{text('cli.sources', language)}:" in screen) == (step["status"] == "answered"), step["say"]
        if "anchor" in step:
            assert sections[step["anchor"]] in screen
        for number in step.get("numbers", ()):
            assert f"{text('cli.call_now', language)} {number}" in screen


@pytest.fixture(scope="module")
def telegram(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeTelegram]:
    """The running program on Telegram."""
    with FakeTelegram() as fake:
        program = ripe.on_a_copy(tmp_path_factory.mktemp("telegram") / "data")
        with program.having(telegram_token=fake.token, telegram_api=fake.api).serving() as service:
            yield fake
            assert fake.token not in service.said
    fake.check()


@pytest.mark.parametrize("file", DIALOGS, ids=lambda file: file.stem)
def test_a_dialog_ends_alike_on_telegram(
    file: Path, telegram: FakeTelegram, program: Program, service: Service
):
    dialog = tomllib.loads(file.read_text(encoding="utf-8"))
    language, steps = dialog["language"], dialog["step"]
    person = telegram.person("An")
    if language == "en":
        person.say("/language")
        person.press(telegram.wait_for("Which language", person.private), "English")
        telegram.wait_for("speaks English", person.private)
    sections = headings(program)
    for step, heard in zip(steps, on_the_page(service, language, steps), strict=True):
        mark = telegram.mark()
        person.say(step["say"])
        shown = telegram.wait_for(None, person.private, since=mark).text
        assert letters(heard.words) in letters(shown), step["say"]
        for number in heard.numbers:
            assert shown.index(number) < shown.index(heard.words.split()[-1]), "the numbers come first"
        if "anchor" in step:
            assert sections[step["anchor"]] in shown


def test_every_language_has_a_dialog():
    assert {file.stem for file in DIALOGS} >= {"vi", "en"}


def test_chat_forgets_everything_when_it_ends(program: Program):
    """Nothing typed in `chat` is in the data folder, and the end of the input ends it in peace."""
    done = program.run("chat", typed="\n\nbimatcanary7 la cai gi\n")
    assert done.returncode == 0
    assert text("cli.chat_bye", "vi") in done.stdout
    for file in program.data.rglob("*"):
        assert file.is_dir() or b"bimatcanary7" not in file.read_bytes(), file
