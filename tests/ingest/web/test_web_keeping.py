"""A document kept like its page: a real site, the real reading, gate and library; only the clock is ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.sources_pages import agent_of
from bot.trust_door import open_gate
from bot.workplace import LocalWorkplace
from ingest.source_list import WebSource
from ingest.web.asking import Asker, NotYet
from ingest.web.fetching import Fetcher, Limits
from ingest.web.keeping import PageKeeper
from ingest.web.reading import key_of
from ingest.web.schedule import GONE_DAYS
from ingest.web.state import WebState
from knowledge.answering import Answerer
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.fakes.web_site import Page, Site, bomb, dripping_headers, serving
from tests.ingest.builders import pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.web.keeping import PageTold

DAY = 86_400.0
PAUSE = 5.0
NEWS = "Xã Đồng Me tổ chức tuần tra vào tối thứ bảy hằng tuần, mỗi tổ năm người, từ 21 giờ đến 1 giờ sáng."
MORE = (
    "Bà con thấy người lạ cạy cửa thì gọi trực ban công an xã. Tổ hòa giải thôn họp vào ngày mười lăm hằng "
    "tháng tại nhà văn hóa, ai cũng được mời. Trạm y tế xã tiêm phòng dại cho chó mèo vào sáng chủ nhật đầu "
    "tháng. Chợ phiên mở vào ngày mồng ba và ngày mười ba âm lịch, ban quản lý thu phí gửi xe theo bảng giá. "
    "Tủ sách pháp luật của thôn đặt ở nhà văn hóa, mở cửa mỗi chiều thứ bảy, cho mượn mỗi lần hai cuốn."
)


def page(*paragraphs: str, title: str = "Tuần tra ở xã Đồng Me", more: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f"<head><title>{title}</title></head>"
    return f"<html>{head}<body>{more}<article><h1>{title}</h1>{text}</article></body></html>"


class World:
    """One site, one page of it that is followed, a library, and a clock that we move."""

    def __init__(self, site: Site, workplace: LocalWorkplace, data, path: str = "/tin/tuan-tra.html") -> None:
        self.site, self.workplace, self.data = site, workplace, data
        self.now = 1_800_000_000.0
        self.path = path
        self.source = WebSource(url=site.url(path), inside=True, plain=True, area="Xã Đồng Me")
        self.finished = 0
        self.seconds = 30.0
        self.state = WebState.open(data)

    def restart(self) -> None:
        """Everything but the files is another one."""
        self.state.close()
        self.state = WebState.open(self.data)

    @property
    def keeper(self) -> PageKeeper:
        return PageKeeper(
            asker=Asker(
                Fetcher(agent=agent_of("ubnd@dongme.example")),
                self.state,
                now=lambda: self.now,
                pause_s=PAUSE,
                limits=Limits(size=3_000_000, seconds=self.seconds),
            ),
            state=self.state,
            door=self._door,
            finish=self._finish,
            knows=lambda host: host == "congan.gov.vn",
            now=lambda: self.now,
        )

    @contextmanager
    def _door(self, paths):
        with open_gate(self.data, self.workplace, who="thu", paths=paths) as gate:
            yield gate

    def _finish(self) -> None:
        self.finished += 1
        self.workplace.finish()

    def visit(self, later: float = 0.0) -> PageTold:
        """Visit as often as the host wants pauses; each time as much later as it wants."""
        self.now += later
        for _ in range(5):
            told = self.keeper.visit(self.source)
            if not isinstance(told, NotYet):
                return told
            assert 0 < told.until - self.now <= PAUSE
            self.now = told.until
        raise AssertionError(told)

    def put(self, *paragraphs: str, **more: str) -> Page:
        """As a web page, read in the sandbox."""
        self.site.pages[self.path] = Page(body=page(*paragraphs, **more))
        return self.site.pages[self.path]

    def write(self, *paragraphs: str) -> Page:
        """As Markdown, which is read at once."""
        body = "\n\n".join(("# Tuần tra ở xã Đồng Me", *paragraphs))
        self.site.pages[self.path] = Page(body=body, kind="text/markdown; charset=utf-8")
        return self.site.pages[self.path]

    @property
    def text(self) -> str:
        """What the library has of the page; "" for nothing."""
        key = key_of(self.source.url)
        if key not in self.workplace.hashes(key):
            return ""
        return "\n".join(passage.text for passage in self.workplace.document_passages(key))


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture(scope="module")
def workplace(tmp_path_factory) -> Iterator[LocalWorkplace]:
    with open_library(tmp_path_factory.mktemp("kho"), HashingEmbedder()) as library:
        yield LocalWorkplace(library, Answerer(library, Searcher(library), shipped_gate()))


@pytest.fixture
def world(running: Site, workplace: LocalWorkplace, tmp_path) -> Iterator[World]:
    running.pages.clear()
    running.asked.clear()
    made = World(running, workplace, tmp_path)
    yield made
    made.state.close()
    key = key_of(made.source.url)
    if key in workplace.hashes(key):
        workplace.remove(key)


def test_a_page_goes_in_with_its_address_and_only_what_is_new_goes_in_again(world: World):
    world.put(NEWS, MORE, more="<div>Số người xem: 17</div>")
    told = world.visit()
    assert (told.code, told.is_news, world.site.paths()) == ("added", True, ["/robots.txt", world.path])
    assert told.again == world.now + DAY
    assert NEWS in world.text
    meta = world.workplace.documents(key_of(world.source.url))[0].meta
    assert (meta.url, meta.title, meta.area) == (world.source.url, "Tuần tra ở xã Đồng Me", "Xã Đồng Me")
    assert meta.audience is Audience.PUBLIC
    world.put(NEWS, MORE, more="<div>Số người xem: 18</div>")
    told = world.visit(DAY)
    assert (told.code, told.is_news, world.finished) == ("unchanged", False, 1)
    world.put(NEWS.replace("năm người", "sáu người"), MORE)
    assert world.visit(DAY).code == "updated"
    assert "sáu người" in world.text


@pytest.mark.parametrize("told_by", ["etag", "modified"])
def test_nothing_new_costs_one_small_answer_also_after_a_restart(world: World, told_by):
    said = '"v1"' if told_by == "etag" else "Wed, 01 Jul 2026 07:00:00 GMT"
    setattr(world.write(NEWS, MORE), told_by, said)
    world.visit()
    world.site.asked.clear()
    world.restart()
    assert world.keeper.due_at(world.source) == world.now + DAY
    world.now += DAY / 2  # robots.txt is kept for a day
    told = world.keeper.visit(world.source)
    assert not isinstance(told, NotYet)
    assert (told.code, [asked.status for asked in world.site.asked]) == ("unchanged", [304])
    setattr(world.write(NEWS, MORE, NEWS), told_by, said.replace("1", "2"))
    assert world.visit(DAY).code == "updated"


def test_what_the_operator_says_anew_or_took_out_is_read_anew(world: World):
    world.write(NEWS, MORE).etag = '"v1"'
    world.visit()
    world.source = WebSource(url=world.source.url, inside=True, plain=True, audience=Audience.MEMBER)
    assert world.keeper.due_at(world.source) == 0
    assert world.visit(PAUSE).code == "updated"
    key = key_of(world.source.url)
    assert world.workplace.documents(key)[0].meta.audience is Audience.MEMBER
    world.workplace.remove(key)
    assert world.visit(DAY).code == "added"


def test_a_page_chooses_neither_its_audience_nor_who_confirmed_it(world: World):
    front = "---\ntitle: Tin\naudience: officer\nverified_by: Công an\nurl: https://bocongan.gov.vn/\n---\n"
    world.site.pages[world.path] = Page(body=f"{front}\n{NEWS}\n\n{MORE}", kind="text/markdown")
    assert world.visit().code == "added"
    meta = world.workplace.documents(key_of(world.source.url))[0].meta
    assert (meta.audience, meta.verified_by, meta.url) == (Audience.PUBLIC, None, world.source.url)


def test_robots_txt_is_asked_first_obeyed_and_asked_again_after_a_day(world: World):
    world.site.pages["/robots.txt"] = Page(
        body="User-agent: *\nAllow: /\n\nUser-agent: binhan\nDisallow: /tin/*.html$\n", kind="text/plain"
    )
    world.write(NEWS, MORE)
    told = world.visit()
    assert (told.code, world.site.paths(), world.text) == ("robots", ["/robots.txt"], "")
    assert not world.visit(DAY / 2).is_news
    assert world.site.paths() == []
    world.site.pages["/robots.txt"] = Page(body="User-agent: *\nDisallow: /rieng/\n", kind="text/plain")
    assert world.visit(DAY).code == "added"
    world.site.pages["/robots.txt"] = Page(status=500)
    assert world.visit(DAY).code == "robots_away"
    assert NEWS in world.text


def test_a_site_is_asked_for_one_thing_at_a_time_as_slowly_as_it_wants(world: World):
    world.site.pages["/robots.txt"] = Page(body="User-agent: *\nCrawl-delay: 40\n", kind="text/plain")
    world.write(NEWS, MORE)
    first = world.keeper.visit(world.source)
    assert isinstance(first, NotYet)
    assert (first.until - world.now, world.site.paths()) == (40, ["/robots.txt"])
    world.now = first.until
    assert not isinstance(world.keeper.visit(world.source), NotYet)
    other = WebSource(url=world.site.url("/khac.html"), inside=True, plain=True)
    second = world.keeper.visit(other)
    assert isinstance(second, NotYet)
    assert (second.until - world.now, world.site.paths()) == (40, [world.path])


@pytest.mark.parametrize(("says", "waits"), [("7200", 7_200), ("Fri, 15 Jan 2027 09:00:00 GMT", 3_600)])
def test_a_busy_site_is_left_alone_for_as_long_as_it_says(world: World, says, waits):
    world.write(NEWS, MORE)
    world.visit()
    world.site.pages[world.path] = Page(status=429, headers={"Retry-After": says})
    world.now = 1_800_000_000.0 + DAY * 0.5 - 60 * 60 * 12  # the moment the date above counts from
    world.state.keep_host(world.state.host(world.site.url("")).__class__(origin=world.site.url("")))
    told = world.visit()
    assert told.code == "busy"
    assert told.again - world.now == pytest.approx(waits, abs=2 * PAUSE)
    other = world.keeper.visit(WebSource(url=world.site.url("/khac.html"), inside=True, plain=True))
    assert isinstance(other, NotYet)
    assert other.until - world.now == pytest.approx(waits, abs=2 * PAUSE)


def test_trouble_is_told_once_and_tried_again_later_and_later(world: World):
    world.write(NEWS, MORE)
    world.visit()
    world.seconds = 0.4
    waits, news = [], []
    for play in (Page(status=503), Page(status=503), Page(status=500), Page(play=dripping_headers)):
        world.site.pages[world.path] = play
        told = world.visit(PAUSE)
        waits.append(told.again - world.now)
        news.append((told.code, told.is_news))
        world.restart()
    world.seconds = 30.0
    assert waits == [900, 1_800, 3_600, 7_200]
    assert news == [("busy", True), ("busy", False), ("bad_status", True), ("took_too_long", True)]
    world.write(NEWS, MORE)
    told = world.visit(DAY)
    assert (told.code, told.is_news, told.again - world.now) == ("unchanged", True, DAY)


def test_a_page_that_is_gone_is_told_of_and_flagged_after_a_while_and_goes_on_answering(world: World):
    world.write(NEWS, MORE)
    world.visit()
    world.site.pages[world.path] = Page(status=410)
    told = [world.visit(DAY) for _ in range(GONE_DAYS + 2)]
    assert [one.code for one in told if one.is_news] == ["gone", "gone_long"]
    assert told[-1].fields["days"] == str(GONE_DAYS + 1)
    assert NEWS in world.text
    world.write(NEWS, MORE)
    assert world.visit(DAY).is_news
    world.site.pages[world.path] = Page(status=404)
    assert world.visit(DAY).code == "gone"


LOGIN = "<form action=/in><input name=u><input type='password' name=p></form>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (page("Mời anh chị nhập tên và mật khẩu để xem tiếp trang này.", title="Đăng nhập"), "login_page"),
        (page("Cổng thông tin nội bộ của cơ quan, dành cho cán bộ.", more=LOGIN), "login_page"),
        (page("Xin lỗi, trang bạn yêu cầu không tồn tại hoặc đã bị xóa.", title="Cổng xã"), "not_found_page"),
        (page("Chúng tôi rất tiếc về sự bất tiện này.", title="404 Not Found"), "not_found_page"),
        (page("Hệ thống đang bảo trì, mong bà con quay lại sau.", title="Thông báo"), "not_found_page"),
        (page("Checking your browser before accessing.", title="Just a moment..."), "not_found_page"),
    ],
)
def test_friendly_pages_that_are_not_the_page_do_not_come_in(world: World, body, code):
    world.site.pages[world.path] = Page(body=body)
    assert (world.visit().code, world.text) == (code, "")


def test_a_friendly_page_does_not_take_the_place_of_the_one_before(world: World):
    world.put(NEWS, MORE)
    assert world.visit().code == "added"
    sorry = page("Xin lỗi, trang bạn yêu cầu không tồn tại hoặc đã bị xóa.")
    world.site.pages[world.path] = Page(body=sorry, etag='"x"')
    assert world.visit(DAY).code == "not_found_page"
    told = world.visit(DAY)  # its tag was not kept: it is read again, not believed to be ours
    assert (told.code, told.is_news, NEWS in world.text) == ("not_found_page", False, True)


def test_a_login_beside_the_article_and_an_article_about_passwords_do_no_harm(world: World):
    about = f"Không đưa mật khẩu cho ai. {NEWS} Trang không tồn tại là dấu hiệu lừa đảo."
    world.put(about, MORE, MORE.replace("xã", "phường"), more=LOGIN, title="Đừng đưa mật khẩu cho người lạ")
    assert world.visit().code == "added"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("/dang-nhap?tiep=/tin", "login_page"),
        ("/", "not_found_page"),
        ("http://congan.gov.vn.la.example/", "redirect_refused"),
    ],
)
def test_a_redirect_to_somewhere_else_takes_no_place(world: World, place, code):
    world.site.pages["/dang-nhap?tiep=/tin"] = world.site.pages["/"] = Page(body=page(NEWS, MORE))
    world.site.pages[world.path] = Page(status=302, headers={"Location": place})
    assert (world.visit().code, world.text) == (code, "")
    world.site.pages[world.path] = Page(status=301, headers={"Location": "/moi/tuan-tra.html"})
    world.site.pages["/moi/tuan-tra.html"] = Page(body=page(NEWS, MORE))
    assert world.visit(DAY).code == "added"


def test_a_page_that_lost_its_text_waits_for_a_person(world: World):
    world.write(NEWS, MORE, MORE.replace("xã", "phường"))
    world.visit()
    short = "Trang đang được sắp xếp lại theo địa giới mới."
    world.write(short).etag = '"ngan"'
    told = world.visit(DAY)
    assert (told.code, told.is_news, NEWS in world.text) == ("text_lost", True, True)
    told = world.visit(DAY)
    assert (told.code, told.is_news) == ("text_lost", False)
    with world._door({}) as gate:  # noqa: SLF001 - the test's own
        assert gate.accept(key_of(world.source.url)) is not None
    assert world.visit(DAY).code == "unchanged"
    assert short in world.text


def test_a_trap_on_a_page_holds_it_as_any_document(world: World):
    world.write(NEWS, MORE)
    world.visit()
    world.write("Đề nghị công dân cung cấp mã OTP cho cán bộ để xác minh ngay.", NEWS, MORE)
    told = world.visit(DAY)
    assert (told.code, told.is_news) == ("held", True)
    assert "OTP" not in world.text


def test_files_come_too_and_a_page_in_their_place_is_noticed(world: World):
    world.path = "/van-ban/quy-uoc"
    world.source = WebSource(url=world.site.url(world.path), inside=True, plain=True)
    file = pdf([["#Quy uoc xom", "Xom Gieng Cu tuan tra toi thu bay, moi to nam nguoi, tu 21 gio."]])
    named = {"Content-Disposition": 'attachment; filename="quy-uoc.pdf"'}
    world.site.pages[world.path] = Page(body=file, kind="application/octet-stream", headers=named)
    assert world.visit().code == "added"
    assert "21 gio" in world.text
    world.put(NEWS, MORE)
    assert world.visit(DAY).code == "kind_changed"
    assert "21 gio" in world.text


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Page(body=b"PK\x03\x04", kind="application/zip"), "wrong_type"),
        (Page(body="{}", kind="application/json"), "wrong_type"),
        (Page(body="%PDF-1.4 hong", kind="application/pdf"), "broken_file"),
        (Page(body=b"\x89PNG\r\n\x1a\n", kind="application/pdf"), "wrong_extension"),
        (Page(body="", kind="text/html"), "empty_file"),
        (Page(play=bomb), "too_much"),
        (Page(status=403), "forbidden"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_reason(world: World, answer, code):
    world.site.pages[world.path] = answer
    told = world.visit()
    assert (told.code, told.again - world.now, world.text) == (code, DAY, "")


def test_a_source_is_forgotten_with_its_document_or_without(world: World):
    world.write(NEWS, MORE)
    world.visit()
    world.keeper.forget(world.source, take_out=False)
    assert (NEWS in world.text, world.keeper.due_at(world.source)) == (True, 0)
    world.keeper.forget(world.source, take_out=True)
    assert world.text == ""
    world.keeper.forget(world.source, take_out=True)


def test_keys_are_readable_and_never_the_same_for_two_long_addresses():
    assert key_of("https://congan.gov.vn/tin%20t%E1%BB%A9c/?id=7") == "web:congan.gov.vn/tin-tức/?id=7"
    first, second = (key_of(f"https://xa.gov.vn/{'a' * 300}{end}") for end in "bc")
    assert first != second
    assert len(first) < 200


def test_the_site_a_page_was_moved_to_is_asked_for_its_robots_txt_too(world: World):
    world.site.pages["/robots.txt"] = Page(body="User-agent: *\nDisallow: /moi/\n", kind="text/plain")
    world.site.pages[world.path] = Page(status=301, headers={"Location": "/moi/tin.txt"})
    world.site.pages["/moi/tin.txt"] = Page(body=NEWS, kind="text/plain")
    assert (world.visit().code, world.site.paths()) == ("robots", ["/robots.txt", world.path])
    with serving() as other:
        other.pages["/robots.txt"] = Page(body="User-agent: *\nDisallow: /rieng/\n", kind="text/plain")
        other.pages["/tin.txt"] = other.pages["/rieng/tin.txt"] = Page(body=NEWS, kind="text/plain")
        for place, code in (("/rieng/tin.txt", "robots"), ("/tin.txt", "added")):
            world.site.pages[world.path] = Page(status=301, headers={"Location": other.url(place)})
            assert world.visit(DAY).code == code
        assert other.paths().count("/rieng/tin.txt") == 0


def test_a_fault_of_ours_is_noted_and_asks_no_site_again_at_once(world: World, monkeypatch):
    world.write(NEWS, MORE)
    with monkeypatch.context() as full:
        full.setattr(world.workplace, "finish", lambda: (_ for _ in ()).throw(OSError(28, "full")))
        told = world.visit()
    assert (told.code, told.again - world.now) == ("no_room", 900)
    assert world.visit(DAY).code == "unchanged"


def test_a_page_with_a_very_long_name_has_a_file_all_the_same(world: World):
    world.path = f"/{'%E1%BA%A1' * 150}.txt"
    world.source = WebSource(url=world.site.url(world.path), inside=True, plain=True)
    world.site.pages[world.path] = Page(body=NEWS, kind="text/plain")
    assert world.visit().code == "added"
