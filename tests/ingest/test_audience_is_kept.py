"""Whoever says that a document is for members must be understood, whatever the kind of file."""

from __future__ import annotations

import unicodedata
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Defaults, read_document
from ingest.sidecars import is_sidecar, pairs, sidecar_of, sidecars_near
from ingest.sync import Action, plan, scan, sync
from knowledge.model import Audience
from tests.fakes.library import FakeLibrary
from tests.ingest.office_builders import zipped

if TYPE_CHECKING:
    import os

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


def _audiences(folder: Path) -> tuple[dict[str, Audience], dict[str, str]]:
    """Who may see what went in, and what did not go in and why, by key."""
    library = FakeLibrary()
    outcomes = sync(folder, collection="c", library=library, report=lambda _: None)
    failed = {row.key: row.error for row in outcomes if row.action is Action.FAILED}
    return {key: draft.meta.audience for key, draft in library.drafts.items()}, failed


def _save(folder: Path, *documents: str, **sidecars: str) -> None:
    for name in documents:
        (folder / name).write_text(BODY, encoding="utf-8")
    for name, audience in sidecars.items():
        (folder / name).write_text(f"audience: {audience}\n", encoding="utf-8")


DECOMPOSED = unicodedata.normalize("NFD", "kế hoạch.txt")
LONG = "kế hoạch " * 20 + ".txt"  # longer than what is kept of a name in a zip folder


@pytest.mark.parametrize(
    ("document", "sidecar"),
    [
        ("ke-hoach.txt", "ke-hoach.txt.meta.yaml"),
        ("ke-hoach.txt", "ke-hoach.meta.yaml"),
        ("ke-hoach.txt", "ke-hoach.txt.Meta.YAML"),
        ("ke-hoach.txt", "ke-hoach.txt.meta.yaml.txt"),
        ("Ke-hoach.TXT", "ke-hoach.txt.meta.json"),
        (DECOMPOSED, "kế hoạch.txt.meta.yaml"),
        (DECOMPOSED, "Kế hoạch.meta.yml"),
    ],
)
def test_a_sidecar_is_known_by_its_name_as_people_read_it(
    tmp_path: Path, document: str, sidecar: str
) -> None:
    _save(tmp_path, document, **{sidecar: "member"})
    audiences, failed = _audiences(tmp_path)
    assert (list(audiences.values()), failed) == ([Audience.MEMBER], {})


@pytest.mark.parametrize(
    ("document", "sidecar"),
    [(LONG, f"{LONG}.meta.yaml"), (LONG, f"{LONG[:-4]}.meta.yaml"), (DECOMPOSED, "kế hoạch.meta.json")],
)
def test_so_it_is_in_a_zip_folder_where_names_are_cut(tmp_path: Path, document: str, sidecar: str) -> None:
    entries = {document: BODY.encode(), sidecar: b'{"audience": "member"}'}
    (tmp_path / "a.zip").write_bytes(zipped(entries))
    audiences, failed = _audiences(tmp_path)
    assert (list(audiences.values()), failed) == ([Audience.MEMBER], {})


def test_a_sidecar_that_may_mean_several_holds_them_back(tmp_path: Path) -> None:
    _save(tmp_path, "a.txt", "a.md", "b.txt", **{"a.meta.yaml": "member"})
    assert _audiences(tmp_path) == (
        {"c/b.txt": Audience.PUBLIC},
        {"c/a.txt": "sidecar_unclear", "c/a.md": "sidecar_unclear", "c/a.meta.yaml": "sidecar_stray"},
    )


def test_so_it_is_in_a_zip_folder_and_what_was_published_of_it_stays(tmp_path: Path) -> None:
    entries = {"a.txt": BODY.encode(), "a.md": BODY.encode(), "con/b.txt": BODY.encode()}
    (tmp_path / "z.zip").write_bytes(zipped(entries))
    before, _ = _audiences(tmp_path)
    (tmp_path / "z.zip").write_bytes(zipped(entries | {"a.meta.yaml": b"audience: member\n"}))
    with scan(tmp_path, collection="c") as found:
        assert {key: error.code for key, error in found.failed.items()} == {
            "c/z.zip/a.txt": "sidecar_unclear",
            "c/z.zip/a.md": "sidecar_unclear",
            "c/z.zip/a.meta.yaml": "sidecar_stray",
        }
        assert plan(found.hashes, found.comparable(dict.fromkeys(before, ""))).remove == ()


def test_a_sidecar_of_no_document_is_told_and_holds_back_what_it_may_have_meant(tmp_path: Path) -> None:
    _save(tmp_path, "a.txt", "b.txt", **{"a.docx.meta.yaml": "member", "la.meta.yaml": "member"})
    assert _audiences(tmp_path) == (
        {"c/b.txt": Audience.PUBLIC},
        {
            "c/a.txt": "sidecar_unclear",
            "c/a.docx.meta.yaml": "sidecar_stray",
            "c/la.meta.yaml": "sidecar_stray",
        },
    )


@pytest.mark.parametrize(
    ("text", "sidecar", "said"),
    [
        ("", "a.txt.meta.yaml", "audience: member\n"),
        (BODY, "a.txt.meta.yaml", "audience: member\ntiltle: Kế hoạch\n"),
        (BODY, "a.docx.meta.yaml", "audience: member\n"),
    ],
)
def test_what_cannot_be_read_and_is_for_fewer_people_leaves_nothing_to_the_others(
    tmp_path: Path, text: str, sidecar: str, said: str
) -> None:
    library = FakeLibrary()
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    sync(tmp_path, collection="c", library=library, report=lambda _: None)
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / sidecar).write_text(said, encoding="utf-8")
    for narrowed_to in ("member", ""):
        outcomes = sync(tmp_path, collection="c", library=library, report=lambda _: None)
        row = next(row for row in outcomes if row.key == "c/a.txt")
        assert (row.action, row.narrowed_to) == (Action.FAILED, narrowed_to)
    assert library.drafts["c/a.txt"].meta.audience is Audience.MEMBER


def test_two_sidecars_of_one_document_hold_it_back(tmp_path: Path) -> None:
    _save(tmp_path, "a.txt", **{"a.txt.meta.yaml": "public", "A.meta.yaml": "member"})
    audiences, failed = _audiences(tmp_path)
    assert (audiences, failed) == ({}, {"c/a.txt": "sidecar_unclear"})


def test_documents_of_one_stem_have_sidecars_of_their_own(tmp_path: Path) -> None:
    _save(tmp_path, "a.txt", "a.md", **{"a.txt.meta.yaml": "member", "a.md.meta.yaml": "officer"})
    assert _audiences(tmp_path) == ({"c/a.txt": Audience.MEMBER, "c/a.md": Audience.OFFICER}, {})


def test_a_sidecar_is_seen_where_the_times_of_a_folder_do_not_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _still(monkeypatch, tmp_path)
    _save(tmp_path, "a.txt")
    assert _audiences(tmp_path) == ({"c/a.txt": Audience.PUBLIC}, {})
    _save(tmp_path, "b.txt", **{"b.txt.meta.yaml": "member", "a.meta.yaml": "member"})
    expected = {"c/a.txt": Audience.MEMBER, "c/b.txt": Audience.MEMBER}
    assert _audiences(tmp_path) == (expected, {})
    assert read_document(tmp_path / "b.txt", key="b").meta.audience is Audience.MEMBER


def test_a_sidecar_is_found_by_its_whole_name_where_the_listing_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(tmp_path, "a.txt", **{"a.txt.meta.yaml": "member"})
    monkeypatch.setattr("os.scandir", lambda _: nullcontext(iter(())))
    assert sidecar_of(tmp_path / "a.txt") == tmp_path / "a.txt.meta.yaml"


def test_a_folder_of_the_documents_name_does_not_take_its_sidecar(tmp_path: Path) -> None:
    _save(tmp_path, "a.txt", **{"a.meta.yaml": "member"})
    (tmp_path / "a").mkdir()
    assert _audiences(tmp_path) == ({"c/a.txt": Audience.MEMBER}, {})


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            "".join,
            st.tuples(
                st.sampled_from(("a", "A", "b", "á", "a\u0301")),
                st.sampled_from(("", ".txt", ".md", ".txt.md", ".2")),
                st.sampled_from(("", "", ".meta.yaml", ".Meta.json", ".meta.yml.txt")),
            ),
        ),
        unique=True,
        max_size=8,
    )
)
def test_one_document_is_paired_as_its_whole_folder_is(names: list[str]) -> None:
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name in names:
            (folder / name).write_bytes(b"")
        there = [path.name for path in folder.iterdir()]
        whole = pairs(there)
        for name in there:
            if is_sidecar(name):
                continue
            near = whole.unclear.get(name, tuple(own for own in (whole.own.get(name),) if own))
            assert [path.name for path in sidecars_near(folder / name)] == list(near)


def _still(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As a share does that keeps no times of its folders."""
    stat = type(folder).stat

    def told(self: Path, **how: bool) -> SimpleNamespace | os.stat_result:
        found = stat(self, **how)
        if self != folder:
            return found
        kept = {name: getattr(found, name) for name in dir(found) if name.startswith("st_")}
        return SimpleNamespace(**kept | {"st_mtime_ns": 0, "st_ctime_ns": 0})

    monkeypatch.setattr(type(folder), "stat", told)
