"""Commands that publish: a whole study, and the check of what it wrote."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.cli.completing import shipped_names
from mpi.cli.options import (
    data_option,
    memory_option,
    messages_option,
    overwrite_option,
    processes_of,
    strict_option,
    threads_option,
)
from mpi.cli.saying import STRICT, Closed, progress_to_terminal, rows_to_terminal, say, say_files, say_report, tell
from mpi.cli.words import argument, command, option, said
from mpi.errors import DataError, Fault, Notice, Place, UsageError
from mpi.language import phrase
from mpi.vocabulary.options import OUTPUTS

if TYPE_CHECKING:
    from mpi.vocabulary.options import Output

UNCHECKED = "MPI-V009"


@command()
@argument("study", shell_complete=shipped_names("study"), help="File of the study, or the name of one in the package.")
@data_option
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to make.")
@option(
    "--only",
    multiple=True,
    type=click.Choice(OUTPUTS),
    help="Make only this output; repeatable. Only on request: sheets, a PDF with a page for each area, "
    "pdf, a tagged report for print, and docx, a report to edit.",
)
@option(
    "--disclosure",
    shell_complete=shipped_names("disclosure"),
    help="Disclosure rules: standard, census, none, ... or a file; the study's if left out. Recorded in every output.",
)
@option(
    "--cache",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder that keeps the figures, after disclosure control, for the next run of the same; MPI_CACHE or the "
    "user's own if left out.",
)
@option("--no-cache", is_flag=True, help="Compute all figures, and keep none.")
@threads_option
@memory_option
@overwrite_option
@strict_option
@option("-q", "--quiet", is_flag=True, help="No progress on the terminal.")
@messages_option
def run(
    *,
    study: str,
    data: Path | None,
    output: Path,
    only: tuple[Output, ...],
    disclosure: str | None,
    cache: Path | None,
    no_cache: bool,
    overwrite: bool,
    strict: bool,
    quiet: bool,
    threads: int | None,
    memory: str | None,
) -> int:
    """Make everything that STUDY defines, from the microdata to the publication; each survey is read once."""
    from dataclasses import replace

    from mpi.config import load_disclosure, load_study
    from mpi.runs import run_study
    from mpi.runs.outputs import kept_phrase

    if cache is not None and no_cache:
        text = phrase("--cache and --no-cache were given together")
        raise UsageError(Fault("MPI-U250", None, text, phrase("give one of the two")))
    loaded = load_study(study)
    if disclosure is not None:
        loaded = replace(loaded, disclosure=load_disclosure(disclosure))
    told: set[str] = set()
    with rows_to_terminal(quiet) as report:

        def first(files: Mapping[str, str]) -> None:
            """Name what can be opened already."""
            if report is not None:
                report.close()
            with contextlib.suppress(Closed, DataError):  # a stdout that takes no more is told of at the end
                say_files(output, files)
                told.update(files)

        made = run_study(
            loaded,
            output,
            data=data,
            overwrite=overwrite,
            only=only,
            command=["mpi", *sys.argv[1:]],
            say=progress_to_terminal(quiet),
            report=report,
            threads=threads,
            memory=memory,
            processes=processes_of(threads),
            first=first,
            cache=cache or not no_cache,
        )
    if made.kept and not quiet:
        say(said(kept_phrase(made.kept)))
    say_files(output, {name: what for name, what in made.files.items() if name not in told})
    say_report(said(phrase("digest of this run, equal for equal runs: {digest}", digest=made.digest)))
    # The folder is whole but for one part, so it stays; whoever runs this by a script has to hear of it all the same.
    return tell(made.notices, strict) or (STRICT if made.faulty else 0)


@command()
@argument("folder", type=click.Path(path_type=Path), help="Folder made by `mpi run`.")
@data_option
@messages_option
def verify(*, folder: Path, data: Path | None) -> None:
    """Check that the outputs of a run, and its inputs with --data, are unchanged."""
    from mpi.runs.manifest import read_manifest
    from mpi.runs.verifying import verify as verified

    findings = verified(folder, data)
    # An input that lay elsewhere cannot be looked for: that is nothing wrong with the folder.
    tell([Notice(one.code, one.text, Place(one.file)) for one in findings if one.code == UNCHECKED])
    wrong = [one for one in findings if one.code != UNCHECKED]
    if wrong:
        raise DataError(*(one.fault for one in wrong))
    text = phrase(
        "{folder}: all outputs are what was written"
        if data is None
        else "{folder}: all outputs are what was written, all inputs what was read",
        folder=str(folder),
    )
    say_report(said(text))
    say_report(said(phrase("digest of the run: {digest}", digest=read_manifest(folder)["digest"])))
