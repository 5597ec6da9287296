"""A tip sent on Telegram, by a person who does what the bot says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts.catalog import text
from tests.bot.channels.telegram.waiting import offering
from tests.fakes.telegram.tipping import Sender, Sending
from tests.fakes.telegram.town import Hand, Town
from tips.receipts import find_receipt

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram
    from tests.fakes.telegram.people import Person
    from tests.fakes.telegram.records import Message

STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."


def sent_tip(fake: FakeTelegram, person: Person) -> Message:
    """A tip that was received; its last message still offers to delete the conversation."""
    mark = fake.mark()
    sending = Sending(story=STORY, leaves=False)
    town = Town()
    town.add(Sender(Hand(person), sending, patience_s=10).send())
    town.run()
    assert sending.is_received
    return fake.wait_for("Số tin: ", person.private, since=mark)


def to_ready(fake: FakeTelegram, person: Person, summary: Message) -> Message:
    """From the summary to the message that offers to send."""
    mark = fake.mark()
    person.press(summary, text("tip.summary_go_on"))
    coaching, asked = text("tip.coaching_enough"), "Đây là mã tin"
    shown = fake.wait_for(
        lambda message: asked in message.text or coaching in message.labels, person.private, since=mark
    )
    if coaching in shown.labels:
        person.press(shown, coaching)
        shown = fake.wait_for(asked, person.private, since=mark)
    person.say(find_receipt(shown.text)[-5:])
    return fake.wait_for(offering(text("tip.ready_send")), person.private, since=mark)
