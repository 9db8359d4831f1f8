"""`python -m mpi` and the console script `mpi`: what concerns the process as a whole.

Signals, descriptors that are closed or full, and the end. Importing this module makes the process that of a program:
from then on an interrupt ends it without a traceback, also while the rest is imported.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

STOPPING = {signal.SIGINT: 130, signal.SIGTERM: 143}
if hasattr(signal, "SIGHUP"):
    STOPPING[signal.SIGHUP] = 129  # the terminal was closed
USUAL = (signal.SIG_DFL, signal.default_int_handler)  # who ignores a signal, as `nohup` does, goes on to
SOON = 0.05  # seconds
ALLOCATIONS = 100_000  # of containers, after which Python looks for garbage; it does after 700, a sixth of a small run
asked: list[int] = []  # the exit codes of the signals that came
is_mpi = False  # whether `main` runs


def _at_once(number: int, _: object) -> None:
    """Leave while modules are imported: nothing has been begun that could be half done."""
    if number == signal.SIGINT and not _is_closed(2):
        os.write(2, b"interrupted\n")
    os._exit(STOPPING[signal.Signals(number)])


def _in_order(number: int, _: object) -> None:
    """Leave through the `finally` clauses, which remove half-written files."""
    asked.append(STOPPING[signal.Signals(number)])
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(asked[-1])


def _listen(handler: signal._HANDLER) -> None:
    for number in STOPPING:
        if signal.getsignal(number) in (*USUAL, _at_once):
            signal.signal(number, handler)


def _is_closed(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return True
    return False


_listen(_at_once)
gc.set_threshold(ALLOCATIONS)  # modules, configs and plans stay until the end: there is nothing to find


def main() -> None:
    """Run the command line, and leave at once when it is done.

    Arrow's worker threads can abort a process whose interpreter is winding down, after the result was written
    (apache/arrow, issues 34314 and 45017); `os._exit` leaves no time for that.
    """
    global is_mpi  # noqa: PLW0603  told once, by the process itself
    is_mpi = True
    # The few small matrix products take no advantage of threads, which only wait for work, 0.2 s of each run.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for descriptor in range(3):
        if _is_closed(descriptor):
            os.open(os.devnull, os.O_RDWR)  # gets this number: no file of ours becomes what others take for stdout
    from mpi import cli

    _prepare_streams()
    sys.unraisablehook = _unraisable
    code = 0
    try:
        _listen(_in_order)
        cli.main(stopped=lambda: bool(asked))
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    except KeyboardInterrupt:  # a second one, while the first was told
        code = asked[0]
    if asked and code:
        code = asked[0]  # whatever became of it on its way
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code)


def _prepare_streams() -> None:
    """Let stdout write all that it is given, and both show the rest where a terminal cannot show a letter."""
    import io

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    out = sys.stdout
    # Unbuffered (PYTHONUNBUFFERED, python -u), a write to a disk that fills up writes less and tells nobody.
    if isinstance(out, io.TextIOWrapper) and isinstance(out.buffer, io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(out.buffer), out.encoding, out.errors, line_buffering=True)


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """An interrupt that arose where nothing can be raised is raised again; other things are told as usual."""
    if asked and isinstance(unraisable.exc_value, KeyboardInterrupt | SystemExit):
        import threading

        number = signal.SIGINT if asked[0] == STOPPING[signal.SIGINT] else signal.SIGTERM
        again = threading.Timer(SOON, os.kill, (os.getpid(), number))  # here it would be lost once more
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    main()
