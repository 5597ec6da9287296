"""
`binhan` with every logger at DEBUG, for as long as it runs: `python -m tests.canary.runner serve --port 80`.

With `CANARY_LOG` the log goes to that file, else to stderr. With `CANARY_PLANT` (names with commas between)
it leaks, so that a test can see whether the judge sees: the leaks are those of a careless change. With
`CANARY_HASTE` it tells of replies at once.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.canary import telegram_leaks

LEAKS = ("access_log", "headers", "file_name", "spooled", "story_in_log")


def shout() -> None:
    """DEBUG for all loggers, and nothing can turn it down."""
    file = os.environ.get("CANARY_LOG")
    handler: logging.Handler = logging.FileHandler(file) if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    quieter = logging.Logger.setLevel

    def set_level(logger: logging.Logger, level: int | str) -> None:
        quieter(logger, min(logging._checkLevel(level), logging.DEBUG))  # type: ignore[attr-defined]  # noqa: SLF001

    logging.Logger.setLevel = set_level  # type: ignore[method-assign]


def plant(names: list[str]) -> None:
    """Make the program leak."""
    if "access_log" in names:
        import uvicorn

        made = uvicorn.Config.__init__

        def with_access_log(config: uvicorn.Config, *args: Any, **kwargs: Any) -> None:
            made(config, *args, **(kwargs | {"access_log": True}))

        uvicorn.Config.__init__ = with_access_log  # type: ignore[method-assign]
    if "headers" in names:
        import bot.serve

        bot.serve.application = _logging_headers(bot.serve.application)  # type: ignore[assignment]
    if {"file_name", "spooled", "story_in_log"} & set(names):
        _spy_on_forms(names)


def _logging_headers(make: Any) -> Any:
    def made(*args: Any, **kwargs: Any) -> Any:
        app = make(*args, **kwargs)

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            logging.getLogger("planted").debug("headers %s", scope.get("headers"))
            await app(scope, receive, send)

        return serve

    return made


def _spy_on_forms(names: list[str]) -> None:
    from bot.channels.web import tip_multipart

    parse, end = tip_multipart.parse_options_header, tip_multipart._Reader._end  # noqa: SLF001
    beside = Path(os.environ["BINHAN_DATA"]) / "tips" / "names.txt"

    def parsed(value: Any) -> Any:
        kind, options = parse(value)
        if "file_name" in names and b"filename" in options:
            with beside.open("ab") as file:
                file.write(options[b"filename"] + b"\n")
        return kind, options

    def ended(reader: Any) -> None:
        if "spooled" in names and reader._is_file:  # noqa: SLF001
            with tempfile.NamedTemporaryFile(delete=False) as file:
                file.write(reader._content)  # noqa: SLF001
        if "story_in_log" in names and not reader._is_file:  # noqa: SLF001
            logging.getLogger("planted").debug("field %r", bytes(reader._content))  # noqa: SLF001
        end(reader)

    tip_multipart.parse_options_header = parsed
    tip_multipart._Reader._end = ended  # type: ignore[method-assign]  # noqa: SLF001


def main() -> None:
    """Run the command line."""
    shout()
    planted = os.environ.get("CANARY_PLANT", "")
    if planted:
        plant(planted.split(","))
        telegram_leaks.plant(planted.split(","))
    if os.environ.get("CANARY_HASTE"):
        telegram_leaks.hasten()
    from bot.cli import main as binhan

    binhan()


if __name__ == "__main__":
    main()
