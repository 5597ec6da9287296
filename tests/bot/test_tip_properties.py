"""Whatever order things come in: no trace, no lost story, no tip sent unasked."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.conversation import Incoming
from bot.flows.tip_draft import Draft
from tests.bot.talking import PHOTO, STORY, Talker
from tips.errors import TipStoreUnavailable
from tips.model import Reply
from tips.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER_RECEIPT = Receipt.new().text
TEXTS = (
    STORY,
    "{n} {{0}} %s <b>' OR 1=1 --",
    "mốc{n}",
    "có nhóm người đánh bạc ở quán nước mốc{n}",
    "tôi tên là Lan, mốc{n} có người bán pháo ở chợ, đêm nào cũng có xe đến lấy hàng đi bán lại",
    "mốc{n} lần trước có mã " + OTHER_RECEIPT,
    OTHER_RECEIPT,
    "phường Bến Thành",
    "an bình",
    "có",
    "gửi đi",
    "không",
    "cứu với nó đang chém người mốc{n}",
    "",
    "😀",
    "\u202e\u0000\ud800",
    "rất dài mốc{n} " * 120,
)
IDS = ("ready.send", "summary.go_on", "naming.drop", "cancel.yes", "sent.delete", "x", "receipt_inside.drop")
# Words that tell somebody that what they said is not in the tip.
NOT_NOTED = {
    "tip.choose_please",
    "tip.no_words",
    "tip.nothing_heard",
    "tip.already_sent",
    "tip.receipt_not_matching",
    "tip.receipt_matches",
    "tip.receipt_not_noted",
    "tip.story_cut",
    "tip.draft_gone",
    "tip.no_room",
}
# After these a story may be shorter than before, and the sender knows.
GIVEN_UP = {
    "tip.cancelled",
    "tip.received",
    "tip.story_replaced",
    "tip.draft_gone",
    "tip.talk_over",
    "tip.naming_dropped",
    "tip.story_cut",
    "tip.receipt_dropped",
}

AT_SUMMARY = [("say", STORY)]
AT_RECEIPT = [*AT_SUMMARY, ("stale", "summary.go_on"), ("stale", "coaching.enough")]
READY = [*AT_RECEIPT, ("confirm", None)]
BEGINNINGS = st.sampled_from(([], AT_SUMMARY, AT_RECEIPT, READY))
ACTIONS = st.one_of(
    st.tuples(st.just("pick"), st.integers(0, 12)),
    st.tuples(st.just("pick"), st.integers(0, 12)),
    st.tuples(st.just("say"), st.sampled_from(TEXTS)),
    st.tuples(st.just("say"), st.text(max_size=90)),
    st.tuples(st.just("way"), st.sampled_from(("back", "skip", "edit", "cancel"))),
    st.tuples(st.just("stale"), st.sampled_from(IDS) | st.text(max_size=12)),
    st.tuples(st.just("send"), st.integers(0, 21)),
    st.tuples(st.just("pin"), st.floats(allow_nan=True) | st.just(10.77)),
    st.tuples(st.just("confirm"), st.none()),
    st.tuples(st.just("fail"), st.sampled_from(("store", "trace", "after", "none", "none"))),
    st.tuples(st.just("wait"), st.sampled_from((-9_000, 60, 60, 1_300))),
)


class Watched:
    """A talker whose every turn is checked."""

    def __init__(self) -> None:
        self.talker = Talker()
        self.confirmed: set[str] = set()
        self.number = 0
        self.talker.begin()

    def do(self, action: str, value: object) -> None:
        before = self.draft
        getattr(self, f"_{action}")(value)
        keys = set(self.talker.keys)
        if before is not None and before.story and not keys & GIVEN_UP:
            assert self.draft is not None
            assert self.draft.story.startswith(before.story), "a story was lost without a word"
        for receipt in self.talker.office.submissions:
            assert receipt in self.confirmed, "sent before the receipt was confirmed"
        assert set(self.talker.office.tips) <= self.confirmed
        if "tip.received" in keys:
            assert set(self.talker.office.tips) >= {self.talker.receipts[-1].text}

    @property
    def draft(self) -> Draft | None:
        held = self.talker.drafts.get("a")
        return held if isinstance(held, Draft) else None

    def _pick(self, value: int) -> None:
        offered = [choice.id for choice in self.talker.last.choices]
        if offered:
            self.talker.press(offered[value % len(offered)])
        else:
            self.talker.begin()

    def _say(self, template: str) -> None:
        self.number += 1
        text = template.replace("{n}", str(self.number))
        if self.talker.receipts and self.talker.receipts[-1].is_confirmed_by(text):
            self.confirmed.add(self.talker.receipts[-1].text)
        keys = set(self.talker.say(text))
        mark = f"mốc{self.number}"
        if mark in text and not keys & NOT_NOTED:
            assert self.draft is not None
            assert mark in repr_of(self.draft), "words went nowhere without a word"

    def _way(self, way: str) -> None:
        self.talker.press(way)

    _stale = _way

    def _send(self, count: int) -> None:
        self.talker.send(*(PHOTO,) * count)
        assert self.draft is None or len(self.draft.files) <= 20

    def _pin(self, value: float) -> None:
        self.talker.hear(Incoming(pin=(value, 106.69)))

    def _confirm(self, value: None) -> None:
        del value
        if self.talker.receipts:
            if self.draft is not None and self.draft.step == "receipt":
                self.confirmed.add(self.talker.receipts[-1].text)
            self.talker.confirm()

    def _fail(self, how: str) -> None:
        self.talker.office.failing = {"store": TipStoreUnavailable(), "trace": ValueError("x")}.get(how)
        self.talker.office.fails_after_keeping = OSError() if how == "after" else None

    def _wait(self, seconds: int) -> None:
        self.talker.seconds.now += seconds
        if self.draft is None:
            self.talker.say("")


def repr_of(draft: Draft) -> str:
    """All words of a draft."""
    answers = [answer for _, answer in draft.details]
    return "\n".join([draft.story, draft.place, draft.when, draft.concerns_whom, *answers])


@contextlib.contextmanager
def watched() -> Iterator[Watched]:
    watching = Watched()
    try:
        yield watching
    finally:
        watching.talker.close()


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, st.lists(ACTIONS, min_size=3, max_size=30))
@example(READY, [("fail", "after"), ("pick", 0), ("fail", "none"), ("pick", 0)])
def test_no_order_of_messages_breaks_a_promise(beginning, actions):
    with watched() as watching:
        for action, value in (*beginning, *actions):
            watching.do(action, value)


def test_the_watch_itself_reaches_a_sent_tip():
    """Otherwise the property above would hold of nothing."""
    with watched() as watching:
        sent = [("fail", "store"), ("stale", "ready.send"), ("fail", "none"), ("stale", "ready.send")]
        for action, value in (*READY, *sent):
            watching.do(action, value)
        assert "tip.received" in watching.talker.keys
        assert len(watching.talker.office.tips) == 1


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, min_size=3, max_size=25), st.booleans())
def test_no_order_of_messages_breaks_following(actions, knows):
    with watched() as watching:
        talker = watching.talker
        at = sent_tip(talker)
        talker.begin("follow_up")
        talker.say(at if knows else Receipt.new().text)
        for action, value in actions:
            if action in {"wait", "confirm"}:
                continue
            if not talker.talk.is_talking("a"):
                break
            further, withdrawn = len(talker.office.further), set(talker.office.withdrawn)
            if action == "say":
                talker.say(value)
            else:
                getattr(watching, f"_{action}")(value)
            pressed_send = "follow.more_received" in talker.keys
            assert (len(talker.office.further) > further) == pressed_send
            assert (talker.office.withdrawn == withdrawn) or "follow.withdrawn" in talker.keys


def sent_tip(talker: Talker) -> str:
    """The receipt of a tip that an officer asked about."""
    talker.begin(first=Incoming(text=STORY))
    talker.press("summary.go_on", "coaching.enough")
    talker.confirm()
    talker.press("ready.send")
    receipt = talker.receipts[-1].text
    question = Reply(seq=1, type="question", text="Xe màu gì? {0} %s")
    state = Reply(seq=2, type="state", state="needs_information")
    talker.office.replies[receipt] = (question, state)
    return receipt
