"""`binhan keys`: made, rotated, carried to the public machine, checked."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.commands.keys import app
from prompts.catalog import text
from tips.keys import PublicKey, PublicKeys
from tips.opening.keyfile import unlock_unit
from tips.units import development_units

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

UNIT, PASSPHRASE, OTHER = "thu-nghiem", "đò đưa khách sang sông", "một câu khác hẳn rồi"


@dataclass(frozen=True)
class Keys:
    """`binhan keys` with one data folder."""

    data: Path

    @property
    def private(self) -> Path:
        return self.data / "desk" / "private-keys"

    @property
    def public(self) -> Path:
        return self.data / "tips" / "public-keys"

    def run(
        self, *arguments: str, passphrase: str = PASSPHRASE, typed: str = "", language: str = "vi"
    ) -> Result:
        environment = {
            "BINHAN_DATA": str(self.data),
            "BINHAN_LANGUAGE": language,
            "BINHAN_DESK_PASSPHRASE": passphrase,
            "COLUMNS": "400",
        }
        done = CliRunner().invoke(app, arguments, env=environment, input=typed)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def json(self, *arguments: str, code: int = 0, **options: str) -> Any:
        done = self.run(*arguments, "--json", **options)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def check(self, *arguments: str) -> dict[str, str]:
        """Fault -> key id."""
        found = self.json("check", *arguments, code=1)
        return {fault["fault"]: fault["key_id"] for fault in found["faults"]}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "data")


@pytest.fixture
def made(keys: Keys) -> dict[str, str]:
    return keys.json("new", UNIT)


def test_a_new_key_is_published_and_opens_with_the_passphrase(keys: Keys, made: dict[str, str]) -> None:
    assert PublicKeys(keys.public).current(UNIT).key_id == made["key_id"]
    assert unlock_unit(UNIT, PASSPHRASE, keys.private).key_ids == (made["key_id"],)
    assert made["private_file"] == str(keys.private / UNIT / f"{made['key_id']}.json")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_to_keep_is_said_in_words(keys: Keys, language: str) -> None:
    done = keys.run("new", UNIT, language=language)
    key_id = PublicKeys(keys.public).current(UNIT).key_id
    files = {
        name: str(folder / UNIT / f"{key_id}.json")
        for name, folder in (("private", keys.private), ("public", keys.public))
    }
    assert done.stdout.strip() == text("keys.made", language, unit=UNIT, key_id=key_id, **files)
    assert PASSPHRASE not in done.output


def test_a_passphrase_is_typed_twice_and_never_shown(keys: Keys) -> None:
    done = keys.run("new", UNIT, passphrase="", typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert done.exit_code == 0
    assert PASSPHRASE not in done.output
    assert unlock_unit(UNIT, PASSPHRASE, keys.private)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"{PASSPHRASE}\n{PASSPHRASE}x\n", "keys.passphrases_differ"),
        ("quá ngắn\nquá ngắn\n", "keys.short_passphrase"),
    ],
)
def test_a_slip_in_the_passphrase_makes_no_key(keys: Keys, typed: str, said: str) -> None:
    done = keys.run("new", UNIT, passphrase="", typed=typed)
    assert done.exit_code == 2
    assert text(said, "vi", least=12) in done.stderr
    assert not keys.private.exists()
    assert not keys.public.exists()


def test_a_unit_with_keys_gets_no_new_ones_by_mistake(keys: Keys, made: dict[str, str]) -> None:
    done = keys.run("new", UNIT)
    assert (done.exit_code, done.stdout) == (2, "")
    assert text("keys.has_keys", "vi", unit=UNIT) in done.stderr
    assert [key.key_id for key in PublicKeys(keys.public).all(UNIT)] == [made["key_id"]]


def test_a_rotation_adds_a_key_and_keeps_the_old_one(keys: Keys, made: dict[str, str]) -> None:
    second = keys.json("rotate", UNIT)
    assert PublicKeys(keys.public).current(UNIT).key_id == second["key_id"]
    assert unlock_unit(UNIT, PASSPHRASE, keys.private).key_ids == (made["key_id"], second["key_id"])


def test_a_rotation_without_keys_or_with_another_passphrase_is_refused(keys: Keys) -> None:
    done = keys.run("rotate", UNIT)
    assert (done.exit_code, text("keys.no_keys", "vi", unit=UNIT) in done.stderr) == (2, True)
    keys.json("new", UNIT)
    done = keys.run("rotate", UNIT, passphrase=OTHER)
    assert (done.exit_code, text("keys.wrong_passphrase", "vi", unit=UNIT) in done.stderr) == (2, True)
    assert len(PublicKeys(keys.public).all(UNIT)) == 1


@pytest.mark.usefixtures("made")
def test_a_rotation_says_that_the_running_desk_has_to_be_unlocked_anew(keys: Keys) -> None:
    done = keys.run("rotate", UNIT)
    assert (done.exit_code, text("keys.rotated", "vi") in done.stderr) == (0, True)


def test_a_machine_without_the_private_keys_makes_none_that_the_desk_lacks(
    keys: Keys, made: dict[str, str]
) -> None:
    shutil.rmtree(keys.private)
    done = keys.run("rotate", UNIT)
    assert (done.exit_code, text("keys.no_private_here", "vi", unit=UNIT) in done.stderr) == (2, True)
    assert [key.key_id for key in PublicKeys(keys.public).all(UNIT)] == [made["key_id"]]
    assert not keys.private.exists()


def test_an_exported_key_is_all_the_public_machine_needs(
    keys: Keys, made: dict[str, str], tmp_path: Path
) -> None:
    printed = PublicKey.from_json(json.loads(keys.run("export-public", UNIT).stdout))
    assert keys.run("export-public", UNIT, "--to", str(tmp_path / "usb")).exit_code == 0
    carried = PublicKeys(tmp_path / "usb").current(UNIT)
    assert carried == printed
    assert carried.key_id == made["key_id"]
    secret = json.loads((keys.private / UNIT / f"{made['key_id']}.json").read_bytes())["sealed"]
    assert secret not in (tmp_path / "usb" / UNIT / f"{made['key_id']}.json").read_text(encoding="utf-8")


def test_exporting_what_is_not_there_is_refused(keys: Keys) -> None:
    done = keys.run("export-public", UNIT)
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("command", ["new", "rotate", "export-public", "check"])
@pytest.mark.parametrize("unit", ["../x", "Phường 1", "A", "a/b", "a" * 41])
def test_a_name_that_is_no_unit_is_refused(keys: Keys, command: str, unit: str) -> None:
    done = keys.run(command, unit)
    assert done.exit_code == 2
    assert text("keys.bad_unit", "vi", unit=unit) in done.stderr


def test_sound_keys_are_said_to_be_in_order(keys: Keys, made: dict[str, str]) -> None:
    done = keys.run("check", "--unlock")
    assert (done.exit_code, text("keys.sound", "vi", unit=UNIT) in done.stdout) == (0, True)
    assert keys.json("check", UNIT) == {"units": [UNIT], "faults": []}
    assert made["key_id"] not in done.stdout


def test_a_private_key_that_others_may_read_is_reported_with_its_mode(
    keys: Keys, made: dict[str, str]
) -> None:
    file = keys.private / UNIT / f"{made['key_id']}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for mode in (0o644, 0o640, 0o400):
        file.chmod(mode)
        done = keys.run("check", UNIT)
        told = text("keys.fault_open_to_others", "vi", unit=UNIT, key_id=made["key_id"], mode=f"{mode:o}")
        assert (done.exit_code, told in done.stdout) == (1, True)


def test_every_other_fault_is_named(keys: Keys, made: dict[str, str]) -> None:
    key_id = made["key_id"]
    private, public = keys.private / UNIT / f"{key_id}.json", keys.public / UNIT / f"{key_id}.json"
    sound = {file: file.read_bytes() for file in (private, public)}

    public.unlink()
    assert keys.check() == {"no_public": "", "unpublished": key_id}
    public.write_bytes(b"{}")
    assert keys.check() == {"bad_public": key_id, "no_public": ""}
    public.write_bytes(sound[public])
    private.write_bytes(b"{}")
    assert keys.check("--unlock") == {"bad_private": key_id}
    private.unlink()
    assert keys.check() == {"no_private": key_id}
    assert keys.check("don-vi-la") == {"no_public": ""}


def test_a_wrong_passphrase_is_found_only_when_asked_to_try_it(keys: Keys, made: dict[str, str]) -> None:
    found = keys.json("check", "--unlock", code=1, passphrase=OTHER)
    assert found["faults"] == [{"unit": UNIT, "fault": "locked", "key_id": made["key_id"], "mode": ""}]
    assert keys.json("check", passphrase=OTHER)["faults"] == []


def test_a_public_machine_is_not_blamed_for_having_no_private_keys(keys: Keys, made: dict[str, str]) -> None:
    for file in keys.private.rglob("*.json"):
        file.unlink()
    (keys.private / UNIT).rmdir()
    keys.private.rmdir()
    assert keys.json("check") == {"units": [UNIT], "faults": []}
    assert PublicKeys(keys.public).current(UNIT).key_id == made["key_id"]


@pytest.mark.usefixtures("made")
def test_a_unit_of_the_book_without_a_key_is_found(keys: Keys) -> None:
    (keys.data / "tips" / "units.toml").write_text(development_units(), encoding="utf-8")
    found = keys.json("check", code=1)
    assert found["units"] == [UNIT, "thu-nghiem-cap-tren"]
    told = [(fault["unit"], fault["fault"]) for fault in found["faults"]]
    assert told == [("thu-nghiem-cap-tren", "no_public")]


def test_nothing_yet_is_said_plainly(keys: Keys) -> None:
    done = keys.run("check")
    assert (done.exit_code, done.stdout.strip()) == (0, text("keys.none", "vi"))


def test_a_disk_that_takes_nothing_is_a_fault_and_not_a_key(keys: Keys) -> None:
    keys.data.mkdir()
    (keys.data / "desk").write_text("a file in the way", encoding="utf-8")
    done = keys.run("new", UNIT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert text("keys.not_written", "vi", kind="NotADirectoryError") in done.stderr
    assert not keys.public.exists()
