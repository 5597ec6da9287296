"""
A real model on the golden questions, over the product's own path: what is shown, and whether it is true.

    .venv/bin/python -m benchmarks.fluent --base-url http://127.0.0.1:8000/v1 --model NAME --data FOLDER \
        [--questions 400] [--after 0] [--budget-s 60] [--minutes 30] [--plain | --held] [--out shown.jsonl]

FOLDER is a data folder that holds the guides; no process may hold it. Every sentence shown is judged again by
code of its own: each number, agency and negation of it, and its quotation, literally in the passage it cites.
`--out` gets every sentence shown with its passage, to be read by a person. `--plain` asks without a schema.
`--held` lets the model choose among the ids and the very sentences of the passages and write only its own
words beside them: where a small model would end at once with an empty claim, it writes a sentence of its own
beside a true quotation and a true source, the hardest for the checks. For servers that decode by a schema.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.parts import GOLDEN, golden_rows, library_in, p50_p95, print_table
from knowledge.answering import Answerer
from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.embedding.cached import CachedEmbedder
from knowledge.fluent.fluency import Fluency
from knowledge.fluent.langchain_chat import EndpointChat
from knowledge.fluent.leaving import Asks, Leaving
from knowledge.fluent.model import ModelFailed
from knowledge.fluent.writer import FluentWriter
from knowledge.gate import shipped_gate
from knowledge.model import Audience
from knowledge.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.answer import Answer
    from knowledge.fluent.model import ChatModel, Deadline, Prompt, Reply

_FURTHER = ("dev-guides-a.jsonl", "dev-guides-b.jsonl")
_DATA = re.compile(r"^(~~~\w+) (\S+)[^\n]*\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
_AGENCIES = (
    "cong an tinh", "cong an xa", "cong an phuong", "cong an huyen", "bo cong an", "uy ban nhan dan", "ubnd",
    "hoi dong nhan dan", "vien kiem sat", "toa an", "hoi phu nu", "doan thanh nien", "hoi nong dan",
    "hoi cuu chien binh", "mat tran", "to hoa giai", "truong thon", "ngan hang", "bo y te", "so y te",
)  # fmt: skip
_SENTENCE = re.compile(r"\n+|(?<=[.!?;])\s+")
_QUOTED, _WRITTEN = (20, 200), (25, 120)  # characters of a quotation, and of a sentence of the model's own
_GONE = 3  # questions in a row that reached nobody
_NEGATIONS = ("khong", "chua", "dung", "cam", "not", "never", "no")


@dataclass
class Listening:
    """A model that keeps what it was asked and said last. One question at a time."""

    model: ChatModel
    form: Literal["", "plain", "held"] = ""
    asked: str = ""
    said: str = ""
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def complete(self, prompt: Prompt, deadline: Deadline) -> Reply:
        """The model's text for *prompt*; see `ChatModel`."""
        self.asked, self.said = prompt.user, ""
        if self.form == "plain":
            wanted = replace(prompt, schema=None)
        else:
            wanted = replace(prompt, schema=held(prompt.user)) if self.form == "held" else prompt
        try:
            reply = self.model.complete(wanted, deadline)
        except ModelFailed as failed:
            self.failed[failed.reason] += 1
            raise
        self.said = reply.text
        return reply

    def close(self) -> None:
        """Close the model."""
        self.model.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One sentence that the asker saw, its passage, and what the judge has against it."""

    question: str
    text: str
    quote: str
    passage: str
    wrong: tuple[str, ...]
    unknown: tuple[str, ...]  # words of it that stand nowhere in the passage, for whoever reads it


def held(asked: str) -> dict[str, object]:
    """A schema of one claim whose id and quotation are those of the passages in *asked*."""
    claims = []
    for found in _DATA.finditer(asked):
        body = found[3].partition("\n\n")[2]  # without the title that stands before it
        sentences = dict.fromkeys(part.strip(" -*") for part in _SENTENCE.split(body))
        # llama-cpp-python 0.3.36 writes a grammar it cannot read where a value holds a quotation mark.
        quotes = [part for part in sentences if _QUOTED[0] <= len(part) <= _QUOTED[1] and '"' not in part]
        if found[2].startswith("p") and quotes:
            fields = {
                "cite": {"enum": [found[2]]},
                "quote": {"enum": quotes},
                "text": {"type": "string", "minLength": _WRITTEN[0], "maxLength": _WRITTEN[1]},
            }
            claims.append({"type": "object", "properties": fields, "required": list(fields)})
    several = {"type": "array", "items": {"anyOf": claims}, "minItems": 1, "maxItems": 1}
    parts = {"claims": several, "clarify": {"type": "array", "maxItems": 0}, "refusal": {"enum": [False]}}
    return {"type": "object", "properties": parts, "required": list(parts)}


def _plain(text: str) -> str:
    """Lower case without marks, by the standard library alone: not the code under test."""
    spelled = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in spelled if not unicodedata.combining(sign)).split())


def judge(text: str, quote: str, passage: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is wrong with *text* beside *passage*, and its words that stand nowhere in it."""
    said, held, quoted = _plain(text), _plain(passage), _plain(quote)
    wrong = [f"number {run}" for run in re.findall(r"\d+", said) if run not in re.findall(r"\d+", held)]
    wrong += [f"agency {name}" for name in _AGENCIES if name in said and name not in held]
    words, known, near = (set(re.findall(r"[^\W\d_]+", part)) for part in (said, held, quoted))
    wrong += [f"negation {word}" for word in _NEGATIONS if word in words and word not in near]
    wrong += [
        f"dropped {word}" for word in ("khong", "chua", "cam") if word in near and not words & set(_NEGATIONS)
    ]
    if quoted.strip(" .") not in held:
        wrong.append("quotation")
    return tuple(wrong), tuple(sorted(words - known))


def shown_in(answer: Answer, question: str, listening: Listening) -> Iterator[Shown]:
    """The model's sentences that stand in *answer*."""
    if answer.kind != "model":
        return
    passages = {found[2]: found[3] for found in _DATA.finditer(listening.asked)}
    begun, end = listening.said.find("{"), listening.said.rfind("}")
    claims = json.loads(listening.said[begun : end + 1])["claims"]
    for claim in claims:
        # Of several the shown ones stand in the answer; a single one is what the answer is made of.
        if len(claims) == 1 or " ".join(claim["text"].split()) in " ".join(answer.text.split()):
            passage = passages[claim["cite"].strip()]
            wrong, unknown = judge(claim["text"], claim["quote"], passage)
            yield Shown(
                question=question,
                text=claim["text"],
                quote=claim["quote"],
                passage=passage,
                wrong=wrong,
                unknown=unknown,
            )


def questions(count: int) -> list[str]:
    """The golden questions of the public, then the guides' tuning questions, up to *count*."""
    files = (GOLDEN, *(GOLDEN.with_name(name) for name in _FURTHER))
    return [row.question for file in files for row in golden_rows(file)][:count]


def measure(options: argparse.Namespace) -> None:
    """Ask them all, or as many as the time allows, and tell."""
    chat = EndpointChat(base_url=options.base_url, model=options.model, retries=0)
    listening = Listening(chat, "held" if options.held else "plain" if options.plain else "")
    leaving = Leaving(asks=Asks.REDACTED, shows=Audience.PUBLIC)
    writer = FluentWriter(listening, leaving, most_tokens=options.tokens)
    fluency = Fluency(model=listening, leaving=leaving, writer=writer, budget_s=options.budget_s)
    embedder = BuiltinEmbedder()
    embedder = CachedEmbedder(embedder, options.cache) if options.cache else embedder
    answers: list[Answer] = []
    shown: list[Shown] = []
    until = time.monotonic() + options.minutes * 60
    if options.out:
        options.out.unlink(missing_ok=True)
    try:
        with library_in(options.data, embedder) as library:
            answerer = Answerer(library, Searcher(library), shipped_gate(), fluency)
            for question in questions(options.questions)[options.after :]:
                if time.monotonic() > until:
                    break
                answers.append(answerer.answer(question, Audience.PUBLIC))
                stayed = list(shown_in(answers[-1], question, listening))
                keep(stayed, options.out)
                shown += stayed
                print(f"\r{len(answers)} asked, {len(shown)} sentences shown", end="", flush=True)
                if is_gone(answers):
                    print("\nThe endpoint is gone: what follows would be asked of nobody.")
                    break
    finally:
        fluency.close()
    tell(answers, shown)


def keep(shown: list[Shown], file: Path | None) -> None:
    """Add *shown* to *file*: what a long run has shown outlives its end."""
    if file is not None:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in shown)


def is_gone(answers: list[Answer]) -> bool:
    """Whether the last of *answers* that wanted the endpoint could not reach it."""
    outcomes = [answer.model.outcome for answer in answers if answer.model is not None]
    return len(outcomes) >= _GONE and set(outcomes[-_GONE:]) == {"unreachable"}


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def tell(answers: list[Answer], shown: list[Shown]) -> None:
    """The figures, ready for RESULTS.md."""
    uses = [answer.model for answer in answers if answer.model is not None]
    wrong = Counter(reason.partition(" ")[0] for item in shown for reason in item.wrong)
    claims, dropped = sum(use.claims for use in uses), sum(use.dropped for use in uses)
    tokens = f"{sum(use.tokens_in for use in uses)} / {sum(use.tokens_out for use in uses)}"
    rows = {
        "questions asked": str(len(answers)),
        "the model was asked": str(len(uses)),
        "how its part ended": _counted(Counter(use.outcome for use in uses)),
        "claims written / dropped / shown": f"{claims} / {dropped} / {len(shown)}",
        "why they fell": _counted(Counter(name for use in uses for name in use.faults)),
        "shown, and found wrong by the judge": f"{sum(bool(item.wrong) for item in shown)} {_counted(wrong)}",
        "shown with a word that its passage lacks": str(sum(bool(item.unknown) for item in shown)),
        "the model's part, p50 / p95 (ms)": p50_p95([use.ms for use in uses]) if uses else "—",
        "tokens read / written": tokens,
    }
    print()
    print_table(["what", "figure"], [list(row) for row in rows.items()])


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base-url", required=True, help="OpenAI-compatible, up to and including /v1")
    parser.add_argument("--model", required=True, help="the name the endpoint knows")
    parser.add_argument("--data", type=Path, required=True, help="data folder that holds the guides")
    parser.add_argument("--cache", type=Path, help="file that keeps vectors between runs")
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--after", type=int, default=0, help="leave out so many, asked in an earlier run")
    parser.add_argument("--budget-s", type=float, default=60.0, help="seconds that the model may take")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop asking after so many")
    parser.add_argument("--tokens", type=int, default=300, help="written at most for one answer")
    parser.add_argument("--plain", action="store_true", help="hold the model to no schema")
    parser.add_argument("--held", action="store_true", help="hold it to true ids and quotations")
    parser.add_argument("--out", type=Path, help="JSON Lines of every sentence shown")
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
