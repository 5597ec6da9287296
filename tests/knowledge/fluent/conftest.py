"""A small library of a guide and a law, and a scripted model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from knowledge.model import Audience, DocumentKind, PassageDraft
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.fakes.openai.server import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.library import Library

MEDIATION = guide(
    "hoa-giai",
    section(
        "xin-hoa-giai", "Muốn nhờ tổ hòa giải thì làm thế nào?",
        "Gặp hòa giải viên của thôn và nói rõ mâu thuẫn chuyện gì. "
        "Chỉ cần một bên yêu cầu là tổ hòa giải làm. Hòa giải không mất tiền.",
        "hang xom cai nhau thi nhờ ai hoa giai", "nhờ tổ hòa giải thì nói với ai", "xin hòa giải ở đâu",
    ),
    title="Hòa giải ở cơ sở", topic="hoa-giai", as_of=date(2026, 11, 22),
)  # fmt: skip
BIRDS = document(
    "laws/yen.txt",
    PassageDraft(
        anchor="25", heading="Điều 25. Quản lý nuôi chim yến", locator="Điều 25",
        text="Nhà yến cách trường học, bệnh viện tối thiểu 300 mét. "
        "Âm thanh dẫn dụ chim yến không vượt quá 70 dBA. "
        "Người nuôi chim yến phải đăng ký với Ủy ban nhân dân cấp xã trong thời hạn 15 ngày. "
        "Công an xã không thu tiền đăng ký nuôi chim yến theo Điều 25.",
        articles=("13/2020/NĐ-CP+25",),
    ),
    title="Nghị định về chăn nuôi", number="13/2020/NĐ-CP", kind=DocumentKind.LAW, effective=date(2020, 3, 5),
)  # fmt: skip
PLAN = document(
    "plans/dieu.txt",
    PassageDraft(
        anchor="1", heading="Thi thả diều", locator="mục 1",
        text="Đoàn viên thi thả diều sáo ngày 15/12/2026 tại sân vận động xã Hoa Lư.",
    ),
    title="Kế hoạch thi thả diều", audience=Audience.MEMBER,
)  # fmt: skip


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("fluent"), HashingEmbedder()) as opened:
        for draft in (MEDIATION, BIRDS, PLAN):
            opened.publish(draft)
        opened.finish()
        yield opened


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as running:
        yield running
