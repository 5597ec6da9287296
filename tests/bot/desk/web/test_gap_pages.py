"""The web desk's pages of questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.gaps.model import key_of
from knowledge.model import Audience
from prompts.catalog import text
from tests.bot.desk.gap_station import ANSWER, DOG, DOGS, NOISE, GapStation
from tests.bot.desk.web.officer import Officer, app_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response
    from starlette.applications import Starlette

    from tests.bot.desk.station import Station

WRITTEN = {
    "heading": DOG,
    "text": ANSWER,
    "sources": "- Nghị định 90/2017/NĐ-CP, Điều 7\n",
    "topic": "hoa-giai",
}


def say(key: str, **fields: object) -> str:
    return text(f"gaps.{key}", "vi", **fields)


@pytest.fixture
def there(tmp_path: Path, station_keys: Path) -> Iterator[GapStation]:
    opened = GapStation(tmp_path, station_keys)
    opened.ask(*DOGS, NOISE)
    yield opened
    opened.close()


@pytest.fixture
def app(there: GapStation) -> Starlette:
    return app_of(there.station, gaps=there.gaps)


@pytest.fixture
def editor(there: GapStation, app: Starlette) -> Officer:
    return Officer(there.station, app=app).come_in(role="supervisor")


@pytest.fixture
def officer(there: GapStation, app: Starlette) -> Officer:
    return Officer(there.station, app=app).come_in()


def group(of: Officer) -> Response:
    return of.get(f"hoi-dap/nhom/{key_of(DOG)}")


def do(of: Officer, page: Response, what: str, **fields: str) -> Response:
    """Press one of the buttons of the form that writes the answer to the dogs."""
    return of.press(page, key_of(DOG), do=what, **fields)


def test_everybody_reads_the_list_with_the_unit_still_locked(officer: Officer) -> None:
    page = officer.get("hoi-dap")
    assert page.status_code == 200
    assert say("asked_many", count=3) in page.text
    assert all(wording in page.text for wording in (*DOGS, NOISE))
    assert say("not_editor") in page.text
    assert "textarea" not in group(officer).text


def test_an_auditor_reads_it_too(there: GapStation, app: Starlette) -> None:
    auditor = Officer(there.station, app=app).come_in(role="auditor")
    assert NOISE in auditor.get("hoi-dap").text


def test_nobody_reads_it_without_signing_in(there: GapStation, app: Starlette) -> None:
    for path in ("hoi-dap", "hoi-dap/bai", f"hoi-dap/nhom/{key_of(DOG)}", "hoi-dap/de-sau"):
        page = Officer(there.station, app=app).get(path)
        assert page.status_code == 401
        assert NOISE not in page.text


def test_a_desk_without_the_loop_has_no_such_page(station: Station) -> None:
    plain = Officer(station, app=app_of(station)).come_in()
    assert plain.get("hoi-dap").status_code == 404
    assert "hoi-dap" not in plain.get().text


def test_an_editor_writes_looks_again_publishes_and_undoes(editor: Officer, there: GapStation) -> None:
    preview = do(editor, group(editor), "preview", **WRITTEN)
    assert preview.status_code == 200
    assert "<strong>113</strong>" in preview.text
    assert "Giải đáp của Chỉ huy, Phường A" in preview.text
    assert "Nghị định 90/2017/NĐ-CP, Điều 7" in preview.text
    assert there.gaps.answers(there.editor) == []
    again = do(editor, preview, "again")
    assert ANSWER.splitlines()[0] in again.text
    published = do(editor, do(editor, again, "preview"), "publish")
    assert say("done_write") in published.text
    assert say("state_waiting") in published.text
    (answered,) = there.gaps.answers(there.editor)
    assert answered.latest.written.questions[0] in DOGS
    assert DOG not in editor.get("hoi-dap").text
    undone = editor.press(editor.get("hoi-dap/bai"), "hoan-tac")
    assert say("done_undo") in undone.text
    assert there.gaps.answers(there.editor)[0].wanted == 0
    assert DOG in editor.get("hoi-dap").text


def test_what_was_typed_is_not_lost_over_a_fault(editor: Officer) -> None:
    page = do(editor, group(editor), "preview", **(WRITTEN | {"sources": ""}))
    assert page.status_code == 422
    assert text("desk.refused_gap_sources", "vi") in page.text
    assert "Báo trưởng thôn" in page.text


def test_pressed_twice_it_is_published_once(editor: Officer, there: GapStation) -> None:
    preview = do(editor, group(editor), "preview", **WRITTEN)
    do(editor, preview, "publish")
    twice = do(editor, preview, "publish")
    assert say("pressed_twice") in twice.text
    assert len(there.gaps.answers(there.editor)) == 1


def test_a_change_makes_a_second_version_that_can_be_taken_back(editor: Officer, there: GapStation) -> None:
    do(editor, do(editor, group(editor), "preview", **WRITTEN), "publish")
    (answered,) = there.gaps.answers(there.editor)
    form = editor.get(f"hoi-dap/bai/{answered.slug}")
    preview = editor.press(form, answered.slug, do="preview", text="Phạt nặng hơn.")
    editor.press(preview, answered.slug, do="publish")
    assert there.gaps.answers(there.editor)[0].wanted == 2
    editor.press(editor.get("hoi-dap/bai"), "dung-lai")
    assert there.gaps.answers(there.editor)[0].wanted == 1


def test_a_forged_form_of_an_officer_writes_nothing(
    officer: Officer, editor: Officer, there: GapStation
) -> None:
    token = {"form": "x" * 48}
    assert officer.post(f"hoi-dap/nhom/{key_of(DOG)}", do="publish", **WRITTEN, **token).status_code == 403
    preview = do(editor, group(editor), "preview", **WRITTEN)
    assert preview.status_code == 200
    signed_out = officer.get("hoi-dap")
    own = signed_out.text.split('name="form" value="')[1].split('"')[0]
    fields = WRITTEN | {"questions": "\n".join(DOGS), "form": own, "do": "publish"}
    answer = officer.post(f"hoi-dap/nhom/{key_of(DOG)}", **fields)
    assert text("desk.refused_not_editor", "vi") in answer.text
    assert there.gaps.answers(there.editor) == []


def test_a_question_is_put_aside_and_taken_up_again(editor: Officer) -> None:
    editor.press(editor.get(f"hoi-dap/nhom/{key_of(NOISE)}"), "de-sau")
    assert NOISE not in editor.get("hoi-dap").text
    aside = editor.get("hoi-dap/de-sau")
    assert NOISE in aside.text
    editor.press(aside, key_of(NOISE))
    assert NOISE in editor.get("hoi-dap").text


def test_members_questions_are_marked_and_markup_in_questions_is_harmless(
    editor: Officer, there: GapStation
) -> None:
    there.ask("<script>alert(1)</script> hỏi gì ở đâu", audience=Audience.MEMBER)
    page = editor.get("hoi-dap").text
    assert say("asked_by_member") in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "path", ["hoi-dap/nhom/none", "hoi-dap/bai/none", "hoi-dap?tuan=x", "hoi-dap?tuan=2026-W99"]
)
def test_made_up_addresses_do_no_harm(editor: Officer, path: str) -> None:
    assert editor.get(path).status_code in {200, 403, 404}


def test_the_pages_speak_english(editor: Officer) -> None:
    page = editor.client.get("/desk/hoi-dap?lang=en").text
    assert text("gaps.list", "en") in page
