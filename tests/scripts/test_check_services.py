"""A service of this machine that stands still is started; one elsewhere is only asked."""

from __future__ import annotations

import shutil
import socket

import pytest

from scripts.check_services import REDIS, answers
from tests.bot.program import free_port


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs the machine's Redis")
def test_a_redis_that_stands_still_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    try:
        assert answers(REDIS, url)
        assert f"does not answer at 127.0.0.1:{port}" in capsys.readouterr().out
        assert answers(REDIS, url)
        assert capsys.readouterr().out == "Redis answers\n"
    finally:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"SHUTDOWN NOSAVE\r\n")


def test_what_answers_something_else_is_no_redis_and_nothing_is_installed_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    absent = REDIS._replace(start_command=lambda _: ["no-such-server"])
    assert not answers(absent, f"redis://127.0.0.1:{free_port()}/0")
    assert "not installed" in capsys.readouterr().out


def test_a_service_of_another_machine_is_never_started(capsys: pytest.CaptureFixture[str]) -> None:
    assert not answers(REDIS, "redis://no-such-host.invalid:6379/0")
    assert "Starting" not in capsys.readouterr().out
