"""The process a file is cleaned in, with bubblewrap and without it."""

from __future__ import annotations

import os
import shutil
import threading
import time

import pytest

from tests.tips.attachments import pictures
from tips.attachments.clean import SandboxedCleaner
from tips.attachments.sandbox import Sandbox, wall_works
from tips.errors import FileRefused
from tips.model import FILE_BYTES_LIMIT, RawFile

_HONEST = 'print(\'{"type": "text/plain", "refused": ""}\', flush=True); '
_LIMITED = "from tips.attachments import worker; worker.limit(9); "


@pytest.fixture(params=[True, False], ids=["walled", "bare"])
def walled(request):
    if request.param and not wall_works():
        if os.environ.get("CI") and shutil.which("bwrap"):
            pytest.fail("bubblewrap is here but does not work")
        pytest.skip("bubblewrap is not here")
    return request.param


def _told(program, *, walled, seconds=20.0):
    """What *program* writes after an honest header."""
    sandbox = Sandbox(seconds=seconds, bubblewrap=walled, program=("-c", program))
    return sandbox.clean(b"binh an")[1].decode()


def _reason(program, *, walled, seconds=20.0):
    with pytest.raises(FileRefused) as refused:
        Sandbox(seconds=seconds, bubblewrap=walled, program=("-c", program)).clean(b"x" * 1_000_000)
    return refused.value.fields["reason"]


def test_a_photo_comes_out_cleaned(walled):
    cleaned = SandboxedCleaner(bubblewrap=walled).clean(RawFile(content=pictures.jpeg()), 1)

    assert (cleaned.name, cleaned.media_type) == ("anh-1.jpg", "image/jpeg")


def test_nothing_of_our_environment_goes_in(walled, monkeypatch):
    monkeypatch.setenv("BINHAN_SECRET", "canary")

    assert "canary" not in _told(_HONEST + "import os; print(dict(os.environ))", walled=walled)


def test_the_worker_can_write_no_byte_to_any_file(walled, tmp_path):
    path = tmp_path / "x"
    program = f"""{_HONEST}{_LIMITED}
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    os.write(os.open({str(path)!r}, os.O_CREAT | os.O_WRONLY), b"secret")
except OSError:
    print("refused")
"""

    assert _told(program, walled=walled).strip() == "refused"
    assert not path.exists() or path.read_bytes() == b""


@pytest.mark.parametrize("walled", [True], indirect=True)
def test_a_walled_worker_sees_no_file_of_ours_and_no_network(walled, tmp_path):
    (tmp_path / "key").write_text("secret")
    program = _HONEST + (
        f"import os, socket; print(os.path.exists({str(tmp_path / 'key')!r}), os.path.exists('/etc/passwd'), "
        "[name for _, name in socket.if_nameindex()], len([n for n in os.listdir('/') if n == 'proc']))"
    )

    assert _told(program, walled=walled).strip() == "False False ['lo'] 0"


@pytest.mark.parametrize(
    "program",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('nonsense')",
        "print('[]')",
        "print('{\"type\": 5}')",
        'print(\'{"type": "", "refused": "<script>"}\')',
    ],
)
def test_a_dead_or_lying_worker_means_a_broken_file(program, walled):
    assert _reason(program, walled=walled) == "broken"


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(99)"])
def test_a_worker_that_does_not_end_is_ended(program, walled):
    begun = time.monotonic()

    assert _reason(program, walled=walled, seconds=0.5) == "took_too_long"
    assert time.monotonic() - begun < 5


def test_a_worker_that_burns_its_time_is_ended_by_the_system(walled):
    program = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"

    assert _reason(program, walled=walled) == "took_too_long"


def test_a_worker_that_never_stops_talking_is_cut_off(walled):
    program = "import sys\nwhile True: sys.stdout.buffer.write(b' ' * 1_000_000)"

    assert _reason(program, walled=walled) == "too_large"


def test_a_worker_has_only_so_much_memory(walled):
    program = _HONEST + _LIMITED + "\ntry: bytearray(4_000_000_000)\nexcept MemoryError: print('no')"

    assert _told(program, walled=walled).strip() == "no"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "../../etc"])
def test_only_types_we_know_come_out(media_type, walled):
    cleaner = SandboxedCleaner(bubblewrap=walled)
    lying = Sandbox(
        seconds=20,
        bubblewrap=walled,
        program=("-c", f'print(\'{{"type": "{media_type}", "refused": ""}}\\nx\')'),
    )

    assert lying.clean(b"x") == (media_type, b"x\n")
    with pytest.raises(FileRefused):
        cleaner.accept(*lying.clean(b"x"), number=1)


def test_an_empty_and_a_too_large_file_start_no_process():
    cleaner = SandboxedCleaner(seconds=0)
    for content, reason in ((b"", "empty"), (b"\0" * (FILE_BYTES_LIMIT + 1), "too_large")):
        with pytest.raises(FileRefused) as refused:
            cleaner.clean(RawFile(content=content), 1)
        assert refused.value.fields == {"reason": reason}


def test_files_sent_at_once_all_come_out():
    cleaner = SandboxedCleaner(at_once=1)
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: names.append(cleaner.clean(RawFile(content=b"tin"), n).name))
        for n in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names) == ["tep-1.txt", "tep-2.txt", "tep-3.txt"]
