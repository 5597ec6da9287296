"""
Asks PostgreSQL and Redis for an answer; starts the machine's own where it stands still.

It fails where no answer comes. Without this a service that is down would only show as skipped tests.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT_SECONDS = 10
START_SECONDS = 30
HERE = ("127.0.0.1", "localhost", "::1")


class Service(NamedTuple):
    """A service tests need: its name, how to ask it (raises where it is silent) and how to start it here."""

    name: str
    ask: Callable[[str], str]
    start_command: Callable[[SplitResult], list[str]]


def ask_postgres(url: str) -> str:
    """What PostgreSQL at *url* says its version is; raises :class:`psycopg.Error`."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, connect_timeout=TIMEOUT_SECONDS) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {row[0] if row else '?'} answers"


def ask_redis(url: str) -> str:
    """Whether Redis at *url* answers a ping; raises :class:`OSError`."""
    parts = urlsplit(url)
    address = (parts.hostname or HERE[0], parts.port or 6379)
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(b"PING\r\n")
        answer = connection.recv(64)
    if not answer.startswith(b"+PONG"):
        raise ConnectionError
    return "Redis answers"


def postgres_command(_: SplitResult) -> list[str]:
    """Starts the clusters that Debian's package made."""
    return ["service", "postgresql", "start"]


def redis_command(url: SplitResult) -> list[str]:
    """Starts a Redis at the port of *url* that keeps nothing on disk."""
    listening = f"--bind {url.hostname or HERE[0]} --port {url.port or 6379}"
    return ["redis-server", *listening.split(), "--save", "", "--appendonly", "no", "--daemonize", "yes"]


POSTGRES = Service("PostgreSQL", ask_postgres, postgres_command)
REDIS = Service("Redis", ask_redis, redis_command)
_SILENT = (OSError, psycopg.Error)


def answers(service: Service, url: str) -> bool:
    """Whether *service* answers at *url*, started first where it stands still on this machine."""
    parts = urlsplit(url)
    try:
        print(service.ask(url))
    except _SILENT as error:
        print(f"{service.name} does not answer at {parts.hostname}:{parts.port} ({type(error).__name__})")
        return parts.hostname in HERE and _starts(service, url)
    return True


def _starts(service: Service, url: str) -> bool:
    command = service.start_command(urlsplit(url))
    if shutil.which(command[0]) is None:
        print(f"It is not installed here (no {command[0]}).")
        return False
    print(f"Starting it: {' '.join(command)}", flush=True)
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            print(service.ask(url))
        except _SILENT:
            time.sleep(0.2)
        else:
            return True
    print(f"It gave no answer within {START_SECONDS} seconds.")
    return False


def main(postgres_url: str, redis_url: str) -> int:
    """Ask both; returns the exit code."""
    return 0 if all([answers(POSTGRES, postgres_url), answers(REDIS, redis_url)]) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
