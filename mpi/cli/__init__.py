"""The command line: options in, one call of the library, its result on stdout, messages on stderr.

Exit codes: 0 done, 1 data refused, 2 usage or config refused, 3 warnings under --strict, 4 too little memory or too few
threads, 70 a fault of the program, 130 interrupted. Heavy imports happen inside the commands that need them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import click

from mpi.cli.data_commands import check, demo, explain, profile, score
from mpi.cli.figure_commands import change, differences, estimate
from mpi.cli.publishing_commands import run, verify
from mpi.cli.saying import SPACE, Closed, closed, say
from mpi.errors import DataError, Fault, MpiError, MpiWarning, Place, UsageError
from mpi.scarcity import scarce

__all__ = ["cli", "main"]
UNEXPECTED, INTERRUPTED = 70, 130
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)  # of a stdout that takes no more
HELP = {"-h", "--help", "--version"}
EPILOG = (
    "Results go to stdout or -o, messages to stderr. Exit codes: 0 done, 1 data refused, 2 usage or config refused, "
    "3 warnings under --strict, 4 too little memory or too few threads, 130 interrupted, 143 and 129 ended by "
    "kill or a closed terminal."
)


def main(arguments: Sequence[str] | None = None, *, stopped: Callable[[], bool] = lambda: False) -> None:
    """Run the command line and exit.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process if left out.
    stopped : callable
        Whether a signal has asked the process to end: what fails then, fails for that.
    """
    sys.exit(_run(arguments, stopped))


def _run(arguments: Sequence[str] | None, stopped: Callable[[], bool]) -> int:
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        if sys.stdout is None and HELP.intersection(given):
            raise closed()
        _refuse_empty(given)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MpiWarning)  # the commands print notices themselves
            result = cli.main(args=given, prog_name="mpi", standalone_mode=False)
    except MpiError as error:
        return _told(error)
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            if sys.stderr is not None:
                error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
    except Closed:
        # Python would complain again when it flushes the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if stopped():
            say("interrupted")
            return INTERRUPTED
        if (refusal := scarce(error) or (_refused(error) if isinstance(error, OSError) else None)) is not None:
            return _told(refusal)
        if os.environ.get("MPI_DEBUG"):
            raise
        text = f"an unexpected {type(error).__name__} at {_where(error)}"
        remedy = (
            "this is a fault of the program: please report it; MPI_DEBUG=1 shows the traceback, which may quote data"
        )
        say(f"error {Fault('MPI-U900', None, text, remedy)}")
        return UNEXPECTED
    return result if isinstance(result, int) else 0


def _refused(error: OSError) -> MpiError:
    """What the system refuses, where nobody knew it better."""
    if error.filename is None and error.errno in FULL:
        return DataError(Fault("MPI-O004", None, f"the result cannot be written ({error.strerror})", SPACE))
    place = Place(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    return DataError(Fault("MPI-O005", place, f"the system refuses this file ({error.strerror})", "name another"))


def _told(error: MpiError) -> int:
    """Tell all faults; the exit code."""
    for fault in error.faults:
        say(f"error {fault}")
    return error.exit_code


def _refuse_empty(words: Sequence[str]) -> None:
    """Refuse options and arguments that are empty, as a variable of the shell that is not set leaves them."""
    faults = []
    for before, word in pairwise(["", *words]):
        name = word.removesuffix("=") if word.startswith("--") and word.endswith("=") else before if not word else ""
        if name or not word:
            what = name if name.startswith("-") else "an argument"
            remedy = "give it a text or leave it out; is a variable of the shell not set?"
            faults.append(Fault("MPI-E001" if what == "--k" else "MPI-U112", None, f"{what} is empty", remedy))
    if faults:
        raise UsageError(*faults)


def _where(error: Exception) -> str:
    """Module and line where an error arose; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return "?" if at is None else f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"


class _Group(click.Group):
    """Commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their definition."""
        return list(self.commands)


VERSION = str(sys.modules["mpi"].__version__)  # the facade is no layer below this one, so it is not imported
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=_Group, epilog=EPILOG, context_settings=SETTINGS)
@click.version_option(VERSION, prog_name="mpi")
def cli() -> None:
    """Multidimensional poverty indices from survey and census microdata (Alkire-Foster).

    MEASURE and SURVEY are YAML files, or names of those that come with the program, such as colombia_ipm.
    """


for command in (demo, check, score, profile, estimate, differences, change, run, verify, explain):
    cli.add_command(command)
