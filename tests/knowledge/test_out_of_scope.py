"""What out_of_scope.toml promises: enough questions, no guide's own, and a place to ask in both languages."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knowledge.danger import find_danger
from knowledge.text.folding import fold, has_marks, syllables
from prompts.catalog import LANGUAGES, Language, catalog

REPOSITORY = Path(__file__).parents[2]
GROUPS: dict[str, dict[str, Any]] = tomllib.loads(
    (REPOSITORY / "knowledge/out_of_scope.toml").read_text(encoding="utf-8")
)
QUESTIONS = [question for group in GROUPS.values() for question in group["questions"]]
ELSEWHERE = "elsewhere."


def asked(question: str) -> str:
    """*question* as it is compared: without marks, punctuation and capitals."""
    return " ".join(map(fold, syllables(question)))


def guide_questions() -> dict[str, str]:
    """Every heading and variant of every guide, by its folded form, with the guide's name."""
    found: dict[str, str] = {}
    for guide in sorted((REPOSITORY / "guides").glob("*.md")):
        text = guide.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.+?)(?:\s*\{#.*)?$", text, re.MULTILINE)
        blocks = re.findall(r"^### Người ta hay hỏi\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
        variants = [
            line.removeprefix("- ") for block in blocks for line in block.splitlines() if line.strip()
        ]
        found.update({asked(question): guide.stem for question in [*headings, *variants]})
    return found


def test_there_are_enough_groups_and_questions() -> None:
    assert len(GROUPS) >= 60
    assert len(QUESTIONS) >= 600


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_a_slug_with_six_to_twelve_questions(name: str) -> None:
    """A group holds `questions` and little else; its name is lower ascii with dashes."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert set(GROUPS[name]) - {"public_only"} == {"questions"}
    assert GROUPS[name].get("public_only", True) is True
    assert 6 <= len(GROUPS[name]["questions"]) <= 12


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_typed_with_marks_and_without(name: str) -> None:
    """People type both ways: an exemplar set of one kind would miss the other half."""
    marked = [has_marks(question) for question in GROUPS[name]["questions"]]
    assert sum(marked) >= 2
    assert len(marked) - sum(marked) >= 2


def test_no_question_stands_twice() -> None:
    """Not even with other marks, capitals or punctuation."""
    assert [question for question, times in Counter(map(asked, QUESTIONS)).items() if times > 1] == []


def test_no_question_is_one_a_guide_answers() -> None:
    """An exemplar equal to a guide's variant would refuse what the guides answer."""
    guides = guide_questions()
    assert len(guides) > 1000
    assert [question for question in QUESTIONS if asked(question) in guides] == []


def test_no_question_is_a_call_for_help() -> None:
    """Danger goes before refusal: a call for help must never be an example of what is refused."""
    assert [question for question in QUESTIONS if find_danger(question) is not None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_says_where_to_ask(language: Language) -> None:
    """One text per group and no other, in both languages."""
    said = {key.removeprefix(ELSEWHERE) for key in catalog(language) if key.startswith(ELSEWHERE)}
    assert said == set(GROUPS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GROUPS)
def test_where_to_ask_is_short_and_holds_no_number(name: str, language: Language) -> None:
    """No phone number, deadline or fee that could go stale, and no placeholder."""
    text = catalog(language)[ELSEWHERE + name]
    assert 20 <= len(text) <= 220
    assert text.endswith(".")
    assert not re.search(r"[\d{}]", text)
