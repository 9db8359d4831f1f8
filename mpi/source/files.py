"""The files of a table: listed by the package itself, so that none is skipped, with the columns of their folders."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from mpi.errors import DataError, Fault, Place, listed

SUFFIXES = (".parquet", ".csv", ".tsv", ".txt")
PARQUET = ".parquet"
NULL = "__HIVE_DEFAULT_PARTITION__"


def find_files(name: str, path: str, folder: Path) -> list[Path]:
    """The files that a path or pattern names below a folder, sorted.

    Parameters
    ----------
    name : str
        The table's name.
    path : str
        A file, a folder of files (also partitioned `column=value`), or a pattern.
    folder : Path

    Raises
    ------
    DataError
        If there are none, or files of different or unknown formats.
    """
    exact = folder / path
    try:
        found = [exact] if exact.exists() else sorted(folder.glob(path))
    except (OSError, ValueError, NotImplementedError):  # no name and no pattern either
        found = []
    files = [file for item in found for file in ([item] if item.is_file() else _below(item))]
    place = Place(str(exact))
    if not files:
        raise DataError(Fault("MPI-D001", place, f"no file of the table {name} is found there",
                              "look at --data and at the survey's `path:`"))  # fmt: skip
    strange = [file.name for file in files if file.suffix.lower() not in SUFFIXES]
    if strange:
        text = f"the table {name} matches files that are neither Parquet nor CSV: {listed(strange)}"
        raise DataError(Fault("MPI-D004", place, text, "make the path narrower"))
    if len({is_parquet(file) for file in files}) > 1:
        text = f"the table {name} matches both Parquet and CSV files"
        raise DataError(Fault("MPI-D004", place, text, "make the path narrower"))
    return files


def is_parquet(file: Path) -> bool:
    """Whether a file's name says that it is Parquet."""
    return file.suffix.lower() == PARQUET


def _below(folder: Path) -> list[Path]:
    """Files of a folder and the folders in it, sorted; those that begin with a dot or underscore are no data."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    ]


def label_of(file: Path, folder: Path) -> str:
    """What messages call a file: its path below the data folder."""
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else file.name


def partition(file: Path, folder: Path) -> dict[str, str | None]:
    """The columns that the folders between the data folder and the file stand for: `region=05/` is the text 05.

    The value is decoded as whoever writes such folders encodes it; None for their word for null.

    Examples
    --------
    >>> partition(Path("data/year=2024/region=05/part.parquet"), Path("data"))
    {'year': '2024', 'region': '05'}
    """
    parts = file.relative_to(folder).parts[:-1] if file.is_relative_to(folder) else ()
    pairs = (part.split("=", 1) for part in parts if "=" in part)
    return {unquote(name): None if value == NULL else unquote(value) for name, value in pairs}
