"""Whoever takes a machine away holds what lies on its disk: nothing of that opens a tip."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from prompts.catalog import text
from tests.bot.program import free_port
from tests.canary import drive, officers
from tests.canary.cast import Cast, Place
from tests.canary.judge import Judge
from tests.canary.senders import Sender
from tests.canary.stage import Stage
from tips.errors import SealedDamaged, TipError, UnitWithoutKey, WrongKey, WrongPassphrase
from tips.intake import reference_of
from tips.keys import PublicKeys
from tips.opening.keyfile import make_key, unlock_unit
from tips.store.store import TipStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program
    from tips.opening.opener import UnitKeys

PASSPHRASE = "bốn con trâu đen 77120"  # noqa: S105 - of keys made for a run
WRONG = "bốn con trâu trắng 77120"
LOW, TOP = "thu-nghiem", "thu-nghiem-cap-tren"  # real units here, under names that senders know
UNITS = f"""
[[units]]
id = "{TOP}"
name = "Cấp trên"
areas = []
officers = [{{ id = "tren-chi-huy", name = "Chỉ huy", role = "supervisor" }}]

[[units]]
id = "{LOW}"
name = "Công an phường"
areas = "*"
parent = "{TOP}"
officers = [{{ id = "thu-chi-huy", name = "Chỉ huy", role = "supervisor" }}]
"""
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def founded(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """An installation with real units, their keys made by the command line; nobody writes there."""
    stage = Stage.of(ripe, tmp_path_factory.mktemp("founded") / "stage", tip_card_delay_min="0")
    (stage.data / "tips").mkdir()
    (stage.data / "tips" / "units.toml").write_text(UNITS, encoding="utf-8")
    for unit in (TOP, LOW):
        stage.run("keys", "new", unit, BINHAN_DESK_PASSPHRASE=PASSPHRASE)
    return stage


def copied(stage: Stage, root: Path, *without: str) -> Stage:
    """The same installation elsewhere, without some folders of its data."""
    shutil.copytree(stage.root, root)
    for folder in without:
        shutil.rmtree(root / "data" / folder)
    return Stage(root, stage.guides, dict(stage.settings))


def opened(data: Path, keys: UnitKeys) -> int:
    """How many parcels of the store *keys* open."""
    count = 0
    with closing(TipStore.open_file(data / "tips" / "tips.sqlite3")) as store:
        for tip in store.for_units((keys.unit,), LATER):
            for parcel in store.parcels(tip.tip_id, keys.unit):
                try:
                    keys.open_parcel(parcel)
                except WrongKey:
                    continue
                count += 1
    return count


def test_a_seized_public_machine_opens_nothing(founded: Stage, tmp_path: Path) -> None:
    public, cast = copied(founded, tmp_path / "public", "desk"), Cast()
    public.settings["role"] = "public"
    with public.serving() as service:
        lan = Sender("Lan", cast, service.port)
        receipts = [drive.send_form(lan), drive.send_sealed(lan)]
        assert lan.ask("GET", "/desk/").status == 404
    assert not (public.data / "desk").exists()
    assert cast.leaks(public.scanned, public.logs) == []
    thief = make_key(
        LOW,
        WRONG,
        private_folder=tmp_path / "own",
        public_folder=tmp_path / "own-public",
        today=date(2026, 1, 1),
    )
    assert thief.unit == LOW
    assert opened(public.data, unlock_unit(LOW, WRONG, tmp_path / "own")) == 0
    for folder in (public.data / "tips" / "public-keys", public.data / "desk" / "private-keys"):
        with pytest.raises((UnitWithoutKey, SealedDamaged)):
            unlock_unit(LOW, PASSPHRASE, folder)
    assert [key.unit for key in PublicKeys(public.data / "tips" / "public-keys").all(LOW)] == [LOW]
    for receipt in receipts:  # even with the right passphrase: there is no key it would open
        for command in ("open", "show"):
            reference = reference_of(receipt.keys().tip_id)
            told = ("desk", command, reference, "--officer", "thu-chi-huy", "--json")
            done = public.run(*told, code=2, BINHAN_DESK_PASSPHRASE=PASSPHRASE)
            assert json.loads(done.stdout) == {"refused": "unit_without_key"}
            cast.show(done.stdout + done.stderr, f"desk {command}", Place.ANSWER)
    assert cast.leaks(public.scanned, public.logs) == []
    keys = unlock_unit(LOW, PASSPHRASE, founded.data / "desk" / "private-keys")
    assert (
        opened(public.data, keys) >= 2 + 5
    )  # on the desk's machine all of it opens: words, and five originals


def test_a_seized_desk_opens_nothing_without_the_passphrase(founded: Stage, tmp_path: Path) -> None:
    stage, cast = copied(founded, tmp_path / "desk"), Cast()
    with stage.serving(BINHAN_DESK_PASSPHRASE=PASSPHRASE) as service:
        lan = Sender("Lan", cast, service.port)
        receipt = drive.send_form(lan)
        officer = officers.WebOfficer(stage, cast, service.port, "thu-chi-huy")
        officer.sign_in()
        words = officers.words_of_officer(cast, 1, "Lan")
        officer.work_on(receipt, words)
    assert cast.leaks(stage.scanned, stage.logs) == []
    kind = {"kind": '"kind": "drugs"', "kind, packed": '"kind":"drugs"'}
    judge = Judge({"passphrase": PASSPHRASE} | kind)
    assert [str(seen) for name in ("desk", "tips") for seen in judge.seen_below(stage.data / name)] == []
    private = stage.data / "desk" / "private-keys"
    for unit in (LOW, TOP):
        with pytest.raises(WrongPassphrase):
            unlock_unit(unit, WRONG, private)
    for command in ("list", "unlock-check"):
        done = stage.run("desk", command, "--officer", "thu-chi-huy", code=2, BINHAN_DESK_PASSPHRASE=WRONG)
        cast.show(done.stdout + done.stderr, f"desk {command}", Place.ANSWER)
    with stage.serving() as service:  # started by a thief, who can make a link but has no passphrase
        assert text("cli.serving_locked", "vi", unit=LOW)[:30] in service.said
        thief = officers.WebOfficer(stage, cast, service.port, "thu-chi-huy")
        thief.sign_in()
        assert thief.fetch("/desk/", Place.ANSWER) == 303
        page = thief.get("/desk/mo-khoa")
        assert thief.post("/desk/mo-khoa", page, Place.ANSWER, passphrase=WRONG).status == 303
        assert thief.fetch(f"/desk/tin/{receipt.keys().tip_id}", Place.ANSWER) == 303
        assert thief.post("/desk/mo-khoa", page, passphrase=PASSPHRASE).status == 303
        assert words["label"] in thief.get("/desk/")  # who has it reads on
    assert cast.leaks(stage.scanned, stage.logs) == []
    assert opened(stage.data, unlock_unit(LOW, PASSPHRASE, private)) >= 1


def test_a_unit_without_a_key_stops_the_start_and_is_named(founded: Stage, tmp_path: Path) -> None:
    stage = copied(founded, tmp_path / "keyless")
    shutil.rmtree(stage.data / "tips" / "public-keys" / TOP)
    for role in ("all", "public"):
        stage.settings["role"] = role
        done = stage.run("serve", "--port", str(free_port()), code=1)
        assert text("tips.unit_without_key", "vi", unit=TOP) in " ".join(done.stderr.split())
    with pytest.raises(TipError):
        PublicKeys(stage.data / "tips" / "public-keys").current(TOP)
