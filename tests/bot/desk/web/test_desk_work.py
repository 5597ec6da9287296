"""What officers do with a tip: every button, pressed once, twice, too late, and by those who may not."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.desk.rights import Action
from bot.desk.web.actions import PATHS
from bot.desk.web.reading import Form
from tests.bot.desk.station import PASSPHRASE, STORY, TOP, B
from tests.bot.desk.web.officer import Officer, forms_of, vi
from tips.intake import reference_of
from tips.model import RawFile
from tips.opening.keyfile import unlock_unit

QUESTION = "Xe màu gì?\nĐỗ ở đâu?"


@pytest.fixture
def receipt(station):
    return station.send()


@pytest.fixture
def tip_id(receipt):
    return receipt.keys().tip_id


def card(station, tip_id, role="officer"):
    return station.desk.card(station.seat(role=role), tip_id)


def said_to(station, receipt):
    return [(reply.type, reply.text) for reply in station.told(receipt).replies]


def test_question_is_sent_only_after_its_exact_text_was_shown(officer, station, receipt, tip_id):
    look = officer.press(officer.open(tip_id), "hoi", words=QUESTION)
    assert vi("will_be_seen") in look.text
    assert QUESTION in look.text
    assert [kind for kind, _ in said_to(station, receipt)] == ["state"]
    done = officer.press(look, "hoi")
    assert vi("ask_done") in done.text
    assert said_to(station, receipt)[-1] == ("question", QUESTION)
    assert card(station, tip_id).state == "needs_information"


def test_pressed_twice_a_question_goes_once(officer, station, receipt, tip_id):
    look = officer.press(officer.open(tip_id), "hoi", words=QUESTION)
    officer.press(look, "hoi")
    again = officer.press(look, "hoi")
    assert vi("pressed_twice") in again.text
    assert said_to(station, receipt).count(("question", QUESTION)) == 1


def test_message_goes_to_the_tipster_and_changes_no_state(officer, station, receipt, tip_id):
    done = officer.sure(officer.open(tip_id), "tra-loi", words="Đã cử người đến.")
    assert vi("reply_done") in done.text
    assert said_to(station, receipt)[-1] == ("message", "Đã cử người đến.")
    assert card(station, tip_id).state == "received"


def test_note_never_reaches_the_tipster(officer, station, receipt, tip_id):
    page = officer.press(officer.open(tip_id), "ghi-chu", words="Nghi là ông T.")
    assert "Nghi là ông T." in page.text
    assert vi("unseen_by_tipster") in page.text
    assert "Nghi là ông T." not in str(station.told(receipt))
    inside = page.text.partition('<section class="inside"')[2].partition("</section>")[0]
    outside = page.text.partition('<section class="outside"')[2].partition("</section>")[0]
    assert "Nghi là ông T." in inside
    assert "Nghi là ông T." not in outside
    assert vi("seen_by_tipster") in outside


def test_answer_of_the_tipster_stands_under_the_question(officer, station, receipt, tip_id):
    officer.sure(officer.open(tip_id), "hoi", words=QUESTION)
    question = station.told(receipt).replies[-1]
    station.intake.more(receipt, "Màu đỏ", in_reply_to=question.seq)
    page = officer.get(f"tin/{tip_id}")
    assert page.text.index(QUESTION) < page.text.index("Màu đỏ")
    assert vi("answers", number=question.seq) in page.text


def test_empty_words_send_nothing(officer, station, receipt, tip_id):
    before = said_to(station, receipt)
    page = officer.open(tip_id)
    for form in ("hoi", "tra-loi", "ghi-chu"):
        told = officer.press(page, form, words=" \n\t ")
        assert vi("nothing_typed") in told.text
    assert [kind for kind, _ in said_to(station, receipt)] == [*[kind for kind, _ in before], "state"]


def test_words_refused_are_kept_in_the_page(officer, tip_id):
    officer.open(tip_id)
    long = "dài quá " * 700
    page = officer.press(officer.get(f"tin/{tip_id}"), "ghi-chu", words=long)
    assert vi("flash_no") in page.text
    assert forms_of(page)["ghi-chu"].fields["words"] == long.strip()
    done = officer.press(page, "ghi-chu", words="ngắn")
    assert forms_of(done)["ghi-chu"].fields["words"] == ""


def test_not_yet_keeps_what_was_typed(officer, tip_id):
    officer.press(officer.open(tip_id), "hoi", words=QUESTION)
    back = officer.get(f"tin/{tip_id}")
    assert forms_of(back)["hoi"].fields["words"] == QUESTION


def test_closing_shows_outcome_and_words_as_the_tipster_reads_them(officer, station, receipt, tip_id):
    look = officer.press(officer.open(tip_id), "dong", outcome="grounded", words="Cảm ơn người đã báo.")
    assert vi("will_be_seen") in look.text
    assert "Kết quả: có cơ sở." in look.text
    assert "Cảm ơn người đã báo." in look.text
    assert card(station, tip_id).state == "received"
    done = officer.press(look, "dong")
    assert vi("close_done") in done.text
    last = station.told(receipt).replies[-1]
    assert (last.state, last.outcome, last.text) == ("closed", "grounded", "Cảm ơn người đã báo.")


def test_closed_meanwhile_by_a_colleague_is_told_plainly(officer, supervisor, station, receipt, tip_id):
    look = officer.press(officer.open(tip_id), "hoi", words=QUESTION)
    supervisor.sure(supervisor.open(tip_id), "dong", outcome="abuse")
    late = officer.press(look, "hoi")
    assert "Tin đang ở bước không làm được việc này." in late.text
    assert ("question", QUESTION) not in said_to(station, receipt)
    assert "Traceback" not in late.text


def test_claiming_needs_no_opening_and_two_cannot(officer, supervisor, station, tip_id):
    stale = supervisor.get(f"tin/{tip_id}")
    assert vi("claim_done") in officer.press(officer.get(f"tin/{tip_id}"), "nhan").text
    assert card(station, tip_id).claimed_by == station.seat().officer.id
    assert "Tin đã có người nhận" in supervisor.press(stale, "nhan").text


def test_supervisor_gives_the_tip_to_a_colleague(supervisor, station, tip_id):
    page = supervisor.open(tip_id)
    offered = forms_of(page)["giao"].choices["officer"]
    assert offered == ["phuong-a-can-bo", "phuong-a-chi-huy"]  # auditors work on nothing
    done = supervisor.press(page, "giao", officer="phuong-a-can-bo")
    assert vi("assign_done") in done.text
    assert card(station, tip_id).claimed_by == "phuong-a-can-bo"


def test_labels_are_set_and_taken_off(officer, station, tip_id):
    page = officer.press(officer.open(tip_id), "nhan-viec", labels=" chợ ,  ban   đêm, chợ,")
    assert card(station, tip_id).labels == ("chợ", "ban đêm")
    officer.press(page, "nhan-viec", labels="")
    assert card(station, tip_id).labels == ()


def test_verifying_and_steps_change_state_and_terms(officer, station, tip_id):
    page = officer.press(officer.open(tip_id), "xac-minh")
    assert vi("move_done") in page.text
    page = officer.press(page, "moc", mark="procuracy_told")
    assert vi("mark_done") in page.text
    told = {deadline.name: deadline.is_met for deadline in card(station, tip_id).deadlines}
    assert told["procuracy"] is True
    assert told["decision"] is False


def test_transferred_tip_is_gone_here_and_there_at_the_other_unit(officer, station, app, receipt, tip_id):
    page = officer.open(tip_id)
    assert B in forms_of(page)["chuyen"].choices["unit"]
    done = officer.sure(page, "chuyen", unit=B, reason="Xảy ra bên phường B")
    assert vi("away_hint") in done.text
    assert STORY not in done.text
    theirs = Officer(station, app=app).come_in(B)
    assert reference_of(tip_id) in theirs.get().text
    opened = theirs.open(tip_id)
    assert STORY in opened.text
    assert "Xảy ra bên phường B" in opened.text
    assert "Xảy ra bên phường B" not in str(station.told(receipt))


def test_stepping_back_takes_the_tip_out_of_sight(officer, supervisor, tip_id):
    done = officer.sure(officer.get(f"tin/{tip_id}"), "rut-lui")
    assert vi("recuse_done") in done.text
    assert reference_of(tip_id) not in done.text
    assert officer.get(f"tin/{tip_id}").status_code != 200
    assert reference_of(tip_id) in supervisor.get().text


def test_same_tip_twice_is_merged_by_its_reference(officer, station, receipt, tip_id):
    other = station.tip()
    page = officer.open(tip_id)
    assert f'href="/desk/tin/{other}"' in page.text
    done = officer.sure(page, "gop", into=reference_of(other).lower())
    assert vi("merge_done") in done.text
    assert card(station, tip_id).merged_into == other
    assert station.told(receipt).replies[-1].outcome == "duplicate"
    wrong = officer.press(officer.open(other), "gop", into="BA-0000-0000")
    assert wrong.status_code in {200, 404}
    assert card(station, other).state != "closed"


def test_held_tip_says_why_and_only_a_supervisor_lets_it_go(officer, supervisor, station, tip_id):
    page = officer.press(officer.open(tip_id), "giu", reason="Vụ án số 7")
    assert vi("hold_done") in page.text
    assert vi("held") in page.text
    assert "thoi-giu" not in forms_of(page)
    seen = supervisor.open(tip_id)
    assert vi("held_because", reason="Vụ án số 7") in seen.text
    assert vi("release_done") in supervisor.press(seen, "thoi-giu").text
    assert not card(station, tip_id).is_held


def test_sender_of_abuse_is_muted_for_the_day_without_being_named(officer, station, tip_id):
    page = officer.open(tip_id)
    assert vi("mute_hint") in page.text
    assert vi("mute_done") in officer.press(page, "ngung-nhan").text
    assert station.store.muted_since(station.clock().date()) == [tip_id]


def test_export_is_an_archive_that_only_the_named_unit_opens(supervisor, station, tip_id):
    sealed = supervisor.press(supervisor.open(tip_id), "xuat", unit=TOP)
    assert sealed.headers["content-disposition"] == (
        f'attachment; filename="tin-{reference_of(tip_id)}.binhan"'
    )
    assert STORY.encode() not in sealed.content
    station.desk.unlock(TOP, PASSPHRASE)
    assert STORY.encode() in station.desk.open_archive(TOP, sealed.content).files["tin.json"]
    assert unlock_unit(TOP, PASSPHRASE, station.keys / "private-keys").unit == TOP


def test_original_takes_two_officers_and_leaves_as_one_archive(officer, supervisor, station):
    tip_id = station.tip(files=[RawFile(content=b"secret photo", keep_original=True)])
    page = officer.press(officer.open(tip_id), "xin-ban-goc")
    assert vi("request_original_done") in page.text
    assert "duyet-ban-goc" not in forms_of(page)
    asked = supervisor.open(tip_id)
    archive = supervisor.press(asked, "duyet-ban-goc")
    assert archive.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        assert [packed.read(name) for name in packed.namelist()] == [b"secret photo"]
        assert all(entry.date_time[0] == 1980 for entry in packed.infolist())
    again = supervisor.press(asked, "duyet-ban-goc")
    assert vi("pressed_twice") in again.text


@pytest.mark.parametrize("role", ["officer", "supervisor"])
@pytest.mark.parametrize("unit", ["phuong-a", B, TOP])
def test_page_offers_exactly_what_the_desk_allows(station, app, tip_id, unit, role):
    somebody = Officer(station, app=app).come_in(unit, role)
    allowed = station.desk.allowed(station.seat(unit, role), tip_id)
    if Action.OPEN not in allowed:
        assert somebody.get(f"tin/{tip_id}").status_code == 404
        return
    offered = set(forms_of(somebody.open(tip_id)))
    allowed = station.desk.allowed(station.seat(unit, role), tip_id) - {Action.SEE, Action.FILE}
    names = {PATHS[action] for action in allowed} | {"an", "ra"}
    assert offered == names


@pytest.mark.parametrize(("unit", "role"), [("phuong-a", "auditor"), (B, "supervisor"), (TOP, "officer")])
def test_press_by_somebody_who_may_not_changes_nothing(station, receipt, unit, role):
    tip_id, other = receipt.keys().tip_id, station.tip("Khác")
    station.desk.open(station.seat(), tip_id)
    before = card(station, tip_id), said_to(station, receipt)
    somebody = Officer(station).come_in(unit, role)
    token = forms_of(somebody.get())["ra"].fields["form"]
    fields = {"form": token, "sure": "1", "words": "x", "reason": "x", "unit": B, "outcome": "abuse"}
    more = {"into": other, "mark": "complex", "labels": "x", "officer": "phuong-a-can-bo"}
    for action, path in PATHS.items():
        answer = somebody.post(f"tin/{tip_id}/{path}", **fields, **more)
        assert answer.status_code in {403, 404}, action
        assert STORY not in answer.text
    assert (card(station, tip_id), said_to(station, receipt)) == before


def test_form_reads_lines_and_drops_what_no_text_holds():
    form = Form({"words": " a\r\nb\x00\x1b[2J\ud800 ", "labels": "x,  y z ,x", "tick": ""})
    assert form.words("words") == "a\nb[2J"
    assert form.labels() == ("x", "y z")
    assert form.line("nirgends") == ""
    assert not form.has("tick")
