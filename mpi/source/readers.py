"""The registry of readers: one entry for each kind of file that a table can be read from.

A new kind is a format of `formats` (what it is called, its endings, its first bytes) and an entry here. Files that know
the types of their columns are opened one by one; files of texts are typed over all files of the table (`delimited`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mpi.source.csv import Cells, read_csv
from mpi.source.formats import CSV, PARQUET, Format
from mpi.source.items import Item
from mpi.source.parquet import open_parquet
from mpi.source.tables import Opened


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind of file is read; one of the two functions.

    Attributes
    ----------
    format : Format
    typed : callable or None
        Opens a file that knows its types: gives its columns, and parts that are read in record batches when needed.
        Raises DataError if the file is damaged, or has doubled columns.
    cells : callable or None
        Reads a file of texts: gives a table of texts. Raises DataError if it is none.
    """

    format: Format
    typed: Callable[[Item], Opened] | None = None
    cells: Callable[[Item], Cells] | None = None


READERS = (Reader(PARQUET, typed=open_parquet), Reader(CSV, cells=read_csv))


def reader_of(name: str) -> Reader | None:
    """The reader of a file, by its name; None if none takes it."""
    return next((reader for reader in READERS if name.lower().endswith(reader.format.suffixes)), None)
