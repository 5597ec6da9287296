"""Received means kept: killed at any instant, and with a full disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200


def judged(*arguments: object) -> dict[str, Any]:
    """What the killing parent says; see tests/fakes/tip_killing.py."""
    command = [sys.executable, "-m", "tests.fakes.tip_killing", *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    return json.loads(ended.stdout)


def test_nothing_acknowledged_is_lost_and_nothing_is_twice_over_200_kills(tmp_path: Path) -> None:
    found = judged("kill", tmp_path / "tips", KILLS)
    assert found["done"] > KILLS  # or nothing was being sent
    assert found["unsure"] > KILLS / 10  # or no kill met a sending
    assert found["kept_unsaid"] > 0  # killed between the commit and the word
    assert found["lost"] == 0
    assert found["broken"] == 0
    assert found["twice"] == found["one_sided"] == 0
    assert found["stored"] == found["begun"]  # the unsure were sent again: each is there once
    assert found["integrity"] == "ok"


def test_a_full_disk_means_not_received(tmp_path: Path) -> None:
    found = judged("full", tmp_path / "tips")
    assert found["told"] == ["TipStoreUnavailable"] * 3
    assert found["found"] is False
    assert found["after"] is True
    assert (found["stored"], found["broken"], found["integrity"]) == (2, 0, "ok")
