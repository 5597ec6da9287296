"""The words and numbers of a report, in its reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from knowledge.significance import wilson
from prompts.catalog import catalog
from prompts.catalog import text as say

if TYPE_CHECKING:
    from prompts.catalog import Language

_ROUGH = 0.005  # a share nearer to 0 or 1 than this would be told as none or all


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of `evalreport`, and shares as people read them."""

    language: Language

    def say(self, key: str, **fields: object) -> str:
        """The text of *key*."""
        return say(f"evalreport.{key}", self.language, **fields)

    def named(self, field: str, name: str) -> str:
        """What style or topic *name* is called; itself where it has no other name."""
        return catalog(self.language).get(f"evalreport.{field}_{name}", name)

    def percent(self, share: float) -> str:
        """A share in whole per cent, with a decimal where rounding would say none or all."""
        digits = 0 if share in {0, 1} or _ROUGH <= share <= 1 - _ROUGH else 1
        value = f"{share * 100:.{digits}f}".replace(".", self.say("decimal_mark"))
        return self.say("percent", value=value)

    def percent_of(self, hits: int, total: int) -> str:
        """The share in per cent, "–" for none."""
        return self.percent(hits / total) if total else "–"

    def counted(self, hits: int, total: int) -> str:
        """How often it held, of how many."""
        return self.say("of", hits=hits, total=total) if total else self.say("nothing")

    def share(self, hits: int, total: int) -> Markup:
        """A cell of a table: per cent, counts, and the 95 % interval in per cent."""
        if not total:
            return Markup("<small>{}</small>").format(self.say("nothing"))
        low, high = wilson(hits, total)
        reach = self.say("range", low=f"{low * 100:.0f}", high=f"{high * 100:.0f}")
        return Markup("{} <small><span>{}/{}</span> <span>{}</span></small>").format(
            self.percent_of(hits, total), hits, total, reach
        )

    def milliseconds(self, value: float) -> str:
        """Whole milliseconds, or one decimal below ten."""
        text = f"{value:.0f}" if value >= 10 else f"{value:.1f}".replace(".", self.say("decimal_mark"))  # noqa: PLR2004
        return self.say("milliseconds", value=text)
