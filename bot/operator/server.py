"""
The socket of a running `binhan serve`: the operator's commands, for the same user of the machine only.

A Unix socket with mode 0600 inside the data folder. Bodies are JSON of the words of `knowledge`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from bot.messages import Question
from bot.operator.wire import CALLS, Call
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from bot.workplace import Workplace

__all__ = ["Question", "create_operator_app"]


def create_operator_app(workplace: Workplace) -> Starlette:
    """An application with one route for each call of `bot.operator.wire`."""
    return Starlette(
        routes=[
            Route(f"/{name}", _endpoint(call, getattr(workplace, name)), methods=["POST"])
            for name, call in CALLS.items()
        ]
    )


def _endpoint(call: Call, method: Callable[..., Any]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            arguments = call.arguments.validate_json(await request.body())
            result = await run_in_threadpool(partial(method, *arguments))
        except ValidationError:
            return Response(status_code=400)
        except KnowledgeError as error:
            body = TypeAdapter(dict[str, Any]).dump_json({"code": error.code, "fields": error.fields})
            return Response(body, status_code=409, media_type="application/json")
        return Response(call.result.dump_json(result), media_type="application/json")

    return handle
