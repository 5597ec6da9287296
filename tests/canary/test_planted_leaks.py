"""The canary test can fail: the same drive, with a leak planted in the running service, is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.canary import drive
from tests.canary.cast import Cast
from tests.canary.runner import LEAKS
from tests.canary.senders import Sender
from tests.canary.stage import Stage

if TYPE_CHECKING:
    from tests.bot.program import Program

# What each leak gives away, and where that is found.
GIVEN_AWAY = {
    "access_log": ("Lan address as utf-8", "serve.log"),
    "headers": ("Lan cookie as utf-8", "serve.log"),
    "file_name": ("Lan form pdf name as utf-8", "data: tips/names.txt"),
    "spooled": ("Lan form photo serial as utf-8", "tmp: tmp"),
    "story_in_log": ("Lan form story as python bytes", "serve.log"),
}


@pytest.fixture(scope="module")
def leaks(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the judge sees after one tip by the form and one from the page."""
    stage, cast = Stage.of(ripe, tmp_path_factory.mktemp("leaky") / "stage"), Cast()
    with stage.serving(CANARY_PLANT=",".join(LEAKS)) as service:
        lan = Sender("Lan", cast, service.port)
        drive.send_form(lan)
        drive.send_sealed(lan)
    return cast.leaks(stage.scanned, stage.logs)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_planted_in_the_service_is_seen(leaks: list[str], leak: str) -> None:
    canary, where = GIVEN_AWAY[leak]
    assert any(canary in seen and where in seen for seen in leaks), "\n".join(leaks[:60])


def test_sealing_in_the_page_keeps_the_story_from_such_a_service(leaks: list[str]) -> None:
    """Even a service that logs all it reads has nothing of what the page sealed."""
    assert [seen for seen in leaks if "Lan sealed" in seen or "Lan redrawn" in seen] == []
