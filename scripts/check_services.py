"""
Asks PostgreSQL and Redis for an answer; fails where one gives none.

Without this a service that is down would only show as skipped tests.
"""

from __future__ import annotations

import socket
import sys
from urllib.parse import urlsplit

import psycopg

TIMEOUT_SECONDS = 10


def ask_postgres(url: str) -> str:
    """What PostgreSQL at *url* says its version is."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, connect_timeout=TIMEOUT_SECONDS) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {row[0] if row else '?'} answers"


def ask_redis(url: str) -> str:
    """Whether Redis at *url* answers a ping."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 6379)
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(b"PING\r\n")
        answer = connection.recv(64)
    if not answer.startswith(b"+PONG"):
        raise ConnectionError
    return "Redis answers"


def main(postgres: str, redis: str) -> int:
    """Ask both; returns the exit code."""
    failures = 0
    for name, ask, url in (("PostgreSQL", ask_postgres, postgres), ("Redis", ask_redis, redis)):
        try:
            print(ask(url))
        except (OSError, psycopg.Error) as error:
            parts = urlsplit(url)
            print(f"{name} does not answer at {parts.hostname}:{parts.port} ({type(error).__name__})")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
