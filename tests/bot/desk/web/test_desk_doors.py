"""Coming in: one-time links, sessions, form tokens, the unit's passphrase."""

from __future__ import annotations

import logging
import time

import pytest

from bot.desk.web.site import LANGUAGE_COOKIE, SESSION_COOKIE, PageSettings
from tests.bot.desk.station import PASSPHRASE, STORY, B
from tests.bot.desk.web.officer import Officer, app_of, forms_of, vi
from tips.errors import TipStoreUnavailable

WRONG = "sai hết rồi"


def invited(station, role="officer"):
    return station.desk.invite("phuong-a", station.seat(role=role).officer.id)


def test_link_that_is_only_looked_at_is_not_spent(station):
    token = invited(station)
    for _ in range(3):
        assert Officer(station).get(f"vao/{token}").status_code == 200
    somebody = Officer(station)
    landed = somebody.press(somebody.get(f"vao/{token}"), token)
    assert vi("list") in landed.text


def test_link_works_once(station):
    token = invited(station)
    first, second = Officer(station), Officer(station)
    first_page, second_page = first.get(f"vao/{token}"), second.get(f"vao/{token}")
    assert first.press(first_page, token).status_code == 200
    refused = second.press(second_page, token)
    assert refused.status_code == 403
    assert vi("problem_invite") in refused.text
    assert SESSION_COOKIE not in second.client.cookies


def test_old_and_made_up_links_are_told_alike(station):
    old = invited(station)
    station.clock.move(minutes=11)
    answers = []
    for token in (old, "khong-co-that"):
        somebody = Officer(station)
        answers.append(somebody.press(somebody.get(f"vao/{token}"), token))
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].text.replace(old, "") == answers[1].text.replace("khong-co-that", "")


@pytest.mark.parametrize(("scheme", "is_secure"), [("http", False), ("https", True)])
def test_session_cookie_is_kept_from_scripts_and_other_sites(station, scheme, is_secure):
    somebody = Officer(station, scheme=scheme)
    token = invited(station)
    page = somebody.get(f"vao/{token}")
    somebody.client.follow_redirects = False
    told = somebody.press(page, token).headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=strict" in told
    assert "Path=/desk" in told
    assert ("Secure" in told) is is_secure


def test_session_falls_idle_and_the_page_says_how_to_come_back(officer, station):
    station.clock.move(minutes=31)
    over = officer.get()
    assert over.status_code == 401
    assert vi("outside_over") in over.text
    assert "binhan desk link" in over.text
    assert SESSION_COOKIE not in officer.client.cookies


def test_session_ends_after_its_hours_however_busy(officer, station):
    for _ in range(20):
        station.clock.move(minutes=25)
        answer = officer.get()
    assert answer.status_code == 401


def test_signing_out_ends_the_session_at_the_desk_too(officer):
    kept = officer.client.cookies[SESSION_COOKIE]
    left = officer.press(officer.get(), "ra")
    assert left.status_code == 401
    officer.client.cookies.set(SESSION_COOKIE, kept, domain="desk.test", path="/desk")
    assert officer.get().status_code == 401


def test_nobody_gets_any_page_without_a_session(station):
    tip_id = station.tip()
    stranger = Officer(station)
    for path in (
        "",
        "moi",
        "nhat-ky",
        "mo-khoa",
        f"tin/{tip_id}",
        f"tin/{tip_id}/moi",
        f"tin/{tip_id}/tep/1/0",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert STORY not in answer.text


def test_made_up_session_is_nobody(station):
    stranger = Officer(station)
    stranger.client.cookies.set(SESSION_COOKIE, "bịa".encode().hex(), domain="desk.test", path="/desk")
    assert stranger.get().status_code == 401


def test_form_without_the_sessions_token_does_nothing(officer, station):
    tip_id = station.tip()
    for token in ("", "0" * 48):
        answer = officer.post(f"tin/{tip_id}/nhan", form=token)
        assert answer.status_code == 403
        assert vi("problem_form") in answer.text
    assert station.desk.card(station.seat(), tip_id).claimed_by == ""


def test_form_of_another_session_does_nothing(officer, supervisor, station):
    tip_id = station.tip()
    theirs = forms_of(supervisor.get(f"tin/{tip_id}"))["nhan"]
    assert officer.client.post(theirs.action, data=theirs.fields).status_code == 403
    assert station.desk.card(station.seat(), tip_id).claimed_by == ""


def test_form_outlives_a_restart_of_the_server(officer, station):
    receipt = station.send()
    page = officer.open(receipt.keys().tip_id)
    after = restarted(officer, station)
    look = after.press(page, "hoi", words="Xe màu gì?")
    assert vi("will_be_seen") in look.text
    after.press(look, "hoi")
    assert [reply.text for reply in station.told(receipt).replies if reply.text] == ["Xe màu gì?"]


def test_what_was_pressed_before_a_restart_is_not_sent_twice(officer, station):
    receipt = station.send()
    tip_id = receipt.keys().tip_id
    look = officer.press(officer.open(tip_id), "hoi", words="Xe màu gì?")
    officer.press(look, "hoi")
    after = restarted(officer, station)
    told = after.press(look, "hoi")  # its answer had not come, and the browser sends it again
    assert vi("pressed_before_restart") in told.text
    assert [reply.text for reply in station.told(receipt).replies if reply.text] == ["Xe màu gì?"]
    assert forms_of(after.open(tip_id))["hoi"].fields["words"] == "Xe màu gì?"


def test_form_token_is_the_sessions_own_and_does_not_give_it_away(officer, supervisor, station):
    tip_id = station.tip()
    tokens = [forms_of(who.get(f"tin/{tip_id}"))["nhan"].fields["form"] for who in (officer, supervisor)]
    assert tokens[0] != tokens[1]
    assert len(tokens[0]) == 48
    assert officer.client.cookies[SESSION_COOKIE] not in tokens[0]


@pytest.mark.parametrize("headers", [{"Origin": "http://desk.test"}, {"Sec-Fetch-Site": "same-origin"}])
@pytest.mark.parametrize("end", ["another", "idle"])
def test_words_of_a_session_that_is_over_are_handed_back(officer, station, headers, end):
    tip_id = station.tip()
    form = forms_of(officer.open(tip_id))["ghi-chu"]
    if end == "another":
        officer.come_in()
    else:
        station.clock.move(minutes=31)
    fields = {**form.fields, "words": "Gọi <anh> Ba", "passphrase": PASSPHRASE}
    answer = officer.client.post(form.action, data=fields, headers=headers)
    assert answer.status_code == (403 if end == "another" else 401)
    assert vi("typed_back") in answer.text
    assert "Gọi &lt;anh&gt; Ba</textarea>" in answer.text
    assert PASSPHRASE not in answer.text
    if end == "idle":
        officer.come_in()
    assert "Gọi &lt;anh&gt; Ba" not in officer.open(tip_id).text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-site"}])
def test_words_that_no_page_of_ours_sent_are_not_shown(officer, station, headers):
    answer = officer.client.post(
        f"/desk/tin/{station.tip()}/hoi", data={"form": "0" * 48, "words": "gài vào"}, headers=headers
    )
    assert answer.status_code == 403
    assert "gài vào" not in answer.text


def restarted(officer: Officer, station) -> Officer:
    """The same browser, once the server was started again."""
    after = Officer(station, app=app_of(station))
    after.client.cookies = officer.client.cookies
    return after


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_post_from_another_site_is_turned_away(officer, station, headers):
    tip_id = station.tip()
    form = forms_of(officer.get(f"tin/{tip_id}"))["nhan"]
    answer = officer.client.post(form.action, data=form.fields, headers=headers)
    assert answer.status_code == 403
    assert station.desk.card(station.seat(), tip_id).claimed_by == ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"form=" + b"a" * 300_000, "application/x-www-form-urlencoded"),
        (b'{"form": 1}', "application/json"),
        (b"&".join(b"a%d=1" % number for number in range(99)), "application/x-www-form-urlencoded"),
        (b"form=%ff%fe\xff", "application/x-www-form-urlencoded"),
    ],
)
def test_body_that_is_no_form_of_ours_is_refused_kindly(officer, content, kind):
    answer = officer.client.post("/desk/loc", content=content, headers={"Content-Type": kind})
    assert answer.status_code in {400, 403}
    assert vi("problem_form") in answer.text


def test_locked_unit_asks_for_its_passphrase_and_tells_only_how_many_wait(locked):
    locked.tip()
    page = Officer(locked).come_in().get()
    assert vi("locked") in page.text
    assert vi("waiting_one") in page.text
    assert STORY not in page.text


def test_passphrase_unlocks_and_is_in_no_log(locked, caplog):
    caplog.set_level(logging.DEBUG)
    locked.tip()
    officer = Officer(locked).come_in()
    wrong = officer.press(officer.get(), "mo-khoa", passphrase=WRONG)
    assert vi("wrong_passphrase") in wrong.text
    assert not locked.desk.is_unlocked("phuong-a")
    right = officer.press(wrong, "mo-khoa", passphrase=PASSPHRASE)
    assert vi("unlocked") in right.text
    assert locked.desk.is_unlocked("phuong-a")
    assert not locked.desk.is_unlocked(B)
    for secret in (WRONG, PASSPHRASE):
        assert secret not in caplog.text
        assert secret not in wrong.text + right.text


def test_wrong_passphrase_is_slow(locked):
    app = app_of(locked, PageSettings(wrong_seconds=0.5))
    officer = Officer(locked, app=app).come_in()
    page = officer.get()
    began = time.monotonic()
    officer.press(page, "mo-khoa", passphrase=WRONG)
    assert time.monotonic() - began >= 0.5


def test_tip_of_a_locked_unit_leads_to_the_passphrase(locked):
    tip_id = locked.tip()
    page = Officer(locked).come_in().get(f"tin/{tip_id}")
    assert vi("passphrase") in page.text


def test_auditor_comes_to_the_audit_log_and_cannot_unlock(locked):
    auditor = Officer(locked).come_in(role="auditor")
    page = auditor.get()
    assert vi("audit") in page.text
    token = forms_of(page)["ra"].fields["form"]
    auditor.post("mo-khoa", form=token, passphrase=PASSPHRASE)
    assert not locked.desk.is_unlocked("phuong-a")


def test_language_is_chosen_once_and_kept(officer):
    english = officer.get("?lang=en")
    assert '<html lang="en">' in english.text
    assert officer.client.cookies[LANGUAGE_COOKIE] == "en"
    assert '<html lang="en">' in officer.get().text
    assert '<html lang="vi">' in officer.get("?lang=vi").text


def test_every_answer_forbids_storing_framing_and_strangers(officer, station):
    tip_id = station.tip()
    officer.open(tip_id)
    for path in ("", "moi", "nhat-ky", "vao/x", f"tin/{tip_id}", f"tin/{tip_id}/moi", "nirgends", "tin/x"):
        headers = officer.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


class FaultyDesk:
    """The real desk, but its list fails."""

    def __init__(self, desk, failure):
        self._desk, self._failure = desk, failure

    def __getattr__(self, name):
        return getattr(self._desk, name)

    def cards(self, *_):
        raise self._failure


def test_fault_within_tells_nothing_and_logs_its_type_only(station, caplog):
    caplog.set_level(logging.DEBUG)
    station.desk = FaultyDesk(station.desk, RuntimeError(STORY))
    token = invited(station)
    officer = Officer(station)
    answer = officer.press(officer.get(f"vao/{token}"), token)
    assert answer.status_code == 500
    assert "Máy gặp lỗi" in answer.text
    assert "RuntimeError" in caplog.text
    for told in (answer.text, caplog.text):
        assert "Traceback" not in told
        assert STORY not in told


def test_database_out_of_reach_is_told_in_words_for_officers(station):
    station.desk = FaultyDesk(station.desk, TipStoreUnavailable())
    token = invited(station)
    officer = Officer(station)
    answer = officer.press(officer.get(f"vao/{token}"), token)
    assert vi("problem_unavailable_hint") in answer.text
