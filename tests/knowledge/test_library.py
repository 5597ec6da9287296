"""The library publishes into the record, the vectors and the words as one, and survives being killed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from knowledge.dense import LAYERS
from knowledge.errors import DocumentNotFound, IndexLocked, IndexMismatch, KnowledgeUnavailable
from knowledge.folder import DataFolder
from knowledge.lexical import terms_of
from knowledge.model import Audience
from knowledge.record.store import Record
from knowledge.text.folding import fold
from knowledge.vector_probe import is_sound
from tests.fakes.drafts import document, guide, section
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.killing import (
    DOCUMENTS,
    PASSAGES,
    made_document,
    publish_editions,
    started,
    tell_counts,
    try_to_open,
)
from tests.fakes.libraries import faults, open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from knowledge.library import Library
    from knowledge.model import DocumentDraft

KILLS = 8
LONGEST_RUN_S = 1.0  # of a recovery, until it is killed
LONGEST_STEP_S = 0.05  # about what publishing one document takes
READY_S = 60


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One library for the tests that leave it whole; each uses keys of its own."""
    with open_library(tmp_path_factory.mktemp("library"), HashingEmbedder()) as library:
        yield library


def in_all_indexes(library: Library) -> int:
    """How many entries all indexes hold together."""
    vectors = sum(library.dense.count(audience, layer) for audience in Audience for layer in LAYERS)
    return vectors + sum(map(len, library.lexical.values()))


def test_a_published_document_stands_in_every_index_and_a_removed_one_in_none(shared: Library) -> None:
    before = in_all_indexes(shared)
    drafts = (
        document("gone/a", "đoạn thứ nhất", "đoạn thứ hai"),
        guide("gone", section("x", "Hỏi gì?", "Làm thế này.", "hoi gi", "hỏi sao")),
    )
    for draft in drafts:
        assert shared.publish(draft) == "added"
    assert faults(shared) == []
    # two vectors and two rows; one vector, three ways to ask (the heading is one) and a row
    assert in_all_indexes(shared) == before + 4 + 5
    for draft in drafts:
        shared.remove(draft.meta.key)
    assert in_all_indexes(shared) == before
    assert faults(shared) == []
    with pytest.raises(DocumentNotFound):
        shared.remove("gone/a")


def test_an_unchanged_document_costs_nothing(shared: Library) -> None:
    draft = document("same/a", "đoạn thứ nhất")
    shared.publish(draft)
    before = in_all_indexes(shared)
    reports: list[tuple[int, int]] = []
    assert shared.publish(draft, lambda *report: reports.append(report)) == "unchanged"
    assert (in_all_indexes(shared), reports) == (before, [])


def test_an_update_leaves_nothing_of_the_old_version(shared: Library) -> None:
    shared.publish(document("update/a", "chữ cũ một", "chữ cũ hai", "chữ cũ ba"))
    before = in_all_indexes(shared)
    assert shared.publish(document("update/a", "chữ mới một")) == "updated"
    assert in_all_indexes(shared) == before - 4
    assert [passage.text for passage in shared.record.document_passages("update/a")] == ["chữ mới một"]
    assert faults(shared) == []


@pytest.mark.parametrize("kind", ["document", "guide"])
def test_a_change_of_audience_moves_a_document_and_leaves_nothing_behind(shared: Library, kind: str) -> None:
    def made(audience: Audience) -> DocumentDraft:
        if kind == "guide":
            return guide("move", section("x", "Hỏi zumove?", "Làm zumove.", "hoi zumove"), audience=audience)
        return document("move/a", "chữ zumove", audience=audience)

    public = {layer: shared.dense.count(Audience.PUBLIC, layer) for layer in LAYERS}
    for audience in (Audience.PUBLIC, Audience.OFFICER, Audience.MEMBER):
        shared.publish(made(audience))
        assert faults(shared) == []
    for layer, count in public.items():
        assert shared.dense.count(Audience.PUBLIC, layer) == count


def test_progress_tells_every_passage(shared: Library) -> None:
    reports: list[tuple[int, int]] = []
    shared.publish(
        document("long/a", *[f"đoạn số {n}" for n in range(70)]), lambda *report: reports.append(report)
    )
    assert reports == sorted(reports)
    assert reports[-1] == (70, 70)


def test_another_embedder_is_refused_until_the_library_is_indexed_anew(tmp_path: Path) -> None:
    """The message names both; `reindex` heals, also to another number of dimensions."""
    with open_library(tmp_path, HashingEmbedder("fake:one", 16)) as library:
        library.publish(document("a", "đoạn thứ nhất", "đoạn thứ hai"))
        library.publish(guide("g", section("x", "Hỏi gì?", "Làm thế này.", "hoi gi")))
    with open_library(tmp_path, HashingEmbedder("fake:two", 24), check=False) as library:
        with pytest.raises(IndexMismatch) as caught:
            library.check()
        assert caught.value.fields == {"built_with": "fake:one", "configured": "fake:two"}
        reports: list[tuple[int, int]] = []
        library.reindex(lambda *report: reports.append(report))
        assert reports[-1] == (3, 3)
        library.check()
        assert faults(library) == []


def test_a_second_opening_finds_everything_and_embeds_nothing(tmp_path: Path) -> None:
    with open_library(tmp_path, HashingEmbedder()) as library:
        library.publish(document("a", "đoạn thứ nhất"))
        library.publish(guide("g", section("x", "Hỏi gì?", "Làm thế này.", "hoi gi")))
        library.finish()
    again = HashingEmbedder()
    with open_library(tmp_path, again) as library:
        assert again.passages == again.questions == []
        assert faults(library) == []
        assert library.restorer.restore("lam the nay") == "làm thế này"


class FailingEmbedder(HashingEmbedder):
    """Goes out of reach when a text says so."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts*, unless one of them says `sập`."""
        if any("sập" in text for text in texts):
            raise KnowledgeUnavailable(part="embedder")
        return super().embed_documents(texts)


def test_an_embedder_that_fails_half_way_leaves_the_old_version_answering(tmp_path: Path) -> None:
    embedder = FailingEmbedder()
    with open_library(tmp_path, embedder) as library:
        library.publish(document("a", "chữ cũ"))
        with pytest.raises(KnowledgeUnavailable):
            library.publish(document("a", *[f"chữ mới {n}" for n in range(40)], "sập"))
        assert [passage.text for passage in library.record.document_passages("a")] == ["chữ cũ"]
        library.publish(document("b", "chữ khác"))
        library.check()
        assert faults(library) == []
        assert set(library.hashes("")) == {"a", "b"}


def test_words_of_hidden_documents_do_not_reach_the_restorer(tmp_path: Path) -> None:
    with open_library(tmp_path, HashingEmbedder()) as library:
        library.publish(document("open", "Hòa giải ở cơ sở"))
        library.publish(document("hidden", "Chuyên án đặc biệt", audience=Audience.OFFICER))
        library.finish()
        assert library.restorer.restore("hoa giai") == "hòa giải"
        assert library.restorer.restore("chuyen an dac biet") == "chuyen an dac biet"


def test_a_second_library_in_this_process_is_locked_out(shared: Library, tmp_path: Path) -> None:
    del shared
    folder = DataFolder(tmp_path)
    held = folder.lock()
    with pytest.raises(IndexLocked):
        folder.lock()
    held.release()
    folder.lock().release()


def test_a_second_process_is_locked_out(tmp_path: Path) -> None:
    with open_library(tmp_path, HashingEmbedder(), check=False), started(try_to_open, tmp_path) as (_, told):
        assert told.poll(READY_S)
        assert told.recv() == ("IndexLocked", {"folder": str(tmp_path)})
    with started(try_to_open, tmp_path) as (_, told):
        assert told.poll(READY_S)
        assert told.recv() == "opened"


def test_killed_at_any_instant_the_library_is_whole_when_it_opens_again(tmp_path: Path) -> None:
    """
    SIGKILL while documents are added, updated, moved between audiences and removed.

    What was said to be published is; no document is half there; every index agrees; going on finishes.
    """
    chance = random.Random(20261122)  # noqa: S311 - a repeatable choice, no secret
    unfinished = 0
    for edition in range(KILLS):
        if edition % 3 == 2:  # and what mends a kill may be killed too
            with started(publish_editions, tmp_path, edition) as (process, _):
                process.join(chance.uniform(0.1, LONGEST_RUN_S))
        with started(publish_editions, tmp_path, edition) as (process, told):
            assert told.poll(READY_S)
            assert told.recv() == []  # faults after the kill before
            # Killed by what it has done, not by a clock: a fast machine would be done before.
            said = [heard_next(told) for _ in range(chance.randrange(DOCUMENTS - 1))]
            process.join(chance.uniform(0.0, LONGEST_STEP_S))
            process.kill()
            process.join()
            said += heard(told)
        unfinished += "done" not in said
        see_record(tmp_path, edition, said)
    assert unfinished, "no kill met the work"
    with started(publish_editions, tmp_path, KILLS + 1) as (_, told):
        assert told.poll(READY_S)
        assert told.recv() == []
        said = []
        while not said or said[-1] != "done":
            said.append(heard_next(told))
    see_record(tmp_path, KILLS + 1, said)


def test_vectors_that_a_kill_left_unreadable_are_made_anew(tmp_path: Path) -> None:
    """What reads a cut file may end the process, so the folder is replaced before it is opened."""
    embedder = HashingEmbedder()
    with open_library(tmp_path, embedder) as library:
        library.publish(document("a", *[f"đoạn thứ {n}" for n in range(1_100)]))  # enough to be written out
        library.record.set_state("writing", "b")  # and then it was killed
    vectors = DataFolder(tmp_path).vectors
    assert is_sound(vectors)
    for file in vectors.rglob("header.bin"):
        file.unlink()
    assert not is_sound(vectors)
    # Chroma remembers a folder for as long as the process lives: another process opens it.
    with started(tell_counts, tmp_path) as (_, told):
        assert told.poll(READY_S)
        assert told.recv() == (1_100, 1_100, 1_100)


def heard_next(told: Connection) -> str:
    """What a process says next."""
    assert told.poll(READY_S)
    return str(told.recv())


def heard(told: Connection) -> list[str]:
    """What a process said before it ended."""
    said: list[str] = []
    try:
        while told.poll():
            said.append(told.recv())
    except EOFError:
        pass
    return said


def see_record(root: Path, edition: int, said: list[str]) -> None:
    """Every document told to be published is of *edition*, and each is whole, of one edition."""
    record = Record.open_file(DataFolder(root).record)
    editions = {item.meta.key: int(item.meta.title.removeprefix("edition ")) for item in record.documents()}
    for key, found in editions.items():
        draft = made_document(int(key.removeprefix("a/")), found)
        assert [passage.text for passage in record.document_passages(key)] == [p.text for p in draft.passages]
        assert len(draft.passages) == PASSAGES
    last = f"a/{DOCUMENTS - 1:02}"
    for key in said:
        assert key == "done" or editions.get(key) == edition or (key == last and edition % 2)
    record.close()


def test_folding_is_the_same_on_both_sides(shared: Library) -> None:
    """A document typed with marks is found by words typed without, and the other way round."""
    shared.publish(document("fold/a", "Hoà giải viên Đặng Thị Zuưởng"))
    shared.publish(document("fold/b", "Hoa giai vien Dang Thi Zuuoong"))
    index = shared.lexical[Audience.PUBLIC, "documents"]
    for text in ("Đặng Thị Zuưởng", fold("Đặng Thị Zuưởng"), "ĐẶNG THỊ ZUƯỞNG"):
        found = [number for number, _ in index.search(terms_of(text), limit=1)]
        assert found == [shared.record.document_passages("fold/a")[0].id]
