"""The command of targets: how far figures are from what they are to reach, and whether they are on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.asked import OUTPUT, Asked, asking
from mpi.cli.options import data_option, df_option, level_option, rules_option, unit_option
from mpi.cli.words import argument, command, option
from mpi.errors import Fault, UsageError, listed
from mpi.language import phrase
from mpi.vocabulary.options import ROUNDS

OF_PROFILES = ("unit", "level", "df", "rounds", "harmonised", "reliability")
if TYPE_CHECKING:
    from mpi.estimates import Tidy


@command()
@asking(
    argument("measure", help="Measure: a file, or a name; or a study, whose targets are told."),
    argument(
        "profiles",
        nargs=-1,
        type=click.Path(path_type=Path),
        help="Profiles (.parquet) of one round or more; of a study none.",
    ),
    option(
        "--targets",
        "table",
        type=click.Path(path_type=Path),
        help="Table of targets: CSV, XLSX, ODS or Parquet; needed but for a study.",
    ),
    option(
        "--rounds",
        type=click.Choice(ROUNDS),
        help="How the samples of the rounds relate; what the surveys declare if left out.",
    ),
    option("--harmonised", is_flag=True, help="The rules of the rounds are written differently but mean the same."),
    data_option,
    unit_option,
    level_option,
    df_option,
    rules_option,
    *OUTPUT,
)
def progress(asked: Asked, *, profiles: tuple[Path, ...], table: Path | None, **options: Any) -> int:
    """Compare figures with their targets: met, on track, off track, or not to be told, as tests say."""
    from mpi.tables.targets_screen import progress_as_text

    if not profiles:
        _refuse_options()
        found: Tidy = _of_study(asked.named, asked.data, table)
    else:
        from mpi.targets.asking import progress as progressed

        given = _table(table)
        found = progressed(asked.rounds(profiles, given), asked.measure, given, **asked.how, **options)
    return asked.give(found, lambda: progress_as_text(found), "progress")


def _table(table: Path | None) -> Path:
    """The table of targets, which profiles need."""
    if table is None:
        text = phrase("there is no table of targets")
        raise UsageError(Fault("MPI-U260", None, text, phrase("give it by --targets, or name a study alone")))
    return table


def _refuse_options() -> None:
    """Refuse options of profiles: a study says itself which unit, level and rules its figures have."""
    context = click.get_current_context()
    source = context.get_parameter_source
    given = [name for name in OF_PROFILES if source(name) is click.core.ParameterSource.COMMANDLINE]
    if given:
        names = listed([f"--{name}" for name in given])
        text = phrase("{names}: a study says this itself", names=names)
        raise UsageError(Fault("MPI-U260", None, text, phrase("leave it out, or change the study")))


def _of_study(name: str, data: Path | None, table: Path | None) -> Tidy:
    """The progress of a study, after its disclosure control."""
    from mpi.config import load_study
    from mpi.publication.gathering import gather

    if table is not None:
        text = phrase("a table of targets is given, and no profile")
        raise UsageError(Fault("MPI-U260", None, text, phrase("name the profiles of the rounds after the measure")))
    study = load_study(name)
    folder = data or study.data
    if folder is None:
        text = phrase("the folder of the data is not known")
        raise UsageError(Fault("MPI-U260", study.place, text, phrase("give it by --data")))
    found = gather(study, Path(folder), lambda _: None).publication.progress
    if found is None:
        text = phrase("the study has no targets")
        raise UsageError(Fault("MPI-U260", study.place, text, phrase("list them under `targets:`")))
    return found
