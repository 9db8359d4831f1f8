"""Commands that read measures, surveys and microdata."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from mpi.cli.options import (
    cluster_option,
    cutoff_option,
    data_option,
    folder_of,
    inputs_of,
    measure_argument,
    memory_option,
    messages_option,
    overwrite_option,
    patience_option,
    processes_of,
    read_by,
    refuse_bounds,
    refuse_output,
    refuse_patience,
    strict_option,
    survey_argument,
    threads_option,
)
from mpi.cli.saying import Closed, progress_to_terminal, rows_to_terminal, say, say_result, tell
from mpi.cli.second_measure import with_option
from mpi.cli.words import command, language, option, said
from mpi.errors import DataError, counted, printable
from mpi.language import phrase


@command()
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("mpi_demo"),
    show_default=True,
    help="Folder for the results; those of an earlier demo are replaced.",
)
@option("--data", type=click.Path(path_type=Path), help="Folder of the sample data; found or made if left out.")
def demo(*, output: Path, data: Path | None) -> None:
    """Make a complete run on synthetic sample data and show where the results are."""
    from mpi.runs.demo import run_demo

    with rows_to_terminal() as report:

        def result(text: str) -> None:
            if report is not None:
                report.close()
            say_result(said(text))

        def early(text: str) -> None:
            with contextlib.suppress(Closed, DataError):  # a stdout that takes no more is told of at the end
                result(text)

        made = run_demo(
            output, data, result, progress_to_terminal(), report=report, processes=processes_of(None), early=early
        )
    tell(made.publication.notices)


@command()
@measure_argument
@survey_argument
@data_option
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File ending in .parquet or .csv.")
@cutoff_option
@overwrite_option
@messages_option
def score(
    *, measure: str, survey: str, data: Path | None, output: Path, cutoffs: tuple[str, ...], overwrite: bool
) -> None:
    """Write one row per household (or person): keys, flags, score, poor, weights."""
    from mpi.config import load_measure, load_survey
    from mpi.pipeline.scoring import score as scored
    from mpi.runs.private import refuse_public
    from mpi.tables.writing import format_of, write_units

    folder = folder_of(data)
    format_of(output, among=("csv", "parquet"))
    loaded, rules = load_survey(survey), load_measure(measure)
    refuse_public(output)
    refuse_output(output, overwrite, *inputs_of(rules, loaded, folder))
    table = scored(loaded, rules, folder, k=list(cutoffs) or None)
    write_units(table, output, overwrite=overwrite)
    text = phrase(
        "{rows}, {number:,} of them without a score: {file}",
        rows=counted(table.num_rows, "row"),
        number=table["score"].null_count,
        file=str(output),
    )
    say(said(text))


@command()
@measure_argument
@survey_argument
@data_option
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File ending in .parquet.")
@option("--domain", "domains", multiple=True, help="Domain to keep in the profile; repeatable; all if left out.")
@with_option
@threads_option
@memory_option
@cluster_option
@patience_option
@overwrite_option
@strict_option
@messages_option
def profile(
    *,
    measure: str,
    survey: str,
    data: Path | None,
    output: Path,
    domains: tuple[str, ...],
    others: tuple[str, ...],
    threads: int | None,
    memory: str | None,
    cluster: str | None,
    patience: float | None,
    overwrite: bool,
    strict: bool,
) -> int:
    """Read the microdata once and write the deprivation profile, from which all estimates are computed."""
    from mpi.config import load_measure, load_survey, sources_of
    from mpi.pipeline.passing import deprivation_profile, with_others
    from mpi.runs.private import refuse_public
    from mpi.tables.writing import format_of

    folder = folder_of(data)
    format_of(output, among=("parquet",))
    loaded, rules = load_survey(survey), load_measure(measure)
    beside = [load_measure(one) for one in others]
    refuse_public(output)
    refuse_output(output, overwrite, *inputs_of(rules, loaded, folder), *sources_of(*beside))
    with rows_to_terminal() as report:
        if cluster is not None:
            refuse_bounds(threads, memory)
            made = read_by(
                cluster,
                loaded,
                with_others(rules, beside),
                folder,
                domains=list(domains) or None,
                report=report,
                patience=patience,
            )
        else:
            refuse_patience(patience)
            made = deprivation_profile(
                loaded,
                rules,
                folder,
                domains=list(domains) or None,
                threads=threads,
                report=report,
                memory=memory,
                beside=beside,
            )
    made.write(output, overwrite=overwrite)
    text = phrase(
        "{persons} in {households}, {cells}: {file}",
        persons=counted(made.counts.get("persons", 0), "person"),
        households=counted(made.counts.get("households", 0), "household"),
        cells=counted(len(made.cells), "cell"),
        file=str(output),
    )
    say(said(text))
    return tell(made.notices, strict)


@command()
@measure_argument
@survey_argument
@data_option
@option("--household", required=True, help="Key of the household; parts of a key of several columns by commas.")
@option(
    "--if",
    "changes",
    multiple=True,
    metavar="[MEMBER:]VARIABLE=VALUE",
    help="What would follow if this datum were corrected; repeatable.",
)
@messages_option
def explain(*, measure: str, survey: str, data: Path | None, household: str, changes: tuple[str, ...]) -> None:
    """Show why one household is poor or not, rule by rule, and what would change it; on the screen only."""
    from mpi.checking.correcting import corrections_of
    from mpi.checking.explaining import explain as explained
    from mpi.checking.telling import lines
    from mpi.config import load_measure, load_survey

    folder = folder_of(data)
    loaded = load_measure(measure)
    corrections = corrections_of(changes, loaded)
    units = explained(load_survey(survey), loaded, folder, household, corrections)
    say_result(printable("\n".join(lines(units, loaded, language(), corrections))))
