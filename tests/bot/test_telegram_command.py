"""`binhan telegram check`, `binhan doctor` and invitations, with a Telegram of our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.catalog import text
from tests.fakes.telegram.fake import FakeTelegram


@pytest.fixture
def fake():
    with FakeTelegram() as telegram:
        yield telegram
    telegram.check()


@pytest.fixture
def on_telegram(program, fake):
    """The program with a token of the fake."""
    return program.having(telegram_token=fake.token, telegram_api=fake.api)


def states(found):
    return {item["key"]: item["state"] for item in found}


def test_without_a_token_telegram_is_off(program):
    assert states(program.json("telegram", "check")) == {"check_no_token": "ok"}


def test_the_bot_its_updates_and_its_group_are_told(on_telegram, fake):
    group = fake.group("Cán bộ", is_forum=True, bot_status="administrator")
    plain = fake.group("Cán bộ khác", bot_status="administrator")
    member = fake.group("Chưa có quyền", bot_status="member")
    for chat, key in ((group, "topics"), (plain, "cards"), (member, "no_admin")):
        found = on_telegram.having(telegram_admin_chat=str(chat.id)).json("telegram", "check")
        assert {"check_token", "check_polling"} <= {
            key for key, state in states(found).items() if state == "ok"
        }
        assert f"check_chat_{key}" in states(found)
        assert str(chat.id) in next(item["told"] for item in found if item["key"] == f"check_chat_{key}")


def test_a_group_out_of_reach_is_wrong(on_telegram):
    found = on_telegram.having(telegram_admin_chat="-100999").json("telegram", "check", code=1)
    assert states(found)["check_chat_gone"] == "wrong"


def test_a_wrong_token_is_told_and_not_shown(program, fake):
    wrong = program.having(telegram_token="987654:canary-token", telegram_api=fake.api)  # noqa: S106
    done = wrong.run("telegram", "check")
    assert done.returncode == 1
    assert text("telegram.check_bad_token") in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_no_telegram_is_told(program):
    away = program.having(telegram_token="987654:canary-token", telegram_api="http://127.0.0.1:9")  # noqa: S106
    done = away.run("telegram", "check")
    assert done.returncode == 1
    assert text("telegram.check_away") in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_a_webhook_elsewhere_is_a_warning(on_telegram, fake):
    fake.world.updates.hook.url = "https://old.example/hook"
    found = on_telegram.json("telegram", "check")
    assert states(found)["check_webhook_other"] == "warning"


def test_the_doctor_knows_of_telegram(on_telegram):
    found = on_telegram.json("doctor")
    told = next(item for item in found if item["part"] == "telegram")
    assert told["state"] == "ok"


def test_an_invitation_is_a_link_to_the_bot(on_telegram):
    made = on_telegram.json("invites", "new", "--audience", "member", "--org", "phu-nu")
    assert made["link"] == f"https://t.me/binhan_bot?start={made['code']}"


def test_the_trial_group_is_looked_at_before_the_first_start(fake, tmp_path, ripe):
    group = fake.group("Cán bộ", is_forum=True, bot_status="administrator")
    fresh = replace(ripe, data=tmp_path / "new").having(
        telegram_token=fake.token, telegram_api=fake.api, telegram_admin_chat=str(group.id)
    )
    assert states(fresh.json("telegram", "check"))["check_chat_topics"] == "ok"
