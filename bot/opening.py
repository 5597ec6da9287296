"""
Opens the workplace of a command: the running service's where there is one, else the library in this process.

The service is asked first, before anything heavy is loaded: a command beside it is a short conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.operator.client import RemoteWorkplace
from knowledge.errors import IndexLocked
from knowledge.folder import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from bot.workplace import Workplace


class NotYetServing(IndexLocked):
    """The folder is held, and nobody answers at its socket. Fields: `folder`."""

    code = "not_yet_serving"


def open_workplace(settings: Settings, on_progress: Callable[[int, int], None] | None = None) -> Workplace:
    """
    The library in the `binhan serve` that holds it, or in this process.

    Raises:
        NotYetServing: Another process holds the data folder and takes no commands: mostly one that starts.
    """
    socket = DataFolder(settings.data).socket
    remote = RemoteWorkplace.find(socket)
    if remote is not None:
        return remote
    from bot.app import open_local  # with the vector store and the embedder behind it

    try:
        return open_local(settings, on_progress)
    except IndexLocked as error:  # a service that was just starting, or one that takes no commands
        remote = RemoteWorkplace.find(socket)
        if remote is None:
            raise NotYetServing(**error.fields) from None
        return remote
