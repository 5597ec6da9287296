"""
The tables of the desk. What stands here in clear is what whoever seizes the desk can read.

Of a tip: its id and the ids of the units that see it. Everything else of it is sealed. In clear stand also
what officers did and when (no content), their sign-ins as hashes, and nothing of any tipster.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from databases.naming import NAMES

metadata = MetaData(naming_convention=NAMES)

# One unit's index entry: card, when to show it, the key of the dossier. Without row ids on SQLite: they
# would tell in which order tips came.
cards = Table(
    "desk_cards",
    metadata,
    Column("tip_id", String(32), primary_key=True),
    Column("unit", String(100), primary_key=True, index=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What all units that work on a tip share: state, notes, what was sent, history.
dossiers = Table(
    "desk_dossiers",
    metadata,
    Column("tip_id", String(32), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Invitations and sessions: what opens the desk in a browser. Tokens as SHA-256 of 256 random bits.
passes = Table(
    "desk_passes",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),  # invite | session
    Column("unit", String(100), nullable=False),
    Column("officer", String(100), nullable=False),
    Column("expires", DateTime(timezone=True), nullable=False),
    Column("idle_until", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(
    "desk_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),  # text: it is hashed as it was written
    Column("officer", String(100), nullable=False),
    Column("unit", String(100), nullable=False),
    Column("action", String(40), nullable=False),
    Column("reference", String(40), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("refused", String(40), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

Index(None, passes.c.expires)

# What stands where in the officers' groups on Telegram, and what is still to be done there. Never a word of a
# tip, nor of an officer: texts are made when they are sent. A group's number, a tip's id and the numbers of
# our own messages stand together here: whoever reads that and the group knows which card is which tip's.
chats = Table(
    "desk_chats",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("moved_to", BigInteger, nullable=False),  # 0: it has not
    Column("trouble", String(20), nullable=False),  # a reason of bot.telegram.errors; "": none
    Column("summary", BigInteger, nullable=False),  # message that counts the cards that wait; 0: none
    Column("reminded", String(10), nullable=False),  # the day of the last reminder, in Vietnam
    sqlite_with_rowid=False,
)

posts = Table(
    "desk_chat_posts",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("tip_id", String(32), primary_key=True),
    Column("topic", BigInteger, nullable=False),  # 0: the group has no topics
    Column("message", BigInteger, nullable=False),  # the card; 0: not there yet
    # Of what the card says, keyed with the unit's private key: unkeyed, every card could be guessed from it.
    Column("digest", String(64), nullable=False),
    Column("has_news", Boolean, nullable=False),  # the group was told of the last answer
    Column("is_closed", Boolean, nullable=False),  # the topic
    sqlite_with_rowid=False,
)

# Rows go once they are done. `due` of a card is rounded: it would tell within seconds when a tip came.
outbox = Table(
    "desk_chat_outbox",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("kind", String(10), nullable=False),  # card | open | delete | reminder | asked
    Column("tip_id", String(32), nullable=False),  # "" where it is about none
    Column("argument", String(100), nullable=False),  # an officer's id, a message's number, both, a day
    Column("due", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("revision", Integer, nullable=False),  # counts how often it was asked for
    UniqueConstraint("chat", "kind", "tip_id", "argument"),
)

Index(None, posts.c.chat, posts.c.message)
Index(None, outbox.c.chat, outbox.c.due)
