"""
A follow-up rewritten by the model so that it stands alone. It is searched for, and never shown.

The model may only put together words of this conversation. What it leaves out of the question or brings in
from elsewhere, late or not at all, is no rewriting: `knowledge.follow_up` then joins the two as ever.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from knowledge.fluent.fencing import Fence, new_fence
from knowledge.fluent.model import ModelFailed, Prompt
from knowledge.fluent.prompt_files import model_prompt
from knowledge.text.folding import fold, syllables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.fluent.leaving import Leaving
    from knowledge.fluent.model import ChatModel, Deadline
    from prompts.catalog import Language

PROMPT = "rewrite.v1"
MOST_CHARACTERS: Final = 300
_MOST_TOKENS: Final = 120
_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}
_NUMBER: Final = re.compile(r"\d+(?:[.,/:-]\d+)*")
# Words that only lean on what was said before: a rewriting does without them.
_LEANING: Final = frozenset(
    syllables(
        "the con vay thi sao roi va nhung neu a nhe nhi ha do no kia nay ay day luc viec chuyen cai nguoi ho "
        "nua and then what about how but so it that this they them there else"
    )
)
# Words that carry no matter of their own: a rewriting may use them wherever they come from.
_JOINING: Final = frozenset(
    syllables(
        "thi la co duoc o va cua cho ve voi khi nao bao nhieu nhu the lam sao gi ai dau phai can muon neu "
        "hay hoac trong toi minh em anh chi viec de den tai mot cac nhung bi vi ra a an of in at to for is "
        "are do does can i my what who where when how which much and or if on with"
    )
)
_NEGATIONS: Final = frozenset(syllables("khong ko chua cham dung chang not no never dont"))


def rewritten(  # noqa: PLR0913 - one call
    question: str,
    previous: tuple[str, ...],
    *,
    model: ChatModel,
    leaving: Leaving,
    deadline: Deadline,
    language: Language,
) -> str | None:
    """
    *question* as it would be asked without the turns before it; None where the code's own joining must do.

    Args:
        question: A follow-up as typed.
        previous: Earlier questions, oldest first, none of them a report or a cry for help.
        model: Who writes.
        leaving: What of them may leave.
        deadline: Of the whole question; shared with the answer.
        language: Of the prompt.
    """
    words, turns = leaving.words(question), leaving.turns(previous)
    if words is None or not turns or deadline.left_s <= 0:
        return None
    fence = Fence(new_fence())
    told = [fence.around(f"t{at}", turn) for at, turn in enumerate(turns, 1)]
    conversation = "\n\n".join((*told, fence.around("question", words)))
    system, user = model_prompt(PROMPT, language).fill(conversation=conversation, fence=fence.line)
    prompt = Prompt(
        system=system,
        user=user,
        schema=_SCHEMA,
        schema_name="rewrite",
        most_tokens=_MOST_TOKENS,
        version=PROMPT,
    )
    try:
        said = model.complete(prompt, deadline).text
    except ModelFailed:
        return None
    wanted = read(said)
    return wanted if wanted is not None and stands_for(wanted, question, previous) else None


def read(said: str) -> str | None:
    """The question in *said*, a model's output; None where there is none, or more than one line."""
    begun, end = said.find("{"), said.rfind("}")
    try:
        found = json.loads(said[begun : end + 1]) if 0 <= begun < end else None
    except (ValueError, RecursionError):
        return None
    question = found.get("question") if isinstance(found, dict) else None
    if not isinstance(question, str):
        return None
    line = question.strip()
    is_plain = line.isprintable() and 0 < len(line) <= MOST_CHARACTERS
    return line if is_plain else None


def stands_for(wanted: str, question: str, previous: tuple[str, ...]) -> bool:
    """
    Whether *wanted* keeps all that *question* says and adds nothing that is not in *previous*.

    Numbers are compared as written, words without their marks. A "không" is never brought in, but for the one
    that closes a Vietnamese question.
    """
    said, asked = _words(wanted), _words(question)
    known = set(asked).union(*map(_words, previous))
    if not _numbers(question) <= _numbers(wanted) <= _numbers(question).union(*map(_numbers, previous)):
        return False
    if not {word for word in asked if word not in _LEANING} <= set(said):
        return False
    inside = said[:-1] if said and said[-1] == "khong" else said
    return all(word in known or (word in _JOINING and word not in _NEGATIONS) for word in inside)


def _words(text: str) -> list[str]:
    return [fold(word) for word in syllables(text)]


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))
