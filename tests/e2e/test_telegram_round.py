"""
A tip there and back on Telegram, by the real program: an album, a topic, a reply, the receipt, the end.

Nothing stands in for anything but Telegram itself, which is played over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.bot.channels.telegram.waiting import offering, until
from tests.bot.program import ripe_program
from tests.fakes.telegram.fake import FakeTelegram
from tests.telegram.pictures import JPEG
from tips.receipts import find_receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.telegram.groups import Group
    from tests.fakes.telegram.people import Person

PATIENCE_S = 90.0  # a group takes twenty messages a minute: what is over waits
STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."
QUESTION = "Nhóm đó thường tụ tập lúc mấy giờ?"
ANSWER = "Khoảng bảy giờ tối, trước quán nước."


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram
    telegram.check()


class Resident:
    """Somebody with a phone."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.person: Person = fake.person("Canary-An", username="canary_an", phone="+84900000001")

    def wait(self, what: object, since: int = 0):
        return self.fake.wait_for(what, self.person.private, PATIENCE_S, since=since)

    def press(self, label: str, since: int = 0):
        mark = self.fake.mark()
        self.person.press(self.wait(offering(label), since), label)
        return mark

    def send_album(self) -> str:
        """From an album with a story to "received"; gives the receipt."""
        self.person.album([JPEG, JPEG], caption=STORY)
        mark = self.press(text("tip.summary_go_on"))
        coaching, asked = text("tip.coaching_enough"), "Đây là mã tin"
        shown = self.wait(lambda message: asked in message.text or coaching in message.labels, mark)
        if coaching in shown.labels:
            self.press(coaching, mark)
            shown = self.wait(asked, mark)
        receipt = find_receipt(shown.text)
        self.person.say(receipt[-5:])
        self.press(text("tip.ready_send"))
        self.wait("Đã nhận tin", mark)
        self.press(text("tip.sent_keep"), mark)
        return receipt


class Officers:
    """Two officers of the trial unit in their group, and somebody who is none."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.officer, chief = fake.person("Cán bộ"), fake.person("Chỉ huy")
        self.stranger = fake.person("Người lạ")
        self.group: Group = fake.group(
            "Trực ban",
            is_forum=True,
            members={self.officer: "member", chief: "administrator"},
            bot_status="administrator",
        )
        self.hands = self.officer.in_(self.group)

    def wait(self, what: object, since: int = 0):
        return self.fake.wait_for(what, self.group, PATIENCE_S, since=since)

    def press(self, key: str) -> int:
        """Press the newest button called so; gives the moment before."""
        mark = self.fake.mark()
        self.hands.press(self.wait(offering(text(f"desktg.button_{key}"))), text(f"desktg.button_{key}"))
        return mark

    def open(self, card) -> None:
        """Read the tip: protected, in its own topic, files uploaded anew."""
        self.press("open")
        opened = self.wait("hẻm 12")
        assert opened.is_protected
        assert opened.topic == card.topic
        until(lambda: len([message for message in self.group.messages if message.file]) == 2, PATIENCE_S)
        sent = [message for message in self.group.messages if message.file]
        assert all(message.is_protected and not message.is_resent for message in sent)

    def ask(self, card, question: str) -> None:
        """Talk among themselves, then ask the tipster, who gets the question alone."""
        self.hands.say("nội bộ: xem giúp camera đầu hẻm", topic=card.topic)
        prompt = self.wait(lambda message: message.asks_for_reply, self.press("ask"))
        self.hands.say(question, topic=card.topic, reply_to=prompt)
        self.hands.press(self.wait(question), "Gửi")

    def close(self, card) -> None:
        """Close it with the first outcome, without a word."""
        mark = self.press("close")
        outcome = self.wait(text("desktg.choose_close")[:15], mark)
        self.hands.press(outcome, outcome.labels[0])
        self.press("skip")
        last_look = self.wait("Người báo tin SẼ thấy", mark)
        self.hands.press(last_look, last_look.labels[0])
        until(lambda: text("deskweb.state_closed") in card.text, PATIENCE_S)


def follow(resident: Resident, receipt: str, what: str):
    """Look the receipt up until *what* is there."""
    mark = resident.fake.mark()
    resident.person.say(f"/theodoi {receipt}")
    return resident.wait(what, mark)


def answer(resident: Resident) -> None:
    """Answer the officers' question."""
    label = text("follow.open_answer", "vi", number=2)
    mark = resident.press(label)
    resident.wait(text("follow.ask_answer")[:20], mark)
    resident.person.say(ANSWER)
    resident.press(text("follow.review_send"), mark)
    resident.wait(text("follow.more_received"), mark)


def test_a_tip_goes_there_and_back(tmp_path_factory, tmp_path, fake: FakeTelegram):
    an, desk = Resident(fake), Officers(fake)
    ripe = ripe_program(tmp_path_factory.getbasetemp() / "ripe")
    program = ripe.on_a_copy(tmp_path / "data").having(
        telegram_token=fake.token, telegram_api=fake.api, telegram_admin_chat=str(desk.group.id)
    )
    with program.serving() as service:
        receipt = an.send_album()
        card = desk.wait(offering(text("desktg.button_open")))
        assert card.topic, "each tip is a topic of its own"
        assert "hẻm 12" not in card.text, "nothing of the story stands on the card"
        refused = desk.stranger.in_(desk.group).forge_press(card.buttons[0]["callback_data"], card)
        until(lambda: refused.is_answered, PATIENCE_S)
        assert not any("hẻm 12" in message.words for message in desk.group.messages)
        desk.open(card)
        desk.ask(card, QUESTION)
        until(lambda: text("deskweb.state_needs_information") in card.text, PATIENCE_S)
        follow(an, receipt, QUESTION)
        answer(an)
        until(lambda: text("deskweb.state_verifying") in card.text, PATIENCE_S)
        follow(an, receipt, text("follow.state_verifying"))
        an.press(text("follow.way_close"))
        assert "nội bộ" not in "".join(message.words for message in an.person.private.messages)
        desk.press("open")
        desk.wait(ANSWER)
        desk.close(card)
        follow(an, receipt, text("follow.state_closed"))
        nothing_of_the_sender_came_to_the_officers(an, desk)
        assert fake.token not in service.said


def nothing_of_the_sender_came_to_the_officers(an: Resident, desk: Officers) -> None:
    """No call to the group holds anything of the account."""
    calls = [f"{call.params}" for call in desk.fake.calls]
    told = " ".join(call for call in calls if str(desk.group.id) in call)
    for canary in ("Canary-An", "canary_an", "900000001", str(an.person.id)):
        assert canary not in told
