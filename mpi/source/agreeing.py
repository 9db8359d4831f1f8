"""The columns of several files of one table: which all of them have, and of one sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.columns.arrow import Sort
from mpi.errors import Fault, Place, listed
from mpi.language import phrase


def agreed(name: str, files: Sequence[tuple[str, Mapping[str, Sort]]]) -> tuple[dict[str, Sort], dict[str, Fault]]:
    """The sort of each column over all files, and the faults of columns that files lack, or hold as two sorts.

    Parameters
    ----------
    name : str
        The table's name.
    files : sequence of (str, mapping of str to str)
        What messages call each file, and the sort of its columns; a column that is all null goes with any.
    """
    found: dict[str, Sort] = {}
    first: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for label, columns in files:
        for column, sort in columns.items():
            before = found.get(column)
            if before is None or before == "empty":
                found[column] = sort
                first[column] = label
            elif sort not in (before, "empty"):
                text = phrase(
                    "column {column!r} of {name} holds {sort} here and {before} in {first}",
                    column=column,
                    name=name,
                    sort=sort,
                    before=before,
                    first=first[column],
                )
                remedy = phrase("store it as {before}, or as {sort}, in all of them", before=before, sort=sort)
                faults.setdefault(column, Fault("MPI-D013", Place(label), text, remedy))
    for column in found:
        lacking = [label for label, columns in files if column not in columns]
        if lacking:
            text = phrase(
                "column {column!r} of {name} is in {first} and not in {names}",
                column=column,
                name=name,
                first=first[column],
                names=listed(lacking),
            )
            remedy = phrase(
                "give the column to all files, empty where it was not asked, or to none; declare files with other "
                "columns of the same rows as `modules:`"
            )
            faults.setdefault(column, Fault("MPI-D013", Place(lacking[0]), text, remedy))
    return found, faults
