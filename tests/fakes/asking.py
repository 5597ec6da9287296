"""A hand-written `AskPort`: knows five questions, remembers what it was asked, fails when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from knowledge.answer import Answer, Citation, EmergencyNumber, Status, Timings

if TYPE_CHECKING:
    from bot.messages import Feedback, Question
    from prompts.catalog import Language

TIMINGS = Timings(embed=11.5, search=2.25, total=14.0)

MEDIATION = Answer(
    status=Status.ANSWERED,
    kind="guide",
    text=(
        "Nếu đang đánh nhau hoặc có người gặp nguy hiểm: gọi ngay **113**, bị thương gọi **115**. "
        "Hòa giải để sau.\n\nKhi đã yên:\n\n"
        "1. Tìm hòa giải viên của thôn, tổ dân phố. Chưa biết là ai thì hỏi trưởng thôn hoặc tổ trưởng "
        "tổ dân phố.\n"
        "2. Nói rõ: mâu thuẫn chuyện gì, với ai, mình muốn được nghe gì, làm gì cho ổn.\n"
        "3. Chọn nơi và giờ gặp, gặp kín hay công khai.\n\n"
        "Chỉ cần **một bên** yêu cầu là có thể bắt đầu."
    ),
    citations=(
        Citation(
            id="guide:hoa-giai#xin-hoa-giai",
            title="Hòa giải ở cơ sở",
            number="",
            locator="Muốn nhờ tổ hòa giải thì làm thế nào?",
            date="2026-11-22",
            date_kind="as_of",
            url="",
            quote="Tìm hòa giải viên của thôn, tổ dân phố.",
            articles=("35/2013/QH13+16",),
            references=(
                "Luật Hòa giải ở cơ sở số 35/2013/QH13, Điều 16",
                "Luật Hòa giải ở cơ sở số 35/2013/QH13, Điều 17",
            ),
        ),
        Citation(
            id="law:35-2013-qh13#16",
            title="Luật Hòa giải ở cơ sở",
            number="35/2013/QH13",
            locator="Điều 16, khoản 1",
            date="2013-06-20",
            date_kind="issued",
            url="https://example.org/35-2013-qh13",
            quote="Hòa giải ở cơ sở được tiến hành khi một bên hoặc các bên yêu cầu hòa giải.",
        ),
    ),
    suggestions=("Tổ hòa giải giúp được những chuyện nào?", "Bên kia không chịu hòa giải thì sao?"),
    timings=TIMINGS,
)

REFUSAL = {
    "vi": Answer(
        status=Status.REFUSED,
        text=(
            "Tài liệu của Bình An chưa có câu trả lời cho điều này nên Bình An không đoán.\n\n"
            "Anh chị có thể hỏi Công an xã, phường hoặc UBND xã, phường nơi mình ở."
        ),
        suggestions=("Báo tin tội phạm ở đâu?",),
        timings=TIMINGS,
    ),
    "en": Answer(
        status=Status.REFUSED,
        text="The documents do not say, so Bình An does not guess.\n\nAsk the police of your ward.",
        timings=TIMINGS,
    ),
}

DANGER = {
    "vi": Answer(
        status=Status.DANGER,
        text=(
            "Ra chỗ an toàn trước đã, có người ở bên càng tốt. "
            "Nói rõ **đang ở đâu** và **chuyện gì đang xảy ra**."
        ),
        numbers=(
            EmergencyNumber(number="113", label="Công an"),
            EmergencyNumber(number="115", label="Cấp cứu"),
        ),
    ),
    "en": Answer(
        status=Status.DANGER,
        text="Get somewhere safe first. Say **where you are** and **what is happening**.",
        numbers=(
            EmergencyNumber(number="113", label="Police"),
            EmergencyNumber(number="115", label="Ambulance"),
        ),
    ),
}

REPORT = Answer(
    status=Status.ANSWERED,
    kind="report",
    text="Lời này **chưa đến công an**.\n\nGọi ngay ngân hàng, rồi đến công an gần nhất.",
    citations=MEDIATION.citations[:1],
    suggestions=("Bị lừa qua mạng cần giữ những chứng cứ gì?",),
)
TALK = Answer(status=Status.ANSWERED, kind="talk", text="Dạ, không có chi.")

HOSTILE = Answer(
    status=Status.ANSWERED,
    kind="passage",
    text="<script>alert(1)</script> **<img src=x onerror=alert(2)>** [x](javascript:alert(3))",
    citations=(
        Citation(
            id='"><script>alert(4)</script>',
            title="<b>title</b>",
            number='"><i>number</i>',
            locator="<i>locator</i>",
            date="<u>date</u>",
            date_kind="",
            url="javascript:alert(5)",
            quote="</blockquote><script>alert(6)</script>",
            references=("<s>reference</s>",),
        ),
        Citation(
            id="b",
            title="b",
            number="",
            locator="",
            date="",
            date_kind="",
            url='https://example.org/"><script>alert(7)</script>',
            quote="",
        ),
    ),
    suggestions=('"><script>alert(8)</script>',),
)

STARTERS: dict[Language, tuple[str, ...]] = {
    "vi": (
        "Hàng xóm đánh nhau thì nhờ ai hòa giải?",
        "Báo tin tội phạm ở đâu, có lộ tên không?",
        "Mới ra tù về thì cần làm giấy tờ gì?",
        "Nghi bị lừa chuyển tiền qua mạng, làm gì ngay?",
        "Muốn đưa người nhà đi cai nghiện tự nguyện?",
        "Tố giác, tố cáo, khiếu nại khác nhau thế nào?",
    ),
    "en": (
        "How do I report a crime?",
        "Who mediates between neighbours?",
        "What papers do I need after prison?",
    ),
}


class FakeAsking:
    """Answers by a word in the question; every question and thumb is kept for the test to look at."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.feedback: list[Feedback] = []
        self.failure: Exception | None = None
        self.starters_failure: Exception | None = None
        self.seconds = 0.0
        self.asking_now = 0
        self.most_at_once = 0

    async def ask(self, question: Question) -> Answer:
        """Danger, refusal, a report, small talk, markup or mediation, as the words have it."""
        self.questions.append(question)
        self.asking_now += 1
        self.most_at_once = max(self.most_at_once, self.asking_now)
        try:
            await anyio.sleep(self.seconds)
        finally:
            self.asking_now -= 1
        if self.failure is not None:
            raise self.failure
        words = question.text.lower()
        if "cứu" in words or "help me" in words:
            return DANGER[question.language]
        if "giá vàng" in words or "gold" in words:
            return REFUSAL[question.language]
        if "bị lừa" in words:
            return REPORT
        if "cảm ơn" in words:
            return TALK
        return HOSTILE if "<hostile>" in words else MEDIATION

    async def note_feedback(self, feedback: Feedback) -> None:
        """Keep *feedback*."""
        if self.failure is not None:
            raise self.failure
        self.feedback.append(feedback)

    async def starters(self, language: Language) -> tuple[str, ...]:
        """Six Vietnamese or three English ones."""
        if self.starters_failure is not None:
            raise self.starters_failure
        return STARTERS[language]
