"""What a report does not print of a table: columns of dashes, and tables in which nothing has a figure."""

from __future__ import annotations

from dataclasses import replace

from mpi.report.blocks import Cell, Column, Row, Table
from mpi.vocabulary.wording import MARKS, NOTHING

LOST = ("hidden", "undefined")
BLANK = ("", NOTHING, MARKS["hidden"], MARKS["undefined"])


def thinned(table: Table) -> Table:
    """The table without the number columns that hold dashes alone, such as intervals in a census."""
    gone = {
        place for place, column in enumerate(table.columns) if column.align == "number" and _of_dashes(table, place)
    }
    # A table of dashes alone says so in its section; a lone column is its figures.
    if not gone or len(gone) == sum(column.align == "number" for column in table.columns):
        return table
    size = len(table.columns)

    def row(one: Row) -> Row:
        shift = size - len(one.cells)  # a cell that spans rows stands in the first of them
        kept = tuple(cell for place, cell in enumerate(one.cells, start=shift) if place not in gone)
        return replace(one, cells=kept)

    columns = tuple(column for place, column in enumerate(table.columns) if place not in gone)
    return replace(table, columns=columns, rows=tuple(row(one) for one in table.rows))


def lost(table: Table) -> str | None:
    """`hidden` or `undefined` where none of the table's figures has a number; None where one has, or it has none."""
    found = [cell for column, cell in _cells(table) if column.align == "number" and not cell.header]
    if not found or any(cell.text not in BLANK for cell in found):
        return None
    if all(cell.standing not in LOST for cell in found):
        return None
    return "hidden" if any(cell.standing == "hidden" for cell in found) else "undefined"


def _of_dashes(table: Table, place: int) -> bool:
    column = table.columns[place]
    found = [cell for one, cell in _cells(table) if one is column]  # two columns may be equal
    return bool(found) and all(cell.text == NOTHING and not cell.header for cell in found)


def _cells(table: Table) -> list[tuple[Column, Cell]]:
    """Each cell with its column."""
    return [
        (table.columns[place], cell)
        for one in table.rows
        for place, cell in enumerate(one.cells, start=len(table.columns) - len(one.cells))
    ]
