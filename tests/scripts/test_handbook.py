"""What the handbooks say to type for a backup keeps all that nothing else brings back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
DATABASES = ("record", "trust", "watched", "gaps/gaps", "members/members", "tips/tips", "desk/desk")
FILES = (
    *("watched.toml", "sources.toml", "golden-gaps.jsonl", "originals/ab/abc"),
    *("members/account-key", "tips/units.toml", "tips/public-keys/xa-b/1.json"),
)
SECRET = ("desk/private-keys/xa-b/1.json", "notices/notices.sqlite3")


@pytest.fixture(params=["handbook.md", "handbook.vi.md"])
def blocks(request: pytest.FixtureRequest) -> list[str]:
    """The shell texts of a handbook's chapter on backups: to keep, and to put back."""
    text = (DOCS / str(request.param)).read_text(encoding="utf-8")
    chapter = next(part for part in text.split("\n## ") if part.startswith(("Backup", "Sao lưu")))
    return [part.split("```")[0] for part in chapter.split("```sh\n")[1:]]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose `.env` names a data folder elsewhere, beside an empty `data`."""
    folder, data = tmp_path / "a clone", tmp_path / "lib"
    (folder / "data").mkdir(parents=True)
    (folder / ".env").write_text(f"BINHAN_PORT=8080\nBINHAN_DATA={data}\n")
    for name in (f"{base}.sqlite3" for base in DATABASES):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(data / name) as base:
            base.execute("CREATE TABLE kept (name TEXT)")
            base.execute("INSERT INTO kept VALUES (?)", (name,))
        base.close()
    for name in (*FILES, *SECRET):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    return folder


def _type(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BINHAN_")}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_backup_as_documented_brings_everything_back(blocks: list[str], clone: Path, tmp_path: Path):
    """The whole way: kept for nobody else to read, the folder lost, put back."""
    done = _type(blocks[0], clone)
    assert done.returncode == 0, done.stderr
    (backup,) = clone.glob("backup-*")
    assert backup.stat().st_mode & 0o077 == 0
    assert not any((backup / name).exists() for name in SECRET)
    data = tmp_path / "lib"
    shutil.rmtree(data)
    (data / "index").mkdir(parents=True)
    (data / "record.sqlite3-wal").write_text("of another database")
    done = _type(blocks[1].replace("backup-2026-11-22", backup.name), clone)
    assert done.returncode == 0, done.stderr
    assert [(data / name).read_text() for name in FILES] == list(FILES)
    for name in (f"{base}.sqlite3" for base in DATABASES):
        base = sqlite3.connect(data / name)
        assert base.execute("SELECT name FROM kept").fetchall() == [(name,)]
        base.close()
    assert not (data / "index").exists()


def test_a_backup_of_a_wrong_folder_fails(blocks: list[str], clone: Path):
    """No empty database is made and taken for the record."""
    (clone / ".env").write_text("")
    done = _type(blocks[0], clone)
    assert done.returncode != 0
    assert not list((clone / "data").iterdir())
    assert not list(clone.glob("backup-*/*.sqlite3"))
