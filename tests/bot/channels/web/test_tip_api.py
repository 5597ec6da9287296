"""What the page's script calls: sealed parcels in, sealed replies out, nothing else told."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prompts.catalog import text
from tests.fakes.tip_office import HIGH, LOW, TipOffice
from tips.intake import reference_of
from tips.kinds import kinds
from tips.model import FILE_BYTES_LIMIT, FILES_LIMIT, Reply, TipContent
from tips.receipts import Receipt
from tips.routing import routes_table
from tips.sealing import BROWSER_SUITE, card_of, parcel_to_json, seal_parcel, seal_reply, words_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tips.model import ParcelType, SealedParcel

CONTENT = TipContent(story="Kho số 7 cuối hẻm có người ở lại ban đêm.", kind="drugs")


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def sealed(
    office: TipOffice,
    receipt: Receipt,
    *,
    seq: int = 1,
    kind: ParcelType = "tip",
    units: tuple[str, ...] = (LOW, HIGH),
) -> SealedParcel:
    return seal_parcel(
        kind,
        words_of(CONTENT) if seq == 1 else {"text": "thêm", "in_reply_to": 0},
        (),
        tip_id=receipt.keys().tip_id,
        seq=seq,
        to=[office.public_keys.current(unit) for unit in units],
        card=card_of(CONTENT, 0) if seq == 1 else None,
        suite=BROWSER_SUITE,
    )


def fields_of(office: TipOffice, receipt: Receipt, **change: Any) -> dict[str, Any]:
    keys = receipt.keys()
    return {
        "tag": b64(keys.tag),
        "reply_public": b64(keys.reply_public),
        "holder": LOW,
        "above": HIGH,
        "parcel": parcel_to_json(sealed(office, receipt)),
    } | change


def send(
    client: TestClient, fields: dict[str, Any], files: list[bytes] | None = None, path: str = "/api/tip"
):
    parts: list[tuple[str, Any]] = [("parcel", (None, json.dumps(fields)))]
    parts += [("file", ("CANARY.mp4", content)) for content in files or []]
    return client.post(f"{path}?lang=vi", files=parts)


def test_setup_tells_what_the_page_needs_and_no_officer(tip_client, office):
    response = tip_client.get("/api/tip/setup?lang=vi")
    setup = response.json()
    assert [unit["id"] for unit in setup["units"]] == [HIGH, LOW]
    key = office.public_keys.current(LOW)
    assert setup["units"][1]["key"] == {"key_id": key.key_id, "x25519": b64(key.browser_x25519)}
    assert setup["routes"] == routes_table(office.book)
    assert [kind["id"] for kind in setup["kinds"]] == [kind.id for kind in kinds()]
    assert setup["limits"]["files"] == FILES_LIMIT
    assert setup["limits"]["file_bytes"] == FILE_BYTES_LIMIT
    assert "officer" not in response.text
    assert tip_client.get("/api/tip/setup?lang=en").json()["kinds"][0]["name"] == kinds()[0].name("en")


def test_sealed_tip_is_created_then_known(tip_client, office):
    receipt = Receipt.new()
    fields = fields_of(office, receipt)
    first, again = send(tip_client, fields), send(tip_client, fields)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"reference": reference_of(receipt.keys().tip_id), "files": 0, "refused": []}
    assert again.json()["reference"] == first.json()["reference"]
    assert office.opened(receipt.keys().tip_id)[0].words["story"] == CONTENT.story


def test_raw_files_are_cleaned_sealed_and_the_bad_one_told(tip_client, office):
    receipt = Receipt.new()
    answer = send(tip_client, fields_of(office, receipt), [b"film secret", b"bad"]).json()
    assert (answer["files"], answer["refused"]) == (1, [text("tips.refused_broken", "vi")])
    assert [file.content for file in office.opened(receipt.keys().tip_id)[1].files] == [b"clean film "]


def test_file_too_large_is_told_while_the_rest_goes_in(tip_client, office):
    receipt = Receipt.new()
    answer = send(tip_client, fields_of(office, receipt), [b"x" * (FILE_BYTES_LIMIT + 1), b"film"])
    told = answer.json()
    assert (answer.status_code, told["files"]) == (201, 1)
    assert told["refused"] == [text("tips.refused_too_large", "vi")]


def test_sending_too_large_is_told_in_words_of_its_own(tip_client, office):
    answer = send(tip_client, fields_of(office, Receipt.new()), [b"x" * 15_500_000] * 4)
    told = answer.json()
    assert (answer.status_code, told["error"]) == (413, "too_large")
    assert told["text"] == text("tipweb.broken_too_large", "vi", sending_megabytes=60)
    assert office.store.for_units([LOW, HIGH], office.clock()) == []


def test_original_is_kept_only_when_it_was_asked_for(tip_client, office):
    receipt = Receipt.new()
    parts = [
        ("parcel", (None, json.dumps(fields_of(office, receipt)))),
        ("keep", (None, "yes")),
        ("file", ("a", b"film secret")),
    ]
    assert tip_client.post("/api/tip", files=parts).status_code == 201
    assert [parcel.type for parcel in office.opened(receipt.keys().tip_id)] == ["tip", "more", "original"]


@pytest.mark.parametrize(
    "change",
    [
        {"tag": ""},
        {"tag": 5},
        {"tag": "!!!"},
        {"tag": b64(b"x" * 31)},
        {"tag": b64(b"x" * 32)},
        {"reply_public": b64(bytes(32))},
        {"reply_public": None},
        {"holder": "nobody"},
        {"holder": ""},
        {"holder": ["a"]},
        {"holder": "a" * 5_000},
        {"above": LOW},
        {"holder": HIGH, "above": LOW},
        {"above": ""},
        {"parcel": None},
        {"parcel": {}},
        {"parcel": "text"},
    ],
    ids=range(17),
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(tip_client, office, change):
    answer = send(tip_client, fields_of(office, Receipt.new(), **change))
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_setup")
    assert office.store.for_units([LOW, HIGH], office.clock()) == []


def test_key_that_is_no_longer_current_names_the_part(tip_client, office):
    fields = fields_of(office, Receipt.new())
    office.publish(LOW, day=2)
    assert send(tip_client, fields).json()["part"] == "keys"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", "[" * 5_000])
def test_parcel_that_is_no_object_is_malformed(tip_client, body):
    for path in ("/api/tip", "/api/tip/more", "/api/tip/withdraw"):
        answer = tip_client.post(path, files=[("parcel", (None, body))])
        assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


@given(
    noise=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20), st.lists, max_leaves=4
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_noise_in_any_field_is_refused_kindly(tip_client, office, noise):
    receipt = Receipt.new()
    for name in ("tag", "reply_public", "holder", "parcel"):
        answer = send(tip_client, fields_of(office, receipt, **{name: noise}))
        assert answer.status_code in {400, 422}


def test_status_tells_sealed_replies_and_the_units_to_seal_to(tip_client, office):
    receipt = Receipt.new()
    keys = receipt.keys()
    send(tip_client, fields_of(office, receipt))
    reply = Reply(seq=1, type="question", text="Mấy giờ?", state="needs_information")
    office.store.add_reply(seal_reply(reply, tip_id=keys.tip_id, reply_public=keys.reply_public))
    answer = tip_client.post("/api/tip/status", json={"tag": b64(keys.tag)})
    told = answer.json()
    assert (told["found"], told["next_seq"], told["withdrawn"]) == (True, 2, False)
    assert set(told["units"]) == {LOW, HIGH}
    assert "Mấy giờ" not in answer.text
    assert [entry["seq"] for entry in told["replies"]] == [1]


def test_unknown_tags_find_the_same_nothing(tip_client):
    answers = [tip_client.post("/api/tip/status", json={"tag": b64(bytes([n]) * 32)}) for n in range(3)]
    assert [answer.json() for answer in answers] == [{"found": False}] * 3
    assert tip_client.post("/api/tip/status", json={"tag": "x"}).status_code == 422


def test_more_is_taken_once_and_withdrawing_ends_it(tip_client, office):
    receipt = Receipt.new()
    send(tip_client, fields_of(office, receipt))
    tag = b64(receipt.keys().tag)
    more = {"tag": tag, "parcel": parcel_to_json(sealed(office, receipt, seq=2, kind="more"))}
    assert [send(tip_client, more, path="/api/tip/more").status_code for _ in range(2)] == [201, 200]
    other = {"tag": tag, "parcel": parcel_to_json(sealed(office, receipt, seq=2, kind="more"))}
    assert send(tip_client, other, path="/api/tip/more").json()["error"] == "bad_setup"
    assert len(office.opened(receipt.keys().tip_id)) == 2
    gone = {"tag": tag, "parcel": parcel_to_json(sealed(office, receipt, seq=3, kind="withdraw"))}
    assert send(tip_client, gone, path="/api/tip/withdraw").json() == {"withdrawn": True}
    assert tip_client.post("/api/tip/status", json={"tag": tag}).json()["withdrawn"] is True
    late = {"tag": tag, "parcel": parcel_to_json(sealed(office, receipt, seq=4, kind="more"))}
    assert send(tip_client, late, path="/api/tip/more").status_code >= 400


def test_more_for_an_unknown_tip_is_not_received(tip_client, office):
    receipt = Receipt.new()
    fields = {
        "tag": b64(receipt.keys().tag),
        "parcel": parcel_to_json(sealed(office, receipt, seq=2, kind="more")),
    }
    answer = send(tip_client, fields, path="/api/tip/more")
    assert answer.json()["error"] == "not_received"
    assert answer.json()["text"] == text("tips.not_received", "vi")
