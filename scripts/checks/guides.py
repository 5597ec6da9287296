"""The shipped guides, as `binhan guides check` looks at them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ingest.guide_check import check_guides, tell
from scripts.checks.project import Finding

if TYPE_CHECKING:
    from pathlib import Path

# Not the clock: a day on which no law ends and no guide grows old by itself while the code stays as it is.
# Move it when the guides are checked again.
MEASURED_ON = date(2026, 11, 28)


def check(root: Path) -> list[Finding]:
    """Every finding in `guides/`; age is a warning."""
    report = check_guides(root / "guides", today=MEASURED_ON)
    if not report.guides:
        return [Finding("guides", "holds no guide")]
    return [
        Finding(f"guides/{found.file}:{found.line}", tell(found, "en"), is_warning=found.is_warning)
        for found in report.findings
    ]
