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
from contextvars import copy_context
from itertools import pairwise
from pathlib import Path

import click

from mpi.cli.catalogue_command import measures
from mpi.cli.check_command import check
from mpi.cli.comparing_commands import compare
from mpi.cli.completing import completion
from mpi.cli.config_commands import schema
from mpi.cli.convert_command import convert
from mpi.cli.data_commands import demo, explain, profile, score
from mpi.cli.figure_commands import analyse, change, differences, estimate
from mpi.cli.following_commands import follow, update
from mpi.cli.listing_command import list_units
from mpi.cli.map_commands import map_figures
from mpi.cli.policies_commands import plan, what_if
from mpi.cli.publishing_commands import run, verify
from mpi.cli.ranking_commands import rank
from mpi.cli.saying import SPACE, Closed, closed, records_wanted, say, say_error
from mpi.cli.starting_commands import describe, export, init
from mpi.cli.supply_commands import supply
from mpi.cli.target_commands import progress
from mpi.cli.words import LANG_HELP, RECORDS, VERSION_HELP, Group, Option, chosen, option, said, speak
from mpi.errors import DataError, Fault, MpiError, MpiWarning, Place, UsageError, phrase
from mpi.errors.resources import said_by_system, scarce
from mpi.language import LANGUAGES, template

__all__ = ["cli", "main"]
UNEXPECTED, INTERRUPTED = 70, 130
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)  # of a stdout that takes no more
HELP = {"-h", "--help", "--version"}
EPILOG = template(
    "Results go to stdout or -o, messages to stderr. Exit codes: 0 done, 1 data refused, 2 usage or config refused, "
    "3 warnings under --strict, 4 too little memory or too few threads, 130 interrupted, 143 and 129 ended by "
    "kill or a closed terminal.",
    context="help",
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
    # The language and the form of messages are those of this command alone, not of the process that called it.
    sys.exit(copy_context().run(_ended, arguments, stopped))


def _ended(arguments: Sequence[str] | None, stopped: Callable[[], bool]) -> int:
    try:
        return _run(arguments, stopped)
    except (MemoryError, SystemError) as error:
        # There was not even the memory to tell it; by now what was begun is given back.
        refusal = scarce(error)
        if refusal is None:
            raise
        return _told(refusal)


def _run(arguments: Sequence[str] | None, stopped: Callable[[], bool]) -> int:
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        speak(chosen(given, os.environ))
        RECORDS.set(records_wanted(given))
        if sys.stdout is None and HELP.intersection(given):
            raise closed()
        _refuse_empty(given)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MpiWarning)  # the commands print notices themselves
            result = cli.main(args=given, prog_name="mpi", standalone_mode=False)
    except MpiError as error:
        return _told(error)
    except click.ClickException as error:
        if RECORDS.get():
            say_error(Fault("MPI-U014", None, error.format_message()))
            return error.exit_code
        with contextlib.suppress(OSError):
            if sys.stderr is not None:
                error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say(said(phrase("interrupted")))
        return INTERRUPTED
    except Closed:
        # Python would complain again when it flushes the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if stopped():
            say(said(phrase("interrupted")))
            return INTERRUPTED
        if (refusal := scarce(error) or (_refused(error) if isinstance(error, OSError) else None)) is not None:
            return _told(refusal)
        if os.environ.get("MPI_DEBUG"):
            raise
        text = phrase("an unexpected {kind} at {where}", kind=type(error).__name__, where=_where(error))
        remedy = phrase(
            "this is a fault of the program: please report it; MPI_DEBUG=1 shows the traceback, which may quote data"
        )
        _told(DataError(Fault("MPI-U900", None, text, remedy)))
        return UNEXPECTED
    return result if isinstance(result, int) else 0


def _refused(error: OSError) -> MpiError:
    """What the system refuses, where nobody knew it better."""
    if error.filename is None and error.errno in FULL:
        text = phrase("the result cannot be written ({reason})", reason=said_by_system(error))
        return DataError(Fault("MPI-O004", None, text, SPACE))
    place = Place(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    text = phrase("the system refuses this file ({reason})", reason=said_by_system(error))
    return DataError(Fault("MPI-O005", place, text, phrase("name another")))


def _told(error: MpiError) -> int:
    """Tell all faults; the exit code."""
    for fault in error.faults:
        say_error(fault)
    return error.exit_code


def _refuse_empty(words: Sequence[str]) -> None:
    """Refuse options and arguments that are empty, as a variable of the shell that is not set leaves them."""
    faults = []
    for before, word in pairwise(["", *words]):
        name = word.removesuffix("=") if word.startswith("--") and word.endswith("=") else before if not word else ""
        if name or not word:
            remedy = phrase("give it a text or leave it out; perhaps a variable of the shell is not set")
            text = phrase("{option} is empty", option=name) if name.startswith("-") else phrase("an argument is empty")
            faults.append(Fault("MPI-E001" if name == "--k" else "MPI-U112", None, text, remedy))
    if faults:
        raise UsageError(*faults)


def _where(error: Exception) -> str:
    """Module and line where an error arose; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return "?" if at is None else f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"


VERSION = str(sys.modules["mpi"].__version__)  # the facade is no layer below this one, so it is not imported
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Group, epilog=EPILOG, context_settings=SETTINGS)
@click.version_option(VERSION, prog_name="mpi", cls=Option, help=VERSION_HELP)
@option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=LANG_HELP)
def cli() -> None:
    """Multidimensional poverty indices from survey and census microdata (Alkire-Foster).

    MEASURE and SURVEY are YAML files, or names of those that come with the program, such as colombia_ipm.
    """


COMMANDS = (
    demo, describe, convert, init, check, score, profile, estimate, analyse, rank, what_if, plan, supply,
    differences, change, follow, update, progress, compare, map_figures, run, verify, explain, list_units, measures,
    schema,
    export, completion,
)  # fmt: skip
for command in COMMANDS:
    cli.add_command(command)
