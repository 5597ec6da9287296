"""What following a tip says at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.conversation import Message, Said
from bot.flows.tip_checks import note
from bot.flows.tip_views import choice
from tips.naming import names_sender

if TYPE_CHECKING:
    from bot.conversation import Filling
    from bot.flows.follow_draft import FollowUp, Seen
    from tips.model import Reply

ANSWERABLE = 5  # the latest questions that get a button of their own


def view(state: FollowUp) -> tuple[Message, ...]:
    """The question of the step *state* stands at, with its choices and the ways out."""
    if state.step == "receipt" or state.seen is None:
        return (
            Message(key="follow.ask_receipt", choices=(choice("cancel", "follow.way_close"),), wants="text"),
        )
    if state.step == "write":
        ways = (choice("back", "tip.way_back"), choice("cancel", "follow.way_close"))
        key = "follow.ask_answer" if state.in_reply_to else "follow.ask_more"
        return (Message(key=key, choices=ways, wants="text"),)
    if state.step == "review":
        return (*_warning(state), _review(state))
    if state.step == "withdraw":
        choices = (choice("withdraw.yes", "follow.withdraw_yes"), choice("withdraw.no", "follow.withdraw_no"))
        return (Message(key="follow.ask_withdraw", choices=choices, wants="choice"),)
    return (*_opened(state.seen), _what_next(state.seen))


def _opened(seen: Seen) -> tuple[Message, ...]:
    """The state in public words, then every reply, oldest first."""
    if seen.is_withdrawn:
        return (note("follow.is_withdrawn", reference=seen.reference),)
    state = Said(f"follow.state_{seen.state}")
    heading = note("follow.state", reference=seen.reference, state=state)
    replies = tuple(_reply(reply) for reply in sorted(seen.replies, key=lambda reply: reply.seq))
    return (heading, *replies) if replies else (heading, note("follow.no_replies"))


def _reply(reply: Reply) -> Message:
    day = reply.day.strftime("%d/%m/%Y") if reply.day else ""
    if reply.type == "state":
        outcome = (Said(f"follow.outcome_{reply.outcome}"),) if reply.outcome else ()
        lines = (Said(f"follow.state_{reply.state}"), *outcome, *([reply.text] if reply.text else []))
        return note("follow.reply_state", day=day, text=lines)
    key = "follow.reply_question" if reply.type == "question" else "follow.reply_message"
    fields: dict[str, Filling] = {"day": day, "text": reply.text, "number": reply.seq}
    return Message(key=key, fields=fields, is_protected=True)


def _what_next(seen: Seen) -> Message:
    close = choice("cancel", "follow.way_close")
    if seen.is_withdrawn:
        return Message(key="follow.ask_what_next", choices=(close,), wants="choice")
    questions = [reply.seq for reply in seen.replies if reply.type == "question"][-ANSWERABLE:]
    answers = (choice(f"open.answer-{seq}", "follow.open_answer", number=seq) for seq in questions)
    others = ("more", "again", "withdraw")
    choices = (*answers, *(choice(f"open.{what}", f"follow.open_{what}") for what in others), close)
    return Message(key="follow.ask_what_next", choices=choices, wants="choice")


def _review(state: FollowUp) -> Message:
    fields: dict[str, Filling] = {"text": state.text, "count": len(state.files)}
    choices = (
        choice("review.send", "follow.review_send"),
        choice("review.again", "follow.review_again"),
        choice("back", "tip.way_back"),
        choice("cancel", "follow.way_close"),
    )
    return Message(key="follow.ask_review", fields=fields, choices=choices, wants="choice")


def _warning(state: FollowUp) -> tuple[Message, ...]:
    found = tuple(Said(f"tip.names_{code}") for code in names_sender(state.text))
    return (note("follow.names_sender", found=found),) if found else ()
