"""`mpi list`: units with what would lift each out of poverty, by rank, with quotas, in a folder for its maker alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.cli.options import (
    data_option,
    folder_of,
    inputs_of,
    measure_argument,
    messages_option,
    overwrite_option,
    strict_option,
    survey_argument,
)
from mpi.cli.saying import say, say_files, tell
from mpi.cli.words import command, language, option, said
from mpi.errors import Fault, UsageError, counted
from mpi.language import phrase
from mpi.vocabulary.options import LIST_FORMATS, LIST_ROWS, TIES, ListFormat, ListRows, Ties

if TYPE_CHECKING:
    from mpi.specs.survey import Survey

OPTION = "--quota"


@command("list")
@measure_argument
@survey_argument
@data_option
@option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to make, which only you can read."
)
@option("--k", "k", help="Cutoff: 1/3, 33%, '4 of 15'; the measure's first if left out.")
@option("--area", default="", help="Domain by which there are ranks and quotas.")
@option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="NUMBER|CODE=NUMBER",
    help="How many poor units are selected, in every area or in one; repeatable.",
)
@option("--quotas", "file", type=click.Path(path_type=Path), help="Table of quotas: code of the area and `quota`.")
@option(
    "--ties",
    type=click.Choice(TIES),
    default="key",
    show_default=True,
    help="Units that are tied where a quota ends: by their key, or all or none of them.",
)
@option(
    "--tie-break",
    help="Rule that gives a number of a unit; the highest comes first. Children under 18 if left out, where ages are "
    "known; '-' for none.",
)
@option("--rows", type=click.Choice(LIST_ROWS), default="all", show_default=True, help="Which units the list has.")
@option("--quasi", multiple=True, help="Column that others may know of a unit, for the check of anonymity; repeatable.")
@option(
    "--anonymity",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="How many units should be alike in the columns of --quasi.",
)
@option(
    "--as",
    "formats",
    type=click.Choice(LIST_FORMATS),
    multiple=True,
    default=("parquet",),
    show_default=True,
    help="Format of the list; repeatable.",
)
@overwrite_option
@strict_option
@messages_option
def list_units(
    *,
    measure: str,
    survey: str,
    data: Path | None,
    output: Path,
    k: str | None,
    area: str,
    quotas: tuple[str, ...],
    file: Path | None,
    ties: Ties,
    tie_break: str | None,
    rows: ListRows,
    quasi: tuple[str, ...],
    anonymity: int,
    formats: tuple[ListFormat, ...],
    overwrite: bool,
    strict: bool,
) -> int:
    """List households for targeting: what would lift each out, rank, quotas. Personal data, in a folder of your own."""
    from mpi.config import load_measure, load_survey
    from mpi.listing.making import target_list
    from mpi.runs.listing import check_list_folder, configs_of, write_list

    folder = folder_of(data)
    loaded, rules = load_survey(survey), load_measure(measure)
    inputs = inputs_of(rules, loaded, folder)
    check_list_folder(output, overwrite=overwrite, inputs=inputs)
    made = target_list(
        loaded,
        rules,
        folder,
        k=k,
        area=area,
        quotas=_quotas(quotas, file, area, loaded),
        ties=ties,
        tie_break="" if tie_break == "-" else tie_break,
        rows=rows,
        quasi=quasi,
        anonymity=anonymity,
        language=language(),
    )
    told = write_list(
        made,
        output,
        formats=tuple(dict.fromkeys(formats)),
        survey=loaded,
        configs=configs_of(rules, loaded),
        options={"area": area, "ties": ties, "rows": rows, "quasi": list(quasi), "anonymity": anonymity},
        command=["mpi", *sys.argv[1:]],
        overwrite=overwrite,
        data=folder,
    )
    say_files(output, told)
    say(said(phrase("{units} in the list; only you can read the folder", units=counted(len(made), "row"))))
    return tell(made.notices, strict)


def _quotas(given: tuple[str, ...], file: Path | None, area: str, survey: Survey) -> int | dict[str, int] | None:
    """The quotas of the options or of a file."""
    if file is not None:
        if given:
            text = phrase("quotas are given twice: by {option} and by --quotas", option=OPTION)
            raise UsageError(Fault("MPI-U251", None, text, phrase("give them once")))
        from mpi.runs.quotas import read_quotas

        own = survey.domains.get(area)
        return read_quotas(file, area, (own.width or 0) if own is not None else 0)
    if not given:
        return None
    if len(given) == 1 and _whole(given[0]):
        return int(given[0])
    found: dict[str, int] = {}
    for one in given:
        code, sign, number = one.rpartition("=")
        if not sign or not code or not _whole(number) or code in found:
            text = phrase("{option} {one!r} is no quota of an area, or gives it twice", option=OPTION, one=one)
            raise UsageError(
                Fault("MPI-U251", None, text, phrase("write one number, or CODE=NUMBER for each area once"))
            )
        found[code] = int(number)
    return found


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(10**12))
