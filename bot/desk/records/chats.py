"""
The officers' groups on Telegram: which card stands where, and what is still to be sent.

Nothing here is a text: a row says what to do, and the text is made of the desk when it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.desk.records.tables import chats, outbox, posts
from tips.store.rows import with_zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Table

    from databases.database import Database

Kind = Literal["card", "open", "delete", "reminder", "asked"]
_ROWS = 1_000  # of the outbox, looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatState:
    """What is known of one group."""

    chat: int
    moved_to: int = 0  # its new number, once it became a supergroup
    trouble: str = ""  # a reason of `bot.telegram.errors`
    summary: int = 0  # message that counts the cards that wait
    reminded: str = ""  # ISO day of the last reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a tip's card stands in a group."""

    chat: int
    tip_id: str
    topic: int = 0
    message: int = 0
    digest: str = ""
    has_news: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Something to do in a group; `number` gives their order, `due` is when, or when it was asked for."""

    number: int
    chat: int
    kind: Kind
    tip_id: str
    argument: str
    due: datetime
    tries: int
    revision: int


class ChatRecords:
    """The SQL side of the groups. Safe to share between threads and processes. Raises TipStoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # groups

    def states(self) -> list[ChatState]:
        """Every group that something is known of."""
        with self._database.reading() as connection:
            return [ChatState(**row) for row in connection.execute(select(chats)).mappings()]

    def state(self, chat: int) -> ChatState:
        """One group; empty for one nothing is known of."""
        with self._database.reading() as connection:
            row = connection.execute(select(chats).where(chats.c.chat == chat)).mappings().first()
        return ChatState(**row) if row else ChatState(chat=chat)

    def note_state(self, chat: int, **changes: object) -> None:
        """Write some fields of a group's `ChatState`."""
        whole = {"moved_to": 0, "trouble": "", "summary": 0, "reminded": ""} | changes
        with self._database.writing() as connection:
            _upsert(connection, chats, {"chat": chat}, whole, changes)

    def move(self, chat: int, new: int) -> None:
        """
        The group has the number *new* from now on.

        Its cards are sent there again: messages of the old group cannot be reached under the new number.
        """
        unreached = {"topic": 0, "message": 0, "digest": "", "is_closed": False}
        self.note_state(chat, moved_to=new, summary=0)
        with self._database.writing() as connection:
            there = select(posts.c.tip_id).where(posts.c.chat == new)
            connection.execute(delete(posts).where(posts.c.chat == chat, posts.c.tip_id.in_(there)))
            connection.execute(update(posts).where(posts.c.chat == chat).values(unreached | {"chat": new}))
            connection.execute(delete(outbox).where(outbox.c.chat == chat))

    # cards

    def posts(self, chat: int) -> dict[str, Post]:
        """Every card of a group, by tip_id."""
        query = select(posts).where(posts.c.chat == chat)
        with self._database.reading() as connection:
            return {row["tip_id"]: Post(**row) for row in connection.execute(query).mappings()}

    def post(self, chat: int, tip_id: str) -> Post | None:
        """Where a tip's card stands."""
        query = select(posts).where(posts.c.chat == chat, posts.c.tip_id == tip_id)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return Post(**row) if row else None

    def tip_of(self, chat: int, message: int) -> str:
        """The tip whose card a message is; "" if it is none."""
        query = select(posts.c.tip_id).where(posts.c.chat == chat, posts.c.message == message)
        with self._database.reading() as connection:
            return str(connection.scalar(query) or "") if message else ""

    def put_post(self, post: Post) -> None:
        """Write where a card stands, or write over it."""
        values = {name: getattr(post, name) for name in Post.__slots__ if name not in {"chat", "tip_id"}}
        with self._database.writing() as connection:
            _upsert(connection, posts, {"chat": post.chat, "tip_id": post.tip_id}, values, values)

    def drop_post(self, chat: int, tip_id: str) -> None:
        """Forget a tip's card, and what was still to be done about it but deletions; on the disk too."""
        waits = and_(outbox.c.chat == chat, outbox.c.tip_id == tip_id)
        with self._database.writing() as connection:
            connection.execute(delete(posts).where(posts.c.chat == chat, posts.c.tip_id == tip_id))
            connection.execute(delete(outbox).where(waits, outbox.c.kind != "delete"))
            connection.execute(update(outbox).where(waits).values(tip_id=""))
        self._database.empty_log()

    # what is to be done

    def ask_for(self, chat: int, kind: Kind, tip_id: str = "", argument: str = "", *, due: datetime) -> None:
        """Note an errand. Asked for again before it is done, it is still one."""
        key = {"chat": chat, "kind": kind, "tip_id": tip_id, "argument": argument}
        with self._database.writing() as connection:
            _upsert(
                connection,
                outbox,
                key,
                {"due": due, "tries": 0, "revision": 1},
                {"revision": outbox.c.revision + 1},
            )

    def errands(self, chat: int, now: datetime) -> list[Errand]:
        """What is due in a group, in the order it was asked for."""
        query = (
            select(outbox)
            .where(outbox.c.chat == chat, outbox.c.due <= now)
            .order_by(outbox.c.number)
            .limit(_ROWS)
        )
        with self._database.reading() as connection:
            return [
                Errand(**{name: row[name] for name in Errand.__slots__} | {"due": with_zone(row["due"])})
                for row in connection.execute(query).mappings()
            ]

    def note_question(self, chat: int, message: int, officer: str, *, until: datetime) -> None:
        """Remember until then that a message of ours asked an officer for words; of which tip is not kept."""
        self.ask_for(chat, "asked", argument=f"{message}:{officer}", due=until)

    def asked_whom(self, chat: int, message: int) -> str:
        """The officer whom a message of ours asked for words, alive or over; "" if it asked nobody."""
        is_it = and_(outbox.c.chat == chat, outbox.c.kind == "asked")
        query = select(outbox.c.argument).where(is_it, outbox.c.argument.startswith(f"{message}:"))
        with self._database.reading() as connection:
            return str(connection.scalar(query) or "").partition(":")[2]

    def asked_for(self, chat: int, kind: Kind) -> set[str]:
        """The tips that errands of a kind wait for in a group, due or not; "" for those of no tip."""
        query = select(outbox.c.tip_id).where(outbox.c.chat == chat, outbox.c.kind == kind)
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    def done(self, errand: Errand) -> None:
        """Forget an errand, unless it was asked for again meanwhile."""
        is_it = and_(outbox.c.number == errand.number, outbox.c.revision == errand.revision)
        with self._database.writing() as connection:
            connection.execute(delete(outbox).where(is_it))

    def later(self, errand: Errand, due: datetime, *, is_try: bool = True) -> None:
        """Do an errand at *due*; *is_try* counts that it was tried in vain."""
        changes = {"due": due, "tries": outbox.c.tries + int(is_try)}
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.number == errand.number).values(changes))

    def hasten(self, chat: int, tip_id: str, due: datetime) -> None:
        """Delete what was shown of a tip at *due*, if that is sooner; drop openings that wait."""
        of_tip = and_(outbox.c.chat == chat, outbox.c.tip_id == tip_id)
        with self._database.writing() as connection:
            connection.execute(delete(outbox).where(of_tip, outbox.c.kind == "open"))
            connection.execute(
                update(outbox).where(of_tip, outbox.c.kind == "delete", outbox.c.due > due).values(due=due)
            )


def _upsert(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    new: Mapping[str, Any],
    changed: Mapping[str, Any],
) -> None:
    """Insert *key* and *new*, or change the row of *key* that is there as *changed* says."""
    is_it = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(is_it).values(**changed)).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(**key, **new))
    except IntegrityError:  # another process wrote it between the two statements
        connection.execute(update(table).where(is_it).values(**changed))
