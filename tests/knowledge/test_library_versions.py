"""Withdrawing, restoring and rolling back in the real library: record, vectors and words move as one."""

from __future__ import annotations

import random
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from knowledge.errors import DocumentNotFound, KnowledgeUnavailable, VersionNotFound
from knowledge.folder import DataFolder
from knowledge.lexical import terms_of
from knowledge.model import Audience, Original
from knowledge.record.store import Record
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.killing import PASSAGES, move_versions, started
from tests.fakes.libraries import faults, open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from knowledge.library import Library

KILLS = 4
MOST_STEPS = 25  # done before a kill
LONGEST_STEP_S = 0.05
READY_S = 60


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One library for the tests that leave it whole; each uses keys of its own."""
    with open_library(tmp_path_factory.mktemp("library"), HashingEmbedder()) as library:
        yield library


def found_by_words(library: Library, text: str) -> set[str]:
    """The texts that a search for the words of *text* finds, in any audience."""
    numbers = [
        number for index in library.lexical.values() for number, _ in index.search(terms_of(text), limit=10)
    ]
    return {item.text for item in library.record.passages(numbers, tuple(Audience)).values()}


def texts(library: Library, key: str) -> list[str]:
    return [passage.text for passage in library.record.document_passages(key)]


def test_a_withdrawn_document_stands_in_no_index_and_comes_back_whole(shared: Library) -> None:
    drafts = (
        document("out/a", "chữ zwithdraw một", "chữ zwithdraw hai", audience=Audience.MEMBER),
        guide("out", section("x", "Hỏi zwithdraw?", "Làm zwithdraw.", "hoi zwithdraw")),
    )
    for draft in drafts:
        key = draft.meta.key
        shared.publish(draft)
        words = found_by_words(shared, "zwithdraw")
        shared.withdraw(key, "Lan")
        assert faults(shared) == []
        assert not found_by_words(shared, "zwithdraw")
        with pytest.raises(DocumentNotFound):
            shared.record.document_passages(key)
        shared.withdraw(key, "Nam")
        assert shared.restore(key, "Nam") == 1
        assert shared.restore(key, "Nam") == 1
        assert faults(shared) == []
        assert found_by_words(shared, "zwithdraw") == words
        shared.remove(key, "Nam")
    assert faults(shared) == []


def test_rolling_back_moves_between_audiences_and_leaves_nothing_behind(shared: Library) -> None:
    for audience in (Audience.PUBLIC, Audience.OFFICER, Audience.MEMBER):
        shared.publish(document("roll/a", f"chữ zroll {audience}", audience=audience))
    for edition, audience in ((1, Audience.PUBLIC), (2, Audience.OFFICER), (2, Audience.OFFICER)):
        shared.roll_back("roll/a", edition, "Lan")
        assert faults(shared) == []
        assert found_by_words(shared, "zroll") == {f"chữ zroll {audience}"}
        assert [item.id for item in shared.record.all_passages(audience) if item.meta.key == "roll/a"]
    assert len(shared.record.versions.history("roll/a").acts) == 5, "a roll back to what answers is no deed"


def test_a_withdrawn_document_is_rolled_back_and_published_without_answering(shared: Library) -> None:
    embedder = shared.embedder
    assert isinstance(embedder, HashingEmbedder)
    shared.publish(document("rest/a", "chữ zrest một"))
    shared.withdraw("rest/a", "Lan")
    embedded = len(embedder.passages)
    second = document("rest/a", "chữ zrest hai")
    assert shared.publish(second) == "withdrawn"
    assert shared.publish(second) == "withdrawn"
    assert len(embedder.passages) == embedded, "nothing is embedded that answers nothing"
    assert not found_by_words(shared, "zrest")
    assert [item.edition for item in shared.record.versions.history("rest/a").versions] == [2, 1]
    shared.roll_back("rest/a", 2, "Lan")
    assert texts(shared, "rest/a") == ["chữ zrest hai"]
    assert faults(shared) == []


def test_a_rolled_away_edition_stays_away_until_its_file_changes(shared: Library) -> None:
    first, second, third = (document("away/a", f"chữ zaway {number}") for number in range(3))
    shared.publish(first)
    shared.publish(second)
    shared.roll_back("away/a", 1, "Lan")
    assert shared.publish(second) == "unchanged"
    assert texts(shared, "away/a") == ["chữ zaway 0"]
    assert shared.publish(third) == "updated"
    assert texts(shared, "away/a") == ["chữ zaway 2"]
    assert faults(shared) == []


def test_the_same_words_under_another_hash_are_no_new_edition(shared: Library) -> None:
    """The program cuts or reads better now, or the document lists its copies: nobody changed it."""
    file = Original(sha256="b" * 64, name="a.txt", media_type="text/plain", size=1)
    draft = document("again/a", "chữ zagain", audience=Audience.MEMBER)
    shared.publish(replace(draft, by="Lan"))
    assert shared.publish(replace(draft, content_hash="1" * 64, original=file, by="Nam")) == "updated"
    (only,) = shared.record.versions.history("again/a").versions
    assert (only.edition, only.published_by, only.original) == (1, "Lan", file), (
        "the file is kept from now on"
    )
    assert shared.publish(replace(draft, content_hash="1" * 64, original=file)) == "unchanged"
    other = replace(file, sha256="c" * 64)
    shared.publish(replace(draft, content_hash="2" * 64, original=other))
    for number, meta in enumerate(({"title": "Tên khác"}, {"audience": Audience.PUBLIC}), 3):
        changed = replace(draft, meta=replace(draft.meta, **meta), content_hash=f"{number}" * 64)
        shared.publish(replace(changed, original=other))
    assert [item.edition for item in shared.record.versions.history("again/a").versions] == [4, 3, 2, 1]
    assert faults(shared) == []


def test_what_cannot_be_moved_marks_nothing(shared: Library) -> None:
    """Or every mistyped key would have the next start build the indexes anew."""
    shared.publish(document("mark/a", "chữ"))
    shared.finish()
    for move in (shared.remove, shared.withdraw, shared.restore):
        with pytest.raises(DocumentNotFound):
            move("mark/khong-co", "Lan")
    with pytest.raises(VersionNotFound):
        shared.roll_back("mark/a", 7, "Lan")
    assert shared.record.state("writing") is None
    assert shared.record.state("words") is None


def test_rebuilt_from_the_record_only_what_answers_stands_in_the_indexes(tmp_path: Path) -> None:
    """`reindex`, and a start without the index folder: old editions and withdrawn documents stay out."""
    with open_library(tmp_path, HashingEmbedder("fake:one", 16)) as library:
        for text in ("chữ cũ", "chữ mới"):
            library.publish(document("a", text))
        library.publish(document("b", "chữ rút"))
        library.withdraw("b", "Lan")
        library.roll_back("a", 1, "Lan")
        library.finish()
    with open_library(tmp_path, HashingEmbedder("fake:two", 24), check=False) as library:
        library.reindex()
        assert faults(library) == []
        assert found_by_words(library, "chữ") == {"chữ cũ"}
        assert library.restore("b", "Lan") == 1
        library.check()
        assert faults(library) == []


def test_killed_while_versions_move_the_library_is_whole_when_it_opens_again(tmp_path: Path) -> None:
    """
    SIGKILL in the middle of publishing, withdrawing, restoring, rolling back and removing.

    What was said to be done stands so; what was begun is done or not begun; no edition is half there.
    """
    chance = random.Random(20261128)  # noqa: S311 - a repeatable choice, no secret
    unfinished = 0
    stood: dict[str, object] = {}
    for seed in range(KILLS):
        with started(move_versions, tmp_path, seed) as (process, told):
            assert told.poll(READY_S)
            assert told.recv() == []  # faults after the kill before
            said = [heard_next(told) for _ in range(chance.randrange(2, 2 * MOST_STEPS))]
            process.join(chance.uniform(0.0, LONGEST_STEP_S))
            process.kill()
            process.join(READY_S)
            said += heard(told)
        unfinished += "done" not in said
        stood.update({item[1]: item[2] for item in said if item[0] == "done" and item != "done"})
        under_way = said[-1][1] if said[-1][0] == "begun" else ""
        see_versions(tmp_path, {key: value for key, value in stood.items() if key != under_way})
    assert unfinished, "no kill met the work"
    with open_library(tmp_path, HashingEmbedder()) as library:
        assert faults(library) == []


def heard_next(told: Connection) -> tuple[object, ...]:
    """What a process says next."""
    assert told.poll(READY_S)
    return told.recv()


def heard(told: Connection) -> list[tuple[object, ...]]:
    """What a process said before it ended."""
    said: list[tuple[object, ...]] = []
    try:
        while told.poll():
            said.append(told.recv())
    except EOFError:
        pass
    return said


def see_versions(root: Path, stood: dict[str, object]) -> None:
    """Every document stands as was said, and every kept edition of any is whole."""
    record = Record.open_file(DataFolder(root).record)
    for key in ("a/00", "a/01", "a/02"):
        try:
            history = record.versions.history(key)
        except DocumentNotFound:
            assert stood.get(key, (None, ())) == (None, ())
            continue
        if key in stood:
            assert (history.current, tuple(item.edition for item in history.versions)) == stood[key]
        for item in history.versions:
            passages = record.versions.passages(key, item.edition)
            mark = f"zq{int(key.removeprefix('a/'))}e{item.meta.title.removeprefix('edition ')}"
            assert len(passages) == PASSAGES
            assert all(mark in passage.text for passage in passages)
        answering = record.document_passages(key) if history.current else []
        assert len(answering) == (PASSAGES if history.current else 0)
    record.close()


def test_a_new_record_is_for_its_own_account_alone(tmp_path: Path) -> None:
    """Who withdrew what stands in it, and papers for officers."""
    file = tmp_path / "record.sqlite3"
    record = Record.open_file(file)
    version, _ = record.stage(document("a", "chữ"))
    record.publish(version)
    files = [file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm"))]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    record.close()


def test_a_roll_back_that_failed_at_the_last_step_is_made_again_without_traces(tmp_path: Path) -> None:
    """The database went away after the words were indexed: the second attempt leaves each passage once."""
    with open_library(tmp_path, HashingEmbedder()) as library:
        library.publish(document("a", "chữ cũ"))
        library.publish(document("a", "chữ mới"))
        library.record.versions.answer_from = _unreachable  # type: ignore[method-assign]
        with pytest.raises(KnowledgeUnavailable):
            library.roll_back("a", 1, "Lan")
        assert texts(library, "a") == ["chữ mới"]
        del library.record.versions.answer_from  # type: ignore[method-assign]
        library.roll_back("a", 1, "Lan")
        assert texts(library, "a") == ["chữ cũ"]
        assert len(library.lexical[Audience.PUBLIC, "documents"]) == 1
        assert faults(library) == []


def _unreachable(*_: object) -> None:
    raise KnowledgeUnavailable(part="database")
