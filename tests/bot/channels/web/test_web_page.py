"""The page and its files: languages, weight, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.channels.web.assets import CHAT
from bot.channels.web.language import accepted_language
from bot.channels.web.server import create_app
from prompts.catalog import text
from tests.fakes.elements import Elements

PAGE_BUDGET = 60_000  # bytes of HTML, CSS, JavaScript and icon, uncompressed


def test_page_is_vietnamese_unless_another_language_is_wanted(client):
    assert '<html lang="vi">' in client.get("/").text
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "en-GB,en;q=0.8"}).text
    assert '<html lang="vi">' in client.get("/?lang=vi", headers={"Accept-Language": "en"}).text
    assert '<html lang="vi">' in client.get("/?lang=xx", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("en;q=0.1, vi;q=0.2", "vi"),
        ("fr, en;q=0.3", "en"),
        ("en;q=nonsense", "vi"),
        (";;;,,,q=", "vi"),
    ],
)
def test_accepted_language_follows_the_weights(header, language):
    assert accepted_language(header) == language


def test_page_offers_starters_numbers_and_the_other_language(client):
    page = client.get("/").text
    elements = Elements(page)
    links = [link["href"] for link in elements.named("a")]
    assert [link for link in links if link.startswith("tel:")] == ["tel:113", "tel:114", "tel:115", "tel:111"]
    assert "/?lang=en" in links
    picks = [button["value"] for button in elements.named("button") if button.get("name") == "pick"]
    assert len(picks) == 6
    assert text("web.keeps", "vi") in page


def test_page_stands_without_starters_when_they_fail(client, asking):
    asking.starters_failure = RuntimeError("index gone")
    response = client.get("/")
    assert response.status_code == 200
    assert 'name="pick"' not in response.text


def test_name_is_a_setting(asking):
    with TestClient(create_app(asking, name="<An Lành>"), base_url="http://localhost") as renamed:
        assert "<h1>&lt;An Lành&gt;</h1>" in renamed.get("/").text
        assert renamed.get("/manifest.webmanifest").json()["short_name"] == "<An Lành>"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_first_load_fits_a_slow_line(client, language):
    """HTML, style, script and icon together stay within the budget, uncompressed."""
    page = client.get(f"/?lang={language}")
    named = [asset for asset in CHAT.files.values() if asset.path in page.text]
    parts = [len(page.content), *(len(asset.content) for asset in named)]
    assert sum(parts) <= PAGE_BUDGET, parts


def test_page_loads_nothing_from_anywhere_else(client):
    page = client.get("/").text
    sources = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert sources
    assert [source for source in sources if not source.startswith(("/", "#", "tel:"))] == []
    shipped = page + "".join(asset.content.decode() for asset in CHAT.files.values())
    assert set(re.findall(r"https?://[^\s\"')]+", shipped)) <= {"http://www.w3.org/2000/svg"}
    assert "localStorage" not in shipped
    assert "sessionStorage" not in shipped


def test_page_holds_no_inline_script_or_style(client):
    elements = Elements(client.post("/ask", data={"question": "hòa giải"}).text)
    assert all(script.get("src") for script in elements.named("script"))
    assert not elements.named("style")
    assert not [
        name for _, held in elements.found for name in held if name == "style" or name.startswith("on")
    ]


def test_every_id_is_used_once_and_every_label_has_its_field(client):
    elements = Elements(client.get("/").text)
    ids = [held["id"] for _, held in elements.found if "id" in held]
    assert len(ids) == len(set(ids))
    for attribute in ("for", "aria-describedby", "aria-labelledby", "form"):
        assert {held[attribute] for _, held in elements.found if attribute in held} <= set(ids)


def test_files_are_named_by_content_and_kept_for_a_year(client):
    page = client.get("/").text
    assert {name for name, asset in CHAT.files.items() if asset.path in page} >= {
        "app.css",
        "app.js",
        "icon.svg",
    }
    for asset in CHAT.files.values():
        response = client.get(asset.path)
        assert response.content == asset.content
        assert response.headers["content-type"] == asset.media_type
        assert "immutable" in response.headers["cache-control"]
    assert client.get("/static/app.000000000000.js").status_code == 404
    assert client.get("/static/..%2Fserver.py").status_code == 404


def test_manifest_makes_the_page_installable(client):
    response = client.get("/manifest.webmanifest?lang=en")
    assert response.headers["content-type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["lang"] == "en"
    assert manifest["display"] == "standalone"
    assert client.get(manifest["icons"][0]["src"]).headers["content-type"] == "image/svg+xml"


def test_health_is_plain(client):
    assert client.get("/healthz").json() == {"status": "ok"}
