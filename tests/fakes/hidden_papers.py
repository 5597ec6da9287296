"""Documents with canaries: words that stand in one hidden document only, and the public ones beside them."""

from __future__ import annotations

from hypothesis import strategies as st

from knowledge.model import Audience, DocumentDraft, DocumentKind, PassageDraft
from knowledge.text.folding import fold
from tests.fakes.drafts import document, guide, section

CANARIES = {
    Audience.MEMBER: ("zửbạc", "quyxằng", "MB-77/KH-zuva"),
    Audience.OFFICER: ("xuỗmgià", "trịkhuây", "OF-13/CA-zoki"),
}


def hidden(audience: Audience) -> list[DocumentDraft]:
    """A law, a plan and a guide of *audience*, all about its canaries and about common words."""
    one, two, number = CANARIES[audience]
    return [
        guide(
            f"{one}-guide",
            section(
                one,
                f"Đội {one} họp ở đâu?",
                f"Đội {one} họp với hòa giải viên.",
                f"doi {fold(one)} hop o dau",
            ),
            section(two, f"{two} là gì?", f"Chuyện {two} báo công an xã.", f"{two} la gi", "báo công an xã"),
            title=f"Cẩm nang {one}",
            audience=audience,
        ),
        document(
            f"plans/{one}.txt",
            PassageDraft(
                anchor=two, heading=f"Kế hoạch {two}", locator=f"tr. {one}", text=f"Kế hoạch {two} mở {one}."
            ),
            PassageDraft(anchor="p", text="Hòa giải ở cơ sở, báo công an xã, gọi 113."),
            title=f"Kế hoạch {one}",
            number=number,
            source=two,
            audience=audience,
        ),
        document(
            f"laws/{two}.txt",
            f"1. {one} phải báo {two}.",
            title=two,
            kind=DocumentKind.LAW,
            audience=audience,
        ),
    ]


PUBLIC = [
    guide(
        "hoa-giai",
        section("nho", "Muốn nhờ hòa giải thì gặp ai?", "Gặp hòa giải viên ở thôn.", "nho hoa giai gap ai"),
        section(
            "tu-choi", "Từ chối hòa giải được không?", "Được, không ai ép.", "tu choi hoa giai duoc khong"
        ),
    ),
    document(
        "news/a.txt", "Công an xã nhận tin báo cả ngày.", "Kế hoạch tuần tra được mở ở xã.", title="Tin xã"
    ),
]

WORDS = [word for canaries in CANARIES.values() for word in canaries]
COMMON = [
    "đội",
    "họp",
    "ở đâu",
    "kế hoạch",
    "báo",
    "công an xã",
    "là gì",
    "hòa giải",
    "what is",
    "the",
    "ko",
    "ntn",
]
questions = st.builds(
    lambda words, spell: str(spell(" ".join(words))),
    st.lists(st.sampled_from(WORDS + COMMON), min_size=1, max_size=8),
    st.sampled_from([str, fold, str.upper]),
)


def leaks(said: str, audience: Audience) -> list[str]:
    """The canaries of *audience* in *said*, which is folded."""
    return [canary for canary in CANARIES[audience] if fold(canary) in said]
