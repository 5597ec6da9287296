"""The tip pages as documents: weight, links, policy, and nothing of anybody in cookies or logs."""

from __future__ import annotations

import gzip
import logging
import re

import pytest

from bot.channels.web.assets import CHAT
from bot.channels.web.guard import SECURITY_HEADERS
from prompts.catalog import text
from tests.bot.channels.web.test_tip_forms import is_received, post, told
from tests.fakes.elements import Elements
from tips.receipts import Receipt

LOAD_BUDGET = 60_000  # bytes of the first load, compressed
PATHS = ("/bao-tin", "/theo-doi", "/lich")
CANARY = "CANARY-9f31"


def files_of(page: str) -> list[bytes]:
    return [asset.content for asset in CHAT.files.values() if asset.path in page]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_first_load_fits_a_slow_line(tip_client, path, language):
    page = tip_client.get(f"{path}?lang={language}").text
    loaded = [page.encode(), *files_of(page)]
    if path == "/bao-tin":
        loaded += [tip_client.get(f"/api/tip/{part}").content for part in ("setup", "places")]
    weight = sum(len(gzip.compress(each, 6)) for each in loaded)
    assert weight <= LOAD_BUDGET, weight


@pytest.mark.parametrize("path", PATHS)
def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_script(tip_client, path):
    page = tip_client.get(path).text
    sources = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert [each for each in sources if not each.startswith(("/", "#", "tel:"))] == []
    elements = Elements(page)
    assert all(script.get("src") for script in elements.named("script"))
    assert not elements.named("style")
    assert not [
        name for _, held in elements.found for name in held if name == "style" or name.startswith("on")
    ]
    shipped = b"".join(files_of(page)).decode()
    for forbidden in ("localStorage", "sessionStorage", "indexedDB", "innerHTML", "document.cookie", "eval("):
        assert forbidden not in shipped


@pytest.mark.parametrize("path", ["/bao-tin", "/theo-doi"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_id_is_used_once_and_every_field_has_its_label(tip_client, path, language):
    page = tip_client.get(f"{path}?lang={language}").text
    document, _, _ = page.partition('<template id="t-sent">')
    elements = Elements(document)
    ids = [held["id"] for _, held in elements.found if "id" in held]
    assert len(ids) == len(set(ids))
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        assert {held[attribute] for _, held in elements.found if attribute in held} <= set(ids)
    labelled = {held["for"] for held in elements.named("label") if "for" in held}
    typed = [*elements.named("textarea"), *elements.named("input")]
    bare = [held for held in typed if held.get("type") not in {"hidden", "radio", "checkbox"}]
    assert {held["id"] for held in bare} <= labelled


def test_nothing_typed_is_sent_to_a_spelling_or_translation_service(tip_client):
    """Browsers can send what is typed, or shown, to their maker for both."""
    for path in ("/bao-tin", "/theo-doi"):
        elements = Elements(tip_client.get(path).text)
        lines = [held for held in elements.named("input") if "type" not in held]
        typed = [*elements.named("textarea"), *lines]
        assert typed
        assert {held.get("spellcheck") for held in typed} == {"false"}
        shown = [held for _, held in elements.found if held.get("id") in {"summary", "replies", "receipt"}]
        assert {held.get("translate") for held in shown} == {"no"}


def test_pages_are_kept_nowhere_and_guarded(tip_client):
    for path in (*PATHS, "/api/tip/setup"):
        response = tip_client.get(path)
        assert "set-cookie" not in response.headers
        assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    for path in PATHS:
        assert tip_client.get(path).headers["cache-control"] == "no-store"


def test_front_page_and_answers_lead_to_the_tip_page(tip_client, client):
    link = text("tipweb.front_link", "vi")
    assert link in tip_client.get("/").text
    assert "/bao-tin?lang=en" in tip_client.get("/?lang=en").text
    danger = tip_client.post("/api/ask", json={"question": "help me", "language": "vi"}).json()["bubble"]
    assert '<a href="/bao-tin?lang=vi">' in danger
    plain = tip_client.post("/api/ask", json={"question": "hòa giải", "language": "vi"}).json()["bubble"]
    assert "/bao-tin" not in plain
    assert "/bao-tin" not in client.get("/").text
    assert "/bao-tin" not in client.post("/api/ask", json={"question": "help me"}).json()["bubble"]
    assert client.get("/bao-tin").status_code == 404


def test_calendar_says_nothing_of_us(tip_client):
    for language in ("vi", "en"):
        page = tip_client.get(f"/lich?lang={language}").text
        assert "Bình An" not in page
        assert "tin" not in re.sub(r"<[^>]+>", "", page).lower().split()
        assert 'aria-current="date"' in page


def test_development_unit_is_told_in_plain_words(asking, tmp_path):
    from starlette.testclient import TestClient

    from bot.channels.web.server import create_app
    from bot.channels.web.tip_site import WebTips
    from tests.fakes.tip_office import TipOffice
    from tips.units import UnitBook, development_units

    office = TipOffice(tmp_path / "trial", units=UnitBook.parse(development_units()).units)
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    with TestClient(create_app(asking, tips=tips), base_url="http://localhost") as client:
        assert text("tipweb.trial", "vi") in client.get("/bao-tin").text
    office.store.close()


def test_nothing_typed_reaches_a_log_or_a_cookie(tip_client, office, caplog):
    """Every path, with what it should take and with what it should not, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    receipt = Receipt.new()
    sender = {"User-Agent": CANARY, "X-Forwarded-For": CANARY, "Referer": f"http://localhost/{CANARY}"}
    everything = dict.fromkeys(("place", "when", "detail_people", "concerns_whom", "kind", "area"), CANARY)
    responses = [
        post(tip_client, "/bao-tin", told(receipt, story=CANARY, **everything), [CANARY.encode()], **sender),
        post(tip_client, "/bao-tin", told(receipt, story=CANARY, check=CANARY), **sender),
        post(tip_client, "/bao-tin", told(Receipt.new(), story=CANARY, concerns=[CANARY]), **sender),
        post(
            tip_client,
            "/theo-doi",
            {"receipt": receipt.text, "do": "more", "text": CANARY, "seq": "2"},
            **sender,
        ),
        post(tip_client, "/theo-doi", {"receipt": CANARY, "do": CANARY}, **sender),
        tip_client.post("/api/tip", files=[("parcel", (None, f'{{"tag": "{CANARY}"}}'))], headers=sender),
        tip_client.post("/api/tip/status", json={"tag": CANARY}, headers=sender),
    ]
    assert is_received(responses[0].text)
    office.store.close()
    (office.folder / "tips.sqlite3").unlink()
    responses.append(post(tip_client, "/bao-tin", told(Receipt.new(), story=CANARY), **sender))
    assert not any("set-cookie" in response.headers for response in responses)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    written = "\n".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in ours)
    assert CANARY not in written
    assert receipt.text not in written
    assert receipt.canonical not in written
