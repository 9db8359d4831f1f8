"""The command that puts a table of figures on a map."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.cli.options import overwrite_option, strict_option
from mpi.cli.saying import say_result, tell
from mpi.cli.words import argument, command, option, said
from mpi.errors import Fault, UsageError
from mpi.language import LANGUAGES, phrase
from mpi.vocabulary.options import NUMBER_FORMS, SCHEMES, USUAL_LANGUAGES

if TYPE_CHECKING:
    pass

DECIMALS, THOUSANDS = ("", ".", ","), ("", ".", ",", " ", "'")
OF_VALUE = ("se", "cv", "low", "high")


@command("map")
@argument("table", type=click.Path(path_type=Path), help="Table with a row for each area: CSV, TSV, Parquet, .xlsx.")
@argument(
    "boundaries",
    type=click.Path(path_type=Path),
    help="File of polygons, YAML file about one, or a name: colombia_departamentos, colombia_municipios.",
)
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to make.")
@option("--map", "mapping", type=click.Path(path_type=Path), help="File that says how the table is read.")
@option("--code", default="", help="Column of the table with the code of the area.")
@option("--value", "values", multiple=True, help="Column of numbers; repeatable, each is a layer.")
@option("--form", type=click.Choice(NUMBER_FORMS), help="What the numbers are.")
@option("--se", help="Column of standard errors.")
@option("--cv", help="Column of coefficients of variation, in percent.")
@option("--low", help="Column of lower limits of confidence intervals.")
@option("--high", help="Column of upper limits of confidence intervals.")
@option("--breaks", help="Limits of the classes, in the numbers of the table: 0,20,40,60.")
@option("--only", multiple=True, help="Rows that are read: COLUMN=WORD; repeatable.")
@option("--title", default="", help="Title of the map.")
@option("--source", default="", help="Source of the figures.")
@option("--licence", default="", help="Licence of the figures.")
@option("--note", default="", help="Note below the map.")
@option("--period", default="", help="Period of the figures.")
@option("--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Confidence level of the intervals.")
@option("--census", is_flag=True, help="Everybody was counted: the figures have no sampling errors.")
@option("--area-code", default="", help="Column of the polygons with their code; that of --code if left out.")
@option("--area-name", default="", help="Column of the polygons with their name.")
@option("--upper-code", default="", help="Column of the polygons with the code of the area that holds them.")
@option("--upper-name", default="", help="Column of the polygons with the name of the area that holds them.")
@option("--layer", default="", help="Layer of the file of polygons.")
@option("--crs", default="", help="Coordinate system of the polygons, if their file does not say it: EPSG:4326.")
@option("--projection", default="", help="Projection of the map, in metres: EPSG:9377.")
@option("--width", type=click.IntRange(1, 40), help="Characters of a code.")
@option("--pad", is_flag=True, help="Add the leading zeros that codes have lost.")
@option("--decimal", type=click.Choice(DECIMALS), default="", help="Decimal sign of the table's numbers.")
@option("--thousands", type=click.Choice(THOUSANDS), default="", help="Sign between thousands in the table's numbers.")
@option("--scheme", type=click.Choice(SCHEMES), help="How classes are made.")
@option("--classes", type=click.IntRange(2, 7), help="Number of classes.")
@option("--template", help="The office's own logo, colours, fonts and texts: a file, or a name such as example.")
@option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="Language of the map; repeatable.")
@option("--no-pictures", "pictures", is_flag=True, flag_value=False, default=True, help="Only the interactive map.")
@overwrite_option
@strict_option
def map_figures(
    *,
    table: Path,
    boundaries: Path,
    output: Path,
    mapping: Path | None,
    values: tuple[str, ...],
    breaks: str | None,
    only: tuple[str, ...],
    languages: tuple[str, ...],
    pictures: bool,
    overwrite: bool,
    strict: bool,
    **given: object,
) -> int:
    """Map a TABLE of figures by area on BOUNDARIES: an interactive page and pictures, without microdata."""
    from mpi.runs.table_map import check_out, map_table, write_table_map

    errors = {name: given.pop(name) for name in OF_VALUE}
    check_out(output, overwrite=overwrite)
    made = map_table(
        table,
        boundaries,
        mapping=mapping,
        values=_values(values, {name: column for name, column in errors.items() if column}, _breaks(breaks)),
        only=_only(only),
        languages=languages or USUAL_LANGUAGES,
        **given,  # type: ignore[arg-type]  # options of the same names
    )
    told = write_table_map(made, output, overwrite=overwrite, pictures=pictures, command=["mpi", *sys.argv[1:]])
    say_result("\n".join(f"{output / name}: {said(what)}" for name, what in told.items()))
    return tell(made.notices, strict)


def _values(names: Sequence[str], errors: Mapping[str, object], breaks: list[float]) -> dict[str, dict[str, object]]:
    """Each column of numbers with what is said of it."""
    if errors and len(names) != 1:
        text = phrase(
            "{options} with {number} columns of numbers",
            options=", ".join(f"--{one}" for one in errors),
            number=len(names),
        )
        remedy = phrase("name one --value, or describe each column in a file: --map")
        raise UsageError(Fault("MPI-G222", None, text, remedy))
    return {name: {**errors, **({"breaks": breaks} if breaks else {})} for name in names}


def _breaks(text: str | None) -> list[float]:
    from mpi.source.numerals import one_number

    if text is None:
        return []
    found = [one_number(part.strip()) for part in text.split(",")]
    if None in found:
        fault = phrase("--breaks {text!r}: these are not numbers", text=text)
        raise UsageError(Fault("MPI-G020", None, fault, phrase("write them as 0,20,40,60,80,100")))
    return [float(number) for number in found if number is not None]


def _only(texts: Sequence[str]) -> dict[str, list[str]]:
    """Words by column."""
    found: dict[str, list[str]] = {}
    for text in texts:
        column, sign, word = text.partition("=")
        if not sign or not column:
            fault = phrase("--only {text!r} names no column and word", text=text)
            raise UsageError(Fault("MPI-G223", None, fault, phrase("write --only COLUMN=WORD")))
        found.setdefault(column, []).append(word)
    return found
