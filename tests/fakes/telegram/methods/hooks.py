"""setWebhook and its sisters. Who waits in getUpdates is sent away by the server."""

from __future__ import annotations

import dataclasses
import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.call import Call, method
from tests.fakes.telegram.polling import read_allowed
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.updates import Hook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})  # where plain HTTP is let through, unlike at Telegram
_CONNECTIONS = 100


@method("setWebhook")
def set_webhook(call: Call) -> Any:
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook", is_fault=True)
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters", is_fault=True)
    if not secret:
        call.world.fault("setWebhook: no secret_token, so anybody may deliver")
    read_allowed(call)
    updates = call.world.updates
    if call.flag("drop_pending_updates"):
        updates.drop_all()
    updates.hook = dataclasses.replace(
        updates.hook,
        url=url,
        secret=secret,
        max_connections=min(max(call.integer("max_connections", 40), 1), _CONNECTIONS),
        last_error="",
        last_error_at=0,
    )
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> Any:
    updates = call.world.updates
    if call.flag("drop_pending_updates"):
        updates.drop_all()
    kept = updates.hook
    updates.hook = Hook(
        first_wait_s=kept.first_wait_s, longest_wait_s=kept.longest_wait_s, timeout_s=kept.timeout_s
    )
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Any:
    updates, hook = call.world.updates, call.world.updates.hook
    told: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if hook.url:
        told |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error:
        told |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if updates.allowed:
        told["allowed_updates"] = list(updates.allowed)
    return told
