"""Arguments and options that commands share, and what they mean; files are opened by the commands themselves."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.completing import shipped_names
from mpi.cli.saying import closed, rows_to_terminal, say, say_result
from mpi.cli.words import argument, option, said
from mpi.errors import ConfigError, Fault, UsageError, counted
from mpi.language import phrase
from mpi.vocabulary.options import (
    ADJUST,
    DEGREES_OF_FREEDOM,
    FIGURE_FORMATS,
    MESSAGE_FORMATS,
    UNITS,
    VARIANCES,
    DegreesOfFreedom,
)
from mpi.vocabulary.statistics import STATISTICS

if TYPE_CHECKING:
    from mpi.estimates import Tidy
    from mpi.profile import DeprivationProfile
    from mpi.source import Report
    from mpi.specs.measure import Measure
    from mpi.specs.survey import Survey
    from mpi.vocabulary.options import FigureFormat

MOST_DF = 10**9


class Location(click.Path):
    """A path of the disk, or the address of a store, which stays whole."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that a text names; see `mpi.files.stores.location`."""
        from mpi.files.stores import location

        return location(Path(str(super().convert(value, param, ctx))))


LOCATION = Location(path_type=Path)

measure_argument = argument(
    "measure", shell_complete=shipped_names("measure"), help="File of the measure, or the name of one in the package."
)
survey_argument = argument(
    "survey", shell_complete=shipped_names("survey"), help="File of the survey, or the name of one in the package."
)
data_option = option("--data", type=LOCATION, help="Folder of the survey's files, or s3://BUCKET/FOLDER.")
cutoff_option = option(
    "--k",
    "cutoffs",
    multiple=True,
    help="Cutoff: 1/3, 33%, '4 of 15', a name of the measure; repeatable; those of the measure if left out.",
)
statistics_option = option(
    "--statistic",
    "statistics",
    multiple=True,
    metavar="NAME",
    among=STATISTICS,
    help="Statistic that is estimated; repeatable; all if left out:",
)
threads_option = option(
    "--threads",
    type=click.IntRange(1),
    help="Threads that read, processes that write outputs; one per core if left out. The figures are the same.",
)
cluster_option = option(
    "--cluster",
    metavar="ADDRESS|N",
    help="Read with the workers of a Dask cluster: the address of its scheduler, or a number of processes here.",
)
patience_option = option(
    "--patience",
    type=float,
    metavar="SECONDS",
    help="Seconds to wait for the cluster to finish some part; after that, reading stops and the cause is shown. "
    "Default 300.",
)
memory_option = option(
    "--memory",
    metavar="SIZE",
    help="Memory that the process may use while it reads, such as 2GB; if more is needed, reading is refused.",
)
memory_size_option = option(
    "--memory", metavar="SIZE", help="Memory that sorting may take, such as 2GB; 4GB if left out."
)
strict_option = option("--strict", is_flag=True, help="Exit with 3 if there is a warning.")
messages_option = option(
    "--format",
    type=click.Choice(MESSAGE_FORMATS),
    expose_value=False,
    help="json: each message is an object on a line of its own; of check, verify and run on stdout.",
)
overwrite_option = option("--overwrite", is_flag=True, help="Replace an output that exists.")
source_argument = argument(
    "source",
    shell_complete=shipped_names("survey"),
    metavar="SURVEY|PROFILE",
    help="File or name of the survey, or file of a profile (.parquet).",
)
by_option = option(
    "--by", multiple=True, help="Domain, or several crossed as a:b; repeatable, with one table for each."
)
unit_option = option(
    "--unit", type=click.Choice(UNITS), default="persons", show_default=True, help="Unit that is counted."
)
level_option = option(
    "--level",
    type=click.FloatRange(0.01, 0.9999),
    default=0.95,
    show_default=True,
    help="Confidence level of the intervals.",
)
df_option = option(
    "--df", default="domain", show_default=True, help="Degrees of freedom: domain, design, stata, or a number."
)
rules_option = option(
    "--reliability",
    shell_complete=shipped_names("reliability"),
    help="Publication rules: dane, dane_2008, cepal_2020, cepal_2023, "
    "cepal_book, ine_chile, nchs, none, or a file; the survey's if left out.",
)
adjust_option = option(
    "--adjust",
    type=click.Choice(ADJUST),
    help="Adjustment of p-values for multiple tests: Holm, or Benjamini and Hochberg.",
)
power_option = option(
    "--power",
    "powers",
    multiple=True,
    metavar="POWER",
    help="Power of gaps (alpha) or of scores (gamma), such as 1/2, for gaps and inequality; may be repeated.",
)
output_option = option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of to stdout."
)
format_option = option(
    "--format",
    "form",
    type=click.Choice(FIGURE_FORMATS),
    help="Format; a table on stdout, or that of the file's ending, if left out.",
)
variance_option = option(
    "--variance",
    type=click.Choice(VARIANCES),
    default="design",
    show_default=True,
    help="Variance method: that of the design, or replicates of its PSUs.",
)
replicates_option = option(
    "--replicates",
    type=click.IntRange(2, 100_000),
    default=500,
    show_default=True,
    help="Number of bootstrap replicates.",
)
seed_option = option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the bootstrap.")


def folder_of(data: Path | None) -> Path:
    """The folder of the survey's files, which must be given."""
    if data is None:
        raise UsageError(
            Fault("MPI-U001", None, phrase("the folder of the survey's files is not given"), phrase("add --data DIR"))
        )
    return data


def refuse_folder(data: Path | None, why: str) -> None:
    """Refuse a folder that has nothing to do."""
    if data is not None:
        raise UsageError(
            Fault("MPI-U005", None, phrase("--data is not used here: {why}", why=why), phrase("leave it out"))
        )


def refuse_output(output: Path | None, overwrite: bool, *inputs: Path) -> None:
    """Refuse an output that may not be written, before anything is read for it."""
    from mpi.files import check_file

    if output is not None:
        check_file(output, overwrite=overwrite, inputs=inputs)
    elif sys.stdout is None:
        raise closed()


def inputs_of(measure: Measure, survey: Survey, data: Path) -> tuple[Path, ...]:
    """Every file that a command reads, as far as it is known before any data are opened."""
    from mpi.config import sources_of
    from mpi.source import files_of

    return (*sources_of(measure, survey), *files_of(survey, data))


def rules_of(name: str | None) -> tuple[Path, ...]:
    """The file of a rule set that is named; that it is not there is told of where it is read."""
    from mpi.config.locate import locate

    with contextlib.suppress(ConfigError):
        return () if name is None else (locate(name, "reliability"),)
    return ()


def df_of(text: str) -> DegreesOfFreedom:
    """Degrees of freedom from their text."""
    if text.isascii() and text.isdigit() and 0 < int(text) < MOST_DF:
        return int(text)
    if text not in DEGREES_OF_FREEDOM:
        wrong = phrase("--df: {text!r} is neither domain, design, stata nor a whole number from 1", text=text)
        raise UsageError(
            Fault("MPI-U006", None, wrong, phrase("leave it out for the usual: PSUs less strata of the domain"))
        )
    return text


def check_output(output: Path | None, form: FigureFormat | None) -> None:
    """Make sure that the format of an output can be written there."""
    from mpi.tables.writing import format_of

    if output is not None:
        format_of(output, form)
    elif form == "parquet":
        raise UsageError(
            Fault("MPI-U003", None, phrase("Parquet is not written to stdout"), phrase("name a file with -o"))
        )


def profile_of(
    source: str,
    data: Path | None,
    measure: Measure,
    by: Sequence[str],
    *,
    output: Path | None,
    overwrite: bool,
    rules: str | None = None,
    threads: int | None = None,
    memory: str | None = None,
    analyses: Sequence[str] = (),
    beside: Sequence[Measure] = (),
) -> DeprivationProfile:
    """The profile in a file, or that of a survey by the domains that are asked for, if the output may be written."""
    from mpi.config import load_survey, sources_of
    from mpi.pipeline.passing import deprivation_profile
    from mpi.profile import DeprivationProfile

    if Path(source).suffix.lower() == ".parquet":
        refuse_folder(data, phrase("the profile holds all that is needed"))
        refuse_output(output, overwrite, *sources_of(measure), *rules_of(rules), Path(source))
        return DeprivationProfile.read(source)
    folder = folder_of(data)
    survey = load_survey(source)
    refuse_output(output, overwrite, *inputs_of(measure, survey, folder), *sources_of(*beside), *rules_of(rules))
    domains = list(dict.fromkeys(name for item in by for name in item.split(":")))
    if analyses:
        from mpi.analysis.analysing import marks_for

        domains += marks_for(analyses, survey.programmes, measure)
    with rows_to_terminal() as report:
        return deprivation_profile(
            survey, measure, folder, domains=domains, threads=threads, report=report, memory=memory, beside=beside
        )


def processes_of(threads: int | None) -> int:
    """How many processes write outputs: as many as the threads that read, or one a core."""
    from mpi.source.threads import cores

    return threads or cores()


def refuse_bounds(threads: int | None, memory: str | None) -> None:
    """Refuse bounds on this machine where the workers of a cluster read."""
    for name, given in {"--threads": threads, "--memory": memory}.items():
        if given is not None:
            text = phrase("{name} is not used here: the workers of the cluster read the data", name=name)
            raise UsageError(Fault("MPI-U010", None, text, phrase("leave it out; those have bounds of their own")))


def refuse_patience(patience: float | None) -> None:
    """Refuse to wait for a cluster where there is none."""
    if patience is not None:
        text = phrase("--patience is not used here: the data are not read by a cluster")
        raise UsageError(Fault("MPI-U010", None, text, phrase("leave it out, or add --cluster")))


def read_by(
    cluster: str,
    survey: Survey,
    measure: Measure,
    data: Path,
    *,
    domains: list[str] | None,
    report: Report | None,
    patience: float | None,
) -> DeprivationProfile:
    """The profile that the workers of a cluster read."""
    from mpi.distributed import PATIENCE, deprivation_profile

    own = int(cluster) if cluster.isdecimal() else cluster
    return deprivation_profile(
        survey,
        measure,
        data,
        cluster=own,
        domains=domains,
        report=report,
        patience=PATIENCE if patience is None else patience,
    )


def reference_of(against: Sequence[str]) -> dict[str, str | None] | None:
    """The domain that others are compared with; empty for the total, None for all pairs."""
    if not against:
        return None
    if list(against) == ["total"]:
        return {}
    pairs = [text.partition("=") for text in against]
    if wrong := [text for text, (name, equals, _) in zip(against, pairs, strict=True) if not (name and equals)]:
        fault = Fault(
            "MPI-U007",
            None,
            phrase("--against: {wrong!r} is not a domain with its code", wrong=wrong[0]),
            phrase("write zona=1, or total"),
        )
        raise UsageError(fault)
    names = [name for name, _, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        remedy = phrase("give one code for each domain that is crossed")
        raise UsageError(Fault("MPI-U007", None, phrase("--against: {twice!r} is repeated", twice=twice[0]), remedy))
    return {name: code for name, _, code in pairs}


def expressions_of(texts: Sequence[str], statistics: Sequence[str], adjust: str | None) -> dict[str, str]:
    """Names and expressions of derived figures, from texts such as `band: H[1/5] - H[1/3]`."""
    found: dict[str, str] = {}
    for text in texts:
        name, colon, expression = (part.strip() for part in text.partition(":"))
        if not (name and colon and expression) or name in found:
            wrong = phrase("--derive: {text!r} is not a name and an expression", text=text)
            if name in found:
                wrong = phrase("--derive: {name!r} is repeated", name=name)
            raise UsageError(Fault("MPI-U007", None, wrong, phrase("write 'band: H[1/5] - H[1/3]'")))
        found[name] = expression
    if texts and statistics:
        text = phrase("--statistic is not used with --derive: expressions name the statistics that they read")
        raise UsageError(Fault("MPI-U005", None, text, phrase("leave it out")))
    if adjust is not None and not texts:
        text = phrase("--adjust is not used here: estimates are not tested")
        raise UsageError(Fault("MPI-U005", None, text, phrase("leave it out, or add --derive")))
    return found


def refuse_for_parts(statistics: Sequence[str], reliability: str | None) -> None:
    """Refuse options that the parts of a change have no use for."""
    for name, given in (("--statistic", bool(statistics)), ("--reliability", reliability is not None)):
        if given:
            text = phrase("{name} is not used with --decompose", name=name)
            raise UsageError(Fault("MPI-U005", None, text, phrase("leave it out")))


def give(
    figures: Tidy,
    text: Callable[[], str],
    output: Path | None,
    form: FigureFormat | None,
    *,
    name: str,
    overwrite: bool,
) -> None:
    """Write a result to a file or to stdout."""
    from mpi.tables.writing import write_figures

    if output is None:
        say_result(shown(figures, form, text, name))
        return
    write_figures(figures, output, form, text=text, name=name, overwrite=overwrite)
    say(said(phrase("{rows}: {file}", rows=counted(len(figures), "row"), file=str(output))))


def shown(figures: Tidy, form: FigureFormat | None, text: Callable[[], str], name: str = "estimates") -> str | bytes:
    """A result as stdout shows it."""
    from mpi.tables.writing import FORMATS

    content = None if form in (None, "table") else FORMATS[form].content
    # A table is in the terminal's encoding, all else as in a file.
    return text() if content is None else content(figures, name, text).removesuffix(b"\n")
