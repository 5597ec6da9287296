"""Which of several candidates answers: the gate, guides first, then authority and time among equals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest

from knowledge.choosing import Chooser, compared, shipped_preference
from knowledge.gate import Gate, Model
from knowledge.lexical import terms_of
from knowledge.model import DocumentKind, DocumentMeta, Passage
from knowledge.query import Query
from knowledge.search import Found, Hit
from tests.fakes.gates import OPEN_GATE

_ids = count(1)


def _gate() -> Gate:
    """Confidence rises with `section`: .5 at .5, so that a test may say how sure each candidate is."""
    model = Model(bias=-5.0, weights={"section": 10.0}, threshold=0.5)
    return replace(OPEN_GATE, guide=model, guide_english=model, document=model, document_english=model)


GATE = _gate()


def hit(key: str, sure: float, **meta: Any) -> Hit:
    kind = meta.pop("kind", DocumentKind.DOCUMENT)
    articles = meta.pop("articles", ())
    passage = Passage(
        id=next(_ids), meta=DocumentMeta(key=key, title=meta.pop("title", key), kind=kind, **meta),
        anchor="p0", text=key, locator="", heading="", articles=articles,
        questions=("hỏi",) if kind is DocumentKind.GUIDE else (),
    )  # fmt: skip
    return Hit(passage=passage, score=sure, figures={"section": sure})


def found(*hits: Hit, article: str = "") -> Found:
    nothing = terms_of("")
    query = Query(
        typed="", english=False, marked=True, terms=nothing, added=nothing, dense="", article=article
    )
    return Found(
        query=query, guides=tuple(item for item in hits if item.passage.questions),
        documents=tuple(item for item in hits if not item.passage.questions), elsewhere="",
        embed_ms=0, search_ms=0,
    )  # fmt: skip


def keys(hits: list[Hit]) -> list[str]:
    return [item.passage.meta.key for item in hits]


def in_order(*hits: Hit) -> list[str]:
    """What answers, then what answers without it, and so on."""
    left, keys_in_order = list(hits), []
    while left:
        first = Chooser(GATE).order(found(*left))[0]
        left.remove(first)
        keys_in_order.append(first.passage.meta.key)
    return keys_in_order


def law(key: str, number: str, sure: float, **meta: Any) -> Hit:
    return hit(key, sure, number=number, kind=DocumentKind.LAW, **meta)


def test_of_equals_the_higher_authority_answers() -> None:
    news, plan = hit("tin", 0.9), hit("ke-hoach", 0.899, title="Kế hoạch", number="1/KH-UBND")
    circular = law("thong-tu", "1/2020/TT-BCA", 0.898)
    decree, code = law("nghi-dinh", "1/2020/NĐ-CP", 0.897), law("luat", "1/2020/QH14", 0.896)
    assert in_order(news, plan, circular, decree, code) == [
        "luat",
        "nghi-dinh",
        "thong-tu",
        "ke-hoach",
        "tin",
    ]


def test_of_equals_of_one_authority_the_newer_answers() -> None:
    old = law("cu", "1/2016/NĐ-CP", 0.9, effective=date(2016, 1, 1))
    new = law("moi", "1/2024/NĐ-CP", 0.895, effective=date(2024, 1, 1))
    undated = law("khong-ngay", "2/2024/NĐ-CP", 0.899)
    assert in_order(old, undated, new) == ["moi", "cu", "khong-ngay"]


def test_what_speaks_clearly_more_answers_whatever_its_authority() -> None:
    news, code = hit("tin", 0.9), law("luat", "1/2020/QH14", 0.8)
    assert in_order(news, code) == ["tin", "luat"]


def test_a_law_in_doubt_comes_after_its_equals() -> None:
    doubtful, sure = law("nd49", "49/2020/NĐ-CP", 0.9), law("tt", "20/2025/TT-BCA", 0.895)
    assert in_order(doubtful, sure) == ["tt", "nd49"]


def test_a_draft_answers_only_where_nothing_else_does() -> None:
    draft = law("du-thao", "1/2027/QH16", 0.95, title="Dự thảo Luật Hòa giải")
    news = hit("tin", 0.6)
    assert in_order(draft, news) == ["tin", "du-thao"]
    assert in_order(draft) == ["du-thao"]


def test_a_draft_never_comes_before_a_guide() -> None:
    draft = law("du-thao", "1/2027/QH16", 0.95, title="Dự thảo Luật Hòa giải")
    guide = hit("guide:a", 0.6, kind=DocumentKind.GUIDE)
    assert in_order(guide, draft) == ["guide:a", "du-thao"]


def test_a_guide_answers_unless_a_document_speaks_closer() -> None:
    guide = hit("guide:a", 0.9, kind=DocumentKind.GUIDE)
    chooser = Chooser(GATE)
    assert keys(chooser.order(found(guide, law("luat", "1/2020/QH14", 0.905))))[0] == "guide:a"
    assert keys(chooser.order(found(guide, law("luat", "1/2020/QH14", 0.95))))[0] == "luat"


def test_what_does_not_pass_answers_nothing_whatever_its_authority() -> None:
    assert Chooser(GATE).best(found(law("luat", "1/2020/QH14", 0.4))) is None
    news = hit("tin", 0.6)
    assert Chooser(GATE).best(found(law("luat", "1/2020/QH14", 0.4), news)) is news


def test_a_named_article_comes_first() -> None:
    other = law("a", "1/2020/QH14", 0.9, articles=("1/2020/QH14+5",))
    named = law("b", "2/2020/QH14", 0.7, articles=("2/2020/QH14+16",))
    assert keys(Chooser(GATE).order(found(other, named, article="16")))[0] == "b"


def test_a_rival_is_another_document_that_passes_and_speaks_nearly_as_surely() -> None:
    best = hit("a", 0.9)
    rivals = Chooser(GATE).rivals(
        found(
            best, hit("a", 0.89), hit("b", 0.85), hit("c", 0.55), hit("d", 0.3),
            hit("e", 0.88, title="Dự thảo Quy chế"),
        ),
        best,
    )  # fmt: skip
    assert keys(rivals) == ["b"]


def test_a_guide_may_be_contradicted_by_a_document_and_not_by_a_guide() -> None:
    best = hit("guide:a", 0.9, kind=DocumentKind.GUIDE)
    other = hit("guide:b", 0.9, kind=DocumentKind.GUIDE)
    assert keys(Chooser(GATE).rivals(found(best, other, hit("tin", 0.6)), best)) == ["tin"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_every_candidate_is_kept_once(order: tuple[int, ...]) -> None:
    hits = [hit("a", 0.9), law("b", "1/2020/QH14", 0.3), hit("guide:c", 0.8, kind=DocumentKind.GUIDE)]
    ranked = Chooser(GATE).order(found(*(hits[at] for at in order)))
    assert sorted(keys(ranked)) == ["a", "b", "guide:c"]


def test_behind_the_first_guides_and_documents_come_by_turns() -> None:
    guides = [hit(f"guide:{at}", 0.9 - at / 100, kind=DocumentKind.GUIDE) for at in range(3)]
    laws = [law(f"luat{at}", f"{at}/2020/QH14", 0.8 - at / 100) for at in range(3)]
    assert keys(Chooser(GATE).order(found(*guides, *laws))) == [
        "guide:0", "luat0", "guide:1", "luat1", "guide:2", "luat2",
    ]  # fmt: skip


def test_guides_that_are_no_evidence_wait_behind_two_documents() -> None:
    guides = [hit(f"guide:{at}", 0.4, kind=DocumentKind.GUIDE) for at in range(2)]
    laws = [law(f"luat{at}", f"{at}/2020/QH14", 0.8 - at / 100) for at in range(4)]
    assert keys(Chooser(GATE).order(found(*guides, *laws))) == [
        "luat0", "luat1", "luat2", "guide:0", "luat3", "guide:1",
    ]  # fmt: skip


def of(item: Hit, **figures: float) -> Hit:
    return replace(item, figures={**item.figures, **figures})


def test_a_compared_document_answers_first_where_the_guide_is_asked_for_something_else() -> None:
    guide = hit("guide:a", 0.6, kind=DocumentKind.GUIDE)
    article = of(law("luat", "1/2020/QH14", 0.6), light=0.7)
    meant, beside = of(guide, concepts=0.9, asked=40.0), of(guide, concepts=0.2, asked=10.0)
    assert keys(Chooser(GATE).order(found(meant, article)))[0] == "guide:a"
    assert keys(Chooser(GATE).order(found(beside, article)))[0] == "luat"


def test_the_surer_and_the_nearer_a_document_is_the_more_speaks_for_it() -> None:
    guide, article = hit("guide:a", 0.6), of(hit("luat", 0.6), light=0.5)
    figures = compared(guide, article, 0.6, 0.6)
    assert figures["nearer"] == figures["guide_log_odds"] - figures["document_log_odds"] == 0.0
    assert set(figures) == set(shipped_preference().weights)
    weights = shipped_preference().weights
    assert min(weights[name] for name in ("document_log_odds", "nearer", "light")) > 0
    assert max(weights[name] for name in ("guide_log_odds", "concepts", "asked")) < 0


def test_a_compared_draft_never_comes_before_a_guide() -> None:
    draft = of(law("du-thao", "1/2027/QH16", 0.95, title="Dự thảo Luật Hòa giải"), light=1.0)
    guide = of(hit("guide:a", 0.6, kind=DocumentKind.GUIDE), concepts=0.0, asked=0.0)
    assert keys(Chooser(GATE).order(found(guide, draft)))[0] == "guide:a"
