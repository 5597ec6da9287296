"""What leads to somebody is out of a question before it is kept: 188 sentences in four spellings."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.gaps.redaction import redact
from knowledge.text.folding import fold

SET = Path(__file__).parent / "redaction.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
DIGITS = frozenset(("phone", "paper", "plate", "account"))
NEVER = DIGITS | {"mail", "link", "handle"}
# Small words of a name that stand in many a sentence anyway, and the nouns of an address.
NOT_TELLING = frozenset(("thi", "van", "nha", "duong", "thon", "can", "chung", "so"))


def _plain(text: str) -> str:
    return re.sub(r"\[[^\]]*\]", " ", fold(unicodedata.normalize("NFKC", text)))


def is_left(kind: str, value: str, redacted: str) -> bool:
    """Whether enough of *value* is in *redacted* to lead to somebody: four digits, seven letters, a word."""
    if kind in {"name", "address"}:
        words = set(re.findall(r"\w+", _plain(redacted)))
        return any(word in words for word in re.findall(r"\w+", fold(value)) if word not in NOT_TELLING)
    squeezed, left = (re.sub(r"[\W_]", "", _plain(text)) for text in (value, redacted))
    length = 4 if kind in DIGITS and any(sign.isdigit() for sign in squeezed) else 7
    return any(squeezed[at : at + length] in left for at in range(max(1, len(squeezed) - length + 1)))


def left_by_kind() -> tuple[Counter[str], Counter[str]]:
    """How many secrets of each kind the set has, and how many of them are left."""
    total: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for row in ROWS:
        redacted = redact(row["text"])
        for secret in row["secrets"]:
            total[secret["kind"]] += 1
            left[secret["kind"]] += is_left(secret["kind"], secret["value"], redacted)
    return total, left


def test_the_set_holds_four_spellings_and_the_judge_sees_what_was_not_redacted() -> None:
    assert len(ROWS) >= 150
    assert {row["style"] for row in ROWS} == {"plain", "no_marks", "abbrev", "typo"}
    assert all(
        is_left(secret["kind"], secret["value"], row["text"]) for row in ROWS for secret in row["secrets"]
    )


def test_no_number_account_address_of_the_net_or_plate_is_left_in_any_spelling() -> None:
    total, left = left_by_kind()
    assert {kind: left[kind] for kind in NEVER} == dict.fromkeys(NEVER, 0)
    assert sum(total[kind] for kind in DIGITS) >= 60


def test_names_and_addresses_go_but_for_those_in_small_letters_that_nothing_shows() -> None:
    total, left = left_by_kind()
    assert 1 - left["name"] / total["name"] >= 0.92
    assert 1 - left["address"] / total["address"] >= 0.85


def test_real_questions_without_anybody_in_them_stay_as_they_are() -> None:
    """Over-redaction costs officers a guess: at most 2 % of the golden questions, typed and folded."""
    golden = Path(__file__).parents[2] / "golden"
    questions = [
        json.loads(line)["question"]
        for name in ("golden.jsonl", "fresh.jsonl")
        for line in (golden / name).read_text(encoding="utf-8").splitlines()
    ]
    spelled = [text for question in questions for text in dict.fromkeys((question, fold(question)))]
    touched = [text for text in spelled if "[" in redact(text)]
    assert len(touched) <= 0.02 * len(spelled), touched


@pytest.mark.parametrize(
    "kept",
    [
        "Luật 35/2013/QH13 điều 16 nói gì?",
        "Nghị định 168/2024 phạt bao nhiêu",
        "thong tu 28/2020/TT-BCA quy dinh gi",
        "gọi 113 hay 114 khi có cháy",
        "Công an phường làm việc mấy giờ?",
        "Hội Phụ nữ xã có giúp không?",
        "anh huong gi den ho so khong",
        "co tien an co duoc vay von khong",
    ],
)
def test_laws_help_lines_and_offices_stay(kept: str) -> None:
    assert redact(kept) == kept


@pytest.mark.parametrize(
    ("typed", "redacted"),
    [
        ("thang Hung con ba Bay nha so 7 hem 45/2", "thang [tên] con ba [tên] [địa chỉ]"),
        ("số 0\u200b912\u2060345 678", "số [số]"),
        ("số 0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "số [số]"),
        ("so ٠٩١٢٣٤٥٦٧٨", "so [số]"),
        ("gửi [tên] giả", "gửi (tên) giả"),
        ("chan loi moi cua chimsaobiennick the nao", "chan loi moi cua [tên] the nao"),
    ],
)
def test_hidden_and_foreign_digits_are_seen_and_nobody_forges_a_placeholder(
    typed: str, redacted: str
) -> None:
    assert redact(typed) == redacted


@given(st.text(max_size=200))
def test_whatever_is_typed_is_redacted_without_an_error_and_leaves_no_five_digits(typed: str) -> None:
    redacted = redact(typed)
    assert "\n" not in redacted
    assert not re.search(r"(?<![/\d])\d{5,}(?!\d*/(?:19|20)\d\d)", redacted)
