"""`python -m mpi` and the console script `mpi`: what concerns the process as a whole."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import NoReturn

from mpi import cli

TERMINATED = 143


def main() -> None:
    """Run the command line, and leave at once when it is done.

    Arrow's worker threads can abort a process whose interpreter is winding down, after the result was written
    (apache/arrow, issues 34314 and 45017); `os._exit` leaves no time for that.
    """
    # The few small matrix products take no advantage of threads, which only wait for work, 0.2 s of each run.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter still shows the rest
    try:
        cli.main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


def _terminated(number: int, frame: object) -> NoReturn:
    """Leave through the `finally` clauses, which remove half-written files."""
    sys.exit(TERMINATED)


if __name__ == "__main__":
    main()
