"""Answers as safe HTML; texts and colours that everybody can read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.channels.web.assets import CHAT
from bot.channels.web.render import Renderer, safe_url, text_html
from knowledge.answer import Answer, Status
from prompts.catalog import catalog, text
from tests.fakes.asking import MEDIATION
from tests.fakes.elements import Elements

ALERT = "<script>alert"


def test_markup_in_an_answer_is_shown_not_run(client):
    for body in (
        client.post("/api/ask", json={"question": "<hostile>"}).json()["bubble"],
        client.post("/ask", data={"question": f"<hostile>{ALERT}(9)</script>"}).text,
    ):
        elements = Elements(body)
        assert ALERT not in body
        assert {"i", "u", "s"}.isdisjoint(
            tag for tag, _ in elements.found if tag != "i" or "dots" not in body
        )
        assert all(script.get("src", "").startswith("/static/") for script in elements.named("script"))
        assert not [held for held in elements.named("img") if held.get("src") == "x"]
        hrefs = [link.get("href") or "" for link in elements.named("a")]
        assert not [
            href for href in hrefs if "javascript" in href or ("://" in href and "example.org" not in href)
        ]
        assert not [name for _, held in elements.found for name in held if name.startswith("on")]


def test_choices_have_one_heading_and_a_name_for_a_screen_reader():
    """A refusal asks "do you mean one of these" in its own words; below an answer a heading says it."""
    page = Renderer(language="vi", name="Bình An")
    near = ("Nhờ hòa giải thì gặp ai?", "Hòa giải có mất tiền không?")
    heading = text("web.suggestions", "vi")
    refused = str(page.answer(Answer(status=Status.REFUSED, text="Ý là:", suggestions=near)))
    answered = str(page.answer(replace(MEDIATION, suggestions=near)))
    assert all(question in shown for shown in (refused, answered) for question in near)
    assert f'<p class="label">{heading}</p>' in answered
    assert f'<p class="label">{heading}</p>' not in refused
    assert f'<ul aria-label="{heading}">' in refused


def test_dangerous_links_are_dropped_from_the_data_too(client):
    citations = client.post("/api/ask", json={"question": "<hostile>"}).json()["citations"]
    assert citations[0]["url"] == ""


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://vbpl.vn/a?b=1", "https://vbpl.vn/a?b=1"),
        (" http://a.example ", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("https://", ""),
        ("https://[", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_linked(url, safe):
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**113**", '<p><a class="tel" href="tel:113"><strong>113</strong></a></p>\n'),
        (
            "**0912 345 678**",
            '<p><a class="tel" href="tel:0912345678"><strong>0912 345 678</strong></a></p>\n',
        ),
        ("**2013**", "<p><strong>2013</strong></p>\n"),
        ("[a](http://b.example)", "<p>[a](http://b.example)</p>\n"),
        ("![a](/b)", "<p>![a](/b)</p>\n"),
        ("<b>a</b> &amp;", "<p>&lt;b&gt;a&lt;/b&gt; &amp;amp;</p>\n"),
        ("# a", "<p># a</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ],
)
def test_small_markdown_is_all_that_is_read(markdown, html):
    assert str(text_html(markdown)) == html


def test_texts_stand_in_both_languages_with_the_same_blanks():
    vietnamese, english = (
        {key: words for key, words in catalog(language).items() if key.startswith("web.")}
        for language in ("vi", "en")
    )
    assert set(vietnamese) == set(english)
    for key, words in vietnamese.items():
        blanks = set(re.findall(r"{(\w+)}", words)), set(re.findall(r"{(\w+)}", english[key]))
        # The assistant's name is always given; a sentence may go without it.
        assert blanks[0] - {"name"} == blanks[1] - {"name"}, key


READ_AS_TEXT = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "mine"),
    ("ink", "tint"),
    ("ink", "refused"),
    ("ink", "alarm"),
    ("soft", "paper"),
    ("soft", "card"),
    ("soft", "refused"),
    ("brand", "paper"),
    ("brand", "card"),
    ("brand", "tint"),
    ("brand", "refused"),
    ("brand", "alarm"),
    ("on-brand", "brand"),
    ("refused-ink", "refused"),
    ("alarm-ink", "alarm"),
    ("on-call", "call"),
]
SEEN_AS_EDGE = [("edge", "card"), ("edge", "paper"), ("focus", "paper"), ("focus", "card"), ("call", "alarm")]


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root\s*{(.*?)}", CHAT.files["app.css"].content.decode(), re.DOTALL)
    return {"light": variables(light), "dark": variables(light) | variables(dark)}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read_by_weak_eyes(scheme):
    """WCAG AA: 4.5 for text, 3 for the edges of controls, light and dark."""
    colours = schemes()[scheme]
    weak = {(one, other): contrast(colours[one], colours[other]) for one, other in READ_AS_TEXT}
    edges = {(one, other): contrast(colours[one], colours[other]) for one, other in SEEN_AS_EDGE}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert {pair: ratio for pair, ratio in edges.items() if ratio < 3} == {}


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_report_is_shown_with_its_sources_and_no_thumbs(client):
    """With a script and without: it was not searched for, so there is nothing to judge."""
    for body in (
        client.post("/api/ask", json={"question": "tôi bị lừa 2 triệu"}).json()["bubble"],
        client.post("/ask", data={"question": "tôi bị lừa 2 triệu"}).text,
    ):
        assert "chưa đến công an" in body
        assert catalog("vi")["web.kind_report"] in body
        assert 'class="sources"' in body
        assert "data-verdict" not in body
        assert "cần giữ những chứng cứ gì" in body


def test_small_talk_is_shown_as_words_alone(client):
    body = client.post("/api/ask", json={"question": "cảm ơn nhé"}).json()["bubble"]
    assert "không có chi" in body
    for absent in ("data-verdict", 'class="sources"', 'class="label"', 'class="choices"'):
        assert absent not in body
