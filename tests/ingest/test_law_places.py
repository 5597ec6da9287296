"""A locator leads back: whoever goes to that Điều, khoản and điểm of the file finds the passage there."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.laws import articles_of, clauses_of, follow, letters, place_of
from ingest.law import read_law
from ingest.law_passages import CLAUSE_LIMIT, law_passages
from ingest.law_text import Line
from tests.ingest.made_up_laws import made_up

_MANY = settings(
    max_examples=20, deadline=None, derandomize=True
)  # no deadline: other tests run on the same cores
_SEEDS = st.integers(min_value=0, max_value=2**32)


def _read(text):
    law = read_law([Line(line) for line in text.split("\n")])
    assert law is not None
    return law


def _passages(text):
    law = _read(text)
    return law_passages(law.text, number=law.number, title=law.title)


@_MANY
@given(_SEEDS)
def test_every_article_and_clause_of_a_law_is_counted_as_its_lines_count_them(seed):
    law = made_up(seed)
    read = {
        item.number: [c.number for c in item.clauses if c.number] for item in _read(law.text).text.articles
    }
    there = {name: [n for n, _ in clauses_of(lines)] for name, lines in articles_of(law.text).items()}
    assert read == there == law.clauses


@_MANY
@given(_SEEDS)
def test_every_locator_is_its_own_and_leads_back_to_its_passage(seed):
    text = made_up(seed).text
    passages, articles = _passages(text), articles_of(text)
    assert (
        len({item.locator for item in passages}) == len({item.anchor for item in passages}) == len(passages)
    )
    assert all(len(item.text) <= CLAUSE_LIMIT for item in passages)
    together = defaultdict(list)
    for item in passages:
        together[place_of(item.locator)].append(item.text)
    for place, pieces in together.items():
        assert place is not None
        assert letters("".join(pieces)) in map(letters, follow(place, articles)), place


@pytest.mark.parametrize(
    "line",
    ["1.Hồ sơ gồm có đơn.", ")1. Hồ sơ gồm có đơn.", "1*. Hồ sơ* gồm có đơn.", "1.* Hồ sơ* gồm có đơn."],
)
def test_a_clause_whose_number_sticks_to_its_words_is_one(line):
    law = _read(f"Điều 1. A\n{line}\n2. Hai là câu thứ hai.\nĐiều 2. B\nHết.")
    assert next((c.number, c.text) for c in law.text.articles[0].clauses) == ("1", "1. Hồ sơ gồm có đơn.")


@pytest.mark.parametrize("line", ["1.000 đồng là mức thấp nhất.", "1.1. Mục nhỏ.", "1.hồ sơ viết thường."])
def test_figures_and_sub_numbers_open_no_clause(line):
    law = _read(f"Điều 1. A\nMức phạt như sau:\n{line}\nĐiều 2. B\nHết.")
    assert [c.number for c in law.text.articles[0].clauses] == [""]


def test_a_long_clause_is_cut_between_its_points_and_a_long_point_is_numbered():
    point, long = "Một câu về việc này. " * 40, "Một câu dài hơn nhiều. " * 100
    passages = _passages(f"Điều 1. A\n1. Gồm:\na) {point}\nNói thêm.\nb) {long}\nđ) {point}\nĐiều 2. B\nHết.")
    assert [item.locator for item in passages][:-1] == [
        "điểm a khoản 1 Điều 1",
        "điểm b khoản 1 Điều 1, đoạn 1",
        "điểm b khoản 1 Điều 1, đoạn 2",
        "điểm đ khoản 1 Điều 1",
    ]
    assert passages[0].text.startswith("1. Gồm:\na) ")
    assert passages[0].text.endswith("Nói thêm.")


def test_words_before_a_long_first_point_are_a_place_of_their_own():
    lead, point = "Những người sau đây " * 30, "Một câu về việc này. " * 40
    passages = _passages(f"Điều 1. A\n1. {lead}:\na) {point}\nb) {point}\nĐiều 2. B\nHết.")
    assert [item.locator for item in passages][:3] == [
        "khoản 1 Điều 1, phần đầu",
        "điểm a khoản 1 Điều 1",
        "điểm b khoản 1 Điều 1",
    ]


def test_the_page_of_a_piece_is_the_page_it_starts_on():
    long = "Một câu dài hơn nhiều. " * 40
    lines = [Line("Điều 1. A", 1), Line(f"1. {long}", 1), *(Line(long, page) for page in (2, 3, 4))]
    law = read_law([*lines, Line("Điều 2. B", 5), Line("Hết.", 5)])
    passages = law_passages(law.text, number="1/2020/QH14", title="Luật Mẫu")
    assert [item.locator for item in passages][:4] == [
        f"khoản 1 Điều 1, đoạn {page}, tr. {page}" for page in (1, 2, 3, 4)
    ]


def test_a_codified_title_stays_one_however_long_it_is():
    title = "Trách nhiệm của các cơ quan trong việc " + "phối hợp, " * 40 + "theo dõi."
    head = "1/2020/QH14 Mẫu | Quốc hội | ban hành 1/1/2020 | 2 điều | x"
    text = f"{head}\n\nĐiều 1. {title}\n[hiệu lực 1/1/2020]\n"
    passages = _passages(f"{text}1. Một câu.\n\nĐiều 2. B\n[hiệu lực 1/1/2020]\nHết.")
    assert passages[0].text == "1. Một câu."
    assert passages[0].heading.startswith(f"Điều 1. {title.rstrip('.')}")
