"""The command line: options in, one call of the library, its result on stdout, messages on stderr.

Exit codes: 0 done, 1 data refused, 2 usage or config refused, 3 warnings under --strict, 130 interrupted. Heavy
imports happen inside the commands that need them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.errors import Fault, MpiError, Notice, UsageError, printable

if TYPE_CHECKING:
    from mpi.estimates import Estimates
    from mpi.measure import Measure
    from mpi.profile import DeprivationProfile

INTERRUPTED, STRICT, UNEXPECTED = 130, 3, 70
EPILOG = "Manual: configs/README.md. Exit codes: 0 done, 1 data refused, 2 usage or config refused, 3 warnings under --strict."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=None if arguments is None else list(arguments), prog_name="mpi", standalone_mode=False)
        sys.stdout.flush()
    except MpiError as error:
        for fault in error.faults:
            click.echo(f"error {fault}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the last resort: a traceback would quote values of the data
        if os.environ.get("MPI_DEBUG"):
            raise
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        at = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where is not None else "?"
        click.echo(f"error MPI-U900 an unexpected {type(error).__name__} at {at}\n  this is a fault of the program: "
                   "please report it; MPI_DEBUG=1 shows the traceback, which may quote data", err=True)  # fmt: skip
        return UNEXPECTED
    return result if isinstance(result, int) else 0


class _Group(click.Group):
    """Commands in the order in which they are used; a misspelt one gets a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their definition."""
        return list(self.commands)


@click.group(cls=_Group, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="mpi-engine", prog_name="mpi")
def cli() -> None:
    """Multidimensional poverty indices from survey and census microdata (Alkire-Foster).

    MEASURE and SURVEY are YAML files, or names of those that come with the program, such as colombia_ipm.
    """


measure_argument = click.argument("measure")
data_option = click.option("--data", type=click.Path(path_type=Path), help="Folder in which the survey's files lie.")
strict_option = click.option("--strict", is_flag=True, help="Exit with 3 if there is a warning.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
output_option = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here instead of to stdout.")
language_option = click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="Language of titles.")


@cli.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("mpi_demo"), show_default=True,
              help="Folder for the results.")  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the sample data; found or made if left out.")
def demo(output: Path, data: Path | None) -> None:
    """Run the whole job on synthetic sample data and say where the results lie."""
    from mpi.demo import run_demo

    _tell(run_demo(output, data, click.echo).estimates.notices)


@cli.command()
@measure_argument
@click.argument("survey", required=False)
@data_option
@strict_option
@language_option
def check(measure: str, survey: str | None, data: Path | None, strict: bool, lang: str) -> int:
    """Proofread a measure, run its worked examples, and see what a survey's files lack for it; no figures."""
    from mpi.config import load_measure, load_survey
    from mpi.proofread import check_measure, check_survey

    loaded = load_measure(measure)
    proof = check_measure(loaded, lang)
    click.echo(printable("\n".join(proof.lines)))
    notices: tuple[Notice, ...] = ()
    if survey is not None:
        whole = check_survey(loaded, load_survey(survey), _folder(data), lang)
        click.echo(printable("\n".join(whole.lines)))
        notices = whole.notices
    if proof.outcome.failures:
        faults = [Fault("MPI-X003", failure.place, failure.text, "mend the rule or the example")
                  for failure in proof.outcome.failures]  # fmt: skip
        from mpi.errors import ConfigError

        raise ConfigError(*faults)
    return _tell(notices, strict)


@cli.command()
@measure_argument
@click.argument("survey")
@data_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Parquet or CSV file.")
@click.option("--k", "cutoffs", multiple=True, help="Cutoff such as 1/3 or '4 of 15'; repeatable.")
@overwrite_option
@strict_option
def score(
    measure: str, survey: str, data: Path | None, output: Path, cutoffs: tuple[str, ...], overwrite: bool, strict: bool
) -> int:
    """Write one row a household (or person): keys, flags, score, poor, weights."""
    from mpi.config import load_measure, load_survey
    from mpi.pipeline import score as score_units
    from mpi.tables import table_as_csv
    from mpi.writing import write_parquet, write_whole

    table = score_units(load_survey(survey), load_measure(measure), _folder(data), k=list(cutoffs) or None)
    if output.suffix.lower() == ".csv":
        write_whole(output, lambda temporary: temporary.write_bytes(table_as_csv(table)), overwrite=overwrite)
    else:
        write_whole(output, lambda temporary: write_parquet(table, temporary), overwrite=overwrite)
    click.echo(f"{table.num_rows:,} rows: {output}", err=True)
    return _tell((), strict)


@cli.command()
@measure_argument
@click.argument("survey")
@data_option
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Parquet file of the profile.")
@click.option("--domain", "domains", multiple=True, help="Domain to keep apart; repeatable; all if left out.")
@overwrite_option
@strict_option
def profile(
    measure: str, survey: str, data: Path | None, output: Path, domains: tuple[str, ...], overwrite: bool, strict: bool
) -> int:
    """Read the microdata once and write the deprivation profile, from which all estimates follow."""
    from mpi.config import load_measure, load_survey
    from mpi.pipeline import deprivation_profile

    made = deprivation_profile(load_survey(survey), load_measure(measure), _folder(data), domains=list(domains) or None)
    made.write(output, overwrite=overwrite)
    click.echo(f"{made!r}: {output}", err=True)
    return _tell(made.notices, strict)


@cli.command()
@measure_argument
@click.argument("source", metavar="SURVEY|PROFILE")
@data_option
@click.option("--by", multiple=True, help="Domain, or several crossed as a:b; repeatable, each a table of its own.")
@click.option("--k", "cutoffs", multiple=True, help="Cutoff: 1/3, 33%, '4 of 15', a name of the measure; repeatable.")
@click.option("--unit", type=click.Choice(["persons", "households"]), default="persons", show_default=True)
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the confidence intervals.")
@click.option("--df", default="domain", show_default=True, help="Degrees of freedom: domain, design, stata or a number.")
@output_option
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), help="Default: table on stdout, "
              "the file's ending with -o.")  # fmt: skip
@overwrite_option
@strict_option
def estimate(
    measure: str, source: str, data: Path | None, by: tuple[str, ...], cutoffs: tuple[str, ...], unit: str,
    level: float, df: str, output: Path | None, form: str | None, overwrite: bool, strict: bool,
) -> int:  # fmt: skip
    """Estimate H, A, M0, headcounts and contributions with their sampling errors."""
    from mpi.config import load_measure
    from mpi.estimates import estimate as estimated
    from mpi.tables import write_estimates

    loaded = load_measure(measure)
    made, inputs = _profile(loaded, source, data, by)
    found = estimated(made, loaded, by=list(by), k=list(cutoffs) or None, unit=unit, level=level, df=_df(df))  # type: ignore[arg-type]  # click's choices are the literals
    if output is not None:
        write_estimates(found, output, form, overwrite=overwrite, inputs=inputs)
        click.echo(f"{len(found):,} estimates: {output}", err=True)
    else:
        _show(found, form or "table")
    return _tell(found.notices, strict)


@cli.command()
@measure_argument
@click.argument("survey")
@data_option
@click.option("--household", required=True, help="Key of the household; parts of a key of several columns by commas.")
@language_option
def explain(measure: str, survey: str, data: Path | None, household: str, lang: str) -> None:
    """Show why one household is poor or not, rule by rule; on the screen only."""
    from mpi.config import load_measure, load_survey
    from mpi.explain import explain as explained
    from mpi.explain import lines

    loaded = load_measure(measure)
    units = explained(load_survey(survey), loaded, _folder(data), household)
    click.echo(printable("\n".join(lines(units, loaded, lang))))


def _folder(data: Path | None) -> Path:
    if data is None:
        raise UsageError(Fault("MPI-U001", None, "the folder of the survey's files is not given", "add --data DIR"))
    return data


def _profile(
    measure: Measure, source: str, data: Path | None, by: Sequence[str]
) -> tuple[DeprivationProfile, tuple[Path, ...]]:
    """The profile of a file, or of a survey's files by the domains that are asked for."""
    from mpi.config import load_survey
    from mpi.pipeline import deprivation_profile
    from mpi.profile import DeprivationProfile

    path = Path(source)
    if path.suffix.lower() == ".parquet":
        return DeprivationProfile.read(path), (path,)
    domains = list(dict.fromkeys(name for item in by for name in item.split(":")))
    return deprivation_profile(load_survey(source), measure, _folder(data), domains=domains), ()


def _df(text: str) -> str | int:
    if text.isdigit():
        return int(text)
    if text not in ("domain", "design", "stata"):
        raise UsageError(Fault("MPI-E008", None, f"the degrees of freedom {text!r} are not known",
                               "give domain, design, stata or a number"))  # fmt: skip
    return text


def _show(found: Estimates, form: str) -> None:
    from mpi.tables import as_csv, as_json, headline, indicators

    if form == "table":
        click.echo(printable(headline(found)))
        click.echo("\n" + printable(indicators(found)))
    elif form == "csv":
        click.echo(as_csv(found).decode(), nl=False)
    elif form == "json":
        click.echo(as_json(found))
    else:
        raise UsageError(Fault("MPI-U003", None, "Parquet cannot be written to a terminal", "name a file with -o"))


def _tell(notices: Sequence[Notice], strict: bool = False) -> int:
    """Print notices to stderr; the exit code that they give."""
    for notice in notices:
        click.echo(f"note {notice}", err=True)
    warnings = [notice for notice in notices if notice.code not in ("MPI-N001", "MPI-N002")]
    return STRICT if strict and warnings else 0
