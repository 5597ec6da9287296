"""`watched.toml`: what a person may write there, and what is told where it is wrong."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from ingest.errors import BadMetadata
from ingest.source_list import LIST_FILE, SourceList, read_list
from ingest.web.schedule import again_after, retry_after, span_of, written_span

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("[[page", LIST_FILE),
        ("[[trang]]", "trang"),
        ("page = 1", "page"),
        ('[[page]]\nurl = "https://xa.gov.vn/"\naudiance = "member"', "page.audiance"),
        ('[[page]]\nurl = "https://xa.gov.vn/"\naudience = "everybody"', "page.audience"),
        ('[[page]]\nurl = "https://xa.gov.vn/"\nevery = "1m"', "page.every"),
        ('[[page]]\nurl = "https://xa.gov.vn/"\nevery = 24', "page.every"),
        ('[[page]]\nurl = "http://xa.gov.vn/"', "page.url"),
        ('[[page]]\nurl = "https://lan:matkhau@xa.gov.vn/"', "page.url"),
        ('[[page]]\nurl = "https://xa.gov.vn/"\ninside = "yes"', "page.inside"),
        ("[[page]]", "page.url"),
        ('[[folder]]\npath = "van-ban"', "folder.path"),
        ('[[folder]]\npath = "/srv/van-ban"\nname = "a/b"', "folder.name"),
        ('[[folder]]\npath = "/srv/tep"', "folder.name"),  # it would take out what was added one by one
        ('[[folder]]\npath = "/"', "folder.name"),
        ("[[folder]]", "folder.path"),
    ],
)
def test_a_fault_is_named_where_it_stands(tmp_path, written, field):
    (tmp_path / LIST_FILE).write_text(written, encoding="utf-8")
    with pytest.raises(BadMetadata) as fault:
        read_list(tmp_path)
    assert fault.value.fields["field"].removeprefix(f"{LIST_FILE}: ") == field
    assert "matkhau" not in str(fault.value.fields)


def test_no_list_is_an_empty_one(tmp_path):
    assert read_list(tmp_path) == SourceList()


def test_spans_are_read_in_both_languages():
    assert [span_of(one) for one in ("30m", "24h", "7D", "15p", "2 g", "31n")] == [
        *(1_800, 86_400, 604_800, 900, 7_200, 2_678_400)
    ]
    assert [span_of(one) for one in ("14m", "32d", "", "h", "1.5h", "-1h", "24")] == [None] * 7
    assert [span_of(written_span(seconds)) for seconds in (900, 5_400, 86_400)] == [900, 5_400, 86_400]


def test_waits_grow_and_end():
    assert [again_after(fails, 86_400) for fails in (0, 1, 2, 3)] == [900, 900, 1_800, 3_600]
    assert again_after(10**6, 86_400) == 86_400
    assert retry_after("120", 0) == 120
    assert retry_after("99999999999", 0) == 7 * 86_400
    assert retry_after("Thu, 01 Jan 1970 00:02:00 GMT", 60) == 60
    assert retry_after("Thu, 01 Jan 1970 00:02:00 GMT", 600) == 0
    assert [retry_after(one, 0) for one in ("", "soon", "-5")] == [None] * 3


def test_a_folder_named_on_a_mac_has_the_name_its_documents_have(tmp_path: Path) -> None:
    path = unicodedata.normalize("NFD", "/srv/Tài liệu")
    (tmp_path / LIST_FILE).write_text(f'[[folder]]\npath = "{path}"\n', encoding="utf-8")
    assert [one.collection for one in read_list(tmp_path).folders] == ["Tài liệu"]
