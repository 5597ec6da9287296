"""A tip sent on Telegram, by a person who does what the bot says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.telegram.tipping import Sender, Sending
from tests.fakes.telegram.town import Hand, Town

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
