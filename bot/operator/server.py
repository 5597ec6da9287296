"""
The socket of a running `binhan serve`: the operator's commands, for the same user of the machine only.

A Unix socket with mode 0600 inside the data folder. Bodies are JSON of the words of `knowledge`. What
changes the library is done one call after the other: two commands may come at once.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.messages import Question
from bot.operator.wire import CALLS, DESK_PATH, Call
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from bot.workplace import Workplace

__all__ = ["Question", "create_operator_app"]

_LOG = logging.getLogger(__name__)
_CHANGING = frozenset(("publish", "remove", "withdraw", "restore", "roll_back", "finish", "claim_collection"))
_ASKING_AT_ONCE = 4


def create_operator_app(workplace: Workplace, desk_address: str = "") -> Starlette:
    """
    An application with one route for each call of `bot.operator.wire`, and one for where the desk is.

    *desk_address* is that of this process's desk, such as `http://127.0.0.1:8080`; "" where it has none.
    """

    async def desk(request: Request) -> Response:  # noqa: ARG001 - every handler takes it
        return JSONResponse({"address": desk_address})

    writing, asking = anyio.CapacityLimiter(1), anyio.CapacityLimiter(_ASKING_AT_ONCE)
    return Starlette(
        routes=[
            Route(DESK_PATH, desk),
            *(
                Route(
                    f"/{name}",
                    _endpoint(call, getattr(workplace, name), writing if name in _CHANGING else asking),
                    methods=["POST"],
                )
                for name, call in CALLS.items()
            ),
        ]
    )


def _endpoint(
    call: Call, method: Callable[..., Any], limiter: anyio.CapacityLimiter
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            arguments = call.arguments.validate_json(await request.body())
            result = await anyio.to_thread.run_sync(partial(method, *arguments), limiter=limiter)
        except ValidationError:
            return Response(status_code=400)
        except KnowledgeError as error:
            body = TypeAdapter(dict[str, Any]).dump_json({"code": error.code, "fields": error.fields})
            return Response(body, status_code=409, media_type="application/json")
        except Exception as error:  # noqa: BLE001 - its words may quote a question; its type may be logged
            _LOG.error("operator: %s", type(error).__name__)
            return Response(status_code=500)
        return Response(call.result.dump_json(result), media_type="application/json")

    return handle
