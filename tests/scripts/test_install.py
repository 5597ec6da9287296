"""The installer does nothing twice, and notices what makes an installation stale."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import install_packages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder with a space in its name that holds what the installer reads."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    for name in ("pyproject.toml", *install_packages.LOCKS.values()):
        shutil.copy(ROOT / name, folder)
    monkeypatch.chdir(folder)
    return folder


def test_fingerprint_follows_lock_project_and_folder(clone, tmp_path, monkeypatch):
    first = install_packages.fingerprint("serve")
    assert install_packages.fingerprint("serve") == first
    (clone / "requirements-dev.lock").write_text("other")
    assert install_packages.fingerprint("serve") == first
    (clone / "requirements.lock").write_text("other")
    changed = install_packages.fingerprint("serve")
    assert changed != first
    shutil.copytree(clone, tmp_path / "moved")
    monkeypatch.chdir(tmp_path / "moved")
    assert install_packages.fingerprint("serve") != changed


def test_what_is_installed_is_left_alone(clone, capsys):
    python = clone / install_packages.PYTHON
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    install_packages.STAMP.write_text(f'{{"serve": "{install_packages.fingerprint("serve")}"}}')
    install_packages.main("serve")
    assert capsys.readouterr().out == ""


def test_broken_stamp_counts_as_none(clone):
    install_packages.VENV.mkdir()
    install_packages.STAMP.write_text("{half")
    assert install_packages.read_stamp() == {}
    assert clone.exists()


def test_unknown_kind_names_those_there_are():
    done = subprocess.run(
        [ROOT / "scripts" / "install", "everything"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "serve, endpoint, test, torch" in done.stderr


def test_python_that_is_too_old_is_told_in_words(tmp_path):
    """Asked with no Python at all on the path, which is the same case."""
    environment = {"PATH": str(tmp_path)}
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        ["/bin/sh", ROOT / "scripts" / "install"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
