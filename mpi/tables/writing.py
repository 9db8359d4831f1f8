"""Tables of estimates and of units as files: Parquet, CSV and JSON, whole or not at all, safe for spreadsheets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from mpi.errors import Fault, Place, UsageError
from mpi.estimates import Tidy
from mpi.estimates.forms import as_csv
from mpi.files import write_parquet, write_whole
from mpi.language import phrase
from mpi.vocabulary.options import FIGURE_FORMATS, FigureFormat

ROWS = 1 << 16  # of a table that are text at once
SHEET_ROWS, SHEET_BYTES = (
    (1 << 20) - 1,
    20_000_000,
)  # below a heading, and of text: what spreadsheets open without waiting


@dataclass(frozen=True, slots=True)
class Format:
    """A format of figures.

    Attributes
    ----------
    ending : str
        Of its files.
    content : callable, optional
        From a tidy table, the name of its rows and the text of a screen to the bytes of a file; None: Parquet, which
        goes into files alone.
    """

    ending: str
    content: Callable[[Tidy, str, Callable[[], str]], bytes] | None


FORMATS: Mapping[FigureFormat, Format] = {
    "table": Format(".txt", lambda _figures, _name, text: f"{text()}\n".encode()),
    "csv": Format(".csv", lambda figures, _name, _text: as_csv(figures.table)),
    "json": Format(".json", lambda figures, name, _text: f"{as_json(figures, name)}\n".encode()),
    "parquet": Format(".parquet", None),
}


def format_of(
    path: Path, form: FigureFormat | None = None, *, among: Sequence[FigureFormat] = FIGURE_FORMATS
) -> FigureFormat:
    """The format of an output, from the ending of its name or as asked for.

    Parameters
    ----------
    path : Path
    form : str, optional
        The format that is asked for; the ending must not say another.
    among : sequence of str
        The formats that the output can have.

    Raises
    ------
    UsageError
        If the ending names none of them and none is asked for, or the two differ.
    """
    named = next((name for name, own in FORMATS.items() if own.ending == path.suffix.lower()), None)
    endings = ", ".join(own.ending for name, own in FORMATS.items() if name in among)
    place = Place(str(path))
    if form is not None:
        if named not in (None, form):
            text = phrase("the ending says {named}, the format asked for is {form}", named=named, form=form)
            raise UsageError(Fault("MPI-U004", place, text, phrase("change the one or the other")))
        return form
    if named is None or named not in among:
        text = (
            phrase("the ending {suffix!r} names no format of this output", suffix=path.suffix)
            if path.suffix
            else phrase("the name has no ending")
        )
        raise UsageError(Fault("MPI-U004", place, text, phrase("end it in {endings}", endings=endings)))
    return named


def write_csv_gz(table: pa.Table, path: Path) -> None:
    """Write a table as `as_csv` gives it, compressed by gzip; the bytes say neither when nor under which name.

    The fastest level: of figures with 17 digits the best one saves 15 % and takes three times as long.
    """
    with path.open("wb") as file, gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed:
        for start in range(0, max(1, len(table)), ROWS):
            packed.write(as_csv(table.slice(start, ROWS), header=start == 0))


def write_csv_part(table: pa.Table, path: Path, *, overwrite: bool = False) -> Path:
    """Write a table as CSV, compressed by gzip where it has more rows or bytes than spreadsheets open.

    Parameters
    ----------
    table : pyarrow.Table
    path : Path
        Without an ending.

    Returns
    -------
    Path
        With `.csv` or `.csv.gz`.

    Raises
    ------
    UsageError
        If the file exists.
    """
    content = as_csv(table) if len(table) <= SHEET_ROWS else b""
    if content and len(content) <= SHEET_BYTES:
        path = path.with_name(f"{path.name}.csv")
        write_whole(path, lambda part: _put(part, content), overwrite=overwrite)
        return path
    path = path.with_name(f"{path.name}.csv.gz")
    write_whole(path, lambda part: write_csv_gz(table, part), overwrite=overwrite)
    return path


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def as_json(figures: Tidy, name: str = "estimates") -> str:
    """The tidy table as one JSON object in ASCII: notices, and rows as objects under a name."""
    notices = [{"code": notice.code, "text": notice.text} for notice in figures.notices]
    return json.dumps({"notices": notices, name: figures.rows()}, allow_nan=False)


def write_figures(
    figures: Tidy,
    path: Path,
    form: FigureFormat | None = None,
    *,
    text: Callable[[], str],
    name: str = "estimates",
    overwrite: bool = False,
    inputs: Iterable[Path] = (),
) -> None:
    """Write any tidy table as Parquet, CSV, JSON or text.

    Parameters
    ----------
    figures : Tidy
    path, form
        The format is that of the file's ending, or the one asked for.
    text : callable
        Makes the text of a screen.
    name : str
        Of the rows in JSON.

    Raises
    ------
    UsageError
        If the format is not known, or the output exists or is one of the inputs.
    """
    content = FORMATS[format_of(path, form)].content

    def write(temporary: Path) -> None:
        if content is None:
            write_parquet(figures.table, temporary)
        else:
            temporary.write_bytes(content(figures, name, text))

    write_whole(path, write, overwrite=overwrite, inputs=inputs)


def write_units(table: pa.Table, path: Path, *, overwrite: bool = False, inputs: Iterable[Path] = ()) -> None:
    """Write the table of units that `score` gives as CSV or Parquet, by the file's ending.

    Parquet keeps every code as it is in the data; in CSV texts are made safe. Nobody else may read the file.

    Raises
    ------
    UsageError
        If the ending names neither, or the output exists or is one of the inputs.
    """
    chosen = format_of(path, among=("csv", "parquet"))

    def write(temporary: Path) -> None:
        if chosen == "csv":
            temporary.write_bytes(as_csv(table))
        else:
            write_parquet(table, temporary)

    write_whole(path, write, overwrite=overwrite, inputs=inputs, private=True)
