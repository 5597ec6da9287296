"""
Updates that Hypothesis makes up: every kind that the Bot API 10 knows, valid and broken.

`updates()` gives them without `update_id`, now and then with an odd one. What somebody writes holds
`~chat~`, so that words which go elsewhere are seen; the data `PRESS` stands for a button that is there.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bot.telegram.model import ANONYMOUS_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable

Raw = dict[str, Any]

MEMBER = 70_000_001
OFFICERS = -1_009_000_000_009
PEOPLE = (MEMBER, *range(70_000_002, 70_000_013))
_WHO = (*(MEMBER,) * 5, *PEOPLE)  # so that members meet everybody else
GROUPS = (-1_001_000_000_001, -1_001_000_000_002, -4_000_003, OFFICERS)
CHANNEL = -1_001_000_000_004
PRESS = "§ any button that is there"
BOT = "binhan_bot"

_LETTERS = st.text(
    st.characters(codec=None, categories=("L", "N", "P", "S", "Z", "M", "Cc", "Cs")), max_size=40
)
_WORDS = st.sampled_from((
    "hàng xóm đánh nhau thì gọi ai", "/start", "/start baotin", "/start theodoi", "/baotin",
    "/baotin Đầu hẻm 12 có nhóm bán ma túy", "/theodoi", "/theodoi 7KQ2-9FWX-HM4T-3BCDE", "/huy",
    "/hoi", "/hoi hòa giải", "/khancap", "/riengtu", "/ngonngu", "/language", "/thanhvien", "/member x",
    f"/baotin@{BOT} x", "/start@other_bot", f"@{BOT} hòa giải thì tìm ai", f"@{BOT}", "cứu tôi", "khong",
    "<hostile>",
    "giá vàng", "7KQ2-9FWX-HM4T-3BCDE", "Tôi tên Nguyễn Văn A, 0912345678", "xa an binh",
    "Xưởng đầu xóm đêm nào cũng xả nước đen ra mương, cá chết nổi lên.", "/" * 40, "/start " + "A" * 64,
    "/start " + "-_" * 200, "\x00", "\u202e/baotin", "đ" * 4_096, "😀" * 4_096,
    "<b>" * 900, "&amp;" * 800,
))  # fmt: skip
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    _LETTERS,
    st.sampled_from([[], {}, [[]], [None], {"id": None}, "", "\ud800", "9" * 300, -1, 0, 2**63, [1, "a"]]),
).map(copy.deepcopy)
_DATES = st.sampled_from((*(1_795_000_000,) * 16, 0, 1, 1_764_300_000, 4_102_444_800, 10**12, 10**15, -1))


@st.composite
def users(draw: st.DrawFn, number: int | None = None) -> Raw:
    """Somebody."""
    made: Raw = {"id": number or draw(st.sampled_from(_WHO)), "is_bot": False, "first_name": draw(_LETTERS)}
    if draw(st.booleans()):
        made |= {
            "username": "somebody",
            "last_name": draw(_LETTERS),
            "language_code": "vi",
            "is_premium": True,
        }
    return made | ({"is_bot": True} if draw(st.integers(0, 19)) == 13 else {})


@st.composite
def chats(draw: st.DrawFn) -> Raw:
    """Where something happens; private mostly."""
    kind = draw(
        st.sampled_from((*("private",) * 12, "group", "supergroup", "supergroup", "channel", "forum"))
    )
    if kind == "private":
        return {"id": draw(st.sampled_from(_WHO)), "type": "private", "first_name": "N"}
    if kind == "channel":
        return {"id": CHANNEL, "type": "channel", "title": draw(_LETTERS)}
    known = {"id": draw(st.sampled_from(GROUPS)), "title": draw(_LETTERS)}
    if kind == "forum":
        return known | {"type": "supergroup", "is_forum": True}
    return known | {"type": kind}


def _file(draw: st.DrawFn, **more: Any) -> Raw:
    size = draw(st.sampled_from((0, 1, 900, 19_999_999, 20_000_001, 2**40)))
    number = draw(st.integers(0, 9))
    return {"file_id": f"file{number}", "file_unique_id": f"unique{number}", "file_size": size, **more}


def _place(draw: st.DrawFn) -> Raw:
    return {"latitude": draw(st.floats(-400, 400)), "longitude": draw(st.floats(allow_infinity=False))}


_VIDEO = {"width": 1, "height": 1, "duration": 1}
_POLL = {
    "id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0, "persistent_id": "1"}],
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip
_CONTENTS: dict[str, Callable[[st.DrawFn], Any]] = {
    "photo": lambda draw: [_file(draw, width=draw(st.integers(0, 9)), height=2) for _ in range(2)],
    "video": lambda draw: _file(draw, **_VIDEO),
    "video_note": lambda draw: _file(draw, length=1, duration=1),
    "voice": lambda draw: _file(draw, duration=1),
    "audio": lambda draw: _file(draw, duration=1, performer=draw(_LETTERS)),
    "animation": lambda draw: _file(draw, **_VIDEO),
    "document": lambda draw: _file(draw, file_name=draw(_LETTERS)),
    "sticker": lambda draw: _file(
        draw, type="regular", width=1, height=1, is_animated=False, is_video=False, emoji="👍"
    ),
    "location": _place,
    "venue": lambda draw: {"location": _place(draw), "title": draw(_LETTERS), "address": draw(_LETTERS)},
    "contact": lambda draw: {"phone_number": "+84912345678", "first_name": draw(_LETTERS), "user_id": MEMBER},
    "dice": lambda draw: {"value": draw(st.integers(1, 6)), "emoji": "🎲"},
    "poll": lambda _: _POLL,
    "game": lambda draw: {
        "title": draw(_LETTERS),
        "description": "",
        "photo": [_file(draw, width=1, height=1)],
    },
    "invoice": lambda _: {
        "title": "t",
        "description": "d",
        "start_parameter": "s",
        "currency": "VND",
        "total_amount": 1,
    },
    "successful_payment": lambda _: {
        "currency": "XTR",
        "total_amount": 1,
        "invoice_payload": "p",
        "telegram_payment_charge_id": "1",
        "provider_payment_charge_id": "2",
    },
    "story": lambda _: {"chat": {"id": CHANNEL, "type": "channel"}, "id": 1},
    "paid_media": lambda _: {"star_count": 1, "paid_media": [{"type": "preview"}]},
    "checklist": lambda draw: {"title": draw(_LETTERS), "tasks": [{"id": 1, "text": "x"}]},
    "giveaway": lambda _: {"chats": [], "winners_selection_date": 0, "winner_count": 1},
    "web_app_data": lambda draw: {"data": draw(_LETTERS), "button_text": "x"},
    "passport_data": lambda _: {"data": [], "credentials": {"data": "", "hash": "", "secret": ""}},
    "gift": lambda _: {"gift": {"id": "1"}},
    "new_chat_members": lambda draw: [draw(users())],
    "left_chat_member": lambda draw: draw(users()),
    "new_chat_title": lambda draw: draw(_LETTERS),
    "new_chat_photo": lambda draw: [_file(draw, width=1, height=1)],
    "delete_chat_photo": lambda _: True,
    "group_chat_created": lambda _: True,
    "migrate_to_chat_id": lambda draw: draw(st.sampled_from(GROUPS)),
    "migrate_from_chat_id": lambda draw: draw(st.sampled_from(GROUPS)),
    "pinned_message": lambda _: {"chat": {"id": 1, "type": "private"}, "message_id": 1, "date": 0},
    "forum_topic_created": lambda draw: {"name": draw(_LETTERS), "icon_color": 1},
    "forum_topic_closed": lambda _: {},
    "forum_topic_edited": lambda draw: {"name": draw(_LETTERS)},
    "write_access_allowed": lambda _: {},
    "users_shared": lambda _: {"request_id": 1, "users": [{"user_id": MEMBER}]},
    "message_auto_delete_timer_changed": lambda _: {"message_auto_delete_time": 1},
    "video_chat_started": lambda _: {},
    "chat_background_set": lambda _: {"type": {"type": "chat_theme", "theme_name": "x"}},
    "boost_added": lambda _: {"boost_count": 1},
    "suggested_post_info": lambda _: {"state": "pending"},
    "direct_message_price_changed": lambda _: {"are_direct_messages_enabled": True},
}
_ENTITIES = (
    "bot_command",
    "mention",
    "text_mention",
    "url",
    "text_link",
    "custom_emoji",
    "spoiler",
    "new_kind",
)


@st.composite
def messages(draw: st.DrawFn, depth: int = 2) -> Raw:
    """A message of any content, perhaps an album's, perhaps replying to messages that reply."""
    chat = draw(chats())
    private = chat["type"] == "private"
    made: Raw = {"message_id": draw(st.integers(0, 60)), "date": draw(_DATES), "chat": chat}
    author = draw(st.integers(0, 9))
    if private and author != 7:
        made["from"] = draw(users(chat["id"]))
    elif author < 8:
        made["from"] = draw(users())
    if not private and draw(st.integers(0, 5)) == 3:
        made |= {"sender_chat": chat, "from": {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"}}
    said = f"{draw(_LETTERS if draw(st.integers(0, 3)) == 2 else _WORDS)} ~{chat['id']}~"
    if draw(st.integers(0, 9)) < 6:
        made["text"] = said
    else:
        name = draw(st.sampled_from(tuple(_CONTENTS)))
        made |= {name: _CONTENTS[name](draw), "caption": said}
        if name in {"photo", "video"} and draw(st.booleans()):
            made["media_group_id"] = str(draw(st.integers(1, 3)))
    if draw(st.integers(0, 2)) == 1:
        kinds = draw(st.lists(st.sampled_from(_ENTITIES), max_size=3))
        found = [draw(_entities(kind)) for kind in kinds]
        made["entities" if "text" in made else "caption_entities"] = found
    if chat.get("is_forum"):
        made |= {"is_topic_message": True, "message_thread_id": draw(st.integers(0, 9))}
    if depth and draw(st.integers(0, 3)) == 2:
        made["reply_to_message"] = draw(messages(depth - 1))
    return made


@st.composite
def _entities(draw: st.DrawFn, kind: str) -> Raw:
    span = st.sampled_from((0, 0, 1, 5, 11, 4_000, 10**9, -3))
    made: Raw = {"type": kind, "offset": draw(span), "length": draw(span)}
    if kind == "text_mention":
        made["user"] = draw(users())
    return made | ({"url": "tg://user?id=1"} if kind == "text_link" else {})


@st.composite
def presses(draw: st.DrawFn) -> Raw:
    """A press of a button that is there, of one that is not, below anything."""
    chat = draw(chats())
    by = draw(users(chat["id"] if chat["type"] == "private" and draw(st.integers(0, 9)) != 7 else None))
    data = draw(
        st.sampled_from((*(PRESS,) * 20, "c:open", "c:me", "f:x:0", "a" * 64, "đ" * 60, "", "\ud800"))
    )
    made: Raw = {"id": str(draw(st.integers(1, 10**18))), "from": by, "chat_instance": "1", "data": data}
    below = draw(
        st.sampled_from(("message", "message", "message", "inaccessible", "inline", "nothing", "game"))
    )
    if below == "message":
        made["message"] = {"message_id": 30, "date": 1_790_000_000, "chat": chat, "text": "x"}
    elif below == "inaccessible":
        made["message"] = {"message_id": 30, "date": 0, "chat": chat}
    elif below == "inline":
        made["inline_message_id"] = "BAAA"
    elif below == "game":
        del made["data"]
        made["game_short_name"] = "x"
    return made


@st.composite
def memberships(draw: st.DrawFn) -> Raw:
    """Somebody's, or the bot's, membership changes."""
    statuses = ("creator", "administrator", "member", "restricted", "left", "kicked", "unheard of")
    old, new = (
        {
            "user": draw(users()),
            "status": draw(st.sampled_from(statuses)),
            "is_anonymous": False,
            "until_date": 0,
        }
        for _ in range(2)
    )
    chat = draw(chats())
    by = draw(users(chat["id"] if chat["type"] == "private" else None))
    return {"chat": chat, "from": by, "date": draw(_DATES), "old_chat_member": old, "new_chat_member": new}


@st.composite
def others(draw: st.DrawFn) -> Raw:
    """A kind of update that we never asked for."""
    who, chat = draw(users()), draw(chats())
    kinds: dict[str, Raw] = {
        "inline_query": {"id": "1", "from": who, "query": draw(_LETTERS), "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": who, "query": draw(_LETTERS)},
        "shipping_query": {"id": "1", "from": who, "invoice_payload": "x", "shipping_address": {}},
        "pre_checkout_query": {
            "id": "1", "from": who, "currency": "VND", "total_amount": 1, "invoice_payload": "x",
        },
        "poll": _POLL,
        "poll_answer": {"poll_id": "1", "user": who, "option_ids": [0], "option_persistent_ids": []},
        "chat_join_request": {"chat": chat, "from": who, "user_chat_id": 1, "date": 0, "bio": draw(_LETTERS)},
        "message_reaction": {
            "chat": chat, "message_id": 1, "user": who, "date": 0, "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        },
        "message_reaction_count": {"chat": chat, "message_id": 1, "date": 0, "reactions": []},
        "chat_boost": {"chat": chat, "boost": {"boost_id": "1", "add_date": 0, "expiration_date": 1}},
        "removed_chat_boost": {"chat": chat, "boost_id": "1", "remove_date": 0, "source": {}},
        "purchased_paid_media": {"from": who, "paid_media_payload": draw(_LETTERS)},
        "business_connection": {"id": "1", "user": who, "user_chat_id": MEMBER, "date": 0},
        "deleted_business_messages": {"business_connection_id": "1", "chat": chat, "message_ids": [1]},
        "managed_bot": {"user": who, "bot": who},
        "an_unheard_of_kind": {"chat": chat, "from": who},
    }  # fmt: skip
    kind = draw(st.sampled_from(tuple(kinds)))
    return {kind: kinds[kind]}


@st.composite
def updates(draw: st.DrawFn) -> Raw:
    """Any update; one in four is broken somewhere."""
    kind = draw(st.sampled_from((
        *("message",) * 16, *("callback_query",) * 12, "edited_message", "edited_message",
        "channel_post", "edited_channel_post", "business_message", "edited_business_message",
        "guest_message", "my_chat_member", "chat_member", "other", "other",
    )))  # fmt: skip
    if kind == "other":
        made = draw(others())
    elif kind == "callback_query":
        made = {kind: draw(presses())}
    elif kind.endswith("chat_member"):
        made = {kind: draw(memberships())}
    else:
        made = {kind: draw(messages())}
    made = copy.deepcopy(made)
    for _ in range({5: 1, 6: 1, 7: 2}.get(draw(st.integers(0, 11)), 0)):
        _break(draw, made)
    if draw(st.integers(0, 39)) == 27:
        made["update_id"] = draw(ODD)
    return made


def _break(draw: st.DrawFn, made: Raw) -> None:
    """Take something away, put something else in its place, or add what nobody knows."""
    inner: Any = made
    for _ in range(draw(st.integers(1, 4))):
        below = [value for value in _values(inner) if isinstance(value, dict | list) and value]
        if not below:
            break
        inner = draw(st.sampled_from(below))
    if isinstance(inner, list):
        inner[0] = draw(ODD)
        return
    key = draw(st.sampled_from(sorted(inner))) if inner else "x"
    how = draw(st.sampled_from(("take", "replace", "add")))
    if how == "take":
        inner.pop(key, None)
    elif how == "replace":
        inner[key] = draw(ODD)
    else:
        inner[draw(_LETTERS)] = draw(ODD)


def _values(inner: Any) -> list[Any]:
    return list(inner.values()) if isinstance(inner, dict) else list(inner)
