"""One tip: opening it, what stands in its page, its files."""

from __future__ import annotations

import re

import pytest

from bot.desk.web.ranges import span_of
from bot.desk.web.site import PageSettings
from tests.bot.desk.station import STORY, B
from tests.bot.desk.web.officer import Officer, app_of, forms_of, vi
from tips.intake import reference_of
from tips.model import RawFile


def alike(page):
    """A page without what is new in every one: the one-use numbers of its forms."""
    return re.sub(r'name="once" value="\w+"', "", page.text)


def opened_times(station):
    return sum(entry.action == "open" and not entry.refused for entry in station.desk.all_audit_entries())


def test_story_shows_only_after_the_button_and_the_log_knows(officer, station):
    tip_id = station.tip()
    card = officer.get(f"tin/{tip_id}")
    assert vi("open_hint") in card.text
    assert STORY not in card.text
    assert opened_times(station) == 0
    page = officer.open(tip_id)
    assert STORY in page.text
    assert vi("state_received") in page.text
    assert opened_times(station) == 1


def test_opening_by_address_alone_is_refused(officer, station):
    tip_id = station.tip()
    answer = officer.get(f"tin/{tip_id}/mo")
    assert answer.status_code == 405
    assert STORY not in answer.text
    assert opened_times(station) == 0


def test_what_the_tipster_wrote_is_shown_as_text(officer, station):
    story = "<script>alert(1)</script> {frame} %s \u202egnp.exe & 'nháy' \"kép\""
    tip_id = station.tip(story, place="<b>chợ</b>", details={"spot": "<i>góc</i>"})
    page = officer.open(tip_id)
    assert "<script>alert" not in page.text
    assert "<b>chợ" not in page.text
    assert "<i>góc" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {frame} %s" in page.text


def test_place_is_words_without_a_link_or_a_map(officer, station):
    tip_id = station.tip(place="https://maps.example/?q=10.77,106.69")
    page = officer.open(tip_id)
    assert "https://maps.example" in page.text
    assert not re.search(r'(href|src)="(?!/desk|#)', page.text)


def test_title_and_address_hold_nothing_of_the_tip(officer, station):
    tip_id = station.tip()
    page = officer.open(tip_id)
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert title == vi("title_tip")
    assert str(page.url).endswith(f"/desk/tin/{tip_id}")
    assert reference_of(tip_id) not in str(page.url)


def test_left_alone_the_tip_is_hidden_again(station):
    officer = Officer(station, app=app_of(station, PageSettings(hide_seconds=0.0))).come_in()
    tip_id = station.tip()
    page = officer.open(tip_id)
    assert STORY not in page.text
    assert vi("open") in page.text


def test_hidden_by_hand_it_shows_again_only_by_the_button(officer, station):
    tip_id = station.tip()
    page = officer.press(officer.open(tip_id), "an")
    assert STORY not in page.text
    assert STORY not in officer.get(f"tin/{tip_id}").text
    assert STORY in officer.open(tip_id).text


def test_opened_in_one_session_it_stays_shut_in_another(officer, supervisor, station):
    tip_id = station.tip()
    officer.open(tip_id)
    assert STORY not in supervisor.get(f"tin/{tip_id}").text


def test_tip_of_another_unit_looks_like_one_that_does_not_exist(station, app):
    tip_id = station.tip()
    stranger = Officer(station, app=app).come_in(B)
    token = forms_of(stranger.get())["loc"].fields["form"]
    for path in ("", "/moi", "/tep/1/0"):
        theirs, nothing = stranger.get(f"tin/{tip_id}{path}"), stranger.get(f"tin/{'0' * 32}{path}")
        assert theirs.status_code == nothing.status_code
        assert alike(theirs) == alike(nothing), path
    for action in ("mo", "nhan", "ghi-chu", "hoi", "dong", "xuat", "rut-lui"):
        fields = {"form": token, "sure": "1", "words": "x", "outcome": "abuse", "unit": B}
        theirs, nothing = (stranger.post(f"tin/{of}/{action}", **fields) for of in (tip_id, "0" * 32))
        assert theirs.status_code == nothing.status_code == 404, action
        assert alike(theirs) == alike(nothing), action
    assert station.desk.card(station.seat(), tip_id).state == "new"


def test_unit_that_the_tip_concerns_finds_nothing(station, app):
    tip_id = station.tip(concerns=("phuong-a",))
    concerned = Officer(station, app=app).come_in("phuong-a", "supervisor")
    assert concerned.get(f"tin/{tip_id}").status_code == 404
    assert reference_of(tip_id) not in concerned.get().text


def test_photo_is_shown_in_the_page_and_can_do_nothing(officer, station):
    tip_id = station.tip(files=[RawFile(content=b"photo")])
    path = f"tin/{tip_id}/tep/1/0"
    assert officer.get(path).status_code == 403  # not opened yet
    page = officer.open(tip_id)
    assert f'<img src="/desk/{path}"' in page.text
    photo = officer.get(path)
    assert photo.content == b"clean photo"
    assert photo.headers["content-type"] == "image/jpeg"
    assert photo.headers["content-disposition"] == 'inline; filename="anh-1.jpg"'
    assert photo.headers["cache-control"] == "no-store"
    assert "sandbox" in photo.headers["content-security-policy"]
    assert photo.headers["x-content-type-options"] == "nosniff"
    download = officer.get(f"{path}?tai=1")
    assert download.headers["content-disposition"].startswith("attachment")
    assert officer.get(f"tin/{tip_id}/tep/1/9").status_code != 200
    assert officer.get(f"tin/{tip_id}/tep/7/0").status_code != 200


def test_player_gets_the_range_it_asks_for(officer, station):
    tip_id = station.tip(files=[RawFile(content=b"0123456789")])
    officer.open(tip_id)
    part = officer.get(f"tin/{tip_id}/tep/1/0", Range="bytes=6-8")
    assert part.status_code == 206
    assert part.content == b"012"
    assert part.headers["content-range"] == "bytes 6-8/16"
    assert officer.get(f"tin/{tip_id}/tep/1/0", Range="bytes=99-").status_code == 416


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        ("bytes=0-", range(10)),
        ("bytes=2-3", range(2, 4)),
        ("bytes=5-99", range(5, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=10-", range(0)),
        ("bytes=3-2", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("elephants=0-1", None),
        ("", None),
    ],
)
def test_range_headers_are_read_as_the_standard_says(wanted, span):
    assert span_of(wanted, 10) == span


def test_answer_of_the_tipster_is_noticed_and_shown(officer, station):
    receipt = station.send()
    tip_id = receipt.keys().tip_id
    officer.open(tip_id)
    before = officer.get(f"tin/{tip_id}/moi").json()
    assert before["shown"] is True
    station.intake.more(receipt, "Xe màu đỏ")
    assert officer.get(f"tin/{tip_id}/moi").json()["mark"] != before["mark"]
    page = officer.get(f"tin/{tip_id}")
    assert "Xe màu đỏ" in page.text
    assert f'data-mark="{officer.get(f"tin/{tip_id}/moi").json()["mark"]}"' in page.text


def test_page_that_is_read_keeps_the_tip_open_and_one_left_alone_does_not(station):
    officer = Officer(station, app=app_of(station)).come_in()
    tip_id = station.tip()
    officer.open(tip_id)
    assert officer.get(f"tin/{tip_id}/moi", **{"X-Desk-Active": "1"}).json()["shown"] is True
    officer.press(officer.get(f"tin/{tip_id}"), "an")
    assert officer.get(f"tin/{tip_id}/moi", **{"X-Desk-Active": "1"}).json()["shown"] is False


def test_withdrawn_tip_says_so_and_shows_no_story(officer, station):
    receipt = station.send()
    station.intake.withdraw(receipt)
    tip_id = receipt.keys().tip_id
    page = officer.get(f"tin/{tip_id}")
    assert vi("withdrawn") in page.text
    assert STORY not in officer.open(tip_id).text
