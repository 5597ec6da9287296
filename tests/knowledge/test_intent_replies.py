"""What is said to those who do not ask: nothing of it is embedded, and who reports is told what is true."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.guides import load_guides
from knowledge.answer import Status
from knowledge.answering import Answerer
from knowledge.intent import hear
from knowledge.intent_kinds import kinds_in, plainly
from knowledge.intent_replies import topic_of, topics
from knowledge.model import Audience
from knowledge.search import Searcher
from prompts.catalog import LANGUAGES
from prompts.catalog import text as say
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.gates import OPEN_GATE
from tests.fakes.libraries import open_library

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDES = Path(__file__).parents[2] / "guides"
TODAY = date(2026, 11, 28)
PUBLIC = Audience.PUBLIC
FRAUD = guide(
    "lua-dao-mang",
    section("vua-chuyen-tien", "Vừa bị lừa, làm gì ngay?", "1. **Gọi ngay ngân hàng**.\n2. Đến công an."),
    section("bao-o-dau", "Bị lừa thì trình báo ở đâu?", "Công an xã, phường."),
    title="Bị lừa tiền", as_of=TODAY,
)  # fmt: skip
HIDDEN = guide(
    "ma-tuy-bao-tin",
    section("ke-nhung-gi", "Chỉ hội viên được đọc câu này?", "Chỉ dành cho hội viên."),
    title="Cho hội viên", audience=Audience.MEMBER,
)  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, embedder: HashingEmbedder) -> Iterator[Answerer]:
    """Answers whatever it is asked from three documents."""
    with open_library(tmp_path_factory.mktemp("replies"), embedder) as library:
        for draft in (FRAUD, HIDDEN, document("luat", "Đánh bạc bị phạt tiền theo luật này")):
            library.publish(draft)
        library.finish()
        yield Answerer(library, Searcher(library, today=lambda: TODAY), OPEN_GATE)


UNSEARCHED = [
    ("tôi bị lừa chuyển 20 triệu", "report"),
    ("thằng Long bán ma túy cho học sinh", "report"),
    ("đm bọn cờ bạc, tối nào quán nước cũng ghi đề", "report"),
    ("cảm ơn nhé", "talk"),
    ("🙏", "talk"),
    ("đồ ngu", "talk"),
    ("隔壁有人贩毒", "talk"),
    ("tôi bị chồng đánh", None),
]


@pytest.mark.parametrize(("text", "kind"), UNSEARCHED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_question_reaches_no_embedding(answerer, embedder, text, kind, language):
    embedder.questions.clear()
    answer = answerer.answer(text, Audience.OFFICER, language, ("đánh bạc phạt bao nhiêu",))
    assert answer.kind == kind
    assert embedder.questions == []
    assert (answer.timings.embed, answer.timings.search) == (0.0, 0.0)


@pytest.mark.parametrize("earlier", ["thằng Long bán ma túy ở ngõ 7", "chồng đang cầm dao đuổi em"])
def test_a_follow_up_never_carries_an_earlier_report_into_a_search(answerer, embedder, earlier):
    embedder.questions.clear()
    answerer.answer("thế mất bao lâu?", PUBLIC, "vi", ("bị lừa thì trình báo ở đâu", earlier))
    asked = " ".join(embedder.questions)
    assert "trình báo" in asked
    assert not set(earlier.split()) & {"Long", "dao"} & set(asked.split())


def test_a_victim_of_fraud_is_told_first_to_call_the_bank(answerer):
    answer = answerer.answer("tôi bị lừa chuyển 20 triệu", PUBLIC)
    assert (answer.status, answer.kind) == (Status.ANSWERED, "report")
    assert "Gọi ngay ngân hàng" in answer.text
    assert answer.text.startswith(say("intent.report_soon", "vi"))
    (citation,) = answer.citations
    assert citation.id == "guide:lua-dao-mang#vua-chuyen-tien"
    assert answer.suggestions == ("Bị lừa thì trình báo ở đâu?",)


def test_who_reports_is_offered_only_what_the_public_may_read(answerer):
    for audience in Audience:
        answer = answerer.answer("thằng Long bán ma túy cho học sinh", audience)
        assert answer.suggestions == ()
        assert "hội viên" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["intent.report", "intent.report_soon"])
def test_who_reports_is_told_that_nothing_was_sent_and_whom_to_call(language, key):
    told = say(key, language)
    assert "113" in told
    assert ("chưa đến công an" if language == "vi" else "has not reached the police") in told


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("xin chào", "hello"), ("cảm ơn nhé", "thanks"), ("cam on nhieu a", "thanks"), ("bạn là ai", "who"),
        ("tạm biệt", "bye"), ("haha", "other"), ("🙏", "other"), ("bot ngu vcl", "abuse"),
    ],
)  # fmt: skip
def test_small_talk_gets_the_reply_that_fits(answerer, text, key):
    for previous in ((), ("tôi muốn chết",)):
        answer = answerer.answer(text, PUBLIC, "vi", previous)
        assert (answer.status, answer.kind, answer.text) == (
            Status.ANSWERED,
            "talk",
            say(f"intent.{key}", "vi"),
        )
        assert (answer.citations, answer.suggestions, answer.numbers) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("tôi bị lừa chuyển 20 triệu", "fraud"),
        ("hàng xóm bán ma túy", "drugs"),
        ("nha ong bay mo song bac", "gambling"),
        ("cán bộ địa chính vòi tiền dân", "bribes and officials"),
        ("tháng trước bị chồng đánh nhập viện", "violence at home"),
        ("ông thầy sờ mó bé gái hồi tháng trước", "a child hurt"),
        ("nhà cháu bị trộm hôm qua", "theft"),
        ("xưởng giấy xả nước đen ra sông", "anything else"),
        ("hố ga mất nắp ở đầu thôn", "hazards"),
    ],
)
def test_a_report_is_met_with_the_guides_of_its_topic(text, about):
    assert topic_of(hear(text).kinds).about == about


def test_the_last_topic_fits_everything():
    assert topic_of(()) is topics()[-1]


def test_every_section_that_is_offered_stands_in_the_shipped_guides_for_the_public():
    shipped = {
        f"{draft.meta.key}#{passage.anchor}"
        for draft in load_guides(GUIDES)
        if draft.meta.audience is PUBLIC
        for passage in draft.passages
    }
    named = {name for topic in topics() for name in (topic.quoted, *topic.named) if name}
    assert named - shipped == set()


def test_every_kind_that_a_topic_waits_for_exists():
    source = (Path(__file__).parents[2] / "knowledge" / "intent_words.toml").read_text(encoding="utf-8")
    kinds = set(re.findall(r"^(\w+) = ", source, re.MULTILINE))
    assert {kind for topic in topics() for needed in topic.when for kind in needed} <= kinds


@pytest.mark.parametrize(
    ("tokens", "kinds"),
    [
        (["ma", "túy"], ["drug"]),
        (["chồng", "đánh"], ["kin", "beat"]),
        (["danh"], ["beat~"]),
        (["đám"], ["villain"]),
        ([], []),
    ],
)
def test_kinds_are_read_longest_first_and_a_guess_is_marked(tokens, kinds):
    assert kinds_in(tokens) == kinds
    assert plainly(["beat~", "kin"]) == ["beat", "kin"]
