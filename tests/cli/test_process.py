"""The process as a user's shell sees it: stdout that is full, closed or unbuffered; interrupts at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.hamlet import write_hamlet
from tests.support.limits import MOST

ROOT = Path(__file__).resolve().parent.parent.parent
ESTIMATE = ("estimate", "village.yaml", "village_2026.yaml", "--data", ".", "--by", "valley")
FULL = (
    "error MPI-O004 the result cannot be written to stdout ({})\n"
    "  look at the free space and the permissions of the disk\n"
)
CLOSED = "error MPI-O004 the result cannot be written to stdout (it is closed)\n  open it, or name a file with -o\n"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals and descriptors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_hamlet(tmp_path)


def shell(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line for the shell, in which `mpi` is this program."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    line = f'mpi() {{ "{sys.executable}" -m mpi "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=MOST, check=False
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_full_disk_is_told_of_however_stdout_is_buffered(form: str, unbuffered: str, folder: Path) -> None:
    command = f"mpi {' '.join(ESTIMATE)} --format {form} > /dev/full"
    found = shell(command, folder, PYTHONUNBUFFERED=unbuffered)
    assert (found.returncode, found.stdout) == (1, "")
    assert told(found.stderr, form) == FULL.format("No space left on device")


def told(stderr: str, form: str) -> str:
    """What was said, as lines of text; with `--format json` messages are JSON, too."""
    if form != "json":
        return stderr
    said = [json.loads(line) for line in stderr.splitlines()]
    return "".join(f"{one['severity']} {one['code']} {one['text']}\n  {one['remedy']}\n" for one in said)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_disk_that_fills_up_half_way_is_told_of_without_a_buffer(form: str, folder: Path) -> None:
    whole = shell(f"mpi {' '.join(ESTIMATE)} --format {form} 2> /dev/null", folder, PYTHONUNBUFFERED="1")
    assert (whole.returncode, len(whole.stdout) > 5_000) == (0, True)
    command = f"(ulimit -f 4; mpi {' '.join(ESTIMATE)} --format {form} > cut)"
    found = shell(command, folder, PYTHONUNBUFFERED="1")
    assert (found.returncode, told(found.stderr, form)) == (1, FULL.format("File too large"))
    assert whole.stdout.startswith((folder / "cut").read_text(encoding="utf-8"))


def test_without_a_buffer_the_same_bytes_come_out(folder: Path) -> None:
    outputs = [shell(f"mpi {' '.join(ESTIMATE)} --format csv", folder, PYTHONUNBUFFERED=text) for text in ("", "1")]
    assert outputs[0].stdout == outputs[1].stdout
    assert outputs[0].stdout.count("\n") > 10


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same estimates on stdout."""
    found = shell(f"mpi {' '.join(ESTIMATE)} --format csv", write_hamlet(tmp_path_factory.mktemp("plain")))
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_an_output_is_written_whatever_is_closed(closed: str, folder: Path, plain: str) -> None:
    found = shell(f"mpi {' '.join(ESTIMATE)} -o e.csv {closed}", folder)
    assert found.returncode == 0, found.stderr
    assert "Traceback" not in found.stderr
    assert (folder / "e.csv").read_text(encoding="utf-8") == plain


@pytest.mark.parametrize(
    "command", [" ".join(ESTIMATE), "check village.yaml", "--help", "estimate --help", "--version"]
)
def test_a_result_without_stdout_is_an_error(command: str, folder: Path) -> None:
    found = shell(f"mpi {command} >&-", folder)
    assert (found.returncode, found.stderr) == (1, CLOSED)
    assert shell(f"mpi {command} >&- 2>&-", folder).returncode == 1


def test_messages_that_nobody_can_hear_leave_the_exit_code(folder: Path) -> None:
    for end in ("2>&-", "2>/dev/full") if Path("/dev/full").exists() else ("2>&-",):
        assert shell(f"mpi check nothing.yaml {end}", folder).returncode == 2
        assert shell(f"mpi check {end}", folder).returncode == 2
        assert shell(f"mpi {' '.join(ESTIMATE)} --strict {end}", folder).returncode == 3


def test_help_on_a_full_disk_is_an_error(folder: Path) -> None:
    if Path("/dev/full").exists():
        for unbuffered in ("", "1"):
            found = shell("mpi --help > /dev/full", folder, PYTHONUNBUFFERED=unbuffered)
            assert found.returncode == 1
            assert found.stderr.startswith("error MPI-O004 the result cannot be written (No space left on device)\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_whoever_reads_the_first_line_alone_gets_it_and_no_complaint(unbuffered: str, folder: Path) -> None:
    command = f"mpi {' '.join(ESTIMATE)} --format csv 2> said | head -1; echo ${{PIPESTATUS[0]}}"
    found = shell(command, folder, PYTHONUNBUFFERED=unbuffered)
    first, code = found.stdout.splitlines()
    assert (first.split(",")[0].strip('"'), code) == ("measure", "0")
    assert "error" not in (folder / "said").read_text(encoding="utf-8")


# Interrupts.

# `nohup` before the tests lets what they start ignore SIGHUP, as it should: here it does not.
STARTED = (
    "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "import mpi.__main__, sys; print('go', flush=True); mpi.__main__.main()"
)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted\n"), (signal.SIGTERM, 143, ""), (signal.SIGHUP, 129, "")],
)
def test_a_signal_while_modules_are_imported_ends_the_process_in_order(
    number: signal.Signals, code: int, said: str, folder: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before = sorted(path.name for path in folder.iterdir())
    ended = 0
    for hundredths in (0, 1, 2, 4, 7, 11, 16, 22, 30, 40):
        command = [sys.executable, "-c", STARTED, *ESTIMATE, "-o", "e.parquet"]
        with subprocess.Popen(
            command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "go\n"
            time.sleep(hundredths / 100)
            process.send_signal(number)
            _, err = process.communicate(timeout=MOST)
        if process.returncode == 0:  # it was done already
            (folder / "e.parquet").unlink()
            continue
        ended += 1
        assert (process.returncode, err.lstrip("\n")) == (code, said)
        assert sorted(path.name for path in folder.iterdir()) == before
    assert ended > 1


def test_who_ignores_a_signal_goes_on(folder: Path) -> None:
    line = f"trap '' HUP INT; mpi {' '.join(ESTIMATE)} -o e.csv & sleep 0.3; kill -HUP $!; kill -INT $!; wait $!"
    assert shell(line, folder).returncode == 0
    assert (folder / "e.csv").exists()


@pytest.mark.parametrize("swallowed", ["as ImportError", "where nothing can be raised"])
def test_an_interrupt_that_another_package_swallows_is_still_one(swallowed: str, folder: Path) -> None:
    held = """
import os, signal, sys, time
import mpi.__main__, mpi.config
def converted(name):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10 * 60)
    except KeyboardInterrupt:
        raise ImportError("no module") from None
class Silent:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10 * 60)
def silent(name):
    Silent()
    time.sleep(10 * 60)
mpi.config.load_measure = converted if sys.argv.pop() == "as ImportError" else silent
mpi.__main__.main()
"""
    command = [sys.executable, "-c", held, "check", "village.yaml", swallowed]
    found = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=MOST,
        check=False,
    )
    assert (found.returncode, found.stdout, found.stderr.lstrip("\n")) == (130, "", "interrupted\n")
