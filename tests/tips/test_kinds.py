"""Kinds are acts and hazards in plain words, and never what somebody believes, says or is."""

from __future__ import annotations

import re

import pytest

from prompts.catalog import LANGUAGES, catalog
from tips.folding import fold
from tips.kinds import (
    GROUPS,
    group_name,
    kind_ids,
    kind_of,
    kinds,
    question_ids,
    question_label,
    question_text,
    what_this_is_for,
)

# Belief, opinion, speech, gathering, politics, and what people are: no kind, hint or question may be of them.
BELIEF_AND_SPEECH = (
    "tôn giáo", "tín ngưỡng", "tà đạo", "đạo lạ", "đạo", "giáo phái", "giáo hội", "giáo dân", "nhà thờ",
    "chùa", "tin lành", "công giáo", "phật", "hồi giáo", "cầu nguyện", "thờ", "cúng", "truyền đạo",
    "pháp luân công", "mê tín", "bói toán", "chính trị", "phản động", "chống phá", "chế độ", "đảng",
    "nhà nước", "tuyên truyền", "xuyên tạc", "biểu tình", "tụ tập đông người", "bất đồng", "quan điểm",
    "chính kiến", "tư tưởng", "phát ngôn", "nói xấu", "bình luận", "đăng bài", "blogger", "nhà báo",
    "hội nhóm trái phép", "dân tộc", "người dân tộc", "đồng tính", "chuyển giới", "nhập cư",
    "người nước ngoài", "ly khai", "lật đổ", "religion", "religious", "belief", "faith", "sect", "cult",
    "church", "pagoda", "temple", "mosque", "pray", "prayer", "worship", "preach", "superstition",
    "political", "politics", "dissident", "protest", "demonstration", "propaganda", "opinion", "speech",
    "criticism", "criticise", "journalist", "activist", "ethnic", "ethnicity", "minority", "gay",
    "homosexual", "transgender", "foreigner", "immigrant", "ideology", "anti-state", "party", "regime",
)  # fmt: skip
WHO_IS_WRITING = re.compile(
    r"\b(?:tên|họ tên|số điện thoại|địa chỉ|căn cước|email) (?:của )?(?:anh chị|bạn|người báo|người gửi)\b"
    r"|\byour (?:name|phone|address|e-?mail|id)\b|\banh chị (?:là ai|tên gì)\?|\bwho are you\b"
)
# Said only to tell the sender not to do it.
MAY_SAY = ("Đừng ghi tên của chính anh chị", "Do not write your own name", "Không cần nói anh chị là ai")


def _texts() -> list[tuple[str, str]]:
    """Every text of kinds and questions but the one that says what this channel is not for."""
    return [
        (f"{language} {key}", words)
        for language in LANGUAGES
        for key, words in catalog(language).items()
        if key.startswith("kinds.") and key != "kinds.what_this_is_for"
    ]


def test_there_are_some_twenty_kinds_in_all_four_groups() -> None:
    assert 18 <= len(kinds()) <= 24
    assert {kind.group for kind in kinds()} == set(GROUPS)
    assert kinds()[-1].id == "other"


def test_ids_are_unique_and_short() -> None:
    assert len(kind_ids()) == len(kinds())
    assert all(re.fullmatch(r"[a-z_]{3,24}", kind_id) for kind_id in kind_ids())
    assert kind_of("drugs") is not None
    assert kind_of("religion") is None
    assert kind_of("") is None


def test_belief_opinion_and_peaceful_conduct_are_no_kind() -> None:
    """What somebody believes, says, prays or peacefully does is no category here (DESIGN §1)."""
    denied = re.compile(rf"\b(?:{'|'.join(BELIEF_AND_SPEECH)})\b", re.IGNORECASE)
    for key, words in _texts():
        assert not denied.search(words), f"{key}: {words}"
    ids = " ".join((*kind_ids(), *question_ids())).replace("_", " ")
    assert not denied.search(ids)
    folded = re.compile(rf"\b(?:{'|'.join(map(fold, BELIEF_AND_SPEECH[:4]))})\b")
    assert not folded.search(ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_who_finds_no_kind_is_told_what_the_channel_is_for(language) -> None:
    words = what_this_is_for(language)
    assert len(words) > 200
    assert kinds()[-1].name(language) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name_a_hint_and_two_to_four_questions(language) -> None:
    for kind in kinds():
        assert 2 <= len(kind.questions) <= 4, kind.id
        assert len(set(kind.questions)) == len(kind.questions)
        assert 2 <= len(kind.name(language)) <= 50
        assert 20 <= len(kind.hint(language)) <= 200
    for group in GROUPS:
        assert group_name(group, language)
    for question in question_ids():
        assert question_text(question, language).strip()[-1] in ".?"
        assert len(question_label(question, language)) <= 30


def test_names_of_kinds_are_told_apart() -> None:
    for language in LANGUAGES:
        assert len({kind.name(language) for kind in kinds()}) == len(kinds())


def test_no_text_is_left_of_a_kind_or_question_that_is_gone() -> None:
    for key in catalog("vi"):
        area, _, name = key.partition(".")
        if area == "kinds" and name.startswith("kind_"):
            assert name.removeprefix("kind_").removesuffix("_hint") in kind_ids()
        if area == "kinds" and name.startswith(("ask_", "label_")):
            assert name.partition("_")[2] in question_ids()


def test_no_question_asks_who_is_writing() -> None:
    for key, words in _texts():
        said = words
        for allowed in MAY_SAY:
            said = said.replace(allowed, "")
        assert not WHO_IS_WRITING.search(said.lower()), f"{key}: {words}"


def test_numbers_in_texts_are_only_those_for_help() -> None:
    """FACTS N33, N57: 111, 113 and 114; no other number is confirmed enough to be told here."""
    for key, words in _texts():
        assert set(re.findall(r"\b[0-9]{3,}\b", words)) <= {"111", "113", "114"}, key


def test_harm_to_people_is_marked_urgent() -> None:
    urgent = {kind.id for kind in kinds() if kind.is_urgent}
    assert {"child_abuse", "domestic_violence", "trafficking", "robbery", "fire_risk"} <= urgent
    assert not {"gambling", "corruption", "other"} & urgent
