"""The drive through Telegram: every kind of update with canaries in it, and everything that goes wrong."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from prompts.catalog import catalog, text
from tests.canary.cast import Kind
from tests.canary.telegram_cast import PATIENCE_S, Officer, Somebody
from tests.tips.attachments import recordings
from tips.intake import reference_of

if TYPE_CHECKING:
    from tests.canary.stage import Stage
    from tests.fakes.telegram.groups import Group
    from tests.fakes.telegram.records import Message
    from tips.receipts import Receipt


def said(key: str) -> str:
    """What a text begins with as Telegram shows it, up to what fills it."""
    words = catalog("vi")[key].replace("{name}", "Bình An").replace("**", "")
    return words.splitlines()[0].split("{")[0].strip()


def label(key: str) -> str:
    """A button's."""
    return text(key, "vi")


# residents


def ask_and_edit(an: Somebody) -> None:
    """Questions, one of them edited; buttons of an answer; commands; everything that is no words."""
    answer = an.asks(f"hàng xóm {an.tells('question')} đánh nhau thì gọi ai hòa giải", "Nguồn")
    for data in [button["callback_data"] for button in answer.buttons if "callback_data" in button][:3]:
        press = an.person.press(answer, data)
        an.fake.wait_until(lambda press=press: press.is_answered, PATIENCE_S)
    question = an.say(f"tố giác {an.tells('before editing')} ở đâu")
    an.hears("")
    an.mark = an.fake.mark()
    an.person.edit(question, f"tố giác tội phạm {an.tells('after editing')} ở đâu")
    an.hears("")
    for command in ("/start", "/riengtu", "/khancap", "/trogiup", "/ngonngu", "/huy", "/thanhvien"):
        an.asks(command)
    an.asks(f"/{an.sender.who('unknown command')}", said("telegram.unknown_command"))
    an.mark = an.fake.mark()
    an.person.sticker()
    an.person.contact()
    an.person.poll(an.tells("poll"), [an.tells("option"), "b"])
    an.hears(said("telegram.nothing_read"))
    an.mark = an.fake.mark()
    an.person.write(
        text=f"giá vàng {an.tells('forwarded')}",
        fields={
            "forward_origin": {
                "type": "hidden_user",
                "date": 1_700_000_000,
                "sender_user_name": an.sender.who("forwarded from"),
            }
        },
    )
    an.hears("")


def send_whole_tip(lan: Somebody) -> Receipt:
    """Every question of a tip answered, with every kind of file; a notice asked for at its end."""
    story, files = lan.sender.story("tip"), lan.sender
    lan.say("/baotin")
    lan.press(label("tip.danger_no"))
    lan.press(label("kinds.group_social"))
    lan.press(label("kinds.kind_drugs"))
    lan.hears(said("tip.ask_place"))
    lan.mark = lan.fake.mark()
    lan.person.location(10.7769123, 106.7009456)
    lan.hears(said("tip.ask_when"))
    lan.asks(story.when, said("tip.ask_story"))
    lan.asks(story.story, "")
    lan.press(label("tip.details_enough"))
    lan.hears(said("tip.ask_files"))
    lan.mark = lan.fake.mark()
    lan.person.album([files.photo("first of album"), files.photo("second of album")], lan.tells("caption"))
    lan.hears(said("tip.ask_files_more"))
    for kind, content, ending in (
        ("video", recordings.mp4(), "mp4"),
        ("voice", recordings.mp3(), "mp3"),
        ("document", files.letter("letter"), "docx"),
        ("document", files.picture("picture"), "png"),
    ):
        lan.mark = lan.fake.mark()
        lan.person.send_file(kind, content, name=f"{files.who(f'{kind} {ending} name')}.{ending}")
        lan.hears("tệp")
    lan.person.contact()
    lan.person.sticker()
    lan.offered(label("tip.files_done"))
    lan.press(label("tip.files_done"))
    lan.press(label("tip.concerns_no"))
    return finish(lan, notify=True)


def send_album(binh: Somebody) -> Receipt:
    """An album whose caption is the whole story; the conversation is wiped afterwards."""
    story = binh.sender.story("album")
    caption = (
        f"{story.story} {story.place}. {story.when}, {story.details['people']}, cạnh {story.details['spot']}."
    )
    binh.mark = binh.fake.mark()
    binh.person.album([binh.sender.photo("photo"), ("video", recordings.mp4())], caption)
    receipt = finish(binh, notify=False)
    binh.hears("Đã xóa")
    return receipt


def finish(somebody: Somebody, *, notify: bool) -> Receipt:
    """From the summary to the end."""
    somebody.press(label("tip.summary_go_on"))
    coaching = label("tip.coaching_enough")
    shown = somebody.fake.wait_for(
        lambda message: coaching in message.labels or message.is_protected,
        somebody.person.private,
        PATIENCE_S,
        since=somebody.mark,
    )
    if coaching in shown.labels:
        somebody.press(coaching)
    receipt = somebody.take_receipt()
    somebody.press(label("tip.ready_send"))
    somebody.hears(said("tip.received"))
    if notify:
        somebody.press(label("tip.sent_notify"))
        somebody.hears(said("tip.notify_taken"))
        somebody.press(label("tip.sent_keep"))
        somebody.hears(said("tip.goodbye"))
    else:
        somebody.press(label("tip.sent_delete"))
    return receipt


def give_up(chi: Somebody) -> None:
    """A draft with a file and a place, edited, cancelled."""
    draft = chi.sender.story("draft", Kind.DRAFT)
    chi.say(f"/baotin {draft.story} {draft.place}")
    chi.offered(label("tip.summary_go_on"))
    chi.asks(f"Thêm nữa: {chi.tells('draft words', Kind.DRAFT)}")
    chi.mark = chi.fake.mark()
    chi.person.photo(chi.sender.photo("draft photo"), chi.tells("draft caption", Kind.DRAFT))
    chi.hears("")
    chi.asks("/huy", "")
    chi.press(label("tip.cancel_yes"))
    chi.hears(said("tip.cancelled"))


def follow(lan: Somebody, receipt: Receipt, question: str) -> None:
    """Look the tip up, read the officer's question, answer it; a wrong receipt before."""
    wrong = lan.sender.receipt()
    lan.say("/theodoi")
    lan.hears(said("follow.ask_receipt"))
    lan.asks(wrong.text, said("follow.nothing"))
    lan.say(f"/theodoi {receipt.text.lower()}")
    lan.hears(question)
    lan.press(text("follow.open_answer", "vi", number=2))
    lan.hears(said("follow.ask_answer"))
    lan.mark = lan.fake.mark()
    lan.person.photo(lan.sender.photo("answer photo"), f"Bổ sung: {lan.tells('answer')}")
    lan.press(label("follow.review_send"))
    lan.hears(said("follow.more_received"))


def join(hoa: Somebody, stage: Stage) -> None:
    """A wrong code, a right one, a question as a member; another asks what they are."""
    hoa.asks(f"/start {hoa.sender.who('wrong code')}", said("telegram.code_refused"))
    made = stage.run(
        "invites", "new", "--audience", "member", "--org", "phu-nu", "--bot", "binhan_bot", "--json"
    )
    code = json.loads(made.stdout)["code"]
    hoa.cast.add("code", code, Kind.KEY, hoa.name)
    hoa.asks(f"/start {code}", said("telegram.joined"))
    hoa.asks(f"hòa giải {hoa.tells('question of a member')}", "Nguồn")
    hoa.asks("/thanhvien", "Liên hiệp Phụ nữ")
    stage.run("members", "list")


def meet_in_a_group(an: Somebody, group: Group, bot: str) -> None:
    """Named, commanded, replied to, by a person, an anonymous administrator and a channel."""
    hands = an.person.in_(group)
    mark = an.fake.mark()
    hands.say(f"@{bot} hàng xóm đánh nhau {an.tells('question in a group')} gọi ai hòa giải")
    answer = an.fake.wait_for("", group, PATIENCE_S, since=mark)
    hands.say(f"/baotin@{bot} {an.tells('tip in a group')}")
    an.fake.wait_for(said("telegram.group_no_tips"), group, PATIENCE_S, since=mark)
    hands.say(f"còn {an.tells('reply in a group')} thì sao", reply_to=answer)
    hands.photo(an.sender.photo("photo in a group"), f"@{bot} {an.tells('caption in a group')}")
    an.person.in_(group, is_anonymous=True).say(f"/hoi@{bot} {an.tells('anonymous question')}")
    an.person.in_(group, channel=an.fake.channel(an.sender.who("channel"))).say(f"/trogiup@{bot}")
    hands.forge_press(an.sender.who("forged in a group"), answer)
    an.fake.wait_handled(PATIENCE_S)


def forge(an: Somebody, other: Somebody) -> None:
    """Presses with made-up data, on somebody else's buttons, below deleted and inline messages."""
    answer = an.asks("hòa giải", "Nguồn")
    stolen = [button["callback_data"] for button in answer.buttons][-1]
    presses = [
        an.person.forge_press(an.sender.who("forged data"), answer),
        an.person.forge_press(str(other.id), answer),
        an.person.forge_press("c:open", answer),
        other.person.forge_press(stolen, other.person.private.last),
    ]
    an.person.delete(answer)
    presses.append(an.person.forge_press(an.sender.who("forged below nothing"), answer))
    an.fake.wait_until(lambda: all(press.is_answered for press in presses[:3]), PATIENCE_S)
    an.fake.push(
        {
            "callback_query": {
                "id": an.sender.who("inline press"),
                "from": an.person.account.api(),
                "inline_message_id": an.sender.who("inline message"),
                "chat_instance": an.sender.who("chat instance"),
                "data": an.sender.who("inline data"),
            }
        }
    )


def break_updates(an: Somebody) -> None:
    """Updates that nobody can read, or that nobody asked for."""
    who, account = an.sender.who, an.person.account.api()
    chat = an.person.private.api()
    known = {"message_id": 1, "date": 0, "chat": chat, "from": account}
    broken: list[dict[str, Any]] = [
        {"message": {"text": who("without a chat")}},
        {"message": known | {"message_id": who("no number"), "text": who("x")}},
        {"message": known | {"date": 10**15, "text": who("far off")}},
        {"message": known | {"chat": {"id": an.id}, "text": who("typeless")}},
        {"message": known | {"photo": who("no photo")}},
        {"message": known | {"document": {"mime_type": who("half a file")}}},
        {"message": [who("list")]},
        {"callback_query": {"id": who("press"), "from": account, "data": [who("data")]}},
        {"inline_query": {"id": who("query"), "from": account, "query": who("words"), "offset": ""}},
        {"poll_answer": {"poll_id": who("answered poll"), "user": account, "option_ids": [0]}},
        {"message_reaction": {"chat": chat, "user": account, "message_id": 5, "date": 0}},
        {who("unknown kind"): {"from": account, "chat": chat}},
    ]
    for update in broken:
        an.fake.push(update, an.id)
    an.fake.wait_handled(PATIENCE_S)
    an.person.say("/huy")  # whatever was read of them
    an.fake.wait_handled(PATIENCE_S)
    an.asks(f"hòa giải {an.tells('after broken updates')}", "Nguồn")


def meet_trouble(an: Somebody) -> None:
    """429, 5xx, a lost answer, words that Telegram cannot read, a server that is gone for seconds."""
    fake, chat = an.fake, an.person.private
    fake.fail_next("sendMessage", retry_after=1, chat=chat)
    an.asks(f"hòa giải {an.tells('too fast')}", "Nguồn")
    fake.fail_next("sendMessage", 2, 502, chat=chat)
    an.asks(f"hòa giải {an.tells('bad gateway')}", "Nguồn")
    fake.lose_next_answer("sendMessage")
    an.asks(f"hòa giải {an.tells('lost answer')}", "Nguồn")
    fake.fail_next("sendMessage", 1, 400, "Bad Request: can't parse entities: at 1", chat=chat)
    an.asks(f"hòa giải {an.tells('bad markup')}", "Nguồn")
    fake.fail_next("sendMessage", 1, 400, f"Bad Request: {an.sender.who('odd refusal')}", chat=chat)
    an.say(f"hòa giải {an.tells('refused')}")
    fake.wait_handled(PATIENCE_S)
    for is_bad_gateway in (True, False):
        fake.down(is_bad_gateway=is_bad_gateway)
        an.say(f"hòa giải {an.tells(f'while down {is_bad_gateway}')}")
        time.sleep(1.5)
        fake.up()
        an.hears("Nguồn")


def block(dung: Somebody) -> None:
    """Somebody asks, blocks the bot, and what is under way cannot be delivered."""
    dung.asks(f"hòa giải {dung.tells('before blocking')}", "Nguồn")
    dung.say(f"/baotin {dung.sender.story('of one who blocks', Kind.DRAFT).story}")
    dung.person.block()
    dung.fake.wait_handled(PATIENCE_S)


# officers


def card_of(officer: Officer, receipt: Receipt) -> Message:
    """The card of a tip, once it hangs."""
    reference = reference_of(receipt.keys().tip_id)
    return officer.fake.wait_for(
        lambda message: reference in message.text and label("desktg.button_open") in message.labels,
        officer.group,
        PATIENCE_S,
    )


def open_and_ask(officer: Officer, receipt: Receipt, story: str, question: str) -> None:
    """Open the tip with its files, and ask the sender something."""
    card = card_of(officer, receipt)
    officer.press(card, label("desktg.button_open"))
    officer.sees(lambda message: message.is_protected and story in message.text)
    officer.sees(lambda message: message.file is not None and message.file.kind == "photo")
    officer.press(card, label("desktg.button_claim"))
    officer.fake.wait_until(lambda: label("desktg.button_ask") in card.labels, PATIENCE_S)
    officer.press(card, label("desktg.button_ask"))
    prompt = officer.sees(lambda message: message.asks_for_reply)
    officer.mark = officer.fake.mark()
    officer.hands.say(question, topic=prompt.topic, reply_to=prompt)
    look = officer.sees(lambda message: label("deskweb.ask_sure") in message.labels)
    officer.press(look, label("deskweb.ask_sure"))
    officer.sees("")


def look_around(officer: Officer, group: Group) -> None:
    """Commands, talk among officers, and presses of whoever may not."""
    for command in ("/hangdoi", "/thongke", "/trogiup"):
        officer.mark = officer.fake.mark()
        officer.hands.say(f"{command}@{officer.fake.bot.username}")
        officer.sees("")
    officer.hands.say(officer.cast.phrase("talk among officers", Kind.INSIDE))
    card = next(message for message in group.messages if label("desktg.button_open") in message.labels)
    stranger = Somebody("Stranger", officer.cast, is_officer=True)
    forged = stranger.person.in_(group).forge_press("c:open", card)
    anonymous = officer.somebody.person.in_(group, is_anonymous=True)
    anonymous.say(f"/hangdoi@{officer.fake.bot.username}")
    officer.fake.wait_until(lambda: forged.is_answered, PATIENCE_S)
    officer.fake.wait_handled(PATIENCE_S)
