"""
Nothing ties a person to a tip, and no word of a tip stands anywhere in clear.

Tips go in through every way, officers work on them, everything goes wrong that can, and all loggers are at
DEBUG. Then every file, log and response is searched for every canary in every spelling.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.canary import drive, officers
from tests.canary.cast import EXEMPTIONS, Cast, Kind
from tests.canary.senders import Sender
from tests.canary.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program
    from tests.canary.stage import Running
    from tips.receipts import Receipt


pytestmark = pytest.mark.timeout(900)  # the whole drive is one fixture: a minute, on a quiet machine


@dataclass(slots=True)
class Driven:
    """What a whole drive left behind."""

    stage: Stage
    cast: Cast
    sent: dict[str, Receipt]
    never_sent: list[Receipt]


@pytest.fixture(scope="module")
def driven(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> Driven:
    """The whole drive: a service that is killed in the middle, a second one that ends in peace."""
    folder = tmp_path_factory.mktemp("canary")
    stage, cast = Stage.of(ripe, folder / "stage", tip_card_delay_min="0"), Cast()
    (folder / "stage").mkdir(exist_ok=True)
    made = Driven(stage, cast, {}, [])
    with stage.serving() as service:
        first_half(made, service, folder / "machine")
        cut_off = drive.hang(lan := Sender("Lan", cast, service.port))
        time.sleep(0.5)  # it is being read
        service.kill()
        shutil.copytree(stage.data, stage.killed, ignore=shutil.ignore_patterns("*.sock"))
        cut_off.close()
        made.never_sent.append(lan.receipts[-1])
    with stage.serving() as service:
        second_half(made, service)
        hung_up = drive.hang(minh := Sender("Minh", cast, service.port))
        stage.back_up()
        service.end()
        hung_up.close()
        made.never_sent.append(minh.receipts[-1])
    stage.run("tips", "purge")
    stage.run("audit", "verify", "--json")
    return made


def first_half(made: Driven, service: Running, machine: Path) -> None:
    """Tips by every way, from senders at home and at the terminal."""
    stage, cast, port = made.stage, made.cast, service.port
    page, form, shell = (Sender(name, cast, port) for name in ("Page", "Form", "Shell"))
    made.sent |= {"page": drive.send_sealed(page), "form": drive.send_form(form)}
    drive.give_up(form)
    made.never_sent.append(form.receipts[-1])
    drive.ask_questions(form)
    made.sent["script"] = drive.send_from_a_script(shell, stage, machine)
    made.sent["typed"] = drive.send_by_typing(shell, stage, machine)
    drive.follow_by_typing(shell, stage, made.sent["typed"])
    drive.give_up_typing(shell, stage)
    work(made, port)
    found = drive.follow_by_form(form, made.sent["form"], withdraw=False)
    assert "Anh chị cho hỏi" in found.text
    drive.follow_sealed(page, made.sent["page"], withdraw=False)
    told = stage.run("tip", "status", "-", typed=made.sent["script"].text, **drive.shell(shell, stage))
    cast.show(told.stdout, "tip status", officers.Place.OWN_TERMINAL, shell.name)
    assert "Anh chị cho hỏi" in told.stdout


def work(made: Driven, port: int) -> None:
    """The desk: one officer in a browser, one at the terminal."""
    officer = officers.WebOfficer(made.stage, made.cast, port, "thu-chi-huy")
    officer.sign_in()
    officer.look_around()
    owners = {"page": "Page", "form": "Form", "script": "Shell"}
    words = {
        way: officers.words_of_officer(made.cast, number, owners[way]) for number, way in enumerate(owners)
    }
    officer.work_on(made.sent["page"], words["page"])
    officer.work_on(made.sent["form"], words["form"])
    officers.at_the_terminal(made.stage, made.cast, made.sent["script"], words["script"])
    officers.close(made.stage, made.cast, made.sent["page"], words["page"])
    officer.look_around()
    officer.post("/desk/ra", officer.get("/desk/"))


def second_half(made: Driven, service: Running) -> None:
    """After the restart: everything goes wrong, and tips are taken back."""
    stage, cast = made.stage, made.cast
    page, form, wrong = (Sender(f"{name} again", cast, service.port) for name in ("Page", "Form", "Wrong"))
    made.sent |= {"page again": drive.send_sealed(page), "form again": drive.send_form(form)}
    drive.go_wrong(wrong)
    drive.try_receipts(wrong, stage)
    drive.meet_a_locked_store(wrong, stage)
    made.never_sent += wrong.receipts[-2:]
    drive.follow_by_form(form, made.sent["form again"], withdraw=True)
    drive.follow_sealed(page, made.sent["page again"], withdraw=True)


def test_no_canary_is_anywhere_but_where_it_was_meant_to_be(driven: Driven) -> None:
    leaks = driven.cast.leaks(driven.stage.scanned, driven.stage.logs)
    assert leaks == [], "\n".join(leaks[:60])
    # No exemption that nothing uses: each would hide a leak that nobody looks for.
    assert {f"{item.kind} in {item.place}" for item in EXEMPTIONS} == driven.cast.marked


def test_the_drive_reached_what_it_was_to_reach(driven: Driven) -> None:
    """All tips that were acknowledged are there, those never sent are not, and the logs are at DEBUG."""
    assert [way for way, receipt in driven.sent.items() if not drive.is_stored(driven.stage, receipt)] == []
    assert [receipt for receipt in driven.never_sent if drive.is_stored(driven.stage, receipt)] == []
    logs = [file.read_text() for file in sorted(driven.stage.logs.iterdir())]
    assert sum(" DEBUG " in log for log in logs) > len(logs) / 2
    # A sending that outlasts the grace of a stop is cut off; uvicorn tells where in our code, and no value.
    assert not any("Traceback" in log.partition("timeout graceful shutdown exceeded")[0] for log in logs)
    assert len(driven.cast.shown) > 200
    kinds = {canary.kind for canary in driven.cast.canaries.values()}
    assert kinds == set(Kind)
