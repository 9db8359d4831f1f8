"""The registry of readers: one entry for each kind of file that a table can be read from.

A new kind is a format of `formats` (what it is called, its endings, its first bytes) and an entry here. Files that know
the types of their columns are opened one by one; files of texts are typed over all files of the table (`delimited`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mpi.source import statistical
from mpi.source.csv import Cells, read_csv
from mpi.source.feather import open_feather
from mpi.source.fixed import read_fixed
from mpi.source.formats import CSV, FEATHER, FIXED, PARQUET, SAS, SHEET, SPSS, STATA, TRANSPORT, Format
from mpi.source.items import Item
from mpi.source.packed import inner_name, is_archive
from mpi.source.parquet import open_parquet
from mpi.source.sheets import open_sheet
from mpi.source.statistical import opener
from mpi.source.tables import Opened
from mpi.specs.data_files import Layout


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


READERS = (
    Reader(PARQUET, typed=open_parquet),
    Reader(CSV, cells=read_csv),
    Reader(STATA, typed=opener(statistical.STATA)),
    Reader(SPSS, typed=opener(statistical.SPSS)),
    Reader(SAS, typed=opener(statistical.SAS)),
    Reader(TRANSPORT, typed=opener(statistical.TRANSPORT)),
    Reader(SHEET, typed=open_sheet),
    Reader(FEATHER, typed=open_feather),
)
OF_FIXED_WIDTH = Reader(FIXED, cells=read_fixed)


def reader_of(name: str, layout: Layout) -> Reader | None:
    """The reader of a file, by its name and what the survey says of it; None if none takes it."""
    if layout.is_fixed:
        return OF_FIXED_WIDTH
    return next((reader for reader in READERS if name.lower().endswith(reader.format.suffixes)), None)


def is_read(name: str, layout: Layout) -> bool:
    """Whether a file is read, by its name: as it is, compressed, or as an archive."""
    return is_archive(name) or reader_of(inner_name(name), layout) is not None
