"""Tips over plain forms: the server does all of it, and says honestly what it received."""

from __future__ import annotations

import sqlite3

import pytest
from starlette.testclient import TestClient

from bot.channels.web.server import create_app
from bot.channels.web.tip_site import WebTips
from prompts.catalog import text
from tests.fakes.elements import Elements
from tests.fakes.tip_office import HIGH, LOW, TipOffice, WashingCleaner
from tips.model import FILE_BYTES_LIMIT, STORY_LIMIT, Reply, TipContent
from tips.receipts import Receipt
from tips.sealing import seal_reply
from tips.units import Unit

STORY = "Đêm nào cũng có người đánh bạc ở kho số 7 cuối hẻm."


def vi(key: str, **fields: object) -> str:
    return text(f"tipweb.{key}", "vi", name="Bình An", characters=STORY_LIMIT, **fields)


def post(
    client: TestClient, path: str, fields: dict[str, object], files: list[bytes] | None = None, **headers: str
):
    """The form as a browser without JavaScript sends it."""
    parts = [(name, (None, str(value))) for name, value in fields.items() if not isinstance(value, list)]
    parts += [
        (name, (None, each)) for name, value in fields.items() if isinstance(value, list) for each in value
    ]
    parts += [("file", ("CANARY-NAME.jpg", content)) for content in files or [b""]]
    return client.post(path, files=parts, headers=headers)


def shown_receipt(page: str) -> str:
    [field] = [each for each in Elements(page).named("input") if each.get("name") == "receipt"]
    return field["value"]


def is_received(page: str) -> bool:
    """Whether it is the page that follows a sending: the form's own page holds those words for its script."""
    return vi("received") in page and 'id="tip"' not in page


def told(receipt: Receipt, /, **fields: object) -> dict[str, object]:
    return {"receipt": receipt.text, "check": receipt.last_group, "story": STORY, "confirmed": ""} | fields


def stored(office: TipOffice) -> int:
    return len(office.store.for_units([LOW, HIGH], office.clock()))


def test_every_view_of_the_form_has_a_receipt_of_its_own(tip_client):
    shown = {shown_receipt(tip_client.get("/bao-tin").text) for _ in range(5)}
    assert len(shown) == 5
    assert all(Receipt.parse(each) for each in shown)


def test_tip_sent_by_form_is_received_and_opens(tip_client, office):
    receipt = Receipt.parse(shown_receipt(tip_client.get("/bao-tin").text))
    fields = told(
        receipt,
        kind="gambling",
        urgent="no",
        place="sau chợ",
        when="đêm",
        detail_people="5 người",
        concerns_whom="ông A",
    )
    page = post(tip_client, "/bao-tin?lang=vi", fields, [b"photo secret"])
    assert page.status_code == 200
    assert is_received(page.text)
    assert receipt.text in page.text
    [parcel] = office.opened(receipt.keys().tip_id)
    assert parcel.words["story"] == STORY
    assert parcel.words["details"] == {"people": "5 người"}
    assert (parcel.words["kind"], parcel.words["urgent"], parcel.words["place"]) == (
        "gambling",
        False,
        "sau chợ",
    )
    assert [file.content for file in parcel.files] == [b"clean photo "]


def test_sending_the_form_twice_is_one_tip(tip_client, office):
    receipt = Receipt.new()
    pages = [post(tip_client, "/bao-tin", told(receipt)) for _ in range(3)]
    assert [is_received(page.text) for page in pages] == [True, True, True]
    assert len(office.store.for_units([LOW], office.clock())) == 1


def test_resent_form_says_that_the_first_version_was_received(tip_client, office):
    receipt = Receipt.new()
    first = post(tip_client, "/bao-tin", told(receipt))
    assert vi("js_sent_earlier") not in first.text
    second = post(tip_client, "/bao-tin", told(receipt, story="Chuyện khác hẳn."), [b"bad"])
    assert is_received(second.text)
    assert vi("js_sent_earlier") in second.text
    assert [parcel.words["story"] for parcel in office.opened(receipt.keys().tip_id)] == [STORY]


def test_story_that_was_cut_is_no_refused_file_to_the_script(tip_client):
    headers = {"Accept": "application/json"}
    answer = post(tip_client, "/bao-tin", told(Receipt.new(), story="a " * 15_000), **headers).json()
    assert (answer["refused"], answer["notes"]) == ([], [vi("was_cut")])


def test_wrong_last_group_keeps_everything_and_the_receipt(tip_client, office):
    receipt = Receipt.new()
    page = post(
        tip_client, "/bao-tin", told(receipt, check="AAAAA", place="sau <chợ>", kind="gambling"), [b"film"]
    )
    assert page.status_code == 422
    assert vi("js_check_wrong") in page.text
    assert vi("files_again") in page.text
    assert STORY in page.text
    assert "sau &lt;chợ&gt;" in page.text
    assert shown_receipt(page.text) == receipt.text
    kept = [each for each in Elements(page.text).named("input") if each.get("value") == "gambling"]
    assert "checked" in kept[0]
    assert stored(office) == 0


def test_empty_form_asks_for_the_story(tip_client, office):
    page = post(tip_client, "/bao-tin", told(Receipt.new(), story=" \n "))
    assert (page.status_code, vi("js_story_missing") in page.text) == (422, True)
    assert stored(office) == 0


def test_words_that_name_their_sender_are_warned_of_once(tip_client, office):
    receipt = Receipt.new()
    story = f"Tôi tên là Nguyễn Văn Nam. {STORY}"
    warned = post(tip_client, "/bao-tin", told(receipt, story=story))
    assert vi("js_names_name") in warned.text
    assert stored(office) == 0
    [confirmed] = [each for each in Elements(warned.text).named("input") if each.get("name") == "confirmed"]
    sent = post(tip_client, "/bao-tin", told(receipt, story=story, confirmed=confirmed["value"]))
    assert is_received(sent.text)
    assert office.opened(receipt.keys().tip_id)[0].words["story"] == story


def test_receipt_inside_the_story_is_warned_of(tip_client, office):
    page = post(tip_client, "/bao-tin", told(Receipt.new(), story=f"{STORY} {Receipt.new().text}"))
    assert vi("js_names_receipt") in page.text
    assert stored(office) == 0


def test_broken_receipt_gets_a_new_one(tip_client, office):
    page = post(tip_client, "/bao-tin", told(Receipt.new(), receipt="ABCD"))
    assert (page.status_code, vi("receipt_anew") in page.text) == (422, True)
    assert Receipt.parse(shown_receipt(page.text))
    assert STORY in page.text
    assert stored(office) == 0


def test_story_too_long_is_cut_and_the_sender_told(tip_client, office):
    receipt = Receipt.new()
    page = post(tip_client, "/bao-tin", told(receipt, story="ă" * 500_000))
    assert vi("was_cut") in page.text
    assert len(office.opened(receipt.keys().tip_id)[0].words["story"]) == STORY_LIMIT


@pytest.mark.parametrize(
    "story",
    ["😀", "<script>alert(1)</script>", "'; DROP TABLE tips; --", "%s {0} ${x}", "\u202eđảo ngược", "a" * 40],
)
def test_odd_stories_arrive_as_they_are(tip_client, office, story):
    receipt = Receipt.new()
    assert is_received(post(tip_client, "/bao-tin", told(receipt, story=story)).text)
    assert office.opened(receipt.keys().tip_id)[0].words["story"] == story


def test_file_not_taken_is_told_while_the_rest_goes_in(tip_client, office):
    receipt = Receipt.new()
    page = post(tip_client, "/bao-tin", told(receipt), [b"good", b"bad"])
    assert text("tips.refused_broken", "vi") in page.text
    assert len(office.opened(receipt.keys().tip_id)[0].files) == 1


def test_all_units_concerned_is_told_as_not_received(tip_client, office):
    page = post(tip_client, "/bao-tin", told(Receipt.new(), concerns=[LOW, HIGH]))
    assert page.status_code == 422
    assert text("tips.no_unit", "vi") in page.text
    assert not is_received(page.text)
    assert stored(office) == 0


def test_unknown_unit_concerned_is_not_guessed(tip_client, office):
    assert post(tip_client, "/bao-tin", told(Receipt.new(), concerns=["nobody"])).status_code == 422
    assert stored(office) == 0


def test_locked_database_is_told_as_not_received_and_keeps_the_draft(asking, tmp_path):
    office = TipOffice(tmp_path / "locked", busy_timeout_ms=100)
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    tip_client = TestClient(create_app(asking, tips=tips), base_url="http://localhost")
    with sqlite3.connect(office.folder / "tips.sqlite3") as other:
        other.execute("BEGIN EXCLUSIVE")
        receipt = Receipt.new()
        page = post(tip_client, "/bao-tin", told(receipt))
    other.close()
    office.store.close()
    assert page.status_code == 503
    assert text("tips.store_unavailable", "vi") in page.text
    assert STORY in page.text
    assert shown_receipt(page.text) == receipt.text


def test_commune_is_asked_for_only_where_it_decides_who_is_told(asking, tmp_path):
    units = (
        Unit(id=HIGH, name="Thành phố", areas=()),
        Unit(id=LOW, name="Phường", areas=("26743",), parent=HIGH),
    )
    office = TipOffice(tmp_path / "few", units=units)
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    with TestClient(create_app(asking, tips=tips), base_url="http://localhost") as client:
        sure, unsure = Receipt.new(), Receipt.new()
        post(client, "/bao-tin", told(sure, place="phường Bến Thành"))
        assert office.opened(sure.keys().tip_id)[0].words["area"] == "26743"
        asked = post(client, "/bao-tin", told(unsure, place="Tân Bình"))
        offered = [each for each in Elements(asked.text).named("input") if each.get("name") == "area"]
        if offered:
            assert vi("area_ask") in asked.text
            post(client, "/bao-tin", told(unsure, place="Tân Bình", area=offered[0]["value"]))
        assert office.opened(unsure.keys().tip_id)[0].words["place"] == "Tân Bình"
    office.store.close()


def test_too_large_a_sending_is_told_so(tip_client, office):
    response = tip_client.post(
        "/bao-tin",
        content=b"x",
        headers={"Content-Type": "multipart/form-data; boundary=a", "Content-Length": "300000000"},
    )
    assert response.status_code == 413
    assert vi("broken_too_large", sending_megabytes=60) in response.text
    assert stored(office) == 0


def test_file_too_large_is_left_out_and_the_words_are_received(tip_client, office):
    receipt = Receipt.new()
    page = post(tip_client, "/bao-tin", told(receipt), [b"x" * (FILE_BYTES_LIMIT + 1), b"photo"])
    assert is_received(page.text)
    assert text("tips.refused_too_large", "vi") in page.text
    [parcel] = office.opened(receipt.keys().tip_id)
    assert parcel.words["story"] == STORY
    assert [file.content for file in parcel.files] == [b"clean photo"]


def test_nothing_but_a_file_too_large_is_refused_with_its_reason(tip_client, office):
    receipt = Receipt.new()
    page = post(tip_client, "/bao-tin", told(receipt, story=""), [b"x" * (FILE_BYTES_LIMIT + 1)])
    assert page.status_code == 422
    assert text("tips.refused_too_large", "vi") in page.text
    assert shown_receipt(page.text) == receipt.text
    assert stored(office) == 0


def test_sending_too_large_shows_the_words_and_the_receipt_again(tip_client, office):
    receipt = Receipt.new()
    fields = told(receipt, place="sau chợ", kind="gambling", concerns=[LOW])
    page = post(tip_client, "/bao-tin", fields, [b"x" * 15_500_000] * 4)
    assert page.status_code == 413
    assert vi("broken_too_large", sending_megabytes=60) in page.text
    assert shown_receipt(page.text) == receipt.text
    assert STORY in page.text
    assert "sau chợ" in page.text
    ticked = [each["value"] for each in Elements(page.text).named("input") if "checked" in each]
    assert {"gambling", LOW} <= set(ticked)
    assert stored(office) == 0


def test_plain_forms_pass_with_the_origin_browsers_give_them(tip_client):
    for path in ("/bao-tin", "/theo-doi"):
        assert post(tip_client, path, told(Receipt.new()), Origin="null").status_code == 200
        assert post(tip_client, path, told(Receipt.new()), Origin="https://other.example").status_code == 403
        assert (
            post(tip_client, path, told(Receipt.new()), **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
        )
    assert tip_client.post("/api/tip/status", json={}, headers={"Origin": "null"}).status_code == 403


# Following


def replied(office: TipOffice, receipt: Receipt, **fields: object) -> None:
    keys = receipt.keys()
    seq = office.store.next_reply_seq(keys.tip_id)
    reply = Reply(
        **({"seq": seq, "type": "question", "text": "Mấy giờ ạ?", "state": "needs_information"} | fields)
    )
    office.store.add_reply(seal_reply(reply, tip_id=keys.tip_id, reply_public=keys.reply_public))


def hidden(page: str, name: str) -> str:
    return [each for each in Elements(page).named("input") if each.get("name") == name][-1]["value"]


def test_question_is_read_and_answered_once(tip_client, office):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    replied(office, receipt)
    page = post(tip_client, "/theo-doi", {"receipt": receipt.text.lower(), "do": "look"}).text
    assert "Mấy giờ ạ?" in page
    assert vi("js_state_needs_information") in page
    answer = {
        "receipt": hidden(page, "receipt"),
        "seq": hidden(page, "seq"),
        "in_reply_to": hidden(page, "in_reply_to"),
        "do": "more",
        "text": "22 giờ",
    }
    assert vi("js_more_received") in post(tip_client, "/theo-doi", answer, [b"photo"]).text
    assert vi("more_twice") in post(tip_client, "/theo-doi", answer).text
    _, second = office.opened(receipt.keys().tip_id)
    assert second.words == {"text": "22 giờ", "in_reply_to": 1}
    assert [file.content for file in second.files] == [b"clean photo"]


def test_pressing_send_twice_adds_an_answer_once(asking, tmp_path):
    """The second comes while the files of the first are being cleaned, and the other way round."""
    receipt = Receipt.new()
    answer = {"receipt": receipt.text, "seq": "2", "in_reply_to": "0", "do": "more", "text": "22 giờ"}
    pages = []

    class Slow(WashingCleaner):
        def clean(self, file, number):
            if not pages:
                pages.append(None)
                pages[0] = post(client, "/theo-doi", answer, [b"photo"])
            return super().clean(file, number)

    office = TipOffice(tmp_path / "slow", cleaner=Slow())
    office.intake.submit(receipt, TipContent(story=STORY))
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    with TestClient(create_app(asking, tips=tips), base_url="http://localhost") as client:
        pages.append(post(client, "/theo-doi", answer, [b"photo"]))
    assert vi("js_more_received") in pages[0].text
    assert vi("more_twice") in pages[1].text
    assert "22 giờ</textarea>" in pages[1].text
    _, *added = office.opened(receipt.keys().tip_id)
    assert [parcel.words["text"] for parcel in added] == ["22 giờ"]
    office.store.close()


def test_closed_tip_shows_its_outcome(tip_client, office):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    replied(office, receipt, type="state", text="", state="closed", outcome="grounded")
    page = post(tip_client, "/theo-doi", {"receipt": receipt.text, "do": "look"}).text
    assert vi("js_outcome_grounded") in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tip_merged_into_another_does_not_betray_that_somebody_else_reported(tip_client, office, language):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    replied(office, receipt, type="state", text="", state="closed", outcome="duplicate")
    page = post(tip_client, f"/theo-doi?lang={language}", {"receipt": receipt.text, "do": "look"}).text
    assert text("tipweb.js_outcome_duplicate", language) in page
    ends = [page, text("follow.outcome_duplicate", language), text("deskweb.told_merged", language, tip="X")]
    for betraying in ("người báo trước", "tin khác", "vì trùng", "omebody", "another tip", "duplicate"):
        assert not [end for end in ends if betraying in end]


def test_withdrawing_must_be_meant(tip_client, office):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    fields = {"receipt": receipt.text, "do": "withdraw"}
    assert vi("js_withdraw_unsure") in post(tip_client, "/theo-doi", fields).text
    assert len(office.opened(receipt.keys().tip_id)) == 1
    page = post(tip_client, "/theo-doi", fields | {"sure": "yes"}).text
    assert vi("js_withdrawn") in page
    assert vi("js_state_withdrawn") in page
    assert "hidden" in next(each for each in Elements(page).named("form") if each.get("id") == "more")


def test_wrong_unknown_and_empty_receipts_get_the_same_page(tip_client):
    pages = {
        post(tip_client, "/theo-doi", {"receipt": typed, "do": "look"}).text
        for typed in ("", "ABCD", Receipt.new().text, Receipt.new().text, "x" * 5_000, "0" * 17)
    }
    assert len(pages) == 1
    assert vi("js_unknown") in pages.pop()


def test_answer_is_shown_again_where_its_files_are_too_large(tip_client, office):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    answer = {"receipt": receipt.text, "seq": "2", "in_reply_to": "0", "text": "22 giờ", "do": "more"}
    page = post(tip_client, "/theo-doi", answer, [b"x" * 15_500_000] * 4)
    assert page.status_code == 413
    assert vi("broken_too_large", sending_megabytes=60) in page.text
    assert "22 giờ</textarea>" in page.text
    assert hidden(page.text, "receipt") == receipt.text
    assert len(office.opened(receipt.keys().tip_id)) == 1
    only = post(tip_client, "/theo-doi", answer | {"text": ""}, [b"x" * (FILE_BYTES_LIMIT + 1)])
    assert text("tips.refused_too_large", "vi") in only.text
    assert len(office.opened(receipt.keys().tip_id)) == 1
    taken = post(tip_client, "/theo-doi", answer, [b"x" * (FILE_BYTES_LIMIT + 1)])
    assert vi("js_more_received") in taken.text
    assert text("tips.refused_too_large", "vi") in taken.text
    assert office.opened(receipt.keys().tip_id)[1].words["text"] == "22 giờ"


def test_empty_answer_is_not_sent(tip_client, office):
    receipt = Receipt.new()
    post(tip_client, "/bao-tin", told(receipt))
    page = post(tip_client, "/theo-doi", {"receipt": receipt.text, "do": "more", "text": " ", "seq": "2"})
    assert vi("js_more_empty") in page.text
    assert len(office.opened(receipt.keys().tip_id)) == 1
