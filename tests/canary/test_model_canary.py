"""
No tip, no danger and nobody's name or number reaches a language model, through any channel.

The whole public side runs on a library that answers everything, with a model over real HTTP that keeps what
it hears. People write what must not leave; then every word the model ever heard is searched.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from knowledge.answering import Answerer
from knowledge.model import Audience
from tests.canary.audience_worlds import World
from tests.fakes.canaries import spellings
from tests.fakes.drafts import guide, section
from tests.fakes.fluency import fluency
from tests.fakes.gates import OPEN_GATE
from tests.fakes.openai.minds import honest
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.gate import Gate
    from knowledge.library import Library
    from knowledge.search import Searcher

MEDIATION = guide(
    "hoa-giai",
    section(
        "xin-hoa-giai", "Muốn nhờ tổ hòa giải thì làm thế nào?",
        "Gặp hòa giải viên của thôn và nói rõ mâu thuẫn chuyện gì. Hòa giải không mất tiền.",
        "nhờ tổ hòa giải thì nói với ai", "xin hòa giải ở đâu",
    ),
    title="Hòa giải ở cơ sở",
)  # fmt: skip
HARMLESS = "Muốn nhờ tổ hòa giải thì nói với ai?"
# `{}` is where a canary stands: a made-up word that is nowhere else in the world.
SECRETS = (
    "Tôi muốn tố giác: nhà số 12 xóm {} bán ma túy, tối nào cũng có người tới lấy hàng",
    "toi muon bao tin {} dang to chuc danh bac an tien o xom tren, cong an xuong bat giup",
    "Hàng xóm tôi tên {} vừa trộm xe máy của ông Tư tối qua",
    "bọn {} lừa tôi chuyển khoản 20 triệu rồi chặn số",
    "Cán bộ {} đòi tôi 5 triệu mới chịu làm giấy tờ, tôi muốn tố cáo",
    "Cứu với, chồng em là {} đang cầm dao đuổi em",
    "cuu voi nha {} dang chay lon",
    "Em không muốn sống nữa, {} ơi",
    "con tôi tên {} bị người ta bắt đi rồi giúp tôi với",
    "Đồ ngu, mày là {} thì câm mồm đi",
)
PEOPLE = (
    ("Ông Nguyễn Văn {} thì xin hòa giải ở đâu?", "Khuynhdiep"),
    ("Số 0912 345 {} gọi tới xin hòa giải được không?", "678"),
    ("Tôi ở số nhà 45 ngõ {} đường Lê Lợi thì nhờ tổ hòa giải nào?", "77"),
    ("Gửi đơn hòa giải tới {}@gmail.com được không?", "khuynhdiep88"),
    ("CCCD 0790880{} có nhờ tổ hòa giải được không?", "12345"),
)
_LETTERS = "bcdghklmnpqrstvx"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, ScriptedModel]]:
    folder = tmp_path_factory.mktemp("model-canary")
    with ScriptedModel(default=honest) as server, fluency(server.url, folder, budget_s=60) as made:

        def answerer(library: Library, searcher: Searcher, gate: Gate) -> Answerer:
            return Answerer(library, searcher, gate, made)

        with World(folder / "world", (MEDIATION,), OPEN_GATE, answerer) as world:
            yield world, server


def canary(rng: random.Random) -> str:
    """A word that is nowhere else."""
    return "Q" + "".join(rng.choice(_LETTERS) for _ in range(11))


def say_everywhere(world: World, words: str) -> None:
    """Send *words* through every channel, alone and as what a follow-up leans on."""
    world.by_script(words, "vi")
    world.by_script("thế thì nhờ ai?", "vi", (words,))
    world.by_form(words, "vi")
    world.in_terminal(words, Audience.PUBLIC)
    world.in_private(world.stranger, words)
    world.in_private(world.stranger, "thế thì nhờ ai?")
    world.in_group(words)


def test_harmless_questions_reach_the_model_from_every_channel(scene: tuple[World, ScriptedModel]):
    world, server = scene
    heard = []
    for way in (
        lambda: world.by_script(HARMLESS, "vi"),
        lambda: world.by_form(HARMLESS, "vi"),
        lambda: world.in_terminal(HARMLESS, Audience.PUBLIC),
        lambda: world.in_private(world.stranger, HARMLESS),
        lambda: world.in_group(HARMLESS),
    ):
        before = len(server.received)
        said = way()
        heard.append(len(server.received) - before)
        assert "Gặp hòa giải viên" in said
    assert all(heard), heard


@pytest.mark.parametrize("words", SECRETS)
def test_no_word_of_a_report_or_a_cry_for_help_reaches_the_model(
    scene: tuple[World, ScriptedModel], words: str
):
    world, server = scene
    word = canary(random.Random(words))  # noqa: S311 - a name, no key
    before = len(server.received)
    say_everywhere(world, words.format(word))
    assert_unheard(server, word)
    for received in server.received[before:]:  # a follow-up goes without it, or not at all
        assert not set(words.lower().split()[:6]) <= set(received.user.lower().split())


@pytest.mark.parametrize(("words", "secret"), PEOPLE)
def test_what_leads_to_somebody_does_not_reach_the_model(
    scene: tuple[World, ScriptedModel], words: str, secret: str
):
    world, server = scene
    server.clear()
    say_everywhere(world, words.format(secret))
    for received in server.received:
        asked = {name: text for name, text in received.data().items() if not name.startswith("p")}
        assert secret not in str(asked)


def assert_unheard(server: ScriptedModel, word: str) -> None:
    """Nothing that the model ever heard holds *word*, however it is spelled."""
    heard = server.heard()
    assert word.lower() not in heard.lower()
    raw = heard.encode()
    assert [way for way, spelled in spellings(word).items() if spelled in raw] == []
