"""A bot for residents and another for the officers' groups, in one program and behind one address."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

from prompts.catalog import text
from tests.bot.channels.telegram.waiting import offering, until
from tests.bot.program import ripe_program
from tests.e2e.test_telegram_round import PATIENCE_S, QUESTION, Officers, Resident, follow
from tests.fakes.telegram.fake import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICERS_TOKEN = "7310000002:AAFakeTokenOfOfficers_0123456789abcd"  # noqa: S105 - opens only the fake
_HOPS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}


@contextmanager
def one_address(*fakes: FakeTelegram) -> Iterator[str]:
    """An address that leads each token to its own fake."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            fake = next(fake for fake in fakes if fake.token in unquote(self.path))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOPS}
            request = urllib.request.Request(fake.api + self.path, body, headers, method=self.command)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    status, content = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    status, content = error.code, error.read()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the program was stopped while it waited for updates
                self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 - as above

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_officers_work_with_a_bot_of_their_own(tmp_path_factory, tmp_path):
    ripe = ripe_program(tmp_path_factory.getbasetemp() / "ripe")
    with FakeTelegram() as public, FakeTelegram(OFFICERS_TOKEN, "binhan_truc_bot") as inside:
        an, desk = Resident(public), Officers(inside)
        with one_address(public, inside) as api:
            program = ripe.on_a_copy(tmp_path / "data").having(
                telegram_token=public.token,
                telegram_desk_token=inside.token,
                telegram_api=api,
                telegram_admin_chat=str(desk.group.id),
            )
            with program.serving() as service:
                receipt = an.send_album()
                card = desk.wait(offering(text("desktg.button_open")))
                desk.open(card)
                desk.ask(card, QUESTION)
                until(lambda: text("deskweb.state_needs_information") in card.text, PATIENCE_S)
                follow(an, receipt, QUESTION)
                stranger = inside.person("Bình")
                stranger.say("hòa giải thì tìm ai")
                until(lambda: inside.pending == 0, PATIENCE_S)
                assert not stranger.private.from_bot, "the officers' bot answers no resident"
                assert not [call for call in public.calls if str(desk.group.id) in f"{call.params}"]
                assert not {public.token, inside.token} & set(service.said.split())
        public.check()
        inside.check()
