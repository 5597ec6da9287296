"""How a tip looks to an officer: cards, and the tip when it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.core import relation_of
from bot.desk.rights import Relation
from bot.desk.views import CardView, FileView, OpenTip, ThreadItem
from tips.deadlines import deadlines_of
from tips.errors import SealedDamaged
from tips.intake import reference_of
from tips.kinds import kind_of
from tips.model import TipContent
from tips.sealing import content_of
from tips.states import State
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.desk.dossier import SentReply
    from bot.desk.index import Entry
    from bot.desk.views import CardQuery, Seat
    from tips.deadlines import Deadline
    from tips.model import OpenedParcel

Opened = tuple[int, "OpenedParcel | None"]  # seq, and None for one that does not open


def card_view(
    entry: Entry, seat: Seat, *, now: datetime, soon_days: int, twins: Mapping[str, Sequence[str]]
) -> CardView:
    """
    The card of *entry*.

    Args:
        entry: A tip of the officer's own index that they may see.
        seat: Who looks.
        now: UTC.
        soon_days: A deadline this near is marked.
        twins: Ids of open tips by the digest of their story, as `twins_of` gives them.
    """
    stored, dossier, card = entry.stored, entry.dossier, entry.card.card
    if stored is None:
        return _sent_on(entry, now)
    today, deadlines = now.astimezone(VIETNAM).date(), _deadlines(entry)
    same = twins.get(card.digest, ()) if card else ()
    return CardView(
        tip_id=entry.tip_id,
        reference=reference_of(entry.tip_id),
        unit=entry.unit,
        relation=relation_of(entry, seat, now),
        state=dossier.state,
        received=stored.received,
        kind=card.kind if card else "",
        area=card.area if card else "",
        urgent=card.urgent if card else False,
        files=card.files if card else 0,
        language=card.language if card else "vi",
        outcome=dossier.outcome,
        claimed_by=dossier.claimed_by,
        labels=dossier.labels,
        has_news=dossier.has_news,
        has_withdrawn=dossier.is_withdrawn or stored.has_withdrawn,
        is_damaged=card is None or entry.is_shut,
        is_held=dossier.hold_reason != "",
        is_late=any(deadline.is_late(today) for deadline in deadlines),
        is_soon=any(deadline.is_soon(today, soon_days) for deadline in deadlines),
        deadlines=deadlines,
        due=min((item.due for item in deadlines if item.has_last_day and not item.is_met), default=None),
        duplicates=tuple(tip_id for tip_id in same if tip_id != entry.tip_id),
        merged_into=dossier.merged_into,
        went_up=dossier.went_up,
        retention_until=stored.retention_until,
    )


def _sent_on(entry: Entry, now: datetime) -> CardView:
    """What is left at a unit of a tip that went to another."""
    return CardView(
        tip_id=entry.tip_id,
        reference=reference_of(entry.tip_id),
        unit=entry.unit,
        relation=Relation.FORMER,
        state=State.TRANSFERRED,
        received=entry.card.received or now,
        sent_to=entry.card.sent_to,
    )


def _deadlines(entry: Entry) -> tuple[Deadline, ...]:
    """The terms of a tip; none for a hazard, which is no matter of criminal procedure."""
    kind = kind_of(entry.card.card.kind) if entry.card.card else None
    if entry.stored is None or (kind is not None and kind.group == "hazard"):
        return ()
    received = entry.stored.received.astimezone(VIETNAM).date()
    is_closed = entry.dossier.state is State.CLOSED
    return deadlines_of(received, marks=entry.dossier.marks, is_closed=is_closed)


def twins_of(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Ids of tips that are not closed, by the digest of their story; a text alone is its own list."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        card = entry.card.card
        if card and card.digest and entry.stored and entry.dossier.state is not State.CLOSED:
            found.setdefault(card.digest, []).append(entry.tip_id)
    return found


def matches(card: CardView, query: CardQuery) -> bool:
    """Whether *card* is one that *query* asks for."""
    wanted = letters(query.reference)
    is_closed = card.state is State.CLOSED or card.relation is Relation.FORMER
    return all(
        (
            query.state is None or card.state is query.state,
            not query.kind or card.kind == query.kind,
            not query.area or card.area == query.area,
            query.urgent is None or card.urgent is query.urgent,
            query.claimed_by is None or card.claimed_by == query.claimed_by,
            not query.label or query.label in card.labels,
            not wanted or wanted in letters(card.reference),
            query.late is None or card.is_late is query.late,
            query.closed is None or is_closed is query.closed,
        )
    )


def letters(reference: str) -> str:
    """A reference as it is compared: no dashes, no spaces, upper case."""
    return "".join(letter for letter in reference.upper() if letter.isalnum())


def order(card: CardView) -> tuple[bool, bool, bool, float]:
    """Open before closed, urgent first, then late, then newest."""
    is_closed = card.state is State.CLOSED or card.relation is Relation.FORMER
    return (is_closed, not card.urgent, not card.is_late, -card.received.timestamp())


def open_tip(entry: Entry, card: CardView, opened: Sequence[Opened]) -> OpenTip:
    """The tip, opened. The originals of files are counted, not shown."""
    dossier = entry.dossier
    first = next((parcel for _, parcel in opened if parcel is not None and parcel.type == "tip"), None)
    content = TipContent(story="", language=card.language)
    if first is not None:
        try:
            content = content_of(first.words)
        except SealedDamaged:
            first = None
    if first is None and not card.has_withdrawn:
        card = replace(card, is_damaged=True)
    return OpenTip(
        card=card,
        content=content,
        files=_files(1, first) if first is not None else (),
        thread=tuple(_thread(opened, dossier.sent)),
        notes=dossier.notes,
        history=dossier.history,
        hold_reason=dossier.hold_reason,
        has_original=any(parcel is not None and parcel.type == "original" for _, parcel in opened),
        original_requested_by=dossier.original_requested_by.rpartition("/")[2],
    )


def _thread(opened: Sequence[Opened], sent: Sequence[SentReply]) -> Iterable[ThreadItem]:
    """Sendings and replies in the order in which they met: a reply knows how many sendings were there."""
    waiting = list(sent)
    for place, (seq, parcel) in enumerate(opened, start=1):
        while waiting and waiting[0].after_parcel < place:
            yield _ours(waiting.pop(0))
        if parcel is None or parcel.type != "tip":
            yield _theirs(seq, parcel)
    yield from map(_ours, waiting)


def _ours(sent: SentReply) -> ThreadItem:
    return ThreadItem(
        from_tipster=False,
        type=sent.type,
        seq=sent.seq,
        text=sent.text,
        state=sent.state,
        outcome=sent.outcome,
        day=sent.day,
        officer=sent.officer,
    )


def _theirs(seq: int, parcel: OpenedParcel | None) -> ThreadItem:
    if parcel is None or parcel.type == "tip":
        return ThreadItem(from_tipster=True, type="damaged", seq=seq)
    if parcel.type == "original":
        return ThreadItem(from_tipster=True, type="original", seq=seq)
    answered = parcel.words.get("in_reply_to", 0)
    return ThreadItem(
        from_tipster=True,
        type=parcel.type,
        seq=seq,
        text=str(parcel.words.get("text", "")),
        in_reply_to=answered if isinstance(answered, int) else 0,
        files=_files(seq, parcel),
    )


def _files(seq: int, parcel: OpenedParcel) -> tuple[FileView, ...]:
    return tuple(
        FileView(seq=seq, index=index, name=file.name, media_type=file.media_type, size=len(file.content))
        for index, file in enumerate(parcel.files)
    )
