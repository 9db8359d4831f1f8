"""Commands that follow editions of a register or panel, and bring a register up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.asked import OUTPUT, PRECISION, Asked, asking
from mpi.cli.completing import shipped_names
from mpi.cli.options import (
    LOCATION,
    adjust_option,
    by_option,
    cutoff_option,
    inputs_of,
    measure_argument,
    memory_option,
    messages_option,
    overwrite_option,
    refuse_output,
    rules_of,
    rules_option,
    strict_option,
    survey_argument,
    threads_option,
)
from mpi.cli.saying import rows_to_terminal, say, tell
from mpi.cli.words import argument, command, option, said
from mpi.errors import Fault, UsageError, counted
from mpi.language import phrase
from mpi.vocabulary.options import EDITION_WEIGHTS, LINKS, MOVEMENT_TABLES, UNITS

if TYPE_CHECKING:
    from mpi.following import Panel
    from mpi.vocabulary.options import MovementTable


@command()
@asking(
    measure_argument,
    argument(
        "editions",
        nargs=-1,
        required=True,
        shell_complete=shipped_names("survey"),
        metavar="EARLIER LATER ...|PANEL",
        help="Surveys of the editions, the earliest first; or a panel that was saved (.parquet).",
    ),
    option(
        "--data",
        "folders",
        multiple=True,
        type=LOCATION,
        help="Folder of the files of an edition; once for all, or one for each in the same order.",
    ),
    option(
        "--table",
        type=click.Choice(MOVEMENT_TABLES),
        default="movements",
        show_default=True,
        help="Table that is made: who left and fell, transitions between bands, deprivations lifted, the change in "
        "parts, chronic poverty.",
    ),
    option(
        "--link",
        type=click.Choice(LINKS),
        help="What is followed: persons, or households by their key, their head, or most of their members; persons if "
        "left out.",
    ),
    option(
        "--key",
        multiple=True,
        metavar="COLUMN",
        help="Column that links; repeatable; the survey's own key if left out.",
    ),
    option(
        "--member",
        multiple=True,
        metavar="COLUMN",
        help="With --link same_key: column that tells persons apart; repeatable.",
    ),
    option("--head", metavar="COLUMN=CODE", help="With --link same_head: who is the head, such as relation=1."),
    option(
        "--weights",
        type=click.Choice(EDITION_WEIGHTS),
        help="Edition whose weights and design count; earlier if left out.",
    ),
    option(
        "--domains-of", type=click.Choice(EDITION_WEIGHTS), help="Edition whose domains count; earlier if left out."
    ),
    by_option,
    cutoff_option,
    option("--unit", type=click.Choice(UNITS), help="Unit that is counted; what is followed if left out."),
    option(
        "--tau",
        multiple=True,
        metavar="SHARE",
        help="Share of the editions from which on poverty is chronic; repeatable.",
    ),
    option(
        "--between",
        nargs=2,
        metavar="EARLIER LATER",
        help="Periods of the editions that are compared; the first and the last if left out.",
    ),
    *PRECISION,
    adjust_option,
    rules_option,
    option(
        "--save", type=click.Path(path_type=Path), help="Write the panel to this file (.parquet), for further tables."
    ),
    threads_option,
    memory_option,
    *OUTPUT,
)
def follow(
    asked: Asked,
    *,
    editions: tuple[str, ...],
    folders: tuple[Path, ...],
    table: MovementTable,
    tau: tuple[str, ...],
    between: tuple[str, str] | None,
    save: Path | None,
    **options: Any,
) -> int:
    """Follow persons or households from one edition of a register or panel to the next: who left poverty, who fell."""
    from mpi.following.tables import movements
    from mpi.runs.private import refuse_public
    from mpi.tables.movements_screen import movements_as_text
    from mpi.tables.writing import format_of

    if save is not None:
        format_of(save, among=("parquet",))
    for output in (asked.output, save):
        refuse_public(output)
    adjust = asked.adjust or "none"
    panel = _panel(asked, editions, folders, {**options, "threads": asked.threads, "memory": asked.memory}, save)
    found = movements(panel, asked.measure, table, tau=list(tau) or None, between=between, adjust=adjust, **asked.how)
    if save is not None:
        panel.write(save, overwrite=asked.overwrite)
        say(said(phrase("{cells}: {file}", cells=counted(len(panel), "cell"), file=str(save))))
    return asked.give(found, lambda: movements_as_text(found, panel.counts, table, asked.level, adjust), table)


def _panel(
    asked: Asked, editions: tuple[str, ...], data: tuple[Path, ...], options: dict[str, Any], save: Path | None
) -> Panel:
    """The panel in a file, or that of the editions."""
    from mpi.config import load_survey
    from mpi.following import Panel
    from mpi.following import follow as followed

    if len(editions) == 1 and Path(editions[0]).suffix.lower() == ".parquet":
        given = [name for name, value in options.items() if value] + (["data"] if data else [])
        if given:
            names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
            text = phrase("{names}: not used here, the panel is made already", names=names)
            raise UsageError(Fault("MPI-U005", None, text, phrase("leave it out")))
        _check_outputs(asked, save, Path(editions[0]))
        return Panel.read(editions[0])
    if not data:
        text = phrase("the folder of the survey's files is not given")
        raise UsageError(Fault("MPI-U001", None, text, phrase("add --data DIR")))
    folders = list(data) * (len(editions) if len(data) == 1 else 1)
    surveys = [load_survey(name) for name in editions]
    files = [inputs_of(asked.measure, survey, folder) for survey, folder in zip(surveys, folders, strict=False)]
    _check_outputs(asked, save, *(path for some in files for path in some))
    given_options = {name: value for name, value in options.items() if value}
    domains = list(dict.fromkeys(name for item in asked.by for name in item.split(":")))
    with rows_to_terminal() as report:
        return followed(surveys, asked.measure, folders, domains=domains, report=report, **given_options)


def _check_outputs(asked: Asked, save: Path | None, *inputs: Path) -> None:
    """Refuse an output that may not be written, that of the panel included."""
    if asked.output is not None or save is None:
        asked.check(*inputs)
    if save is not None:
        refuse_output(save, asked.overwrite, *inputs, *rules_of(asked.how["reliability"]))


@command()
@measure_argument
@survey_argument
@argument("profile", type=click.Path(path_type=Path), help="Profile of the register's earlier edition (.parquet).")
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File ending in .parquet.")
@option("--before", type=LOCATION, help="Folder with the rows of the households that changed, as they were.")
@option("--after", type=LOCATION, help="Folder with the rows of the same households, as they are.")
@option("--gone", type=LOCATION, help="Folder with the rows of the households that left the register, as they were.")
@option("--new", type=LOCATION, help="Folder with the rows of the households that are new in the register.")
@option(
    "--register",
    type=LOCATION,
    help="Folder of the earlier edition, of which keys alone are read, to check the others.",
)
@threads_option
@memory_option
@overwrite_option
@strict_option
@messages_option
def update(
    *,
    measure: str,
    survey: str,
    profile: Path,
    output: Path,
    threads: int | None,
    memory: str | None,
    overwrite: bool,
    strict: bool,
    **data: Path | None,
) -> int:
    """Bring the profile of a register up to date with the households that changed, left or are new, and these alone."""
    from mpi.config import load_measure, load_survey
    from mpi.following.updating import update as updated
    from mpi.profile import DeprivationProfile
    from mpi.runs.private import refuse_public
    from mpi.tables.writing import format_of

    format_of(output, among=("parquet",))
    loaded, rules = load_survey(survey), load_measure(measure)
    inputs = [path for folder in data.values() if folder is not None for path in inputs_of(rules, loaded, folder)]
    refuse_public(output)
    refuse_output(output, overwrite, *inputs, profile)
    made = updated(DeprivationProfile.read(profile), loaded, rules, **data, threads=threads, memory=memory)
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
