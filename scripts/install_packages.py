"""
Installs the locked packages into .venv, and says in plain words what is happening.

Runs on the system's Python, before anything is installed: standard library only. A stamp in .venv
remembers what was installed from which lock and where, so a second run takes milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
import venv
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
TORCH = "torch==2.13.0"

LOCKS = {
    "serve": "requirements.lock",
    "endpoint": "requirements-endpoint.lock",
    "test": "requirements-dev.lock",
    "torch": "requirements-torch.lock",
}
# What an install of one kind covers besides itself.
COVERS = {"serve": (), "endpoint": ("serve",), "test": ("serve", "endpoint"), "torch": ("serve",)}
PACKAGE_LINES = frozenset(("Collecting", "Processing", "Requirement"))  # how pip begins a package
LINES_ON_FAILURE = 20


def fingerprint(kind: str) -> str:
    """What decides whether an install of *kind* still holds: lock, own package, Python, folder."""
    parts = [
        Path(LOCKS[kind]).read_bytes(),
        Path("pyproject.toml").read_bytes(),
        f"{sys.version_info[:2]} {Path.cwd()}".encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_stamp() -> dict[str, str]:
    """What was installed: fingerprints by kind, and the folder it was made for."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def make_venv(stamp: dict[str, str]) -> bool:
    """Make .venv if it is missing, broken, of another Python, or was moved here. True if it was made."""
    here = f"{sys.version_info[:2]} {Path.cwd()}"
    runs = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
    if runs and stamp.get("made_for", here) == here:
        return False
    print("Making a Python environment in .venv ...", flush=True)
    venv.create(VENV, clear=True, with_pip=True)
    return True


def pip(*arguments: str, total: int = 0) -> None:
    """Run pip, showing one line of progress per package. Ends the program with pip's words if it fails."""
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
        *arguments,
    ]
    kept: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            kept = [*kept[1 - LINES_ON_FAILURE :], line.rstrip()]
            word, _, rest = line.partition(" ")
            if word in PACKAGE_LINES:
                seen += 1
            if word in PACKAGE_LINES and total:
                show(seen, total, rest.removeprefix("already satisfied: ").split()[0].rpartition("/")[2])
            elif word == "Installing" and total:
                finish_line("  downloaded; unpacking (half a minute) ...")
    if process.returncode:
        finish_line("Installing failed. What the installer said last:")
        print("\n".join(f"  | {line}" for line in kept))
        print("Check the connection to the package registry and run the same command again.")
        sys.exit(1)


def show(seen: int, total: int, package: str) -> None:
    """One step of progress: the same line on a terminal, every tenth in a log."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {seen} of about {total}: {package}", end="", flush=True)
    elif seen % 10 == 0:
        print(f"  {seen} of about {total}", flush=True)


def finish_line(words: str) -> None:
    """End the line of progress with *words* on the next."""
    print(f"\r\033[K{words}" if sys.stdout.isatty() else words, flush=True)


def install(kind: str) -> None:
    """Install the lock of *kind*, then our own package, which stays where it is (editable)."""
    lock = Path(LOCKS[kind])
    total = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    if kind == "torch":
        print(f"Installing {TORCH} first, by itself ...", flush=True)
        pip(TORCH)
    print(f"Installing {total} packages from {lock} (a minute or two the first time) ...", flush=True)
    pip("--no-deps", "--require-hashes", "-r", str(lock), total=total)
    pip("--no-deps", "--no-build-isolation", "--editable", ".")


def main(kind: str) -> None:
    """Bring .venv to what *kind* needs."""
    if kind not in LOCKS:
        sys.exit(f"Unknown kind of installation: {kind}. One of: {', '.join(LOCKS)}.")
    stamp = read_stamp()
    if stamp.get(kind) == fingerprint(kind) and PYTHON.exists():
        return
    started = time.monotonic()
    if make_venv(stamp):
        stamp = {"made_for": f"{sys.version_info[:2]} {Path.cwd()}"}
    install(kind)
    stamp |= {covered: fingerprint(covered) for covered in (kind, *COVERS[kind])}
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    print(f"Installed in {time.monotonic() - started:.0f} seconds.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
