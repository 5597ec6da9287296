"""
On no surface of any channel can the public, or a member, tell that something hidden from them exists.

Two worlds are driven alike: one holds documents for members and officers, the other never did. Everything
that leaves either is compared: answers, citations, sources at length, buttons, menus, pages, counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answering import Answerer
from knowledge.model import Audience
from knowledge.text.folding import fold
from tests.canary.audience_worlds import World
from tests.fakes.gates import OPEN_GATE, SHUT_GATE
from tests.fakes.hidden_papers import CANARIES, PUBLIC, hidden, leaks, questions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.answer import Answer
    from prompts.catalog import Language

pytestmark = pytest.mark.timeout(600)
UNHURRIED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
GATES = {"open": OPEN_GATE, "shut": SHUT_GATE}


@pytest.fixture(scope="module", params=GATES)
def worlds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, World]]:
    """Everything; nothing for officers; nothing hidden at all."""
    gate = GATES[request.param]
    for_members, for_officers = hidden(Audience.MEMBER), hidden(Audience.OFFICER)
    papers = {
        "full": [*for_officers, *PUBLIC, *for_members],
        "no officers": [*PUBLIC, *for_members],
        "bare": PUBLIC,
    }
    made = {
        name: World(tmp_path_factory.mktemp(name.replace(" ", "-")), drafts, gate)
        for name, drafts in papers.items()
    }
    with made["full"], made["no officers"], made["bare"]:
        yield made


def said_to_the_public(
    world: World, question: str, language: Language, previous: tuple[str, ...]
) -> dict[str, str]:
    """What each surface lets out to anybody."""
    return {
        "script": world.by_script(question, language, previous),
        "form": world.by_form(question, language),
        "terminal": world.in_terminal(question, Audience.PUBLIC, language),
        "Telegram": world.in_private(world.stranger, question),
        "group": world.in_group(question),
        "Zalo": world.on_zalo(question),
    }


@UNHURRIED
@given(
    question=questions,
    language=st.sampled_from(["vi", "en"]),
    previous=st.lists(questions, max_size=2).map(tuple),
)
def test_every_surface_tells_the_public_what_it_would_without_hidden_documents(
    worlds: dict[str, World], question: str, language: Language, previous: tuple[str, ...]
) -> None:
    with_hidden = said_to_the_public(worlds["full"], question, language, previous)
    assert with_hidden == said_to_the_public(worlds["bare"], question, language, previous)
    for surface, said in with_hidden.items():
        # A page gives the visitor's own words back; no other surface holds them.
        heard = fold(said).replace(fold(question), "") if surface == "form" else fold(said)
        for audience in CANARIES:
            assert not [word for word in leaks(heard, audience) if fold(word) not in fold(question)], surface


@UNHURRIED
@given(question=questions)
def test_members_are_told_what_they_would_be_without_officers_documents(
    worlds: dict[str, World], question: str
) -> None:
    full, without = worlds["full"], worlds["no officers"]
    for world_said in (
        lambda world: world.in_private(world.member, question),
        lambda world: world.in_terminal(question, Audience.MEMBER),
    ):
        said = world_said(full)
        assert said == world_said(without)
        assert not leaks(fold(said), Audience.OFFICER)


def test_pages_menus_and_thumbs_are_the_same(worlds: dict[str, World]) -> None:
    full, bare = worlds["full"], worlds["bare"]
    one = CANARIES[Audience.MEMBER][0]
    passages = (f"guide:{one}-guide#{one}", "guide:khong-co#khong")
    for said in (
        lambda world: world.page("vi"),
        lambda world: world.page("en"),
        lambda world: world.commands(),
        lambda world: world.thumbs(passages),
    ):
        assert said(full) == said(bare)


def test_the_canaries_are_there_for_those_who_may_see_them(worlds: dict[str, World]) -> None:
    """So that the tests above could fail."""
    full = worlds["full"]
    one, _, _ = CANARIES[Audience.MEMBER]
    question = f"Đội {one} họp ở đâu?"
    is_open = "zubac" in fold(full.in_terminal(question, Audience.MEMBER))
    told = fold(full.in_private(full.member, question))
    assert bool(leaks(told, Audience.MEMBER)) == is_open
    assert not leaks(fold(full.in_private(full.stranger, question)), Audience.MEMBER)
    one, _, _ = CANARIES[Audience.OFFICER]
    told = fold(full.in_terminal(f"Đội {one} họp ở đâu?", Audience.OFFICER))
    assert bool(leaks(told, Audience.OFFICER)) == is_open


class Careless(Answerer):
    """Answers everybody as if they were officers: the leak that must not go unnoticed."""

    def answer(
        self, question: str, audience: Audience, language: Language = "vi", previous: tuple[str, ...] = ()
    ) -> Answer:
        """Answer from everything."""
        del audience
        return super().answer(question, Audience.OFFICER, language, previous)


def test_a_planted_leak_shows_on_every_surface(worlds: dict[str, World], tmp_path: Path) -> None:
    one, _, _ = CANARIES[Audience.OFFICER]
    question = f"Đội {one} họp ở đâu?"
    with World(tmp_path, hidden(Audience.OFFICER), OPEN_GATE, Careless) as careless:
        leaking = said_to_the_public(careless, question, "vi", ())
    sound = said_to_the_public(worlds["bare"], question, "vi", ())
    assert not [surface for surface, said in leaking.items() if said == sound[surface]]
