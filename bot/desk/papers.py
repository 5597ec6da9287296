"""
The editor's documents at the desk: uploads, what they become, publishing, taking back.

Everybody at the desk may look at what is published, and at what their own unit brought in; whoever changes
anything has to be an editor, asked of the book of units at every step and once more before a paper is
published. What is done is in the desk's audit log, by digest: file names are words that somebody typed.
"""

from __future__ import annotations

from bot.desk.papers_published import PublishedPapers
from bot.desk.papers_waiting import WaitingPapers


class PaperDesk(WaitingPapers, PublishedPapers):
    """
    The documents at one desk. Safe to share between threads.

    Every method raises ActionRefused, KnowledgeError (the library) or IngestError (a file).
    """
