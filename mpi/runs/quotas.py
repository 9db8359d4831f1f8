"""Quotas of areas from a table: one row an area, with its code and a whole number."""

from __future__ import annotations

from pathlib import Path

from mpi.errors import Fault, Place, UsageError
from mpi.language import phrase
from mpi.source.small_tables import small_table

QUOTA = "quota"
MOST_DIGITS = 12


def read_quotas(path: Path, area: str, width: int = 0) -> dict[str, int]:
    """The quotas of a file.

    Parameters
    ----------
    path : Path
        CSV, TSV, Parquet, .xlsx or .ods, with the columns `quota` and that of the area: called like the domain, or
        the only other one.
    area : str
        The domain.
    width : int
        Codes of digits alone get zeros up to it, which spreadsheets lose.

    Raises
    ------
    UsageError
        With every row that is wrong.
    """
    found_in = small_table(path, phrase("the table of quotas"))
    table, place = found_in.columns, Place(str(path))
    others = [name for name in table if name != QUOTA]
    if QUOTA not in table:
        text = phrase("the table of quotas has no column {name!r}", name=QUOTA)
        raise UsageError(Fault("MPI-U251", place, text, phrase("give it the columns area and quota")))
    name = area if area in table else others[0] if len(others) == 1 else ""
    if not name:
        text = phrase("the table of quotas has no column {name!r} with the code of the area", name=area)
        raise UsageError(Fault("MPI-U251", place, text, phrase("call it so")))
    faults, found = [], dict[str, int]()
    for row, (code, number) in enumerate(zip(table[name], table[QUOTA], strict=True)):
        own = code.removesuffix(".0")
        own = own.zfill(width) if own.isascii() and own.isdigit() else own
        whole = number.removesuffix(".0")
        at = found_in.place(row)
        if not own:
            faults.append(
                Fault("MPI-U251", at, phrase("there is no code of an area"), phrase("write it, or remove the row"))
            )
        elif own in found:
            faults.append(
                Fault("MPI-U251", at, phrase("the area {name} is there twice", name=own), phrase("keep one row"))
            )
        elif not (whole.isascii() and whole.isdigit() and len(whole) <= MOST_DIGITS):
            text = phrase("the quota of {name} is no whole number from 0", name=own)
            faults.append(Fault("MPI-U251", at, text, phrase("write it in digits alone")))
        else:
            found[own] = int(whole)
    if faults:
        raise UsageError(*faults)
    return found
