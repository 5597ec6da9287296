"""What a private chat hears when a conversation about a tip lay idle: by a clock that is set by hand."""

from __future__ import annotations

from functools import partial

import pytest

from bot.drafts import Drafts
from prompts.catalog import text
from tests.bot.channels.telegram.waiting import until
from tests.bot.talking import Seconds
from tests.fakes.telegram.post import Post
from tests.fakes.telegram.tipping import Sender, Sending
from tests.fakes.telegram.town import Hand, Town

STORY = "Đầu hẻm 12 gần chợ có nhóm người tụ tập bán ma túy mỗi tối, họ đi hai chiếc xe máy không biển số."
LONG_S = 21 * 60


@pytest.fixture
def clock(monkeypatch):
    """The seconds of the drafts."""
    seconds = Seconds()
    monkeypatch.setattr("bot.flows.tip_talk.Drafts", partial(Drafts, seconds=seconds))
    return seconds


@pytest.fixture
def post(fake, clock):
    """The channel, on that clock."""
    with Post(fake) as running:
        yield running


def sent_tip(fake, person):
    """A tip that was received; its last message still offers to delete the conversation."""
    sending = Sending(story=STORY, leaves=False)
    town = Town()
    town.add(Sender(Hand(person), sending, patience_s=10).send())
    town.run()
    assert sending.is_received
    return fake.wait_for("Số hiệu của tin", person.private)


@pytest.mark.usefixtures("post")
def test_the_conversation_is_deleted_also_by_a_late_press(fake, clock):
    an = fake.person("An")
    received = sent_tip(fake, an)
    clock.now += LONG_S
    an.press(received, text("tip.sent_delete"))
    fake.wait_for(text("telegram.wiped", deleted=1, left=0).split("1")[0], an.private)
    until(lambda: not any(STORY in message.text for message in an.private.visible))
    assert not any(text("tip.draft_gone")[:20] in message.text for message in an.private.messages)
