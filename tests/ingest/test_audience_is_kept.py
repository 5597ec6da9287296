"""Whoever says that a document is for members must be understood, whatever the kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.document import Defaults, read_document
from ingest.sync import plan, scan
from knowledge.model import Audience

if TYPE_CHECKING:
    from pathlib import Path

BODY = "Kế hoạch tổ chức buổi tuyên truyền tại khu dân cư, dành cho hội viên nòng cốt của chi hội.\n" * 4


@pytest.mark.parametrize("name", ["ke-hoach.txt", "ke-hoach.md"])
def test_front_matter_sets_the_audience_of_any_text_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(f"---\naudience: member\ntitle: Kế hoạch\n---\n{BODY}", encoding="utf-8")
    draft = read_document(file, key=name)
    assert draft.meta.audience is Audience.MEMBER
    assert all("audience" not in passage.text for passage in draft.passages)


def test_a_text_file_with_headings_keeps_its_audience(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"---\naudience: officer\n---\n# Một\n{BODY}\n# Hai\n{BODY}", encoding="utf-8")
    assert read_document(file, key="a").meta.audience is Audience.OFFICER


def test_the_same_file_for_another_audience_is_published_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    public = scan(tmp_path, collection="c", defaults=Defaults())
    member = scan(tmp_path, collection="c", defaults=Defaults(audience=Audience.MEMBER))
    assert plan(member.hashes, public.hashes).update == ("c/a.txt",)
    draft = read_document(tmp_path / "a.txt", key="c/a.txt", defaults=Defaults(audience=Audience.MEMBER))
    assert draft.content_hash == member.hashes["c/a.txt"]
