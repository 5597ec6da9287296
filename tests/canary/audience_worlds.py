"""
Every surface that can carry an answer, above one library: web (script or none), terminal, Telegram, Zalo.

What a surface let out is one text, with what differs from run to run taken out: times, handles, numbers of
messages and people. Two libraries that differ only in hidden documents must let out the same text.
"""

from __future__ import annotations

import io
import itertools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from starlette.testclient import TestClient

from bot.channels.terminal import as_json, show
from bot.channels.web.server import create_app
from bot.flows.ask import AskFlow
from bot.members.store import MembersBook
from bot.messages import Question
from bot.pace import Pace
from bot.workplace import LocalWorkplace
from knowledge.answering import Answerer
from knowledge.model import Audience
from knowledge.search import Searcher
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.post import Post
from tests.fakes.zalo import fake_zalo
from tests.fakes.zalo_post import ZaloPost

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from knowledge.gate import Gate
    from knowledge.model import DocumentDraft
    from prompts.catalog import Language
    from tests.fakes.telegram.call import Record
    from tests.fakes.telegram.people import Person

_UNHEARD = frozenset(("getUpdates", "sendChatAction", "answerCallbackQuery"))
_TIME = re.compile(r'"(?:embed|search|total)": ?[\d.e-]+')
_HANDLE = re.compile(r'"callback_data": "[^"]*"')
_NUMBERS = ("chat_id", "message_id", "reply_parameters", "reply_to_message_id", "draft_id")
_PRESSED_MOST = 4  # buttons below one answer


class World:
    """One library behind every channel. `said` of each surface is what it lets out."""

    def __init__(
        self, root: Path, drafts: Iterable[DocumentDraft], gate: Gate, answerer: type[Answerer] = Answerer
    ) -> None:
        self._root = root
        self._answerer = answerer
        self._drafts = drafts
        self._gate = gate
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        library = enter(open_library(self._root / "library", HashingEmbedder()))
        for draft in self._drafts:
            library.publish(draft)
        library.finish()
        self._workplace = LocalWorkplace(library, self._answerer(library, Searcher(library), self._gate))
        asking = AskFlow(self._workplace, enter(ThreadPoolExecutor(2)))
        self._web = enter(TestClient(create_app(asking), base_url="http://localhost"))
        self._book = MembersBook.open_file(self._root / "members.sqlite3", self._root / "account-key")
        self._stack.callback(self._book.close)
        self._fake = enter(FakeTelegram())
        clock = iter(range(0, 10**9, 60))  # a minute between any two questions: nobody is asked to wait
        enter(Post(self._fake, asking=asking, members=self._book, pace=Pace(lambda: float(next(clock)))))
        self._zalo = enter(ZaloPost(enter(fake_zalo()), asking=asking))
        self._zalo_chats = itertools.count(1)
        self.stranger = self._fake.person("An")
        self._group = self._fake.group(members=[self.stranger])
        self.member = self._fake.person("Hoa")
        invite = self._book.new_invite(Audience.MEMBER, "phu-nu", uses=5, days=7)
        self.member.start(invite.code)
        self._fake.wait_handled()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def page(self, language: Language) -> str:
        """The page a newcomer sees."""
        return self._web.get(f"/?lang={language}").text

    def by_script(self, question: str, language: Language, previous: tuple[str, ...] = ()) -> str:
        """What the page's script gets."""
        body = {"question": question, "language": language, "previous": previous}
        answer = self._web.post("/api/ask", json=body)
        return _TIME.sub("", json.dumps(answer.json(), ensure_ascii=False))

    def by_form(self, question: str, language: Language) -> str:
        """The page a browser without script gets."""
        return self._web.post("/ask", data={"question": question, "language": language}).text

    def in_terminal(self, question: str, audience: Audience, language: Language = "vi") -> str:
        """What `binhan ask` prints, both ways."""
        answer = self._workplace.ask(Question(text=question, audience=audience, language=language))
        screen = Console(file=io.StringIO(), width=100)
        show(answer, screen, language)
        printed = json.dumps(as_json(answer), ensure_ascii=False)
        return f"{screen.file.getvalue()}\n{_TIME.sub('', printed)}"  # type: ignore[attr-defined]

    def in_private(self, person: Person, question: str) -> str:
        """All that Telegram is sent after *question* and after every button below its answer."""
        mark, at = len(self._fake.calls), self._fake.mark()
        person.say(question)
        self._fake.wait_handled()
        self._press_all(person, at)
        return self._sent(mark)

    def in_group(self, question: str) -> str:
        """The same in a group that anybody reads."""
        mark = len(self._fake.calls)
        self.stranger.in_(self._group).say(f"/hoi {question}")
        self._fake.wait_handled()
        return self._sent(mark)

    def on_zalo(self, question: str) -> str:
        """All that Zalo is sent after *question*, then for its sources and for what a number picks."""
        chat = f"{next(self._zalo_chats):020x}"
        return "\n".join(self._zalo.ask(words, chat=chat) for words in (question, "nguồn", "1"))

    def commands(self) -> str:
        """What the fixed commands say to a stranger, and the menus that were set."""
        mark = len(self._fake.calls)
        for command in ("/start", "/trogiup", "/help"):
            self.stranger.say(command)
            self._fake.wait_handled()
        menus = [_told(call) for call in self._fake.calls if call.method.startswith("setMy")]
        return "\n".join([*menus, self._sent(mark)])

    def thumbs(self, passages: tuple[str, ...]) -> str:
        """What a thumb for *passages* gives back."""
        answer = self._web.post("/api/feedback", json={"passages": passages, "verdict": "up"})
        return f"{answer.status_code} {answer.text}"

    def _press_all(self, person: Person, since: int) -> None:
        shown = [message for _, message in self._fake.world.log[since:] if message.is_from_bot]
        labels = [
            button["text"]
            for message in shown
            for button in message.buttons
            # A tip has a receipt of its own, and what is said next would be part of it.
            if "url" not in button and not button["text"].startswith("Báo tin")
        ]
        for name in labels[:_PRESSED_MOST]:
            holder = next((m for m in reversed(shown) if name in m.labels), None)
            if holder is not None:
                person.press(holder, name)
                self._fake.wait_handled()

    def _sent(self, mark: int) -> str:
        return "\n".join(_told(call) for call in self._fake.calls[mark:] if call.method not in _UNHEARD)


def _told(call: Record) -> str:
    params: dict[str, Any] = {name: value for name, value in call.params.items() if name not in _NUMBERS}
    told = json.dumps(params, ensure_ascii=False, sort_keys=True, default=str)
    return f"{call.method} {_HANDLE.sub('', told)}"
