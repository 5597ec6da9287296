"""The web desk's pages of documents, without a browser: forms as they stand, uploads as they are sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.papers_listing import ListQuery
from bot.desk.papers_model import Stage
from bot.desk.papers_staging import StagingLimits
from bot.desk.web import paper_upload
from prompts.catalog import text
from tests.bot.desk.paper_station import ORDER, PHONE, PLAN, PLAN_AGAIN, TWO_PAGES, PaperStation
from tests.bot.desk.station import B
from tests.bot.desk.web.officer import Officer, app_of, forms_of
from tests.ingest.builders import pdf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response
    from starlette.applications import Starlette

    from bot.desk.papers_model import Paper
    from tests.bot.desk.station import Station

SCRIPT = {"Accept": "application/json"}


def say(key: str, **fields: object) -> str:
    return text(f"papers.{key}", "vi", **fields)


@pytest.fixture
def there(tmp_path: Path, station_keys: Path, ripe_library: Path) -> Iterator[PaperStation]:
    opened = PaperStation(tmp_path, station_keys, ripe=ripe_library)
    yield opened
    opened.close()


def app_for(there: PaperStation) -> Starlette:
    return app_of(there.station, papers=there.papers)


@pytest.fixture
def app(there: PaperStation) -> Starlette:
    return app_for(there)


@pytest.fixture
def editor(there: PaperStation, app: Starlette) -> Officer:
    return Officer(there.station, app=app).come_in(role="supervisor")


@pytest.fixture
def officer(there: PaperStation, app: Starlette) -> Officer:
    return Officer(there.station, app=app).come_in()


def token_of(page: Response) -> str:
    found = re.search(r'name="form" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


def send(of: Officer, *files: tuple[str, bytes | str], token: str | None = None, **headers: str) -> Response:
    """Upload by the form of the front page."""
    form = token if token is not None else token_of(of.get("tai-lieu"))
    sent = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return of.client.post("/desk/tai-lieu/gui", data={"form": form}, files=sent, headers=headers)


def waiting(there: PaperStation) -> list[Paper]:
    there.settle()
    return there.papers.papers(there.editor)


def sheet_of(of: Officer, there: PaperStation, name: str, content: bytes | str) -> tuple[Response, Paper]:
    """Upload, wait, open."""
    send(of, (name, content))
    paper = next(one for one in waiting(there) if one.name == name and one.stage is Stage.READY)
    return of.get(f"tai-lieu/cho/{paper.id}"), paper


def test_a_plain_form_brings_files_in_and_the_page_says_how_far_they_are(
    editor: Officer, there: PaperStation
) -> None:
    page = send(editor, ("kế hoạch.txt", PLAN), ("rỗng.txt", ""))
    assert say("brought_in", taken=2, refused=0) in page.text
    there.settle()
    page = editor.get("tai-lieu")
    assert say("stage_ready") in page.text
    assert text("ingest.empty_file", "vi") in page.text
    assert "<noscript><meta http-equiv" not in page.text


def test_an_editor_confirms_and_publishes(editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    form = forms_of(page)[paper.id]
    assert form.fields["number"] == "12/KH-UBND"
    assert form.fields["audience"] == "officer"
    assert "Tổ tuần tra gồm 12 thành viên" in page.text
    done = editor.press(page, paper.id, do="publish", audience="public", title="Tuần tra đêm")
    assert say("done_publish") in done.text
    there.settle()
    listed = editor.get("tai-lieu?tim=tuan+tra")
    assert "Tuần tra đêm (12/KH-UBND)" in listed.text
    assert say("found", found=1, total=1) in listed.text
    view = editor.client.get("/desk/tai-lieu/xem", params={"khoa": paper.key})
    assert say("act_published", who="Chỉ huy, Phường A", edition=1) in view.text


def test_saving_looks_again_and_publishing_takes_the_ticks(editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN + PHONE)
    assert say("found_if_public") in page.text
    refused = editor.press(page, paper.id, do="publish", audience="public", title="Tên đã sửa")
    assert refused.status_code == 422
    assert text("desk.refused_paper_grave", "vi") in refused.text
    assert forms_of(refused)[paper.id].fields["title"] == "Tên đã sửa"
    assert "ok-private_person" in refused.text
    editor.press(refused, paper.id, do="publish", **{"ok-private_person": "1"})
    there.settle()
    assert {one.stage for one in waiting(there)} == {Stage.PUBLISHED}


def test_what_was_typed_is_not_lost_over_a_fault(editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    again = editor.press(page, paper.id, do="save", issued="31/2/2026", title="Tên mới")
    assert again.status_code == 422
    assert "31/2/2026" in again.text
    assert forms_of(again)[paper.id].fields["title"] == "Tên mới"
    empty = editor.press(page, paper.id, do="publish", title="")
    assert say("no_title") in empty.text


def test_pressed_twice_it_is_published_once(editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    editor.press(page, paper.id, do="publish")
    editor.press(page, paper.id, do="publish")
    there.settle()
    view = there.papers.document(there.editor, paper.key)
    assert len(view.history.versions) == 1


def test_whoever_has_many_goes_on_to_the_next(editor: Officer, there: PaperStation) -> None:
    send(editor, ("một.txt", PLAN), ("hai.txt", PLAN_AGAIN))
    papers = {paper.name: paper.id for paper in waiting(there)}
    page = editor.get(f"tai-lieu/cho/{papers['một.txt']}")
    after = editor.press(page, papers["một.txt"], do="publish_next")
    assert str(after.url).endswith(f"/tai-lieu/cho/{papers['hai.txt']}")
    assert say("done_publish") in after.text
    last = editor.press(after, papers["hai.txt"], do="publish_next", next="//evil.test/")
    assert str(last.url).endswith("/desk/tai-lieu")


def test_the_differences_stand_above_the_passages_and_editions_go_back(
    editor: Officer, there: PaperStation
) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    editor.press(page, paper.id, do="publish")
    there.settle()
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN_AGAIN)
    assert re.search(r"<del>\s*12\s*</del>\s*<ins>\s*15\s*</ins>", page.text)
    editor.press(page, paper.id, do="publish")
    there.settle()
    view = editor.client.get("/desk/tai-lieu/xem", params={"khoa": paper.key})
    compared = editor.client.get("/desk/tai-lieu/so-sanh", params={"khoa": paper.key, "cu": "1", "moi": "2"})
    assert re.search(r"<del>\s*12\s*</del>", compared.text)
    back = editor.press(view, "tro-ve")
    assert say("done_roll_back", number=1) in back.text
    gone = editor.press(back, "rut")
    assert say("done_withdraw") in gone.text
    assert say("state_withdrawn") in gone.text
    here = editor.press(gone, "dung-lai")
    assert say("done_restore") in here.text


def test_a_pdf_opens_at_its_page_and_can_do_nothing(editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "trồng cây.pdf", TWO_PAGES)
    assert f"/desk/tai-lieu/cho/{paper.id}/goc#page=2" in page.text
    staged = editor.get(f"tai-lieu/cho/{paper.id}/goc")
    assert staged.content == TWO_PAGES
    editor.press(page, paper.id, do="publish")
    there.settle()
    view = editor.client.get("/desk/tai-lieu/xem", params={"khoa": paper.key}).text.replace("&amp;", "&")
    links = re.findall(r'href="(/desk/tai-lieu/goc\?[^"]*#page=\d)"', view)
    assert [link[-1] for link in links] == ["1", "2"]
    for shown in (staged, editor.client.get(links[0])):
        assert shown.content == TWO_PAGES
        assert shown.headers["content-type"] == "application/pdf"
        assert shown.headers["content-disposition"].startswith("inline; ")
        assert "sandbox" in shown.headers["content-security-policy"]
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert shown.headers["x-content-type-options"] == "nosniff"
    taken = editor.client.get(links[0].replace("#", "&tai=1#"))
    assert taken.headers["content-disposition"].startswith("attachment; ")


def test_a_page_with_scripts_is_only_ever_a_download(editor: Officer, there: PaperStation) -> None:
    article = f"<article><h1>Tuần tra</h1><p>{PLAN}</p></article>"
    html = f"<html><body><script>alert(1)</script>{article}</body></html>"
    page, paper = sheet_of(editor, there, "trang.html", html)
    sent = editor.get(f"tai-lieu/cho/{paper.id}/goc")
    assert sent.headers["content-type"] == "application/octet-stream"
    assert sent.headers["content-disposition"].startswith("attachment; ")
    editor.press(page, paper.id, do="publish")
    there.settle()
    view = editor.client.get("/desk/tai-lieu/xem", params={"khoa": paper.key}).text.replace("&amp;", "&")
    link = re.search(r'href="(/desk/tai-lieu/chu\?[^"#]*)#(doan-[a-z0-9-]+)"', view)
    assert link is not None
    assert f'id="{link[2]}"' in editor.client.get(link[1]).text
    original = editor.client.get("/desk/tai-lieu/goc", params={"khoa": paper.key, "ban": "1"})
    assert original.headers["content-type"] == "application/octet-stream"
    assert "<script>alert" not in view


@pytest.mark.parametrize(
    ("name", "content", "code", "fields"),
    [
        ("khóa.pdf", pdf([["Chữ"]], encrypted=True), "encrypted_file", {"kind": "pdf"}),
        ("trống.txt", b"", "empty_file", {}),
        ("cụt.pdf", TWO_PAGES[:300], "broken_file", {"kind": "pdf"}),
        ("lạ.svg", b"<svg/>", "unsupported_kind", {"kind": "svg"}),
    ],
)
def test_bad_files_are_refused_by_name_and_reason(  # noqa: PLR0913, PLR0917 - one case
    editor: Officer, there: PaperStation, name: str, content: bytes, code: str, fields: dict[str, str]
) -> None:
    send(editor, (name, content))
    there.settle()
    page = editor.get("tai-lieu").text
    assert name in page
    assert say("stage_refused") in page
    assert text(f"ingest.{code}", "vi", **fields) in page


def test_a_path_in_a_name_is_dropped(editor: Officer, there: PaperStation) -> None:
    send(editor, ("../../../../tmp/ra ngoài.txt", PLAN))
    (paper,) = waiting(there)
    assert (paper.name, paper.key) == ("ra ngoài.txt", "tep/ra ngoài.txt")
    assert there.folder in there.room.staging.file(paper).parents


def test_a_file_too_large_is_told_and_the_next_still_comes_in(
    tmp_path: Path, station_keys: Path, ripe_library: Path
) -> None:
    limits = StagingLimits(file_bytes=2_000_000)
    there = PaperStation(tmp_path, station_keys, limits=limits, ripe=ripe_library)
    try:
        editor = Officer(there.station, app=app_for(there)).come_in(role="supervisor")
        page = send(editor, ("lớn.txt", b"x" * 3_000_000), ("kế hoạch.txt", PLAN))
        assert say("brought_in", taken=1, refused=1) in page.text
        assert text("ingest.too_large_file", "vi", limit="2 MB") in page.text
        assert {paper.name: paper.stage for paper in waiting(there)} == {
            "lớn.txt": Stage.REFUSED,
            "kế hoạch.txt": Stage.READY,
        }
        assert sum(1 for _ in (tmp_path / "desk" / "papers").iterdir()) == 2  # the lock, and one paper
    finally:
        there.close()


def test_more_files_than_one_sending_takes_are_told(
    editor: Officer, there: PaperStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_upload, "FILES_LIMIT", 1)
    page = send(editor, ("a.txt", PLAN), ("b.txt", PLAN_AGAIN))
    assert say("too_many_at_once", limit=1) in page.text
    assert len(waiting(there)) == 2


def test_a_sending_that_says_it_is_too_large_is_told_so(
    editor: Officer, there: PaperStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_upload, "REQUEST_LIMIT", 1_000_000)
    page = send(editor, ("a.txt", b"x" * 1_000_000))
    assert say("too_much_at_once", limit="1 MB") in page.text
    assert waiting(there) == []


def test_the_script_gets_rows_and_news(editor: Officer, there: PaperStation) -> None:
    answer: dict[str, Any] = send(editor, ("kế hoạch.txt", PLAN), **SCRIPT).json()
    assert [paper["name"] for paper in answer["papers"]] == ["kế hoạch.txt"]
    there.settle()
    news = editor.get("tai-lieu/dang-doc").json()
    (row,) = news["papers"]
    assert (row["stage"], news["busy"], news["ready"]) == ("ready", False, 1)
    assert editor.client.get(row["href"]).status_code == 200


@pytest.mark.parametrize("token", ["", "x" * 48, "0" * 48])
def test_a_forged_form_writes_nothing(editor: Officer, there: PaperStation, token: str) -> None:
    assert send(editor, ("a.txt", PLAN), token=token).status_code == 400
    assert waiting(there) == []
    assert [one.name for one in (there.folder / "desk" / "papers").iterdir()] == [".lock"]


def test_a_file_before_the_token_is_not_taken(editor: Officer, there: PaperStation) -> None:
    token = token_of(editor.get("tai-lieu"))
    body = (
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nchữ\r\n'
        f'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n{token}\r\n--x--\r\n'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    sent = editor.client.post("/desk/tai-lieu/gui", content=body.encode(), headers=kind)
    assert sent.status_code == 400
    assert waiting(there) == []


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])
def test_what_is_no_upload_is_no_upload(editor: Officer, kind: str) -> None:
    sent = editor.client.post("/desk/tai-lieu/gui", content=b"a=b", headers={"Content-Type": kind})
    assert sent.status_code == 400


def test_an_upload_cut_off_leaves_nothing(editor: Officer, there: PaperStation) -> None:
    token = token_of(editor.get("tai-lieu"))
    body = (
        f'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nmột nửa'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    sent = editor.client.post("/desk/tai-lieu/gui", content=body.encode(), headers=kind)
    assert sent.status_code == 400
    assert waiting(there) == []


def test_from_another_site_nothing_comes_in(editor: Officer, there: PaperStation) -> None:
    sent = send(editor, ("a.txt", PLAN), **{"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403
    assert waiting(there) == []


def test_an_officer_looks_and_has_no_button(officer: Officer, editor: Officer, there: PaperStation) -> None:
    page, paper = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    editor.press(page, paper.id, do="publish")
    there.settle()
    front = officer.get("tai-lieu")
    assert say("not_editor") in front.text
    assert "upload" not in forms_of(front)
    view = officer.client.get("/desk/tai-lieu/xem", params={"khoa": paper.key})
    assert "12 thành viên" in view.text
    assert {"rut", "tro-ve", "dung-lai"} & set(forms_of(view)) == set()
    own = token_of(front)
    assert text("desk.refused_not_editor", "vi") in send(officer, ("a.txt", PLAN), token=own).text
    fields = {"form": own, "key": paper.key, "on": "1"}
    assert text("desk.refused_not_editor", "vi") in officer.post("tai-lieu/rut", **fields).text
    assert there.papers.document(there.editor, paper.key).row.state == "answering"


def test_nobody_reads_it_without_signing_in(there: PaperStation, app: Starlette) -> None:
    paper = there.bring("kế hoạch.txt", PLAN)
    for path in ("tai-lieu", "tai-lieu/dang-doc", f"tai-lieu/cho/{paper.id}", "tai-lieu/goc?khoa=x&ban=1"):
        page = Officer(there.station, app=app).get(path)
        assert page.status_code == 401
        assert "kế hoạch" not in page.text


def test_officers_of_other_units_do_not_see_uploads(there: PaperStation, app: Starlette) -> None:
    there.bring("kế hoạch.txt", PLAN)
    other = Officer(there.station, app=app).come_in(unit=B)
    assert "kế hoạch.txt" not in other.get("tai-lieu").text
    assert other.get("tai-lieu/dang-doc").json()["papers"] == []


def test_a_desk_without_documents_has_no_such_page(station: Station) -> None:
    plain = Officer(station, app=app_of(station)).come_in()
    assert plain.get("tai-lieu").status_code == 404
    assert "tai-lieu" not in plain.get().text


def test_without_a_library_the_page_says_where_documents_are_added(
    tmp_path: Path, station_keys: Path
) -> None:
    there = PaperStation(tmp_path, station_keys, has_library=False)
    try:
        editor = Officer(there.station, app=app_for(there)).come_in(role="supervisor")
        page = editor.get("tai-lieu")
        assert page.status_code == 200
        assert say("elsewhere") in page.text
        assert "binhan ingest add" in page.text
        assert '<input type="file"' not in page.text
    finally:
        there.close()


def test_what_the_gate_holds_is_let_in_or_thrown_away(editor: Officer, there: PaperStation) -> None:
    """As a sync leaves it: in the book of trust, with no upload of ours."""
    shelf = there.room.shelf()
    assert shelf is not None
    file = there.folder / "gài.html"
    file.write_text(
        f"<html><body><article><h1>Tuần tra</h1>{ORDER}<p>{PLAN}</p></article></body></html>",
        encoding="utf-8",
    )
    for key in ("xa/mot.html", "xa/hai.html"):
        shelf.papers.publish(shelf.papers.read(file, key=key), file, who="may")
    listed = editor.get("tai-lieu?trang-thai=held").text
    assert "/desk/tai-lieu/giu?khoa=xa%2Fmot.html" in listed
    page = editor.get("tai-lieu/giu?khoa=xa/mot.html")
    assert text("trust.injection", "vi") in page.text
    assert say("done_accept") in editor.press(page, "giu", do="accept").text
    page = editor.get("tai-lieu/giu?khoa=xa/hai.html")
    assert say("done_refuse") in editor.press(page, "giu", do="refuse").text
    keys = [row.key for row in there.papers.documents(there.editor, ListQuery()).rows]
    assert keys == ["xa/mot.html"]


def test_a_paper_is_thrown_away_and_what_is_over_is_cleared(editor: Officer, there: PaperStation) -> None:
    page, _ = sheet_of(editor, there, "kế hoạch.txt", PLAN)
    assert say("done_discard") in editor.press(page, "bo").text
    send(editor, ("trống.txt", b""))
    there.settle()
    editor.press(editor.get("tai-lieu"), "don")
    assert waiting(there) == []


@pytest.mark.parametrize(
    "path",
    [
        "tai-lieu/cho/none",
        "tai-lieu/cho/none/goc",
        "tai-lieu/xem",
        "tai-lieu/xem?khoa=tep/../../etc&ban=9",
        "tai-lieu/xem?khoa=guide:khan-cap",
        "tai-lieu/goc?khoa=../../../etc/passwd&ban=1",
        "tai-lieu/chu?khoa=x",
        "tai-lieu/so-sanh?khoa=x&cu=1&moi=2",
        "tai-lieu/giu?khoa=x",
        "tai-lieu?trang=99999999999999999999&xem=x&trang-thai=y",
    ],
)
def test_made_up_addresses_do_no_harm(editor: Officer, path: str) -> None:
    assert editor.get(path).status_code in {200, 403, 404}


def test_markup_in_names_and_texts_is_harmless(editor: Officer, there: PaperStation) -> None:
    name = "<img src=x onerror=alert(1)>.txt"
    page, _ = sheet_of(editor, there, name, f"# <script>alert(1)</script>\n\n## Mục\n\n{PLAN}")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in editor.get("tai-lieu").text


def test_the_pages_speak_english(editor: Officer) -> None:
    assert text("papers.bring", "en") in editor.client.get("/desk/tai-lieu?lang=en").text
