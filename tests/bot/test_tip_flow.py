"""Leaving a tip, question by question: what is asked, what is kept, and when "received" is said."""

from __future__ import annotations

import asyncio

from bot.conversation import Incoming
from tests.bot.talking import PHOTO, STORY, Talker, at_summary, ready, to_receipt
from tips.errors import FileRefused, TipStoreUnavailable
from tips.receipts import Receipt
from tips.units import UnitBook

WAYS = {"back", "cancel"}
ONE_UNIT = """
[[units]]
id = "mot"
name = "Một"
areas = "*"
officers = [{ id = "can-bo", name = "A", role = "officer" }]
"""


def test_the_whole_way_asks_each_thing_once_and_keeps_every_answer(talker: Talker):
    talker.begin()
    talker.press("danger.no", "kind.social", "kind_in.drugs")
    talker.say("phường Bến Thành")
    talker.press("when.often")
    talker.say(STORY)
    talker.say("quán nước số 3")
    talker.press("details.enough")
    talker.send(PHOTO)
    talker.press("files.done", "concerns.no")
    assert talker.keys == ("tip.summary",)
    to_receipt(talker)
    talker.confirm()
    assert talker.press("ready.send") == ("tip.received", "tip.ask_delete")
    content, files = talker.office.tips[talker.receipts[0].text]
    assert content.story == STORY
    assert (content.kind, content.area, content.when) == ("drugs", "26743", "Xảy ra nhiều lần")
    assert content.details == {"spot": "quán nước số 3"}
    assert files == (PHOTO,)
    assert not content.urgent


def test_one_long_message_is_enough(talker: Talker):
    keys = talker.begin(first=Incoming(text=STORY))
    assert keys[:2] == ("tip.welcome", "tip.promise")
    assert "tip.enough_already" in keys
    assert keys[-1] == "tip.summary"
    to_receipt(talker)
    talker.confirm()
    assert talker.press("ready.send")[0] == "tip.received"
    assert talker.office.tips[talker.receipts[0].text][0].story == STORY


def test_a_first_message_with_a_file_is_the_story_however_short(talker: Talker):
    keys = talker.begin(first=Incoming(text="biển số đây", files=(PHOTO,)))
    assert keys[-1] == "tip.summary"
    assert "biển số đây" in talker.words


def test_a_voice_message_alone_can_be_sent(talker: Talker):
    talker.begin(first=Incoming(files=(PHOTO,)))
    to_receipt(talker)
    talker.confirm()
    assert talker.press("ready.send")[0] == "tip.received"


def test_danger_gets_the_numbers_before_anything_else(talker: Talker):
    keys = talker.begin(
        first=Incoming(text="cứu tôi, nó đang cầm dao chém mẹ tôi ngoài sân, nó nói sẽ giết cả nhà")
    )
    assert keys[0].startswith("danger.")
    assert keys[1] == "tip.numbers"
    assert "113" in talker.words
    talker.begin()
    keys = talker.press("danger.yes")
    assert keys[:2] == ("danger.help", "tip.numbers")
    assert all(number in talker.words for number in ("113", "114", "115", "111"))
    assert talker.press("danger_now.on") == ("tip.ask_kind",)


def test_told_danger_makes_the_tip_urgent_and_the_numbers_come_once(talker: Talker):
    at_summary(talker)
    assert talker.say("nhà bên cạnh đang cháy")[0] == "danger.fire"
    assert "danger.fire" not in talker.say("nhà bên cạnh đang cháy to lắm rồi")
    to_receipt(talker)
    talker.confirm()
    talker.press("ready.send")
    assert talker.office.tips[talker.receipts[0].text][0].urgent


def test_welcome_promises_nothing_absolute(talker: Talker):
    talker.begin()
    assert "tuyệt đối" not in talker.words.lower()
    assert "điện thoại" in talker.words


def test_received_is_said_only_once_the_office_said_so(talker: Talker):
    ready(talker)
    talker.office.failing = TipStoreUnavailable()
    keys = talker.press("ready.send")
    assert keys == ("tip.not_received", "tip.ask_ready")
    assert not talker.office.tips
    talker.office.failing = RuntimeError("disk full of secrets")
    assert talker.press("ready.send")[0] == "tip.not_received"
    assert "secrets" not in talker.words
    talker.office.failing = None
    assert talker.press("ready.send")[0] == "tip.received"
    assert list(talker.office.tips) == [talker.receipts[0].text]
    assert len(talker.receipts) == 1, "the same receipt all along"


def test_a_sending_that_was_kept_though_it_failed_is_not_sent_twice(talker: Talker):
    """The answer got lost: what came first stays, and the sender hears that later changes are not in it."""
    ready(talker)
    talker.office.fails_after_keeping = ConnectionError()
    assert talker.press("ready.send")[0] == "tip.not_received"
    talker.office.fails_after_keeping = None
    talker.say("Còn một chiếc xe nữa màu đỏ đứng chờ ở ngoài.")
    talker.press("summary.go_on")
    keys = talker.press("ready.send")
    assert keys[:2] == ("tip.received", "tip.received_first_version")
    assert len(talker.office.tips) == 1


def test_files_refused_at_sending_can_be_left_out(talker: Talker):
    talker.begin(first=Incoming(text=STORY, files=(PHOTO,)))
    to_receipt(talker)
    talker.confirm()
    talker.office.failing = FileRefused(reason="broken")
    assert talker.press("ready.send")[0] == "tip.not_received"
    talker.office.failing = None
    assert talker.press("ready.without_files")[0] == "tip.received"
    assert talker.office.tips[talker.receipts[0].text][1] == ()


def test_nothing_is_sent_before_the_receipt_is_confirmed(talker: Talker):
    at_summary(talker)
    to_receipt(talker)
    for wrong in ("", "XXXXX", "ready.send", Receipt.new().last_group):
        talker.say(wrong)
        assert talker.keys[-1] == "tip.ask_receipt"
    assert "tip.stale_choice" in talker.press("ready.send")
    assert not talker.office.submissions
    assert talker.last.messages[-1].is_protected
    assert talker.say(talker.receipts[0].last_group.lower())[0] == "tip.receipt_matches"


def test_the_receipt_typed_again_later_does_not_become_part_of_the_tip(talker: Talker):
    ready(talker)
    for typed in (talker.receipts[0].last_group, talker.receipts[0].text):
        assert talker.say(typed) == ("tip.receipt_not_noted", "tip.ask_ready")
    talker.press("edit")
    assert talker.confirm()[0] == "tip.receipt_not_noted"
    assert talker.drafts.get("a").story == STORY


def test_send_pressed_twice_and_back_after_send_are_answered(talker: Talker):
    ready(talker)

    async def both() -> list[tuple[str, ...]]:
        pressed = Incoming(choice="ready.send")
        heard = await asyncio.gather(talker.talk.hear("a", pressed), talker.talk.hear("a", pressed))
        return [tuple(message.key for message in outgoing.messages) for outgoing in heard]

    first, second = asyncio.run(both())
    assert first[0] == "tip.received"
    assert second[0] == "tip.already_sent"
    assert talker.press("back")[0] == "tip.already_sent"
    assert talker.say("thêm một điều nữa")[0] == "tip.already_sent"
    assert len(talker.office.submissions) == 1


def test_after_sending_nothing_is_held_and_the_conversation_can_be_deleted(talker: Talker):
    ready(talker)
    talker.press("ready.send")
    held = talker.drafts.get("a")
    assert held is not None
    assert (held.story, held.receipt, held.files, held.attempted) == ("", None, (), None)
    assert talker.press("sent.delete") == ("tip.deleted",)
    assert talker.last.deletes_conversation
    assert talker.last.is_over
    assert not talker.talk.is_talking("a")


def test_a_concerned_unit_is_routed_around_and_that_is_said(talker: Talker):
    at_summary(talker)
    talker.press("summary.concerns", "concerns.yes")
    assert talker.press("concerns_unit:thu-nghiem")[0] == "tip.routed_away"
    assert "Đơn vị thử nghiệm cấp trên" in talker.words
    talker.say("một cán bộ ở đó")
    to_receipt(talker)
    talker.confirm()
    talker.press("ready.send")
    content, _ = talker.office.tips[talker.receipts[0].text]
    assert content.concerns == ("thu-nghiem",)
    assert content.concerns_whom == "một cán bộ ở đó"


def test_a_unit_can_be_named_in_words(talker: Talker):
    at_summary(talker)
    talker.press("summary.concerns", "concerns.yes")
    assert talker.say("thu nghiem") == ("tip.ask_concerns_unit",)
    assert {"concerns_unit:thu-nghiem", "concerns_unit:thu-nghiem-cap-tren"} <= talker.offered
    assert talker.say("thử nghiệm cấp trên")[0] == "tip.no_unit_left", "the one below is concerned with it"


def test_where_no_unit_is_left_nothing_is_sent_and_it_is_said():
    talker = Talker(UnitBook.parse(ONE_UNIT))
    at_summary(talker)
    talker.press("summary.concerns", "concerns.yes")
    assert talker.press("concerns_unit:mot")[0] == "tip.no_unit_left"
    talker.say("ông ấy")
    assert "tip.no_unit_left" in talker.press("summary.go_on")
    talker.press("summary.concerns", "concerns.no")
    to_receipt(talker)
    talker.close()


def test_who_names_themselves_is_warned_and_decides(talker: Talker):
    named = "Tôi tên là Trần Văn Canary. Đầu hẻm có nhóm người bán ma túy mỗi tối, đi hai chiếc xe máy."
    assert talker.begin(first=Incoming(text=named))[-1] == "tip.ask_naming"
    talker.press("naming.drop")
    assert "Canary" not in talker.words
    assert "bán ma túy mỗi tối" in talker.words
    talker.begin(first=Incoming(text=named))
    talker.press("naming.keep")
    assert "Canary" in talker.words
    to_receipt(talker)


def test_a_story_that_is_all_about_its_writer_is_given_back_to_change(talker: Talker):
    talker.begin()
    talker.press("danger.no", "skip", "skip", "skip")
    assert talker.keys == ("tip.ask_story",)
    talker.say("tôi tên là Lan số điện thoại của tôi là 0912345678")
    assert talker.press("naming.drop") == ("tip.naming_by_hand", "tip.ask_story_again")
    assert "0912345678" in talker.words, "what was told is still there to be changed"
    assert "tip.story_replaced" in talker.say("Có người bán ma túy ở đầu hẻm.")


def test_a_receipt_in_the_story_does_not_go_with_it(talker: Talker):
    other = Receipt.new().text
    told = f"{STORY} Trước đây đã báo với mã {other} nhưng chưa thấy gì."
    assert talker.begin(first=Incoming(text=told))[-1] == "tip.ask_receipt_inside"
    talker.press("receipt_inside.drop")
    assert other not in talker.words
    talker.press("summary.place")
    talker.say(f"chỗ tối tối {other}")
    if "place_choice.none" in talker.offered:
        talker.press("place_choice.none")
    assert talker.press("summary.go_on")[-1] == "tip.ask_receipt_inside"
    talker.press("receipt_inside.drop")
    to_receipt(talker)
    talker.confirm()
    talker.press("ready.send")
    (content, _), *_ = talker.office.tips.values()
    assert other not in content.story + content.place


def test_what_is_missing_is_asked_for_once(talker: Talker):
    at_summary(talker)
    assert talker.press("summary.go_on") == ("tip.ask_coaching",)
    talker.press("back")
    assert talker.press("summary.go_on") == ("tip.ask_receipt",)


def test_back_skip_edit_and_cancel_are_there_at_every_step(talker: Talker):
    talker.begin()
    steps = [
        lambda: talker.press("danger.no"),
        lambda: talker.press("kind.crime"),
        lambda: talker.press("kind_in.fraud"),
        lambda: talker.say("xã An Bình"),
        lambda: talker.press("place_choice.none"),
        lambda: talker.press("when.today"),
        lambda: talker.say(STORY),
        lambda: talker.press("details.enough"),
        lambda: talker.press("files.done"),
        lambda: talker.press("concerns.yes"),
        lambda: talker.press("concerns_unit.unknown"),
        lambda: talker.press("skip"),
        lambda: talker.press("summary.go_on"),
        lambda: talker.press("coaching.enough") if "coaching.enough" in talker.offered else (),
        talker.confirm,
    ]
    for step in steps:
        step()
        assert talker.offered >= WAYS, talker.keys
        here = talker.drafts.get("a").step
        if here not in {"kind", "kind_in", "place", "summary"}:  # until then there is nothing to look at
            assert "edit" in talker.offered, here
        talker.press("cancel")
        if here != "kind" and "tip.ask_cancel" in talker.keys:
            talker.press("cancel.no")
            assert talker.drafts.get("a").step == here
        elif talker.last.is_over:
            return_to(talker, here)


def return_to(talker: Talker, step: str) -> None:
    """Nothing was told yet, so cancelling asked nothing: walk there again."""
    talker.begin()
    talker.press("danger.no")
    if step in {"kind_in", "place"}:
        talker.press("kind.crime")
    if step == "place":
        talker.press("kind_in.fraud")


def test_cancel_asks_before_a_story_is_lost(talker: Talker):
    at_summary(talker)
    assert talker.press("cancel") == ("tip.ask_cancel",)
    talker.press("cancel.no")
    assert STORY in talker.words
    talker.press("cancel")
    assert talker.press("cancel.yes") == ("tip.cancelled",)
    assert talker.last.is_over
    assert talker.drafts.get("a") is None


def test_an_edited_part_leads_back_to_the_summary(talker: Talker):
    at_summary(talker)
    talker.press("summary.when")
    assert talker.press("when.today") == ("tip.summary",)
    talker.press("summary.kind", "kind.crime")
    assert talker.press("kind_in.fraud")[-1] == "tip.summary"
    talker.press("summary.story")
    assert talker.say("Thêm: họ hẹn ở quán cà phê.")[-1] == "tip.summary"
    assert STORY in talker.words


def test_answers_of_another_kind_are_not_lost(talker: Talker):
    at_summary(talker)
    talker.press("summary.kind", "kind.crime", "kind_in.fraud", "summary.details")
    talker.say("số tài khoản 99887766 ngân hàng lạ")
    talker.press("details.enough", "summary.kind", "kind.social")
    assert "tip.details_moved" in talker.press("kind_in.gambling") or "account" in dict(
        talker.drafts.get("a").details
    )
    assert "99887766" in talker.words


def test_other_is_explained_and_not_judged(talker: Talker):
    talker.begin()
    talker.press("danger.no")
    assert talker.press("kind.other")[0] == "kinds.what_this_is_for"


def test_a_pin_a_place_in_words_and_an_ambiguous_name(talker: Talker):
    at_summary(talker)
    assert talker.hear(Incoming(pin=(10.77, 106.69)))[0] == "tip.pin_taken"
    assert talker.drafts.get("a").place == "10.770000,106.690000"
    for pin in ((float("nan"), 0.0), (95.0, 400.0), (float("inf"), 1.0), (48.85, 2.35)):
        assert talker.hear(Incoming(pin=pin))[0] == "tip.pin_refused"
    talker.press("summary.place")
    talker.say("an binh")
    codes = [
        choice for choice in talker.offered if choice.startswith("place_choice.") and choice[-1].isdigit()
    ]
    assert len(codes) > 1
    talker.press(codes[0])
    assert talker.drafts.get("a").area == codes[0].removeprefix("place_choice.")
    talker.press("summary.place")
    assert talker.say("chỗ gốc cây to đầu ngã ba")[-1] in {"tip.summary", "tip.ask_place_choice"}


def test_nothing_in_hand_shows_its_words_when_it_is_printed(talker: Talker):
    """A log line or a debugger of asyncio prints what it meets."""
    canary = "canary7391"
    heard = Incoming(text=f"{STORY} {canary}", files=(PHOTO,))
    talker.begin(first=heard)
    talker.press("summary.go_on")
    talker.press("coaching.enough")
    held = talker.drafts.get("a")
    shown = f"{heard!r} {held!r} {talker.last!r}"
    assert canary not in shown
    assert talker.receipts[0].text not in shown
    assert "tip.ask_receipt" in shown
