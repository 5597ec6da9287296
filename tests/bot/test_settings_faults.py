"""Wrong settings are all named at once, in the reader's language; what is secret is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts.catalog import text

if TYPE_CHECKING:
    from tests.bot.program import Program

PASSWORD = "matkhaucanary9"  # noqa: S105 - of nobody


def test_every_wrong_setting_is_named_at_once(ripe: Program):
    done = ripe.having(port="abc", embed_timeout_s="-1", name="", embed_api_key=PASSWORD).run("ask", "x")
    assert done.returncode == 2
    assert done.stdout == ""
    assert text("cli.settings_wrong", "vi") in done.stderr
    assert {word.strip(":") for word in done.stderr.split() if word.startswith("BINHAN_")} == {
        "BINHAN_PORT",
        "BINHAN_EMBED_TIMEOUT_S",
        "BINHAN_NAME",
    }
    assert PASSWORD not in done.stderr


def test_reasons_are_told_in_vietnamese(ripe: Program):
    assert "should be" not in ripe.having(port="abc").run("ask", "x").stderr


def test_wrong_settings_are_told_in_english_where_that_is_set(ripe: Program):
    done = ripe.having(port="0", language="en").run("ask", "x")
    assert done.returncode == 2
    assert text("cli.settings_wrong", "en") in done.stderr
    assert "BINHAN_PORT" in done.stderr


def test_password_of_a_database_out_of_reach_is_never_printed(ripe: Program):
    url = f"postgresql+psycopg://an:{PASSWORD}@127.0.0.1:1/binhan"
    done = ripe.having(database_url=url, language="en").run("ask", "x")
    assert done.returncode == 1
    assert text("cli.knowledge_unavailable", "en", part="database") in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


def test_a_database_address_that_is_none_is_told_as_such(ripe: Program):
    done = ripe.having(database_url=f"khong-phai-dia-chi-{PASSWORD}").run("ask", "x")
    assert PASSWORD not in done.stdout + done.stderr
    assert text("cli.knowledge_unavailable", "vi", part="database") in done.stderr
