"""Wrong settings are all named at once, in the reader's language; what is secret is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer

from bot.commands.common import open_desk
from bot.settings import Settings
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


@pytest.mark.parametrize("hosts", ["hoi.xa-b.vn", '["hoi.xa-b.vn', '"hoi.xa-b.vn"', "[1]", "7"])
def test_a_host_that_is_no_list_is_named_beside_every_other_fault(hosts, monkeypatch, capsys):
    monkeypatch.setenv("BINHAN_ALLOWED_HOSTS", hosts)
    monkeypatch.setenv("BINHAN_PORT", "abc")
    with pytest.raises(typer.Exit) as ended:
        open_desk()
    assert ended.value.exit_code == 2
    told = " ".join(capsys.readouterr().err.split())
    fault = text("cli.fault_list", "vi")
    assert text("cli.settings_wrong_line", "vi", name="BINHAN_ALLOWED_HOSTS", reason=fault) in told
    assert "BINHAN_PORT" in told


@pytest.mark.parametrize(("hosts", "meant"), [('["a.vn", "b.vn"]', ("a.vn", "b.vn")), ("", ()), ("[]", ())])
def test_hosts_are_a_json_list(hosts, meant, monkeypatch):
    monkeypatch.setenv("BINHAN_ALLOWED_HOSTS", hosts)
    assert Settings().allowed_hosts == meant


def test_a_data_folder_of_somebody_else_is_named(ripe: Program, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file where the folder should be, which nobody may enter")
    closed = ripe.having(data=str(taken / "data"), language="en")
    told = closed.run("ask", "x")
    assert told.returncode == 1
    assert str(taken) in "".join(told.stderr.split())
    assert "NotADirectoryError" in told.stderr
    looked = closed.json("doctor", code=1)
    rows = {row["part"]: row for row in looked}
    assert rows["index"]["state"] == "missing"
    assert str(taken) in rows["index"]["told"]
    assert len(rows) == 17
