"""What changed between two editions: nothing lost, nothing made up, and as small as a reader would say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Audience, DocumentMeta, PassageDraft
from knowledge.version_diff import VersionDiff, diff, word_runs

META = DocumentMeta(key="a", title="Kế hoạch", number="12/KH-UBND", effective=date(2026, 1, 1))
NOTICE = "Trạm y tế xã tiêm phòng dại cho chó mèo vào sáng chủ nhật đầu tháng, không thu tiền."
MEETING = "Nhà văn hóa thôn họp bàn việc lắp đèn đường ở ngõ Giếng Cũ vào tối thứ sáu."
WELL = "Giếng làng được vét bùn vào tháng ba, mỗi nhà cử một người mang theo gầu và dây thừng."


def passages(*texts: str) -> list[PassageDraft]:
    return [
        PassageDraft(anchor=f"doan-{at}", text=text, locator=f"tr. {at}") for at, text in enumerate(texts, 1)
    ]


def told(found: VersionDiff) -> list[tuple[str, str]]:
    return [(item.kind, item.after or item.before) for item in found.changes]


def test_a_changed_day_is_one_changed_passage_with_its_words_marked() -> None:
    later = NOTICE.replace("chủ nhật", "thứ bảy")
    found = diff(passages(MEETING, NOTICE, WELL), passages(MEETING, later, WELL))
    assert found.unchanged == 2
    (change,) = found.changes
    assert (change.kind, change.anchor, change.locator) == ("changed", "doan-2", "tr. 2")
    assert [(run.kind, run.text) for run in change.runs if run.kind != "same"] == [
        ("removed", " chủ nhật"),
        ("added", " thứ bảy"),
    ]


def test_a_paragraph_before_all_others_changes_none_of_them() -> None:
    """Their anchors all move by one; what they say does not."""
    found = diff(passages(MEETING, NOTICE), passages(WELL, MEETING, NOTICE))
    assert (told(found), found.unchanged) == ([("added", WELL)], 2)
    back = diff(passages(WELL, MEETING, NOTICE), passages(MEETING, NOTICE))
    assert (told(back), back.unchanged) == ([("removed", WELL)], 2)


def test_a_moved_and_edited_passage_is_told_as_changed_and_the_strange_one_as_new() -> None:
    later = f"{NOTICE} Nhớ mang theo sổ."
    found = diff(passages(MEETING, NOTICE), passages(WELL, later))
    assert told(found) == [("removed", MEETING), ("added", WELL), ("changed", later)]


def test_another_heading_over_the_same_words_is_a_change() -> None:
    (old,) = passages(NOTICE)
    found = diff([old], [replace(old, heading="Y tế")])
    assert [(item.kind, item.heading) for item in found.changes] == [("changed", "Y tế")]


def test_fields_that_differ_are_named_in_the_order_of_the_document() -> None:
    newer = replace(
        META, audience=Audience.MEMBER, number="", expires=date(2027, 1, 1), replaces=("1/KH", "2/KH")
    )
    found = diff([], [], META, newer)
    assert [(item.name, item.before, item.after) for item in found.fields] == [
        ("audience", "public", "member"),
        ("number", "12/KH-UBND", ""),
        ("expires", "", "2027-01-01"),
        ("replaces", "", "1/KH, 2/KH"),
    ]
    assert diff([], [], META, META) == VersionDiff(fields=(), changes=(), unchanged=0)
    assert diff([], passages(NOTICE), None, META).fields == ()


def test_a_very_long_passage_is_shown_whole_instead_of_never() -> None:
    before, after = "chữ " * 5_000, "lời " * 5_000
    assert [(run.kind, run.text) for run in word_runs(before, after)] == [
        ("removed", before),
        ("added", after),
    ]


def test_hundreds_of_unlike_passages_are_paired_by_their_anchors() -> None:
    before = passages(*(f"đoạn cũ {number} có chữ {number * 7}" for number in range(250)))
    after = passages(*(f"khác hẳn {number} là lời {number * 3}" for number in range(251)))
    found = diff(before, after)
    assert [item.kind for item in found.changes].count("changed") == 250
    assert told(found)[-1] == ("added", after[-1].text)


WORDS = st.text(alphabet="aă đ\n\t.1", max_size=30)


@given(before=WORDS, after=WORDS)
def test_runs_make_both_texts_letter_by_letter(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)


@given(before=st.lists(WORDS, max_size=6), after=st.lists(WORDS, max_size=6))
def test_every_passage_is_told_once_whatever_came_and_went(before: list[str], after: list[str]) -> None:
    found = diff(passages(*before), passages(*after))
    changed = [item for item in found.changes if item.kind == "changed"]
    gone = sum(item.kind == "removed" for item in found.changes)
    came = sum(item.kind == "added" for item in found.changes)
    assert found.unchanged + len(changed) + gone == len(before)
    assert found.unchanged + len(changed) + came == len(after)
    assert diff(passages(*after), passages(*after)).changes == ()
