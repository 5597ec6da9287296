from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.sync import Action, Outcome, apply, plan, scan, sync
from tests.fakes.library import FakeLibrary

_STATES = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("123"))
_SENTENCE = "Tổ hòa giải thôn họp vào ngày mười lăm hằng tháng tại nhà văn hóa."


def _write(folder, name, text=_SENTENCE):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _run(folder, library, collection="hop"):
    rows: list[Outcome] = []
    outcomes = sync(folder, collection=collection, library=library, report=rows.append)
    return {outcome.key: outcome for outcome in outcomes}, rows


@given(_STATES, _STATES)
def test_a_plan_carried_out_makes_the_known_like_the_found(found, known):
    todo = plan(found, known)
    after = {key: value for key, value in known.items() if key not in todo.remove}
    after.update({key: found[key] for key in (*todo.add, *todo.update)})
    assert after == found
    assert plan(found, after).work == 0
    assert len(todo.unchanged) + todo.work == len(found.keys() | known.keys())


def test_files_are_added_updated_removed_and_left_alone(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    _write(tmp_path, "con/b.txt")
    first, _ = _run(tmp_path, library)
    assert {key: row.action for key, row in first.items()} == {"hop/a.txt": "added", "hop/con/b.txt": "added"}
    assert first["hop/a.txt"].passages == 1
    library.calls.clear()
    second, rows = _run(tmp_path, library)
    assert {row.action for row in second.values()} == {Action.UNCHANGED}
    assert (library.calls, rows) == ([], [])
    _write(tmp_path, "a.txt", _SENTENCE + " Ai cũng được mời.")
    (tmp_path / "con/b.txt").unlink()
    third, _ = _run(tmp_path, library)
    assert {key: row.action for key, row in third.items()} == {
        "hop/a.txt": "updated",
        "hop/con/b.txt": "removed",
    }
    assert set(library.drafts) == {"hop/a.txt"}


def test_one_bad_file_is_reported_by_name_and_the_others_go_in(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    _write(tmp_path, "b.txt", "")
    _write(tmp_path, "c.xlsx", "x")
    _write(tmp_path, "d.md", "---\naudiance: member\n---\nChữ.")
    rows, reported = _run(tmp_path, library)
    assert set(library.drafts) == {"hop/a.txt"}
    assert {key: row.error for key, row in rows.items() if row.action is Action.FAILED} == {
        "hop/b.txt": "empty_file",
        "hop/c.xlsx": "wrong_extension",
        "hop/d.md": "bad_metadata",
    }
    assert len(reported) == 4


def test_a_parser_that_raises_anything_at_all_stops_nobody(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    found = scan(tmp_path, collection="hop")

    def explode(path, **_):
        raise ZeroDivisionError(path)

    rows = apply(
        plan(found.hashes, {}), paths=found.paths, library=library, report=lambda _: None, read=explode
    )
    assert (rows[0].error, rows[0].fields) == ("unexpected_error", {"reason": "ZeroDivisionError"})


def test_a_broken_new_version_leaves_the_old_one_published(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    _run(tmp_path, library)
    _write(tmp_path, "a.txt", "")
    rows, _ = _run(tmp_path, library)
    assert rows["hop/a.txt"].action is Action.FAILED
    assert _SENTENCE in library.drafts["hop/a.txt"].passages[0].text


def test_other_collections_are_not_touched(tmp_path):
    library = FakeLibrary()
    _write(tmp_path / "mot", "a.txt")
    _write(tmp_path / "hai", "a.txt")
    _run(tmp_path / "mot", library, "mot")
    _run(tmp_path / "hai", library, "mot-hai")
    (tmp_path / "mot/a.txt").unlink()
    _run(tmp_path / "mot", library, "mot")
    assert set(library.drafts) == {"mot-hai/a.txt"}


def test_hidden_temporary_and_sidecar_files_are_no_documents(tmp_path):
    for name in (".an.txt", "~$a.docx", "a.txt.tmp", ".git/x.txt", "a.txt.meta.yaml", "Thumbs.db"):
        _write(tmp_path, name, "topic: x\n")
    _write(tmp_path, "a.txt")
    assert set(scan(tmp_path, collection="hop").hashes) == {"hop/a.txt"}


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    outside = _write(tmp_path, "ngoai.txt")
    folder = tmp_path / "trong"
    inside = _write(folder, "a.txt")
    (folder / "ra.txt").symlink_to(outside)
    (folder / "vao.txt").symlink_to(inside)
    (folder / "len").symlink_to(tmp_path, target_is_directory=True)
    assert set(scan(folder, collection="hop").hashes) == {"hop/a.txt", "hop/vao.txt"}


def test_names_typed_on_a_mac_give_the_same_key(tmp_path):
    _write(tmp_path, unicodedata.normalize("NFD", "Kế hoạch.txt"))
    assert set(scan(tmp_path, collection="hop").hashes) == {"hop/Kế hoạch.txt"}


def test_a_collection_named_on_a_mac_is_one_with_its_documents(tmp_path):
    """What is in it is known again, and what goes from it goes."""
    library, name = FakeLibrary(), unicodedata.normalize("NFD", "Tài liệu")
    _write(tmp_path, "a.txt")
    _write(tmp_path, "b.txt")
    _run(tmp_path, library, name)
    (tmp_path / "b.txt").unlink()
    rows, _ = _run(tmp_path, library, name)
    assert {key: row.action for key, row in rows.items()} == {
        "Tài liệu/a.txt": Action.UNCHANGED,
        "Tài liệu/b.txt": Action.REMOVED,
    }


def test_a_folder_that_is_not_there_removes_nothing(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    _run(tmp_path, library)
    with pytest.raises(UnreadableFile):
        _run(tmp_path / "khong-co", library)
    assert set(library.drafts) == {"hop/a.txt"}


def test_a_changed_sidecar_is_a_changed_document(tmp_path):
    library = FakeLibrary()
    _write(tmp_path, "a.txt")
    _run(tmp_path, library)
    _write(tmp_path, "a.txt.meta.yaml", "audience: member\n")
    rows, _ = _run(tmp_path, library)
    assert rows["hop/a.txt"].action is Action.UPDATED
    assert library.drafts["hop/a.txt"].meta.audience == "member"
