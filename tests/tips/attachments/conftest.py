from __future__ import annotations

import pytest

from tips.attachments.clean import SandboxedCleaner


@pytest.fixture(scope="session")
def cleaner():
    return SandboxedCleaner()
