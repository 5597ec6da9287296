"""An opened tip: story, details, files, what was said with the tipster, notes, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from bot.desk.web.words import joined
from tips.deadlines import MARKS
from tips.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.views import FileView, HistoryItem, Note, OpenTip, ThreadItem
    from bot.desk.web.words import Words

INLINE_TYPES: Final = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/webm",
        "audio/wav",
        "audio/x-wav",
        "audio/flac",
        "audio/aac",
    }
)


def told_html(tip: OpenTip, words: Words) -> Markup:
    """What the tipster told, with the files of the tip itself."""
    say, content = words.say, tip.content
    pairs = [
        (say("told_kind"), words.kind(content.kind)),
        (say("told_area"), words.area(content.area) if content.area else ""),
        (say("told_place"), content.place),
        (say("told_when"), content.when),
        *((words.question(question), answer) for question, answer in content.details.items()),
        (say("told_concerns"), ", ".join(words.unit(unit) for unit in content.concerns)),
        (say("told_whom"), content.concerns_whom),
        (say("told_language"), say(f"language_{content.language}")),
    ]
    return Markup(
        '<section class="sheet" aria-labelledby="told"><h2 id="told">{}</h2>'
        '<p class="story" dir="auto" lang="{}">{}</p><dl class="pairs">{}</dl>{}</section>'
    ).format(
        say("told"),
        content.language,
        content.story,
        _pairs(pairs),
        files_html(tip.card.tip_id, tip.files, words),
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> Markup:
    return joined(
        Markup('<dt>{}</dt><dd dir="auto">{}</dd>').format(name, value) for name, value in pairs if value
    )


def files_html(tip_id: str, files: Sequence[FileView], words: Words) -> Markup:
    """Photos, players and downloads."""
    if not files:
        return Markup()
    return Markup('<ul class="files" aria-label="{}">{}</ul>').format(
        words.say("files_label"), joined(_file(tip_id, file, words) for file in files)
    )


def _file(tip_id: str, file: FileView, words: Words) -> Markup:
    path = f"/desk/tin/{tip_id}/tep/{file.seq}/{file.index}"
    family = file.media_type.partition("/")[0] if file.media_type in INLINE_TYPES else ""
    shown = {
        "image": Markup('<img src="{}" alt="{}" loading="lazy">'),
        "video": Markup('<video src="{}" aria-label="{}" controls preload="none"></video>'),
        "audio": Markup('<audio src="{}" aria-label="{}" controls preload="none"></audio>'),
    }.get(family, Markup())
    return Markup(
        '<li>{}<p class="row"><span>{} <span class="soft">{}</span></span>'
        '<a href="{}?tai=1" download>{}</a></p></li>'
    ).format(shown.format(path, file.name), file.name, words.size(file.size), path, words.say("download"))


def thread_html(tip: OpenTip, words: Words) -> Markup:
    """Everything said between tipster and desk, in order."""
    say = words.say
    items = joined(_said(tip.card.tip_id, item, words) for item in tip.thread)
    body = (
        Markup('<ol class="thread">{}</ol>').format(items)
        if tip.thread
        else Markup("<p>{}</p>").format(say("thread_empty"))
    )
    return Markup(
        '<section class="sheet" aria-labelledby="thread"><h2 id="thread">{}</h2>{}</section>'
    ).format(say("thread"), body)


def _said(tip_id: str, item: ThreadItem, words: Words) -> Markup:
    say = words.say
    by = say(f"said_{item.type}", officer=words.officer(item.officer))
    facts = [by, words.day(item.day) if item.day else ""]
    if item.from_tipster and item.in_reply_to:
        facts.append(say("answers", number=item.in_reply_to))
    if item.type == "question":
        facts.append(say("question_number", number=item.seq))
    outcome = say(f"outcome_{item.outcome}") if item.outcome else ""
    state = say(f"state_{item.state}") if item.type == "state" else ""
    lines = [": ".join(filter(None, (state, outcome))), item.text]
    return Markup('<li class="said {}"><p class="by">{}</p>{}{}</li>').format(
        "tipster" if item.from_tipster else "desk",
        " · ".join(filter(None, facts)),
        joined(Markup('<p class="words" dir="auto">{}</p>').format(line) for line in lines if line),
        files_html(tip_id, item.files, words),
    )


def notes_html(notes: Sequence[Note], words: Words) -> Markup:
    """The officers' own notes."""
    return joined(
        Markup(
            '<div class="noted"><p class="small"><b>{}</b> · {}</p><p class="words" dir="auto">{}</p></div>'
        ).format(words.officer(note.officer, note.unit), words.moment(note.at), note.text)
        for note in notes
    )


def history_html(tip: OpenTip, words: Words) -> Markup:
    """What officers did with the tip, newest first; folded."""
    rows = joined(_happened(item, words) for item in reversed(tip.history))
    return Markup(
        '<details class="sheet more"><summary>{}</summary><ol class="history">{}</ol></details>'
    ).format(words.say("history"), rows)


def _happened(item: HistoryItem, words: Words) -> Markup:
    details = [
        words.say(f"state_{item.state}") if item.state else "",
        detail_words(item.action, item.detail, words),
    ]
    return Markup("<li><time>{}</time><span><b>{}</b> {}{}</span></li>").format(
        words.moment(item.at),
        words.officer(item.officer, item.unit),
        words.did(item.action),
        Markup(": {}").format(" · ".join(filter(None, details))) if any(details) else "",
    )


def detail_words(action: str, detail: str, words: Words) -> str:
    """The detail of an action in words where it is a code of ours."""
    if not detail:
        return ""
    if detail in set(Outcome):
        return words.say(f"outcome_{detail}")
    if detail in MARKS:
        return words.say(f"mark_{detail}")
    if action in {"assign", "approve_original"}:
        return words.officer(detail)
    unit, colon, reason = detail.partition(": ")  # of a transfer
    return f"{words.unit(unit)}{colon}{reason}"
