"""The command line: options in, one call of the library, its result on stdout, messages on stderr.

Exit codes: 0 done, 1 data refused, 2 usage or config refused, 3 warnings under --strict, 70 a fault of the program,
130 interrupted. Heavy imports happen inside the commands that need them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.errors import ConfigError, DataError, Fault, MpiError, Notice, Place, UsageError, counted, printable

if TYPE_CHECKING:
    from mpi.estimates import Tidy
    from mpi.measure import Measure
    from mpi.profile import DeprivationProfile
    from mpi.tables import Format

MOST_DF = 10**9
REFUSED, STRICT, UNEXPECTED, INTERRUPTED = 1, 3, 70, 130
REMARKS = ("MPI-N001", "MPI-N002")  # how a file was read, which optional domain it lacks: nothing to mend
EPILOG = (
    "Results go to stdout or -o, messages to stderr. Exit codes: 0 done, 1 data refused, 2 usage or config refused, "
    "3 warnings under --strict, 130 interrupted."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=None if arguments is None else list(arguments), prog_name="mpi", standalone_mode=False)
    except MpiError as error:
        for fault in error.faults:
            _say(f"error {fault}")
        return error.exit_code
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return INTERRUPTED
    except _Closed:
        # Python would complain again when it flushes the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = Place(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
        _say(f"error {Fault('MPI-O005', place, f'the system refuses this file ({error.strerror})', 'name another')}")
        return REFUSED
    except Exception as error:
        if os.environ.get("MPI_DEBUG"):
            raise
        text = f"an unexpected {type(error).__name__} at {_where(error)}"
        remedy = (
            "this is a fault of the program: please report it; MPI_DEBUG=1 shows the traceback, which may quote data"
        )
        _say(f"error {Fault('MPI-U900', None, text, remedy)}")
        return UNEXPECTED
    return result if isinstance(result, int) else 0


def _where(error: Exception) -> str:
    """Module and line where an error arose; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return "?" if at is None else f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"


class _Closed(Exception):
    """Whoever read stdout has read enough, such as `head`."""


def _print(text: str | bytes) -> None:
    """Write a result to stdout."""
    try:
        click.echo(text)
    except BrokenPipeError:
        raise _Closed from None
    except OSError as error:
        reason = f"the result cannot be written to stdout ({error.strerror})"
        raise DataError(Fault("MPI-O004", None, reason, "look at the disk's space and rights")) from None


def _say(text: str) -> None:
    """Write a message to stderr, if anybody listens."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(text, err=True)


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


measure_argument = click.argument("measure", help="File of the measure, or the name of one that is shipped.")
survey_argument = click.argument("survey", help="File of the survey, or the name of one that is shipped.")
data_option = click.option("--data", type=click.Path(path_type=Path), help="Folder in which the survey's files lie.")
cutoff_option = click.option("--k", "cutoffs", multiple=True, help="Cutoff: 1/3, 33%, '4 of 15', a name of the "
                             "measure; repeatable; those of the measure if left out.")  # fmt: skip
strict_option = click.option("--strict", is_flag=True, help="Exit with 3 if there is a warning.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
language_option = click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="Language of titles.")


@cli.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("mpi_demo"), show_default=True,
              help="Folder for the results; those of an earlier demo are replaced.")  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the sample data; found or made if left out.")
def demo(*, output: Path, data: Path | None) -> None:
    """Run the whole job on synthetic sample data and say where the results lie."""
    from mpi.demo import run_demo

    _tell(run_demo(output, data, _print).estimates.notices)


@cli.command()
@measure_argument
@click.argument("survey", required=False, help="File or name of the survey; without it, the measure alone.")
@data_option
@strict_option
@language_option
def check(*, measure: str, survey: str | None, data: Path | None, strict: bool, lang: str) -> int:
    """Proofread a measure, run its worked examples, and see what a survey's files hold and lack for it; no figures."""
    from mpi.config import load_measure, load_survey
    from mpi.proofread import measure_lines, survey_lines
    from mpi.worked import run_examples

    if survey is None:
        _refuse_folder(data, "no survey is named")
    else:
        data = _folder(data)
    loaded = load_measure(measure)
    outcome = run_examples(loaded)
    lines = [*measure_lines(loaded, lang), f"  {outcome}"]
    if outcome.number and outcome.without:
        lines.append(f"  indicators without an example: {', '.join(outcome.without)}")
    _print(printable("\n".join(lines)))
    notices: tuple[Notice, ...] = ()
    if survey is not None and data is not None:
        lines, notices = survey_lines(loaded, load_survey(survey), data, lang)
        _print(printable("\n".join(lines)))
    code = _tell(notices, strict)
    if outcome.faults:
        raise ConfigError(*outcome.faults)
    return code


@cli.command()
@measure_argument
@survey_argument
@data_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File ending in .parquet or .csv.")
@cutoff_option
@overwrite_option
def score(
    *, measure: str, survey: str, data: Path | None, output: Path, cutoffs: tuple[str, ...], overwrite: bool
) -> None:  # fmt: skip
    """Write one row a household (or person): keys, flags, score, poor, weights."""
    from mpi.config import load_measure, load_survey
    from mpi.pipeline import score as scored
    from mpi.tables import format_of, write_units

    folder = _folder(data)
    format_of(output, among=("csv", "parquet"))
    table = scored(load_survey(survey), load_measure(measure), folder, k=list(cutoffs) or None)
    write_units(table, output, overwrite=overwrite, inputs=_inputs(survey, folder))
    _say(f"{counted(table.num_rows, 'row')}, {table['score'].null_count:,} of them without a score: {output}")


@cli.command()
@measure_argument
@survey_argument
@data_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File ending in .parquet.")
@click.option("--domain", "domains", multiple=True, help="Domain to keep apart; repeatable; all if left out.")
@overwrite_option
@strict_option
def profile(
    *, measure: str, survey: str, data: Path | None, output: Path, domains: tuple[str, ...], overwrite: bool,
    strict: bool,
) -> int:  # fmt: skip
    """Read the microdata once and write the deprivation profile, from which all estimates follow."""
    from mpi.config import load_measure, load_survey
    from mpi.pipeline import deprivation_profile
    from mpi.tables import format_of
    from mpi.writing import write_whole

    folder = _folder(data)
    format_of(output, among=("parquet",))
    made = deprivation_profile(load_survey(survey), load_measure(measure), folder, domains=list(domains) or None)
    # A profile does not know the inputs, so that it is written over the temporary file of a write that does.
    write_whole(
        output, lambda part: made.write(part, overwrite=True), overwrite=overwrite, inputs=_inputs(survey, folder)
    )
    _say(f"{made!r}: {output}")
    return _tell(made.notices, strict)


source_argument = click.argument("source", metavar="SURVEY|PROFILE", help="File or name of the survey, or file of a "
                                 "profile (.parquet).")  # fmt: skip
by_option = click.option("--by", multiple=True, help="Domain, or several crossed as a:b; repeatable, each a table of its "
                         "own.")  # fmt: skip
unit_option = click.option("--unit", type=click.Choice(["persons", "households"]), default="persons",
                           show_default=True, help="What is counted.")  # fmt: skip
level_option = click.option("--level", type=click.FloatRange(0.01, 0.9999), default=0.95, show_default=True,
                            help="Of the confidence intervals.")  # fmt: skip
df_option = click.option("--df", default="domain", show_default=True, help="Degrees of freedom: domain, design, stata, "
                         "or a number.")  # fmt: skip
rules_option = click.option("--reliability", help="Publication rules: dane, cepal_2020, cepal_2023, cepal_book, ine_chile, "
                            "nchs, none, or a file; those of the survey if left out.")  # fmt: skip
adjust_option = click.option("--adjust", type=click.Choice(["none", "holm", "bh"]), help="Correction of p-values for their "
                             "number: Holm, or Benjamini and Hochberg.")  # fmt: skip
output_option = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of to "
                             "stdout.")  # fmt: skip
format_option = click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]),
                             help="Default: table on stdout, else by the file's ending.")  # fmt: skip
variance_option = click.option("--variance", type=click.Choice(["design", "jackknife", "bootstrap"]), default="design",
                               show_default=True, help="As the design says, or by replicates made of its PSUs.")  # fmt: skip
replicates_option = click.option("--replicates", type=click.IntRange(2, 100_000), default=500, show_default=True,
                                 help="Of the bootstrap.")  # fmt: skip
seed_option = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the bootstrap.")


@cli.command()
@measure_argument
@source_argument
@data_option
@by_option
@cutoff_option
@unit_option
@level_option
@df_option
@variance_option
@replicates_option
@seed_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def estimate(
    *, measure: str, source: str, data: Path | None, by: tuple[str, ...], cutoffs: tuple[str, ...], level: float,
    df: str, output: Path | None, form: Format | None, overwrite: bool, strict: bool, **options: Any,
) -> int:  # fmt: skip
    """Estimate H, A, M0, headcounts and contributions with their sampling errors."""
    from mpi.config import load_measure
    from mpi.estimates import estimate as estimated
    from mpi.tables import as_text, write_estimates

    _check_output(output, form)
    freedom = _df(df)
    loaded = load_measure(measure)
    made, inputs = _profile(source, data, loaded, by)
    found = estimated(made, loaded, by=list(by), k=list(cutoffs) or None, level=level, df=freedom, **options)
    if output is not None:
        write_estimates(found, output, form, level=level, overwrite=overwrite, inputs=inputs)
        _say(f"{counted(len(found), 'estimate')}: {output}")
    else:
        _print(_shown(found, form, lambda: as_text(found, level)))
    return _tell(found.notices, strict)


@cli.command()
@measure_argument
@source_argument
@data_option
@click.option("--by", multiple=True, required=True, help="Domains to compare, or several crossed as a:b; repeatable.")
@click.option("--statistic", default="M0", show_default=True, help="H, A, M0, censored_headcount, ...")
@click.option("--against", multiple=True, help="The domain that all others are compared with, as zona=1; repeatable for "
              "crossed domains; `total` for the total. All pairs if left out.")  # fmt: skip
@cutoff_option
@unit_option
@level_option
@df_option
@adjust_option
@output_option
@format_option
@overwrite_option
@strict_option
def differences(
    *, measure: str, source: str, data: Path | None, by: tuple[str, ...], statistic: str, against: tuple[str, ...],
    cutoffs: tuple[str, ...], unit: str, level: float, df: str, adjust: str | None, output: Path | None,
    form: Format | None, overwrite: bool, strict: bool,
) -> int:  # fmt: skip
    """Test differences between domains, with the covariance of their estimates; p-values by Holm unless asked."""
    from mpi.config import load_measure
    from mpi.estimates import Tidy
    from mpi.estimates import estimate as estimated
    from mpi.tables import differences_as_text, write_figures

    _check_output(output, form)
    freedom = _df(df)
    reference = _reference(against)
    loaded = load_measure(measure)
    made, inputs = _profile(source, data, loaded, by)
    found = estimated(made, loaded, by=list(by), k=list(cutoffs) or None, unit=unit, level=level, df=freedom)  # type: ignore[arg-type]  # click's choices and _df give the literals
    table = found.only(statistic).covariance().differences(against=reference, adjust=adjust or "holm")  # type: ignore[arg-type]  # click's choice
    tidy = Tidy(table, found.domains, found.notices)
    _give(tidy, lambda: differences_as_text(table), output, form, name="differences", overwrite=overwrite, inputs=inputs)
    return _tell(found.notices, strict)


@cli.command()
@measure_argument
@click.argument("profiles", nargs=-1, required=True, type=click.Path(path_type=Path),
                help="Profiles (.parquet) of two rounds or more.")  # fmt: skip
@click.option("--rounds", type=click.Choice(["independent", "same_psu", "rotating", "panel"]), help="How the samples of "
              "the rounds relate; what the surveys declare if left out.")  # fmt: skip
@click.option("--harmonised", is_flag=True, help="The rounds' rules differ in writing but mean the same.")
@by_option
@cutoff_option
@unit_option
@level_option
@df_option
@adjust_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def change(
    *, measure: str, profiles: tuple[Path, ...], by: tuple[str, ...], cutoffs: tuple[str, ...], level: float, df: str,
    adjust: str | None, output: Path | None, form: Format | None, overwrite: bool, strict: bool, **options: Any,
) -> int:  # fmt: skip
    """Estimate changes between rounds: absolute, relative, a year, in sequence and in total."""
    from mpi.changes import change as changed
    from mpi.config import load_measure
    from mpi.profile import DeprivationProfile
    from mpi.tables import changes_as_text

    _check_output(output, form)
    freedom = _df(df)
    loaded = load_measure(measure)
    rounds = [DeprivationProfile.read(path) for path in profiles]
    found = changed(rounds, loaded, by=list(by), k=list(cutoffs) or None, level=level, df=freedom,
                    adjust=adjust or "none", **options)  # type: ignore[arg-type]  # click's choices and _df give the literals  # fmt: skip
    _give(found, lambda: changes_as_text(found, level), output, form, name="changes", overwrite=overwrite,
          inputs=iter(profiles))  # fmt: skip
    return _tell(found.notices, strict)


@cli.command()
@measure_argument
@survey_argument
@data_option
@click.option("--household", required=True, help="Key of the household; parts of a key of several columns by commas.")
@language_option
def explain(*, measure: str, survey: str, data: Path | None, household: str, lang: str) -> None:
    """Show why one household is poor or not, rule by rule; on the screen only."""
    from mpi.config import load_measure, load_survey
    from mpi.explain import explain as explained
    from mpi.explain import lines

    folder = _folder(data)
    loaded = load_measure(measure)
    units = explained(load_survey(survey), loaded, folder, household)
    _print(printable("\n".join(lines(units, loaded, lang))))


def _folder(data: Path | None) -> Path:
    if data is None:
        raise UsageError(Fault("MPI-U001", None, "the folder of the survey's files is not given", "add --data DIR"))
    return data


def _refuse_folder(data: Path | None, why: str) -> None:
    if data is not None:
        raise UsageError(Fault("MPI-U005", None, f"--data has nothing to do here: {why}", "leave it out"))


def _inputs(survey: str, data: Path) -> Iterator[Path]:
    """The survey's files; they are opened only if the output exists and might be one of them."""
    from mpi.config import load_survey
    from mpi.source import open_survey

    yield from open_survey(load_survey(survey), data).files


def _df(text: str) -> str | int:
    if text.isascii() and text.isdigit() and 0 < int(text) < MOST_DF:
        return int(text)
    if text not in ("domain", "design", "stata"):
        wrong = f"--df: {text!r} is neither domain, design, stata nor a whole number from 1"
        raise UsageError(Fault("MPI-U006", None, wrong, "leave it out for the usual: PSUs less strata of the domain"))
    return text


def _check_output(output: Path | None, form: Format | None) -> None:
    from mpi.tables import format_of

    if output is not None:
        format_of(output, form)
    elif form == "parquet":
        raise UsageError(Fault("MPI-U003", None, "Parquet is not written to stdout", "name a file with -o"))


def _profile(
    source: str, data: Path | None, measure: Measure, by: Sequence[str]
) -> tuple[DeprivationProfile, Iterator[Path]]:
    """The profile in a file, or that of a survey by the domains that are asked for; and the files it comes from."""
    from mpi.config import load_survey
    from mpi.pipeline import deprivation_profile
    from mpi.profile import DeprivationProfile

    if Path(source).suffix.lower() == ".parquet":
        _refuse_folder(data, "the profile holds all that is needed")
        return DeprivationProfile.read(source), iter([Path(source)])
    folder = _folder(data)
    domains = list(dict.fromkeys(name for item in by for name in item.split(":")))
    return deprivation_profile(load_survey(source), measure, folder, domains=domains), _inputs(source, folder)


def _reference(against: Sequence[str]) -> dict[str, str | None] | None:
    if not against:
        return None
    if list(against) == ["total"]:
        return {}
    pairs = [text.partition("=") for text in against]
    if wrong := [text for text, (name, equals, _) in zip(against, pairs, strict=True) if not (name and equals)]:
        fault = Fault("MPI-U007", None, f"--against: {wrong[0]!r} is no domain and code", "write zona=1, or total")
        raise UsageError(fault)
    return {name: code for name, _, code in pairs}


def _give(
    figures: Tidy, text: Callable[[], str], output: Path | None, form: Format | None, *, name: str, overwrite: bool,
    inputs: Iterator[Path],
) -> None:  # fmt: skip
    """Write a result to a file or to stdout."""
    from mpi.tables import write_figures

    if output is None:
        _print(_shown(figures, form, text, name))
        return
    write_figures(figures, output, form, text=text, name=name, overwrite=overwrite, inputs=inputs)
    _say(f"{counted(len(figures), 'row')}: {output}")


def _shown(figures: Tidy, form: Format | None, text: Callable[[], str], name: str = "estimates") -> str | bytes:
    from mpi.tables import as_csv, as_json

    if form == "csv":
        return as_csv(figures.table).removesuffix(b"\n")  # UTF-8 whatever the terminal's encoding
    return as_json(figures, name) if form == "json" else text()


def _tell(notices: Sequence[Notice], strict: bool = False) -> int:
    """Print notices to stderr; the exit code that they give."""
    for notice in notices:
        _say(f"note {notice}")
    return STRICT if strict and any(notice.code not in REMARKS for notice in notices) else 0
