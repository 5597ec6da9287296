"""The lists of this package, read once from its TOML files, their patterns compiled."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def rules(name: str) -> dict[str, Any]:
    """The table `ingest/trust/<name>.toml`."""
    return tomllib.loads((resources.files("ingest.trust") / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def patterns(name: str, group: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one *group* of a table, in order; a blank in them stands for any white space."""
    return tuple(
        re.compile(one.replace(" ?", r"\s*").replace(" ", r"\s+"), re.MULTILINE) for one in rules(name)[group]
    )


@cache
def any_of(name: str, group: str) -> re.Pattern[str]:
    """One pattern for all of a *group*."""
    return re.compile("|".join(f"(?:{one.pattern})" for one in patterns(name, group)), re.MULTILINE)
