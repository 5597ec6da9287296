"""The hunt through Telegram can fail: each leak planted into the running bot is found out."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.canary import telegram_drive as hands
from tests.canary.stage import Stage
from tests.canary.telegram_cast import PATIENCE_S, Officer, Somebody, TelegramCast
from tests.canary.telegram_leaks import LEAKS
from tests.fakes.telegram.fake import FakeTelegram

if TYPE_CHECKING:
    from tests.bot.program import Program

pytestmark = pytest.mark.timeout(900)

# What each leak gives away, and where that is found.
GIVEN_AWAY = {
    "update_in_log": ("Lan first name as utf-8", "serve.log"),
    "username_in_topic": ("Lan username as utf-8", "words to the officers' group: createForumTopic.name"),
    "chat_in_callback": ("Lan account, decimal as utf-8", "words to a resident: sendMessage.reply_markup"),
    "file_resent": ("file BQ", "words to the officers' group: sendPhoto.photo"),
    "address_kept": ("Lan account, decimal as utf-8", "data: notices/asked"),
    "account_kept": ("Lan account, little-endian as raw", "data: members/seen"),
    "token_printed": ("bot token as utf-8", "serve.log"),
}


@pytest.fixture(scope="module")
def leaks(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the judge sees after a question, a tip with files, and an officer who opened it."""
    with (
        tempfile.TemporaryDirectory(prefix="binhan-canary-", dir="/dev/shm") as memory,
        FakeTelegram() as fake,
    ):
        group = fake.group("Cán bộ", is_forum=True, bot_status="administrator")
        settings = {"telegram_token": fake.token, "telegram_api": fake.api, "notice_keys": memory}
        settings["telegram_admin_chat"] = str(group.id)
        stage = Stage.of(ripe, tmp_path_factory.mktemp("leaky") / "stage", **settings)
        cast = TelegramCast(fake)
        cast.officers_chat = group.id
        officer = Officer("Officer", cast, group, "administrator")
        with stage.serving(CANARY_PLANT=",".join(LEAKS)):
            lan = Somebody("Lan", cast)
            lan.asks("hòa giải", "Nguồn")
            receipt = hands.send_whole_tip(lan)
            officer.press(hands.card_of(officer, receipt), hands.label("desktg.button_open"))
            officer.sees(lambda message: message.file is not None and message.file.kind == "photo")
            fake.wait_handled(PATIENCE_S)
        cast.collect()
    return cast.leaks(stage.scanned, stage.logs)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_planted_in_the_bot_is_seen(leaks: list[str], leak: str) -> None:
    canary, where = GIVEN_AWAY[leak]
    assert any(canary in seen and where in seen for seen in leaks), "\n".join(leaks[:60])
