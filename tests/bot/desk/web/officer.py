"""An officer at the web desk without a browser: reads pages, presses the buttons that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from bot.desk.web.server import desk_app
from bot.desk.web.site import PageSettings
from prompts.catalog import text
from tests.bot.desk.station import A

if TYPE_CHECKING:
    from httpx import Response

    from bot.desk.gaps import GapDesk
    from bot.desk.papers import PaperDesk
    from tests.bot.desk.station import Station


@dataclass
class Form:
    """A form as it stands in a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form" and told.get("method") == "post":
            self.forms.append(Form(told["action"] or ""))
        elif not self.forms:
            return
        elif tag == "input" and name and (told.get("type") != "checkbox" or "checked" in told):
            self.forms[-1].fields[name] = told.get("value") or ""
        elif tag == "select":
            self._select = name
            self.forms[-1].choices[name] = []
        elif tag == "option":
            choices, value = self.forms[-1].choices[self._select], told.get("value") or ""
            if not choices or "selected" in told:
                self.forms[-1].fields[self._select] = value
            choices.append(value)
        elif tag == "textarea":
            self._textarea = name
            self.forms[-1].fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data


def forms_of(page: Response | str) -> dict[str, Form]:
    """The forms that a page posts, by the last part of their address."""
    reader = _Forms()
    reader.feed(page if isinstance(page, str) else page.text)
    return {form.action.rpartition("/")[2]: form for form in reader.forms}


def vi(key: str, **fields: object) -> str:
    """One of the page's Vietnamese texts."""
    return text(f"deskweb.{key}", "vi", name="Bình An", **fields)


def app_of(
    station: Station,
    settings: PageSettings | None = None,
    gaps: GapDesk | None = None,
    papers: PaperDesk | None = None,
) -> Starlette:
    """The web desk of *station*, mounted where it is for real."""
    pages = desk_app(
        station.desk,
        name="Bình An",
        book=station.book,
        now=station.clock,
        settings=settings or PageSettings(wrong_seconds=0.0),
        gaps=gaps,
        papers=papers,
    )
    return Starlette(routes=[Mount("/desk", pages)])


class Officer:
    """Somebody at a browser, signed in or not yet."""

    def __init__(self, station: Station, *, app: Starlette | None = None, scheme: str = "http") -> None:
        self.station = station
        self.client = TestClient(
            app or app_of(station), base_url=f"{scheme}://desk.test", headers={"Accept-Language": "vi"}
        )

    def come_in(self, unit: str = A, role: str = "officer") -> Officer:
        """Sign in by a link."""
        token = self.station.desk.invite(unit, self.station.seat(unit, role).officer.id)
        page = self.get(f"vao/{token}")
        landed = self.press(page, token)
        assert landed.status_code == 200
        return self

    def get(self, path: str = "", **headers: str) -> Response:
        """A page under /desk/; redirects are followed."""
        return self.client.get(f"/desk/{path}", headers=headers)

    def post(self, path: str, **fields: str) -> Response:
        """Any form, with exactly these fields."""
        return self.client.post(f"/desk/{path}", data=fields)

    def press(self, page: Response, name: str, **fields: str) -> Response:
        """Fill in and press the form *name* that stands in *page*."""
        form = forms_of(page)[name]
        return self.client.post(form.action, data={**form.fields, **fields})

    def open(self, tip_id: str) -> Response:
        """Open a tip by its button."""
        return self.press(self.get(f"tin/{tip_id}"), "mo")

    def sure(self, page: Response, name: str, **fields: str) -> Response:
        """Press the form *name*, then the button that asks whether it is meant."""
        return self.press(self.press(page, name, **fields), name)
