"""`binhan serve` with tips: a trial unit for a newcomer, two sides apart, no start without keys."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from prompts.catalog import text
from tests.bot.program import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.program import Program

STORY = "Toi nao cung co nguoi tu tap danh bac sau cho Cu, di xe SH mau do."
PASSPHRASE = "bon tu that dai va kho doan"  # noqa: S105 - of nobody
UNITS = """
[[units]]
id = "cong-an-tinh"
name = "Công an tỉnh"
areas = []
officers = [{ id = "binh", name = "Trung tá Bình", role = "supervisor" }]

[[units]]
id = "cong-an-xa"
name = "Công an xã An Bình"
areas = "*"
parent = "cong-an-tinh"
officers = [{ id = "an", name = "Đại úy An", role = "officer" }]
"""


def with_units(program: Program, *keys: str) -> Program:
    """*program* with real units, of which *keys* have one."""
    file = program.data / "tips" / "units.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(UNITS, encoding="utf-8")
    real = program.having(desk_passphrase=PASSPHRASE)
    for unit in keys:
        assert real.run("keys", "new", unit).returncode == 0
    return real


def status_of(program: Program, *paths: str) -> list[int]:
    """What a service answers to GETs of *paths*."""
    with program.serving() as service:
        return [service.get(path)[0] for path in paths]


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}


def test_a_newcomer_gets_a_trial_unit_that_is_called_one(ripe: Program, tmp_path: Path):
    new = ripe.on_a_copy(tmp_path / "data")
    with new.serving() as service:
        assert text("cli.serving_development", "vi").split(":", maxsplit=1)[0] in service.said
        assert "/desk/" in service.said
        page = service.get("/bao-tin")[1]
        assert text("tipweb.trial", "vi") in page
        assert text("tipweb.front_link", "vi") in service.get("/")[1]
        sent = new.json("tip", "send", "--text", STORY)
        cards = new.json("desk", "list", "--officer", "thu-can-bo")
        assert [card["reference"] for card in cards] == [sent["reference"]]
        keys = sorted(file.name for file in (new.data / "desk" / "private-keys").rglob("*.json"))
    assert modes(new.data / "desk") == {0o600}
    with new.serving() as service:
        assert service.get("/bao-tin")[0] == 200
    assert sorted(file.name for file in (new.data / "desk" / "private-keys").rglob("*.json")) == keys


def test_a_unit_without_a_key_stops_the_start_and_is_named(ripe: Program, tmp_path: Path):
    half = with_units(ripe.on_a_copy(tmp_path / "data"), "cong-an-xa")
    done = half.run("serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert text("tips.unit_without_key", "vi", unit="cong-an-tinh") in done.stderr


def test_each_role_serves_its_side_and_both_read_the_same_tips(ripe: Program, tmp_path: Path):
    real = with_units(ripe.on_a_copy(tmp_path / "data"), "cong-an-xa", "cong-an-tinh")
    sent = real.json("tip", "send", "--text", STORY)
    assert status_of(real.having(role="public"), "/bao-tin", "/desk/") == [200, 404]
    desk = real.having(role="desk", tip_card_delay_min="0")
    with desk.serving() as service:
        assert service.get("/bao-tin")[0] == 404
        assert service.get("/desk/")[0] == 401
        assert text("cli.serving_development", "vi").split(":", maxsplit=1)[0] not in service.said
    told = desk.json("desk", "open", sent["reference"], "--officer", "an")
    assert told["content"]["story"] == STORY


def test_an_installation_may_take_no_tips(ripe: Program, tmp_path: Path):
    without = ripe.on_a_copy(tmp_path / "data").having(tips="false")
    with without.serving() as service:
        assert [service.get(path)[0] for path in ("/bao-tin", "/theo-doi", "/desk/")] == [404, 404, 404]
        assert text("tipweb.front_link", "vi") not in service.get("/")[1]
