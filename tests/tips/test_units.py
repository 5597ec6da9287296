"""The file of units: read as meant, and refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tips.errors import BadUnits
from tips.units import UnitBook, development_units

EXAMPLE = Path(__file__).parents[2] / "docs" / "units.example.toml"
OFFICER = 'officers = [{ id = "%s", name = "Cán bộ", role = "officer" }]\n'
ACCOUNT = 'officers = [{ id = "%s", name = "Cán bộ", role = "officer", telegram = %d }]\n'


def _unit(unit_id: str, areas: str = "[]", rest: str = "", officers: str | None = None) -> str:
    people = OFFICER % f"cb-{unit_id}" if officers is None else officers
    return f'[[units]]\nid = "{unit_id}"\nname = "Đơn vị {unit_id}"\nareas = {areas}\n{rest}\n{people}\n'


def _faults(source: str) -> str:
    with pytest.raises(BadUnits) as refused:
        UnitBook.parse(source)
    return refused.value.fields["faults"]


def test_development_units_stand_one_above_the_other_and_serve_everything() -> None:
    book = UnitBook.parse(development_units())
    assert [unit.id for unit in book.serving("26743", "drugs")] == ["thu-nghiem"]
    assert book.above("thu-nghiem") == ["thu-nghiem-cap-tren"]
    assert book.top().id == "thu-nghiem-cap-tren"
    assert book.default().id == "thu-nghiem"
    for unit in book.units:
        assert unit.is_development
        assert {officer.role for officer in unit.officers} == {"officer", "supervisor", "auditor"}


def test_the_officer_whom_the_readme_names_may_edit_documents() -> None:
    unit = UnitBook.parse(development_units()).unit("thu-nghiem")
    assert next(officer for officer in unit.officers if officer.id == "thu-can-bo").is_editor


def test_the_example_loads_and_serves_its_wards() -> None:
    book = UnitBook.load(EXAMPLE)
    assert [unit.id for unit in book.serving("26743", "theft")] == ["phuong-ben-thanh", "tinh"]
    assert [unit.id for unit in book.serving("00004", "theft")] == []
    assert not any(unit.is_development for unit in book.units)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('["26743"]', "26743"),
        ('["Phường Bến Thành"]', "26743"),
        ('["phường bến thành, Thành phố Hồ Chí Minh"]', "26743"),
        ('["Xã An Bình, tỉnh Phú Thọ"]', "05425"),
        ('["Xã An Bình, Phú Thọ"]', "05425"),
    ],
)
def test_an_area_is_a_code_or_a_name_with_its_province_where_needed(written: str, code: str) -> None:
    assert UnitBook.parse(_unit("aa", written)).unit("aa").areas == (code,)


@pytest.mark.parametrize("written", ['["79"]', '["Thành phố Hồ Chí Minh"]', '["TP Hồ Chí Minh"]'])
def test_a_province_stands_for_all_its_communes(written: str) -> None:
    areas = UnitBook.parse(_unit("aa", written)).unit("aa").areas
    assert "26743" in areas
    assert len(areas) == 168


def test_serving_counts_place_and_kind_and_puts_the_lowest_first() -> None:
    source = (
        _unit("tinh", '"*"')
        + _unit("xa", '["26743"]', 'parent = "tinh"\nkinds = ["theft", "drugs"]')
        + _unit("ap", '["26743"]', 'parent = "xa"\nkinds = ["drugs"]')
    )
    book = UnitBook.parse(source)
    assert [unit.id for unit in book.serving("26743", "drugs")] == ["ap", "xa", "tinh"]
    assert [unit.id for unit in book.serving("26743", "theft")] == ["xa", "tinh"]
    assert [unit.id for unit in book.serving("26743", "other")] == ["tinh"]
    assert [unit.id for unit in book.serving("", "drugs")] == ["tinh"]
    assert [unit.id for unit in book.serving("00004", "")] == ["tinh"]


def test_the_default_receives_what_nobody_serves() -> None:
    alone = _unit("tinh") + _unit("xa", '["26743"]', 'parent = "tinh"')
    two = alone + _unit("xa-hai", '["00004"]', 'parent = "tinh"')
    every = _unit("tinh", '"*"') + _unit("xa", '["26743"]', 'parent = "tinh"')
    assert UnitBook.parse(alone).default().id == "xa", "the only one that serves any place"
    assert UnitBook.parse(two).default().id == "tinh", "the top"
    assert UnitBook.parse(every).default().id == "tinh", "who serves every place"


def test_concerned_closure_is_the_unit_and_everything_below_it() -> None:
    source = (
        _unit("tinh")
        + _unit("xa", '["26743"]', 'parent = "tinh"')
        + _unit("ap", '["26743"]', 'parent = "xa"')
        + _unit("khac", '["00004"]', 'parent = "tinh"')
    )
    book = UnitBook.parse(source)
    assert book.concerned_closure(["xa"]) == {"xa", "ap"}
    assert book.concerned_closure(["tinh"]) == {"tinh", "xa", "ap", "khac"}
    assert book.concerned_closure([]) == set()


FAULTY = {
    "unknown parent": (_unit("aa", rest='parent = "bb"'), ("aa", "bb")),
    "circle": (
        "".join(
            _unit(one, rest=f'parent = "{other}"')
            for one, other in (("a1", "b1"), ("b1", "c1"), ("c1", "b1"))
        ),
        ("b1, c1", "vòng tròn"),
    ),
    "its own parent": (_unit("aa", rest='parent = "aa"'), ("aa", "vòng tròn")),
    "duplicate id": (_unit("aa") + _unit("aa", officers=OFFICER % "khac"), ("aa", "hai đơn vị")),
    "bad id": (_unit("Phường A", officers=OFFICER % "o1"), ("Phường A",)),
    "short id": (_unit("a"), ("“a”",)),
    "unknown area": (_unit("aa", '["Phường Không Có"]'), ("aa", "Phường Không Có")),
    "unknown code": (_unit("aa", '["99999"]'), ("aa", "99999")),
    "ambiguous area": (_unit("aa", '["Xã An Bình"]'), ("aa", "05425", "29584")),
    "unknown kind": (_unit("aa", rest='kinds = ["religion"]'), ("aa", "religion")),
    "no kind": (_unit("aa", rest="kinds = []"), ("aa", "kinds")),
    "no officer": (_unit("aa", officers=""), ("aa", "cán bộ")),
    "bad role": (_unit("aa", officers='officers = [{ id = "o1", name = "A", role = "boss" }]'), ("o1",)),
    "unknown field": (_unit("aa", rest='khu_vuc = "x"'), ("aa", "khu_vuc")),
    "areas of numbers": (_unit("aa", "[26743]"), ("aa", "areas")),
    "no areas": ('[[units]]\nid = "aa"\nname = "A"\n' + OFFICER % "o1", ("aa", "areas")),
    "chats of text": (_unit("aa", rest='admin_chats = ["-100"]'), ("aa", "admin_chats")),
    "one officer in two units": (_unit("aa") + _unit("bb", officers=OFFICER % "cb-aa"), ("bb", "cb-aa")),
    "two for one place": (_unit("aa", '["26743"]') + _unit("bb", '["26743"]'), ("aa, bb", "26743")),
    "two for every place": (_unit("aa", '"*"') + _unit("bb", '"*"'), ("aa, bb",)),
    "every place beside one": (_unit("aa", '"*"') + _unit("bb", '["26743"]'), ("aa, bb", "26743")),
    "account of text": (
        _unit("aa", officers='officers = [{ id = "o1", name = "A", role = "officer", telegram = "7" }]'),
        ("aa", "o1", "Telegram"),
    ),
    "account of a group": (
        _unit("aa", officers='officers = [{ id = "o1", name = "A", role = "officer", telegram = -7 }]'),
        ("aa", "o1", "Telegram"),
    ),
    "account that is a word": (
        _unit("aa", officers='officers = [{ id = "o1", name = "A", role = "officer", telegram = true }]'),
        ("aa", "o1", "Telegram"),
    ),
    "one account for two": (
        _unit("aa", officers=ACCOUNT % ("o1", 7)) + _unit("bb", officers=ACCOUNT % ("o2", 7)),
        ("bb", "7"),
    ),
    "one group for two": (
        _unit("aa", rest="admin_chats = [-100]") + _unit("bb", rest="admin_chats = [-100]"),
        ("bb", "-100"),
    ),
    "nothing": ("", ("[[units]]",)),
    "no TOML": ("units = [", ("TOML",)),
}


@pytest.mark.parametrize("case", FAULTY)
def test_each_fault_is_named_with_its_unit(case: str) -> None:
    source, words = FAULTY[case]
    faults = _faults(source)
    assert len(faults.splitlines()) == 1, faults
    for word in words:
        assert word in faults


def test_an_officer_may_have_a_telegram_account() -> None:
    book = UnitBook.parse(_unit("aa", officers=ACCOUNT % ("o1", 7_000_000_001)) + _unit("bb"))
    assert [officer.telegram for unit in book.units for officer in unit.officers] == [7_000_000_001, 0]


def test_all_faults_are_named_at_once() -> None:
    one_each = [
        _unit("aa", rest='parent = "zz"'),
        _unit("B B", officers=OFFICER % "o1"),
        _unit("cc", '["Phường Không Có"]'),
        _unit("dd", rest='kinds = ["religion"]'),
        _unit("ee", officers=""),
    ]
    assert len(_faults("".join(one_each)).splitlines()) == len(one_each)


def test_two_units_may_share_a_place_if_their_kinds_differ_or_one_is_above() -> None:
    UnitBook.parse(
        _unit("aa", '["26743"]', 'kinds = ["drugs"]') + _unit("bb", '["26743"]', 'kinds = ["theft"]')
    )
    UnitBook.parse(_unit("aa", '"*"') + _unit("bb", '["26743"]', 'parent = "aa"'))


def test_a_missing_file_is_a_fault_and_not_an_empty_book(tmp_path: Path) -> None:
    with pytest.raises(BadUnits) as told:
        UnitBook.load(tmp_path / "units.toml")
    assert str(tmp_path / "units.toml") in told.value.fields["faults"]


def test_a_file_of_other_bytes_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "units.toml"
    file.write_bytes(b"\xff\xfe\x00[[units]]")
    for written in (file.read_bytes(), b"[[units"):
        file.write_bytes(written)
        with pytest.raises(BadUnits) as told:
            UnitBook.load(file)
        assert str(file) in told.value.fields["faults"]
