"""A receipt typed where questions are asked: not searched, not noted, leant on by nothing."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.flows.ask import AskFlow
from bot.messages import Question
from knowledge.answer import Answer, Status
from knowledge.gaps.notebook import GapNotebook
from knowledge.gaps.store import GapStore
from prompts.catalog import text
from tests.fakes.asking import DANGER, REFUSAL
from tests.fakes.clocks import HandClock
from tests.fakes.zalo import fake_zalo
from tests.fakes.zalo_post import ZaloPost
from tips.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECEIPT = Receipt("7F3K2M9QWXYVTHJN")
ASKED = "Nuôi chó thả rông bị phạt bao nhiêu?"


class Refusing:
    """Knowledge that knows nothing but danger, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        """The numbers, or a refusal."""
        self.asked.append(question)
        return DANGER["vi"] if "cứu" in question.text else REFUSAL["vi"]

    def public_section(self, key: str) -> None:
        """None."""

    def count_feedback(self, names: object, verdict: object, day: object) -> None:
        """Nothing is counted."""


class Asker:
    """The real flow and notebook around it."""

    def __init__(self, folder: Path) -> None:
        self.knowledge = Refusing()
        self.store = GapStore.open_file(folder / "gaps.sqlite3")
        self.notebook = GapNotebook(self.store, now=HandClock(), write_minutes=0, retention_days=90)
        self.workers = ThreadPoolExecutor(1)
        self.flow = AskFlow(self.knowledge, self.workers, gaps=self.notebook)

    def ask(self, words: str, previous: tuple[str, ...] = ()) -> Answer:
        return asyncio.run(self.flow.ask(Question(text=words, previous=previous)))

    def kept(self) -> list[str]:
        self.notebook.write()
        return [gap.text for gap in self.store.gaps()]

    def close(self) -> None:
        self.workers.shutdown()
        self.store.close()


@pytest.fixture
def asker(tmp_path: Path) -> Iterator[Asker]:
    opened = Asker(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT.text,
        RECEIPT.text.lower().replace("-", " "),
        "7F3K-2M9Q-WXYV-THJN9",
        "7f3k 2m9q wxyv thjn9",
    ],
)
@pytest.mark.parametrize("words", ["mã tin {} xử lý tới đâu rồi?", "kiem tra giup ma {} duoc khong", "{}"])
def test_a_receipt_is_neither_searched_for_nor_noted(asker: Asker, words: str, receipt: str) -> None:
    answer = asker.ask(words.format(receipt))
    assert (answer.status, answer.kind) == (Status.ANSWERED, "talk")
    assert "Theo dõi tin" in answer.text
    assert receipt not in answer.text
    assert asker.knowledge.asked == []
    assert asker.kept() == []


def test_a_question_leans_on_no_receipt_typed_before_it(asker: Asker) -> None:
    asker.ask("thế còn ở xã?", (ASKED, f"mã {RECEIPT.text} sao rồi"))
    assert asker.knowledge.asked[0].previous == (ASKED,)
    assert not [kept for kept in asker.kept() if "7F3K" in kept]


def test_danger_beside_a_receipt_gets_the_numbers(asker: Asker) -> None:
    answer = asker.ask(f"cứu tôi với, nó đang cầm dao đuổi tôi, mã tin {RECEIPT.text}")
    assert answer.status is Status.DANGER
    assert RECEIPT.text not in asker.knowledge.asked[0].text
    assert asker.kept() == []


def test_danger_beside_two_receipts_passes_neither_on(asker: Asker) -> None:
    other = Receipt.new().text
    answer = asker.ask(f"cứu tôi với, nó đang cầm dao đuổi tôi, mã {RECEIPT.text} và mã {other}")
    assert answer.status is Status.DANGER
    assert RECEIPT.text not in asker.knowledge.asked[0].text
    assert other not in asker.knowledge.asked[0].text


def test_on_zalo_the_next_question_leans_on_none(asker: Asker) -> None:
    with fake_zalo() as fake, ZaloPost(fake, asking=asker.flow):
        told = fake.ask(f"mã tin {RECEIPT.text} xử lý tới đâu rồi?")
        assert "Theo dõi tin" in told
        fake.ask(ASKED)
    assert [(question.text, question.previous) for question in asker.knowledge.asked] == [(ASKED, ())]


def test_the_words_for_it_are_there_in_both_languages() -> None:
    assert "Follow a tip" in text("ask.receipt", "en")
