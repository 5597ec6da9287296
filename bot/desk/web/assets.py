"""The desk's own style sheet, scripts and templates."""

from __future__ import annotations

from typing import Final

from bot.channels.web.assets import Assets

DESK: Final = Assets("bot.desk.web", "/desk/static")
