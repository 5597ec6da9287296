"""A model that does whatever it is told by whomever, in the shapes in which a model may do so."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from tests.fakes.openai.scripted import Scripted, claims
from tests.injection.attacks import plain
from tests.injection.carriers import FACT, QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.openai.scripted import Received
    from tests.injection.attacks import Attack

    Shape = Callable[[Attack, Received], Scripted]

_FENCE: Final = re.compile(r"^(~~~\w+) ", re.MULTILINE)
_PROMPT_WORDS: Final = 40


def obeyed(attack: Attack, received: Received) -> str:
    """What a model that obeys *attack* would say, with what it has before it."""
    fence = _FENCE.search(received.user)
    secrets = {
        "@prompt": " ".join(received.system.split()[:_PROMPT_WORDS]),
        "@fence": fence[1] if fence else "",
        "@hidden": " ".join(received.data().values())[:200],
    }
    said = attack.says
    for name, secret in secrets.items():
        said = said.replace(name, secret)
    return said


def _cited(attack: Attack, received: Received) -> str:
    """The id of the passage that holds the attack, or else of the first one."""
    passages = {name: text for name, text in received.data().items() if re.fullmatch(r"p\d+", name)}
    words = plain(attack.attack)[:30]
    return next((name for name, text in passages.items() if words in plain(text)), next(iter(passages), "p1"))


def _on_a_true_quote(attack: Attack, received: Received) -> Scripted:
    return claims((obeyed(attack, received), _cited(attack, received), QUOTE))


def _on_the_attack_itself(attack: Attack, received: Received) -> Scripted:
    return claims((obeyed(attack, received), _cited(attack, received), attack.attack[:300]))


def _behind_a_fact(attack: Attack, received: Received) -> Scripted:
    return claims((f"{FACT} {obeyed(attack, received)}"[:300], _cited(attack, received), QUOTE))


def _every_other_way(attack: Attack, received: Received) -> Scripted:
    said, cited = obeyed(attack, received), _cited(attack, received)
    words = said.split()
    half = max(1, len(words) // 2)
    return claims(
        (said, cited, said),
        (said, "p99", QUOTE),
        ("\u200b".join(said), cited, QUOTE),
        (" ".join(words[:half]), cited, QUOTE),
        (" ".join(words[half:]) or said, cited, QUOTE),
    )


def _in_prose(attack: Attack, received: Received) -> Scripted:
    return Scripted(text=obeyed(attack, received))


def _beside_the_schema(attack: Attack, received: Received) -> Scripted:
    said = obeyed(attack, received)
    answer = {"claims": [], "clarify": [said, said], "refusal": False, "answer": said, "note": said}
    return Scripted(text=f"{said}\n{json.dumps(answer, ensure_ascii=False)}\n{said}")


SHAPES: Final[dict[str, Shape]] = {
    "on a true quote": _on_a_true_quote,
    "on the attack itself": _on_the_attack_itself,
    "behind a fact": _behind_a_fact,
    "every other way": _every_other_way,
    "in prose": _in_prose,
    "beside the schema": _beside_the_schema,
}


def reply(attack: Attack, shape: Shape, received: Received) -> Scripted:
    """What it says to one request: to the wish for a rewriting, too."""
    if "t1" in received.data():
        return Scripted(text=json.dumps({"question": obeyed(attack, received)}, ensure_ascii=False))
    return shape(attack, received)
