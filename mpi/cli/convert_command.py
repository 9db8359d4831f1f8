"""The command that writes microdata of any kind as Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.cli.options import LOCATION, memory_size_option, messages_option, overwrite_option
from mpi.cli.saying import say_result
from mpi.cli.words import RECORDS, argument, command, option, said
from mpi.errors import DataError, Fault, counted, listed
from mpi.language import joined, phrase

if TYPE_CHECKING:
    from mpi.source.rewriting import Column, Converted


@command()
@argument(
    "files",
    nargs=-1,
    required=True,
    type=LOCATION,
    help="Stata, SPSS, SAS, sheets, CSV, fixed width, Arrow, Parquet; also compressed, zip archives, folders.",
)
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the new files.")
@option("--sort", help="Columns to sort the rows by, with commas between them; the order of the file if left out.")
@memory_size_option
@option("--encoding", help="Encoding of texts, such as cp1252, if the file does not say it right.")
@option("--delimiter", help="Sign between the columns of CSV files.")
@option("--decimal", help="Decimal sign of CSV files.")
@option("--thousands", help="Sign between thousands in CSV files.")
@option("--sheet", help="Sheet of workbooks.")
@option("--header", type=click.IntRange(1), help="Row of the sheet with the names of columns.")
@option("--member", help="Name or pattern of members of archives, whose rows are put together.")
@option("--fixed", type=LOCATION, help="Dictionary of texts of fixed width: CSV, a spreadsheet, or .dct of Stata.")
@option("--into", help="Name of one file for all, with their rows one under the other.")
@option("--join", help="With --into: key, with commas, by which columns of the same rows are joined instead.")
@overwrite_option
@messages_option
def convert(
    *,
    files: tuple[Path, ...],
    output: Path,
    sort: str | None,
    memory: str | None,
    overwrite: bool,
    encoding: str | None,
    delimiter: str | None,
    decimal: str | None,
    thousands: str | None,
    sheet: str | None,
    header: int | None,
    member: str | None,
    fixed: Path | None,
    into: str | None,
    join: str | None,
) -> None:
    """Write FILES as narrow Parquet, with titles, labels and missing codes in it; same figures, smaller and faster."""
    from mpi.source.converting import dictionary_of, each
    from mpi.source.rewriting import Converted
    from mpi.specs.data_files import Dialect, Layout

    dialect = Dialect(encoding=encoding, delimiter=delimiter, decimal=decimal, thousands=thousands)
    layout = Layout(encoding=encoding, sheet=sheet, header=header, member=member, dictionary=dictionary_of(fixed))
    how = {"sort": sort.split(",") if sort else [], "join": join.split(",") if join else []}
    faults: list[Fault] = []
    for one in each(files, output, dialect, layout, **how, into=into, overwrite=overwrite, memory=memory):
        if not isinstance(one, Converted):
            faults += one.faults
        elif RECORDS.get():
            say_result(json.dumps(one.to_dict(), ensure_ascii=False))
        else:
            say_result("\n".join(said(line) for line in _lines(one)))
    if faults:
        raise DataError(*faults)


def _lines(found: Converted) -> list[str]:
    """What became of a file: a line for it, and one for each column."""
    rows, columns = counted(found.rows, "row"), counted(len(found.columns), "column")
    head = phrase(
        "{source} -> {path}: {rows}, {columns}",
        source=str(found.source),
        path=str(found.path),
        rows=rows,
        columns=columns,
    )
    remarks = [phrase("  {remark}", remark=one) for one in found.remarks]
    return [head, *remarks, *(_line(one) for one in found.columns)]


def _line(column: Column) -> str:
    about = column.labels
    parts: list[str] = [
        phrase("  {name}: {before} -> {after}", name=column.name, before=column.before, after=column.after)
    ]
    if about.title:
        parts.append(about.title)
    if about.known:
        parts.append(listed([f"{code} = {label}" for code, label in about.known.items()]))
    if about.counts:
        cells = listed([f"{code} ({number:,})" for code, number in about.counts.items()])
        parts.append(phrase("missing: {codes}", codes=cells))
    return joined(parts, "; ")
