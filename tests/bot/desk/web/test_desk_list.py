"""The list of tips: what it shows, how it is filtered, how news come."""

from __future__ import annotations

import shutil
from datetime import date

from starlette.testclient import TestClient

from bot.desk.views import CardQuery
from bot.desk.web.site import PageSettings
from tests.bot.desk.station import AREA_A, PASSPHRASE, STORY, TOP, A, B, Station
from tests.bot.desk.web.officer import Officer, app_of, forms_of, vi
from tests.fakes.tip_office import WashingCleaner
from tips.intake import IntakeSettings, TipIntake, reference_of
from tips.keys import PublicKeys
from tips.kinds import kind_of
from tips.model import TipContent
from tips.opening.keyfile import make_key
from tips.places import place_name
from tips.receipts import Receipt
from tips.units import UnitBook, development_units


def test_card_tells_reference_kind_place_and_nothing_of_the_story(officer, station):
    tip_id = station.tip("Chuyện riêng <script>alert(1)</script>", urgent=True)
    page = officer.get()
    for told in (
        reference_of(tip_id),
        kind_of("drugs").name(),
        place_name(AREA_A),
        vi("urgent"),
        vi("state_new"),
    ):
        assert told in page.text
    assert "Chuyện riêng" not in page.text


def test_empty_list_says_that_new_tips_come_by_themselves(officer):
    page = officer.get()
    assert vi("empty") in page.text
    assert vi("empty_hint") in page.text


def test_tips_that_no_key_here_opens_are_counted_above_the_list(officer, station, tmp_path):
    """After a rotation, a desk that was not started again would otherwise show an empty list."""
    station.tip()
    assert vi("unopened_one") not in officer.get().text
    shutil.copytree(station.keys / "public-keys", tmp_path / "newer")
    folders = {"private_folder": tmp_path / "away", "public_folder": tmp_path / "newer"}
    make_key(A, PASSPHRASE, today=date(2026, 11, 22), **folders)
    intake = TipIntake(
        store=station.store,
        book=station.book,
        public_keys=PublicKeys(tmp_path / "newer"),
        cleaner=WashingCleaner(),
        now=station.clock,
        settings=IntakeSettings(),
    )
    intake.submit(Receipt.new(), TipContent(story=STORY, area=AREA_A))
    assert vi("unopened_one") not in officer.get().text  # before its hour is over
    for _ in range(3):
        station.clock.move(minutes=20)
        officer.get()
    page = officer.get().text
    assert vi("unopened_one") in page
    assert "<b>1</b>" in page  # the other tip is there


def test_tip_of_another_unit_is_in_no_list_and_no_count(officer, station):
    station.tip(area="26737")
    station.tip(concerns=("phuong-a",))
    page = officer.get()
    assert vi("empty_hint") in page.text
    assert "<b>0</b>" in page.text
    assert "<b>1</b>" not in page.text


def test_deadline_is_told_in_words(officer, station):
    station.tip()
    assert vi("due_in_many", count=3) in officer.get().text
    station.clock.move(days=3)
    officer.come_in()
    assert vi("due_today") in officer.get().text
    station.clock.move(days=4)
    officer.come_in()
    assert vi("late_many", count=4) in officer.get().text


def test_filters_narrow_and_stand_in_no_address(officer, station):
    drugs = reference_of(station.tip())
    fire = reference_of(station.tip("Cháy", kind="fire", urgent=True))
    for fields, shown, hidden in (
        ({"kind": "fire"}, fire, drugs),
        ({"kind": "drugs"}, drugs, fire),
        ({"urgent": "1"}, fire, drugs),
        ({"reference": drugs.lower().replace("-", " ")}, drugs, fire),
    ):
        page = officer.press(officer.get(), "loc", **({"kind": "", "reference": ""} | fields))
        assert shown in page.text, fields
        assert hidden not in page.text, fields
        assert str(page.url).endswith("/desk/")
        officer.press(page, "loc", clear="1")
    page = officer.get()
    assert drugs in page.text
    assert fire in page.text


def test_mine_late_label_and_state_are_filters_too(officer, station):
    first, second = station.tip(), station.tip("Chuyện khác")
    seat = station.seat()
    station.desk.claim(seat, first)
    station.desk.label(seat, second, ["chợ"])
    station.desk.open(seat, second)
    for fields, shown, hidden in (
        ({"mine": "1"}, first, second),
        ({"label": "chợ"}, second, first),
        ({"state": "received"}, second, first),
        ({"state": "new"}, first, second),
    ):
        page = officer.press(officer.get(), "loc", **fields)
        assert reference_of(shown) in page.text, fields
        assert reference_of(hidden) not in page.text, fields
        officer.press(page, "loc", clear="1")
    late = officer.press(officer.get(), "loc", late="1")
    assert vi("empty_filtered") in late.text


def test_nonsense_in_a_filter_narrows_nothing_it_does_not_know(officer, station):
    tip_id = station.tip()
    page = officer.press(officer.get(), "loc", state="'; DROP TABLE tips")
    assert reference_of(tip_id) in page.text


def test_closed_tips_show_only_when_asked_for(officer, station):
    tip_id = station.tip()
    seat = station.seat()
    station.desk.open(seat, tip_id)
    station.desk.close(seat, tip_id, "grounded")
    assert reference_of(tip_id) not in officer.get().text
    page = officer.press(officer.get(), "loc", state="all")
    assert reference_of(tip_id) in page.text
    assert vi("outcome_grounded") in page.text


def test_possible_duplicate_is_named(officer, station):
    first, second = station.tip(), station.tip()
    page = officer.get()
    assert vi("perhaps_same", tips=reference_of(first)) in page.text
    assert vi("perhaps_same", tips=reference_of(second)) in page.text


def test_news_come_once_and_then_nothing_is_sent_again(officer, station):
    quiet = officer.get("moi")
    assert officer.get("moi", **{"If-None-Match": quiet.headers["etag"]}).status_code == 304
    tip_id = station.tip()
    news = officer.get("moi", **{"If-None-Match": quiet.headers["etag"]})
    assert news.status_code == 200
    assert reference_of(tip_id) in news.json()["html"]
    assert STORY not in news.text
    assert officer.get("moi", **{"If-None-Match": news.headers["etag"]}).status_code == 304


def test_delayed_card_is_not_shown_before_its_time(station):
    station.delay = 1.0
    officer = Officer(station).come_in()
    tip_id = station.tip()
    assert reference_of(tip_id) not in officer.get().text
    station.clock.move(minutes=11)
    assert reference_of(tip_id) in officer.get().text


def test_officers_text_is_shown_as_text(officer, station):
    tip_id = station.tip()
    station.desk.label(station.seat(), tip_id, ['"><img src=x>'])
    page = officer.get()
    assert "<img" not in page.text
    assert "&lt;img src=x&gt;" in page.text


def test_trial_unit_is_called_one_and_says_what_to_do_instead(tmp_path, station_keys):
    book = UnitBook.parse(development_units())
    station = Station(tmp_path, station_keys, book=book)
    token = station.desk.invite("thu-nghiem", "thu-can-bo")
    officer = Officer(station)
    page = officer.press(officer.get(f"vao/{token}"), token)
    assert vi("trial") in page.text
    assert "binhan keys new" in page.text
    station.close()


def test_real_unit_has_no_trial_banner(officer):
    assert vi("trial") not in officer.get().text


def test_officer_may_not_read_the_audit_log_and_a_supervisor_may(officer, supervisor, station):
    tip_id = station.tip()
    supervisor.open(tip_id)
    refused = officer.get("nhat-ky")
    assert refused.status_code == 403
    assert reference_of(tip_id) not in refused.text
    page = supervisor.get("nhat-ky")
    assert reference_of(tip_id) in page.text
    assert vi("did_open") in page.text
    assert vi("audit_holds") in page.text
    assert STORY not in page.text


def test_auditor_reads_the_log_and_no_tip(officer, station, app):
    tip_id = station.tip()
    officer.open(tip_id)
    auditor = Officer(station, app=app).come_in(role="auditor")
    assert vi("did_open") in auditor.get().text
    assert auditor.get(f"tin/{tip_id}").status_code == 403
    assert auditor.get("moi").status_code == 403


def test_changed_audit_log_is_told(station):
    class ForgedRecords:
        """The real desk, but an entry of its log was changed."""

        def __init__(self, desk):
            self._desk = desk

        def __getattr__(self, name):
            return getattr(self._desk, name)

        def all_audit_entries(self):
            first, *others = self._desk.all_audit_entries()
            return [
                type(first)(**{name: getattr(first, name) for name in first.__slots__} | {"unit": "x"}),
                *others,
            ]

    station.desk = ForgedRecords(station.desk)
    somebody = Officer(station, app=app_of(station)).come_in(role="supervisor")
    assert vi("audit_fault_changed", number=1) in somebody.get("nhat-ky").text


def test_unit_above_sees_a_tip_only_once_it_went_up(station):
    tip_id = station.tip()
    above = Officer(station).come_in(TOP, "supervisor")
    assert reference_of(tip_id) not in above.get().text
    assert above.get(f"tin/{tip_id}").status_code == 404
    station.clock.move(hours=80)
    above.come_in(TOP, "supervisor")
    station.desk.run_duties()
    page = above.get()
    assert reference_of(tip_id) in page.text
    assert vi("went_up") in page.text


def test_long_list_shows_what_presses_first_and_says_how_many_are_left(station):
    tips = [reference_of(station.tip(f"Chuyện {number}", urgent=number == 0)) for number in range(4)]
    page = Officer(station, app=app_of(station, PageSettings(cards_limit=2))).come_in().get()
    assert tips[0] in page.text
    assert sum(reference in page.text for reference in tips) == 2
    assert vi("too_many", count=2) in page.text


def test_static_files_are_named_by_content_and_strangers_names_are_not_found(station):
    client = TestClient(app_of(station))
    page = client.get("/desk/")
    path = page.text.partition('<script src="')[2].partition('"')[0]
    found = client.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/javascript")
    assert client.get("/desk/static/desk.js").status_code == 404
    assert client.get("/desk/static/..%2fserver.py").status_code == 404


def test_list_is_the_units_own_whoever_asks(station, app):
    tip_a, tip_b = station.tip(), station.tip("Khác", area="26737")
    for unit, own, others in (("phuong-a", tip_a, tip_b), (B, tip_b, tip_a)):
        page = Officer(station, app=app).come_in(unit).get()
        assert reference_of(own) in page.text
        assert reference_of(others) not in page.text
    assert len(station.desk.cards(station.seat(), CardQuery())) == 1
    assert "loc" in forms_of(page)
